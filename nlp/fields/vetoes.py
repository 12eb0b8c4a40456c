"""What the neighbourhood of a tagged span says against it, or changes about it."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.fields.hints import NAMED, NOT_SIZE_AFTER, NOT_SIZE_BEFORE
from nlp.fields.lexicon import is_title
from nlp.fields.tagger import Tagged
from nlp.text.dates import role_before
from nlp.text.fold import fold
from nlp.text.numbers import numbers_in

_JOINS = frozenset(
    ["de", "del", "la", "las", "los", "y", "e", "en", "para", "a", "al", "el", "con", "upaep"]
)
_NO_LIST = frozenset(
    [
        "lista",
        "listas",
        "lista de distribucion",
        "lista de correo",
        "lista de correos",
        "una lista",
        "distribucion",
        "gracias",
        "correo del dia",
        "portal",
        "teams",
        "whatsapp",
        "outlook",
        "gmail",
        "comunicacion interna",
        "upaep",
        "una",
        "nueva",
    ]
)
_CONTACT = re.compile(
    r"\b(?:dudas?|aclaracion\w*|conmigo|a (?:sus|mis) ordenes|me (?:encuentran|localizan)"
    r"|informes)\b"
)
# Who is added to or dropped from a list is not yet whom it is for.
MEMBERS = re.compile(
    r"\b(?:agreg\w+|anad\w+|quit(?:ar|en|e)|sacar|saquen|elimin\w+|incorpor\w+|(?:dar|den) "
    r"de (?:baja|alta))"
    r"(?: a)?(?: l[oa]s)?(?: (?:\d+|\w+))?(?: a)?(?: l[oa]s)? $"
)
_LETTER_DATE = re.compile(r"(?:,\s*(?:\w+\.?,?\s*)?a|fecha(?: de \w+)?:?)\s*(?:el\s*)?$")
_PAST = re.compile(
    r"\b(?:antes del|evento|conferencia|concierto|examen|auditoria|comite|sesion\w*|aviso"
    r"|comunicado|correo|formato|desde el pasado|baja|bajas|dada? de baja|ayer|pasado"
    r"|plazo|cierre|entrega|reunion|junta|platica|misa|feria|carrera|inaugura\w*|temporada"
    r"|jornada)\b[^.;]{0,25}$"
)
_CORRECTION = re.compile(
    r"^[^.;!?\n]{0,40}?(?:[.;,:(\u2026\u2014-]|\s)+(?:perdon|corrijo|correccion|digo"
    r"|rectifico|ah no|no,? (?:perdon|son|espera)|mejor dicho|en realidad|exagere|miento|me "
    r"equivoque|me dicen que no|ya conte bien|son ya|de ultima hora|ya (?:somos|son|depurado)"
    r"|quise decir|aunque (?:ya|en))\b[^\n]{0,70}"
)


def refined(text: str, span: Tagged) -> Tagged:
    """The span with its end or its field put right."""
    if span.field == "area":
        return _cut_area(text, span)
    if span.field == "email" and span.sure < 0.9 and _named(text, span.start):
        return replace(span, field="list_name")
    if span.field in ("start_date", "end_date"):
        role = role_before(fold(text[max(0, span.start - 45) : span.start]))
        return replace(span, field=role) if role else span
    if span.field in ("responsible", "sponsor"):
        role = _part_of(text, span)
        return replace(span, field=role) if role else span
    return span


_ANSWERS = re.compile(
    r"\b(?:responsable|encargad[oa])(?: de(?:l| la| los)? (?:envios?|lista|uso|manejo))?,?"
    r"(?: (?:sera|seria|es|queda|quedara|quedaria|sigue siendo|seguira siendo|seguiria siendo))?:?"
    r" (?:el |la )?(?:\w{1,6}\. ?){0,2}$"
)
_APPROVES = re.compile(
    r"(?:,? (?:quien|que|tambien|ya|nos|lo|la)){0,4},? ?(?:lo |la |nos )?(?:autoriz(?:a|o)"
    r"|respald(?:a|o)|aval(?:a|o)|apoya|aprueba|aprobo|da (?:su|el) visto bueno"
    r"|dio (?:su|el) visto bueno|esta (?:de acuerdo|enterad[oa]))\b"
)


def _part_of(text: str, span: Tagged) -> str | None:
    """The part of a person where the words beside the name leave no doubt."""
    if _ANSWERS.search(fold(text[max(0, span.start - 70) : span.start])):
        return "responsible"
    if _APPROVES.match(fold(text[span.end : span.end + 60])):
        return "sponsor"
    return None


def _named(text: str, at: int) -> bool:
    return NAMED.search(fold(text[max(0, at - 60) : at])) is not None


def _cut_area(text: str, span: Tagged) -> Tagged:
    """A capitalised name of an area ends before the first verb."""
    words = list(re.finditer(r"\S+", span.text))
    if len(words) < 3 or not span.text[0].isupper():
        return span
    for index, word in enumerate(words[1:], 1):
        bare = fold(word[0]).strip(",.()")
        if word[0][0].islower() and bare not in _JOINS:
            if not any(w[0][0].isupper() for w in words[index:]) or _VERB.fullmatch(bare):
                end = words[index - 1].end()
                return replace(span, end=span.start + end, text=span.text[:end])
            break
    return span


_VERB = re.compile(r"\w+(?:mos|amos|emos|imos|ita|ia|aba|ea|esea|iere|an|en)|es|pide|ha|se|que")


def vetoed(text: str, span: Tagged) -> bool:
    """Whether what stands around a span says that it is no value of its field."""
    before = fold(text[max(0, span.start - 60) : span.start])
    after = fold(text[span.end : span.end + 40])
    match span.field:
        case "recipients":
            if NOT_SIZE_AFTER.match(after) or NOT_SIZE_BEFORE.search(before[-30:]):
                return True
            value = numbers_in(span.text)
            return bool(value) and value[0].value < 3
        case "audience":
            return MEMBERS.search(before[-45:]) is not None
        case "list_name" if "@" in span.text and _of_a_person(text, span.text):
            return True
        case "list_name":
            return fold(span.text).strip(" .\"'") in _NO_LIST or before.endswith(
                ("http://", "https://", "/")
            )
        case "phone_ext":
            if _CONTACT.search(before):
                return True
            return span.sure < 0.9 and not re.search(
                r"\b(?:ext\w*|tel\w*|marc\w*|numero)\b", before + " " + fold(span.text)
            )
        case "start_date" | "end_date":
            if _LETTER_DATE.search(before):
                return True
            return role_before(before[-45:]) is None and bool(_PAST.search(before))
    if span.field in ("responsible", "sponsor", "position", "area", "email"):
        return _signs(text, span)
    return False


def _of_a_person(text: str, address: str) -> bool:
    """Whether an address is made of names that the text mentions: "ana.ruiz@" of Ana Ruiz."""
    parts = [p for p in re.split(r"[._-]", fold(address.partition("@")[0])) if len(p) > 2]
    capitalised = {fold(word) for word in re.findall(r"\b[A-ZÁÉÍÓÚÑ][\w]+", text)}
    return len(parts) > 1 and all(part in capitalised for part in parts)


def _signs(text: str, span: Tagged) -> bool:
    """Whether a span is a line of its own at the end of the text: a signature."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end
    if end - start > 70:
        return False
    rest = text[start : span.start] + " " + text[span.end : end]
    words = [w for w in re.findall(r"[\w.]+", fold(rest)) if not is_title(w)]
    if len(words) > 2:
        return False
    below = [line for line in text[end:].split("\n") if line.strip()]
    above = text[:start].rstrip()
    if not above or len(below) > 4 or any(len(line) > 60 for line in below):
        return False
    return (":" not in rest and not above.endswith((":", ","))) or (
        above.endswith(",") and ":" not in rest and len(below) <= 3
    )


def corrected(text: str, at: int) -> str | None:
    """The words in which the writer takes back the number that stands before `at`."""
    match = _CORRECTION.match(fold(text[at : at + 140]))
    if match is None:
        return None
    numbers = [n for n in numbers_in(text[at : at + match.end()]) if not n.article]
    if not numbers:
        return None
    return text[at + numbers[-1].start : at + numbers[-1].end]
