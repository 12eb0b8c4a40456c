"""The same mails as others would have typed them: dictated, in chat, in capitals, with other names.

A tagger that has only seen a name in capitals and a number in figures looks for capitals and
figures. Each rewriting keeps track of where the labelled values stand; chance is seeded.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nlp.fields.passages import Passage
from nlp.text.fold import fold, word_list
from nlp.training.align import Place
from nlp.training.corpus import Example

_PIECE = re.compile(r"[^\W\d_]+|\d[\d,.]*\d|\d|\n|\s+|[^\w\s]|_")
_SHORT = {
    long: tuple(short.split("/"))
    for long, short in (
        pair.split("=")
        for pair in word_list(
            "que=q/k para=pa/p./para por=x porque=xq/porq también=tmb/tambn favor=fa con=c/con "
            "de=d/de/de cada=c./cada quiero=kiero aquí=aki departamento=depto/depto. "
            "facultad=fac/fac. coordinación=coord./coord dirección=dir./direc. extensión=ext "
            "profesores=profes/profs administrativos=admvos/admins licenciado=lic maestra=mtra "
            "gracias=grax/gcs estudiantes=estud./chavos correo=mail/correo maestría=mtria "
            "semana=sem/semana más=mas/+"
        )
    )
}
_ONES = word_list(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce "
    "quince dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés "
    "veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve"
)
_TENS = word_list("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_HUNDREDS = word_list(
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos "
    "ochocientos novecientos"
)


def spelled(number: int) -> str:
    """A number in words, below a million."""
    if number >= 1000:
        thousands = "mil" if number < 2000 else f"{spelled(number // 1000)} mil"
        return thousands + (f" {spelled(number % 1000)}" if number % 1000 else "")
    if number >= 100:
        if number == 100:
            return "cien"
        rest = f" {spelled(number % 100)}" if number % 100 else ""
        return _HUNDREDS[number // 100 - 1] + rest
    if number < 30:
        return _ONES[number]
    rest = f" y {_ONES[number % 10]}" if number % 10 else ""
    return _TENS[number // 10 - 3] + rest


def dictated(text: str, spans: Sequence[Place], chance: random.Random) -> tuple[str, list[Place]]:
    """Without punctuation and lines; numbers in words, an extension digit by digit."""

    lines = 0

    def say(piece: str, field: str) -> str:
        nonlocal lines
        if piece == "\n":
            lines += 1
            return " " if lines > 1 else "\n"  # the subject stays apart
        if piece[0].isdigit() and chance.random() < 0.8:
            digits = re.sub(r"\D", "", piece)
            if field == "phone_ext" or (len(digits) == 4 and digits[0] == "7"):
                return " ".join(_ONES[int(d)] for d in digits)
            if field in ("", "recipients") and len(digits) < 6 and "." not in piece:
                return spelled(int(digits))
        if not piece[0].isalnum() and not piece.isspace() and field not in ("email", "list_name"):
            return "" if piece not in "-/@_" else piece
        return piece if chance.random() < 0.1 else piece.lower()

    return _rewritten(text, spans, say)


def chatted(text: str, spans: Sequence[Place], chance: random.Random) -> tuple[str, list[Place]]:
    """Short words, few accents and capitals."""
    lower = chance.random() < 0.7

    def type_(piece: str, field: str) -> str:
        short = _SHORT.get(piece.lower())
        if short and field not in ("email", "list_name") and chance.random() < 0.7:
            return chance.choice(short)
        if piece == "." and chance.random() < 0.4:
            return ""
        if piece == "," and chance.random() < 0.3:
            return ""
        folded = fold(piece) if len(fold(piece)) == len(piece) else piece
        if lower or not piece.isalpha():
            return folded if "ñ" not in piece.lower() else piece.lower()
        return "".join(
            f.upper() if c.isupper() else (c if c in "ñÑ" else f)
            for c, f in zip(piece, folded, strict=True)
        )

    return _rewritten(text, spans, type_)


def shouted(text: str, spans: Sequence[Place], chance: random.Random) -> tuple[str, list[Place]]:
    """All in capitals."""
    return _rewritten(text, spans, lambda piece, field: piece.upper())


@dataclass(frozen=True, slots=True)
class Stock:
    """Names to put in the place of others."""

    people: tuple[str, ...]
    areas: tuple[str, ...]
    lists: tuple[str, ...]

    @classmethod
    def of(
        cls, examples: Sequence[Example], names: tuple[list[str], list[str]], chance: random.Random
    ) -> Stock:
        """The names of the examples, and as many people made of given names and surnames."""
        values = [(k, str(v)) for e in examples for k, v in e.fields.items()]
        people = {v for k, v in values if k in ("responsible", "sponsor")}
        first, last = names
        made = {
            " ".join([chance.choice(first), *chance.choices(last, k=chance.choice((1, 2, 2)))])
            for _ in range(len(people))
        }
        return cls(
            tuple(sorted(people | made)),
            tuple(sorted({v for k, v in values if k == "area"})),
            tuple(sorted({v for k, v in values if k == "list_name" and "@" not in v})),
        )


def renamed(
    text: str, spans: Sequence[Place], chance: random.Random, stock: Stock
) -> tuple[str, list[Place]]:
    """With other people, areas, list names and figures."""
    out: list[str] = []
    moved: list[Place] = []
    at = length = 0
    for start, end, field in sorted(spans):
        old = text[start:end]
        put = _other(field, old, chance, stock)
        put = put.lower() if old.islower() else put
        out += [text[at:start], put]
        length += start - at
        moved.append((length, length + len(put), field))
        length += len(put)
        at = end
    return "".join([*out, text[at:]]), moved


def _other(field: str, old: str, chance: random.Random, stock: Stock) -> str:
    if field in ("responsible", "sponsor") and stock.people:
        return chance.choice(stock.people)
    if field == "area" and stock.areas:
        return chance.choice(stock.areas)
    if field == "list_name" and "@" not in old and stock.lists:
        return chance.choice(stock.lists)
    if field == "recipients" and old.isdigit():
        return str(chance.randrange(12, 4000))
    if field == "phone_ext" and old.isdigit():
        return str(chance.randrange(1000, 9999))
    return old


VOICES = {"dictated": dictated, "chatted": chatted, "shouted": shouted, "renamed": None}


def rewrite(
    passage: Passage, spans: Sequence[Place], voice: str, stock: Stock, chance: random.Random
) -> tuple[str, list[Place]]:
    """A passage in another voice, half of the time with other names."""
    text, moved = passage.text, list(spans)
    change = VOICES[voice]
    if voice == "dictated" and len(passage.reading.answers) >= 4:
        change = shouted  # nobody dictates a form
    if change is None or chance.random() < 0.5:
        text, moved = renamed(text, moved, chance, stock)
    return change(text, moved, chance) if change else (text, moved)


def _rewritten(
    text: str, spans: Sequence[Place], change: Callable[[str, str], str]
) -> tuple[str, list[Place]]:
    """The text with each piece changed, and the spans where their pieces now stand."""
    out: list[str] = []
    length = 0
    moved: dict[Place, tuple[int, int]] = {}
    for match in _PIECE.finditer(text):
        inside = next((s for s in spans if s[0] <= match.start() < s[1]), None)
        put = change(match[0], inside[2] if inside else "")
        if out and put.isspace() and out[-1][-1:].isspace() and "\n" not in put:
            put = ""
        if inside and put.strip():
            begin = moved.get(inside, (length, 0))[0]
            moved[inside] = (begin, length + len(put))
        out.append(put)
        length += len(put)
    return "".join(out), sorted((*place, span[2]) for span, place in moved.items())
