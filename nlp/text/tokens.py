"""Tokens of a text and what can be told of each by itself and from its neighbours."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from nlp.fields.hints import hints_in
from nlp.fields.lexicon import AREA_HEADS, POSITION_HEADS, audiences_in, frequencies_in, is_title
from nlp.fields.values import EMAIL
from nlp.text.clauses import clauses_in
from nlp.text.dates import dates_in
from nlp.text.fold import fold
from nlp.text.numbers import numbers_in

_TOKEN = re.compile(
    rf"{EMAIL.pattern}|\d+(?:[.,/:'  ]\d+)*|[^\W\d_](?:\.[^\W\d_]){{1,4}}\.?"
    r"|[^\W_]+(?:[-_.·][^\W_]+)+|[^\W_]+|\n|[^\s\w]|_+"
)
_ANY_DAY = dt.date(2020, 1, 1)  # only where dates stand matters here
_SLUG = re.compile(r"[^\W_]+(?:[-_.][^\W_]+)+")
_LETTERS = re.compile(r"[^\W\d_]")
_CUES = tuple(
    (name, re.compile(rf"(?:{pattern})"))
    for name, pattern in (
        ("R", r"responsab|encarg|opera[rd]|administra(?:r|d|ra|ria)\b|manej|envios?$"
              r"|mandar[ai]|maneja|lleva|titular"),
        ("S", r"visto|bueno|vo\.?bo|autori[zc]|aval|respald|aprob|aprueb|anuencia|venia"
              r"|benepl|acuerdo|apoy"),
        ("N", r"llam[aeo]|nombre|denomin|titul[ao]d?"),
        ("L", r"listas?$"),
        ("P", r"para$|objet|finalidad|fin$|fines$|proposito|sirv|util|us[aeo]|emple|intencion"
              r"|quer|mediante"),
        ("J", r"porque$|pues$|justific|razon|motivo|ya$|dado|debido|problema|canal|portal|no$"),
        ("E", r"ext$|extension|tel$|telefono"),
        ("M", r"correo|mail|direccion|cuenta|escrib"),
        ("D", r"vigencia|partir|desde|hasta|arran|inici|comenz|termin|venc|periodo"),
        ("Q", r"unos$|unas$|son$|total|aproximad|cerca|alrededor|suman|padron|personas"
              r"|correos|cuentas|direcciones|contactos"),
        ("F", r"envi[oa]|mandar|correo|cada$|vez$|veces$|frecuenc|periodic"),
        ("A", r"dirig|reciben|destinat|van?$|lleg|integr|form|entre$|miembr|suscri"),
        ("V", r"solicit|ped|pid|requier|necesit|quer|quisier|dese"),
        ("O", r"anterior|antes|deja|dejo|era|eran|ya$|jubil|renunci|sali"),
        ("X", r"evento|conferencia|concierto|examen|auditoria|comite|sesion|temporada"
              r"|inscripcion|ayer|pasado"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A token: where it stands, its folded text and its class."""

    start: int
    end: int
    text: str
    folded: str
    kind: str
    hint: str = "-"
    clause: str = "-"


def tokenise(text: str) -> list[Token]:
    """The tokens of a text with the classes that the language gives them."""
    folded = fold(text)
    spans: dict[int, str] = {}
    for name, found in (
        ("aud", [(s, e, k) for s, e, k in audiences_in(text)]),
        ("num", [(n.start, n.end, "") for n in numbers_in(text) if not n.article]),
        ("freq", [(s, e, k) for s, e, k in frequencies_in(text)]),
        ("date", [(d.start, d.end, "") for d in dates_in(text, _ANY_DAY)]),
    ):
        for start, end, key in found:
            for at in range(start, end):
                spans[at] = f"{name}{key}"
    hints = {
        at: hint.field + ("!" if hint.strong else "")
        for hint in reversed(hints_in(text))
        for at in range(hint.start, hint.end)
    }
    clauses: dict[int, str] = {}
    for start, end, which in reversed(clauses_in(text)):
        clauses.update(dict.fromkeys(range(start, end), which))
        clauses[start] = "B" + which
    tokens = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        word = folded[start:end]
        kind = spans.get(start) or _kind(match[0], word)
        tokens.append(
            Token(start, end, match[0], word, kind, hints.get(start, "-"), clauses.get(start, "-"))
        )
    return tokens


@lru_cache(maxsize=8192)
def _kind(text: str, word: str) -> str:
    if text == "\n":
        return "nl"
    if "@" in text and len(text) > 3:
        return "email"
    if _LETTERS.search(text) is None:
        return "dig" if text[0].isdigit() else "punct"
    if is_title(word):
        return "title"
    if _SLUG.fullmatch(text) and not text.endswith("."):
        return "slug"
    if word in AREA_HEADS:
        return "area"
    if word in POSITION_HEADS:
        return "pos"
    return ""


@lru_cache(maxsize=8192)
def shape(text: str) -> str:
    """How a token is written: capitals, capitalised, digits and how many."""
    if text.isdigit():
        return f"d{min(len(text), 6)}"
    if text.isupper():
        return "XX" if len(text) > 1 else "X"
    if text[0].isupper():
        return "Xx"
    if text.islower():
        return "x"
    return "m" if _LETTERS.search(text) else text


@lru_cache(maxsize=8192)
def cue(word: str) -> str:
    """The field that a word hints at, by a letter."""
    return "".join(name for name, pattern in _CUES if pattern.match(word))
