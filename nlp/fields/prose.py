"""Values that stand in running prose: tagged spans read as typed values, and the writer's "yo"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from nlp.fields.lexicon import audiences_in, read_frequency, read_request_type, starts_with_title
from nlp.fields.tagger import Tagged, Tagger
from nlp.fields.values import is_absent, read_digits, read_email, read_name
from nlp.fields.vetoes import corrected, refined, vetoed
from nlp.text.dates import dates_in, ordered
from nlp.text.fold import fold, squeeze, trim
from nlp.text.numbers import read_integer
from nlp.types import FieldValue


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value in prose: where it stands and how sure it is (0 to 1)."""

    field: str
    value: FieldValue
    start: int
    end: int
    sure: float


# Below these the span is left out: what is asked again costs less than what is wrong.
FLOOR: Mapping[str, float] = {
    "audience": 0.40, "recipients": 0.40, "request_type": 0.35, "purpose": 0.30,
    "justification": 0.42, "area": 0.38, "frequency": 0.35, "position": 0.4,
}  # fmt: skip
_DEFAULT_FLOOR = 0.40

_BULLETED = re.compile(r"\s*(?:[-*•·>|]|\(?\w{1,2}[.)])\s")


def unwrap(text: str) -> str:
    """Text whose paragraphs are no longer cut into lines; every character keeps its place."""
    lines = text.split("\n")
    pieces = [lines[0]]
    for before, line in pairwise(lines):
        wrapped = (
            len(before) >= 45
            and line.strip()
            and not _BULLETED.match(line)
            and (line[0].islower() or (len(before) >= 58 and ":" not in line[:40]))
        )
        pieces.append((" " if wrapped else "\n") + line)
    return "".join(pieces)


# A phrase that looks like a value though the best reading passes over it, where nothing else is.
_SECOND: Mapping[str, float] = {
    "recipients": 0.15, "area": 0.22, "list_name": 0.15, "frequency": 0.22, "audience": 0.25,
    "responsible": 0.35, "sponsor": 0.35, "start_date": 0.3, "end_date": 0.3,
}  # fmt: skip


def read_prose(text: str, today: dt.date, tagger: Tagger) -> list[Candidate]:
    """The values that running prose gives, in order of appearance."""
    text = unwrap(text)
    spans = tagger.tag(text)
    first = [
        item
        for span in spans
        if not span.second and span.sure >= FLOOR.get(span.field, _DEFAULT_FLOOR)
        for item in _candidate(text, span, today)
    ]
    there = {item.field for item in first}
    second = [
        item
        for span in spans
        if span.second and span.field not in there and span.sure >= _SECOND.get(span.field, 1)
        for item in _candidate(text, span, today)
    ]
    return sorted([*first, *second], key=lambda item: item.start)


def _candidate(text: str, span: Tagged, today: dt.date) -> list[Candidate]:
    span = refined(text, span)
    if vetoed(text, span):
        return []
    if span.field in ("responsible", "position") and _introduces(text, span.start):
        return []
    value = _value(text, span, today)
    return [] if value is None else [Candidate(span.field, value, span.start, span.end, span.sure)]


_INTRODUCES = re.compile(
    r"\b(?:soy|me llamo|mi nombre es|(?:les?|te) (?:escribe|habla|saluda)|habla)\s+(?:el |la "
    r"|\w+\. ?)?(?:[\w'.]+ ){0,5}[\w'.]*,?\s*$"
)


def _introduces(text: str, at: int) -> bool:
    """Whether a name is only that of the writer, who is not said to be responsible."""
    if not _INTRODUCES.search(fold(text[max(0, at - 70) : at])):
        return False
    return not writer_is_responsible(text)


def _value(whole: str, span: Tagged, today: dt.date) -> FieldValue | None:
    text = squeeze(span.text)
    if is_absent(text):
        return None
    match span.field:
        case "recipients":
            later = corrected(whole, span.end)
            return read_integer(later or text)
        case "phone_ext":
            return read_digits(text)
        case "email":
            return read_email(text)
        case "frequency":
            return read_frequency(text)
        case "request_type":
            return read_request_type(text)
        case "responsible" | "sponsor":
            return read_name(text)
        case "audience":
            keys = {key for _, _, key in audiences_in(text)}
            return tuple(sorted(keys)) or (("external",) if span.sure > 0.6 else None)
        case "start_date" | "end_date":
            around = max(0, span.start - 20)
            inside = [
                d
                for d in dates_in(whole[around : span.end + 40], today)
                if d.start + around < span.end and d.end + around > span.start
            ]
            return inside[0].date if inside else None
    value = trim(text)
    return value if len(value) > 1 else None


def settle(candidates: list[Candidate], text: str, today: dt.date) -> dict[str, Candidate]:
    """One value for each field: the surest, the later where it corrects, sets joined."""
    chosen: dict[str, Candidate] = {}
    for item in candidates:
        before = chosen.get(item.field)
        if before is None:
            chosen[item.field] = item
        elif item.field == "audience":
            keys = {*_keys(before.value), *_keys(item.value)}
            sure = max(before.sure, item.sure)
            chosen[item.field] = Candidate(
                "audience", tuple(sorted(keys)), before.start, item.end, sure
            )
        elif item.sure + 0.15 > before.sure:
            chosen[item.field] = item
    _order_dates(chosen, text, today)
    return chosen


def _keys(value: FieldValue) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _order_dates(chosen: dict[str, Candidate], text: str, today: dt.date) -> None:
    """A validity does not end before it starts: an unwritten year is moved."""
    start, end = chosen.get("start_date"), chosen.get("end_date")
    if start is None or end is None:
        return
    spans = {d.start: d for d in dates_in(unwrap(text), today)}
    first = next((d for s, d in spans.items() if start.start - 12 <= s < start.end), None)
    last = next((d for s, d in spans.items() if end.start - 12 <= s < end.end), None)
    if first is None or last is None:
        return
    period = ordered(first, last)
    if period.start is not None and period.end is not None:
        chosen["start_date"] = Candidate(
            "start_date", period.start, start.start, start.end, start.sure
        )
        chosen["end_date"] = Candidate("end_date", period.end, end.start, end.end, end.sure)


_SELF = re.compile(
    r"\byo (?:mism[oa] )?(?:(?:tambien|sigo|seguire|seguiria|quedo|quedare|quedaria|fungire"
    r"|fungiria|actuare|sere|seria|soy)\b.{0,25}?(?:responsable|encargad[oa]|titular|cargo)"
    r"|me (?:hago|hare|haria|encargo|encargare|encargaria|ocupo|ocupare|responsabilizo)"
    r"|respondo|respondere|asumo|los? (?:mand|envi|har)|la (?:oper|administr|manej|llev)"
    r"|hago los envios|har[ei]a? los envios|mand[oa]\b|enviar)"
    r"|\bsigo (?:siendo )?yo\b|\b(?:responsable|encargad[oa])s?(?: de (?:los |la )?\w+)?,? "
    r"(?:soy|seria|sere|sigo siendo|seguire siendo|quedo|quedaria) (?:yo|un servidor|una "
    r"servidora|la que|quien)"
    r"|\b(?:sere|seria|soy|quedo|quedaria|sigo siendo|seguire siendo|fungire como|seguire "
    r"como|quedo yo como|me quedo como) (?:yo )?(?:el|la|como)? ?(?:responsable"
    r"|encargad[oa])\b"
    r"|\b(?:responsable|encargad[oa])(?: \w+){0,3} (?:sere|seria|soy|sigo siendo) yo|\bbajo "
    r"mi (?:responsabilidad|cargo)|\bme (?:hago|hare|haria) (?:cargo|responsable)|\bme "
    r"encargo (?:yo|de)|\bme encargar[ei]a? (?:yo|de)"
    r"|\b(?:responsable|encargad[oa]|envios?|a cargo)\b.{0,30}\b(?:un servidor|una servidora"
    r"|de mi parte|(?:la|el|lo) (?:que|quien) (?:suscribe|firma|escribe))|\b(?:el|la) "
    r"(?:suscrit[oa]|que suscribe|abajo firmante) (?:\w+ ){0,3}(?:responsable|encargad[oa])"
    r"|\b(?:un servidor|una servidora|quien (?:suscribe|esto escribe)) (?:\w+ "
    r"){0,4}(?:responsable|encargad[oa]|envios?)|\ba mi (?:nombre|cargo)\b|\b(?:responsable"
    r"|encargad[oa]):? yo\b"
    r"|\bmis (?:demas )?datos (?:van|estan|vienen|aparecen|son|como "
    r"responsable)\b.{0,30}\b(?:firma|abajo|pie)|\bdatos .{0,40}\b(?:mi|la) firma"
    r"|\b(?:responsable|encargad[oa])\b.{0,25}\b(?:ver firma|en la firma|en mi firma|(?:la"
    r"|el) que suscribe|quien suscribe)"
)
_NOT_SELF = re.compile(
    r"\bno (?:soy|sere|seria|quiero ser|puedo|sigo)\b|\bya no\b|\byo no\b|\bdej[oe] de\b"
    r"|\b(?:esta|estaba|sigue|aparece|aparezca|quiten?|quitenme) (?:\w+ ){0,2}a mi nombre"
    r"|\bya no aparezca a mi"
)
_NAME_WORD = r"(?:[A-ZÁÉÍÓÚÑÜ][\w'’áéíóúñü]+|de|del|la|los|las|y|e|San|Santa)"
_PRESENTS = re.compile(
    r"\b(?:[Ss]oy|[Mm]e llamo|[Mm]i nombre es|(?:[Ll]es?|[Tt]e) (?:escribe|habla|saluda"
    r"|contacta)|[Hh]abla|[Ss]uscribe|[Qq]uien suscribe,?|[Yy]o,)"
    rf"\s+(?:(?:la|el)\s+)?(?P<name>(?:[A-ZÁÉÍÓÚ]\w{{0,"
    rf"5}}\.\s*)*[A-ZÁÉÍÓÚÑÜ][\w'’]+(?:\s+{_NAME_WORD}){{1,5}})"
    r"(?:,\s+(?:la |el |soy (?:la |el )?)?(?P<position>[^,.;:\n()]{3,60})(?=[,.;(\n]))?"
)
_AFTER = re.compile(
    r"(?:donde soy|soy|como|y soy)\s+(?:el |la )?(?P<position>[a-záéíóúñ][^,"
    r".;:\n()]{3,50})(?=[,.;\n]|\sy\s)"
)


def writer_is_responsible(text: str) -> bool:
    """Whether the writer says "yo": that the sending will be hers."""
    folded = fold(text)
    for match in _SELF.finditer(folded):
        before = re.split(r"[.;!?\n]", folded[max(0, match.start() - 40) : match.start()])[-1]
        if not _NOT_SELF.search(before + folded[match.start() : match.end() + 15]):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, by her own words or signature."""

    name: str | None = None
    position: str | None = None
    email: str | None = None
    phone_ext: str | None = None


def writer_of(text: str, signature: str) -> Writer:
    """The writer as she presents herself, else as she signs."""
    presented = _PRESENTS.search(text)
    name = read_name(presented["name"]) if presented else None
    position = None
    if presented and name:
        position = presented["position"]
        if position and not _POSITION.match(fold(position)):
            position = None
        if position is None:
            later = _AFTER.search(text, presented.end(), presented.end() + 120)
            position = (
                later["position"] if later and _POSITION.match(fold(later["position"])) else None
            )
    signed = _signed(signature or _tail(text))
    if name and signed.name and fold(signed.name).startswith(fold(name)):
        name = signed.name
    return Writer(
        name or signed.name,
        squeeze(position) if position else signed.position,
        signed.email,
        signed.phone_ext,
    )


_POSITION = re.compile(
    r"(?:\w+ ){0,2}?(?:jef[ea]|coordinador|director|subdirector|secretari|asistente|auxiliar"
    r"|analista|gestor|encargad|president|vicepresident|vocal|tesorer|curador"
    r"|bibliotecari|promotor|productor|administrador|tecnic|prefect|psicolog|orientador"
    r"|abogad|docente|profesor|becari|supervisor|ejecutiv|enlace|capturista"
    r"|recepcionista|archivista|editor|entrenador|capellan|decan|vicedecan|rector|tutor|medic"
    r"|enfermer|investigador|consejer|asesor|gerente|titular|responsable"
    r"|capitan|disenador|programador|contador|instructor|maestr|chef|oficial|delegad|jardiner"
    r"|guardia|cronista|lider|pasante|residente|alumn)"
)
_SIGNED_NAME = re.compile(
    r"(?:[A-ZÁÉÍÓÚÑÜ][\w'’.]*|de|del|la|los|y)(?:\s+(?:[A-ZÁÉÍÓÚÑÜ][\w'’.]*|de|del|la|los|y)){1,6}"
)


def _tail(text: str) -> str:
    lines = [line.strip() for line in text.strip().split("\n")]
    tail: list[str] = []
    for line in reversed(lines[-8:]):
        if len(line) > 60 or (line.endswith((",", ":")) and tail):
            break
        tail.append(line)
    return "\n".join(reversed(tail))


def _signed(signature: str) -> Writer:
    name = position = None
    for line in signature.split("\n"):
        line = trim(line)
        if not line:
            continue
        head = re.split(r" ?[|,·] ?| [-–—] ", line)
        if name is None:
            bare = read_name(head[0])
            if bare and _SIGNED_NAME.fullmatch(bare) and not starts_with_title(bare):
                folded = fold(head[0])
                if not _POSITION.match(folded) and not re.match(
                    r"(?:facultad|direccion|departamento|coordinacion|centro|enviado|obtener"
                    r"|sent|un |mil |muchas )",
                    folded,
                ):
                    name = bare
                    rest = [part for part in head[1:] if _POSITION.match(fold(part))]
                    position = trim(rest[0]) if rest else None
        elif position is None and _POSITION.match(fold(line)) and len(line) < 70:
            position = trim(head[0])
    return Writer(name, position, read_email(signature), _extension(signature))


def _extension(text: str) -> str | None:
    match = re.search(r"\bext(?:ensi[oó]n)?[.: ]*(\d{3,6})\b", text, re.IGNORECASE)
    return match[1] if match else None
