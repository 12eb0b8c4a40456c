"""What a sentence claims for the form's fields, by the words that name a field or a part."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.fields.answers import values_of
from nlp.fields.hints import NOT_SIZE_AFTER, hints_in, sizes
from nlp.fields.labels import Label, Labels, normal
from nlp.fields.lexicon import AREA_HEADS, POSITION_HEADS
from nlp.fields.values import is_absent, read_choices, read_digits, read_name, read_value
from nlp.text.dates import DateSpan, dates_in, ordered, role_before
from nlp.text.fold import fold, squeeze, trim
from nlp.text.lines import strip_bullet
from nlp.text.numbers import numbers_in
from nlp.text.rhythm import rhythms_in
from nlp.text.tokens import EMAIL
from nlp.turns.ground import Ground
from nlp.turns.people import BACKS, SENDS, Person, people_in
from nlp.turns.sentences import Sentence
from nlp.turns.types import Writer
from nlp.turns.undecided import no_value
from nlp.turns.vocabulary import vocabulary
from nlp.turns.writer import writer_is_responsible, writer_of
from nlp.types import FieldKind, FieldValue, Form

_WRITTEN = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT})
_FREE = _WRITTEN | {FieldKind.NAME}
# Labels that are ordinary words in a sentence: they name a free text only before a colon.
ORDINARY = vocabulary(
    "que quien para lista nombre uso usos objeto contenido por porque fin fines solicitud "
    "tramite tipo peticion va a parte de solicita director directora jefe jefa titular "
    "contacto razon funcion quienes unidad centro escuela facultad direccion instituto "
    "departamento coordinacion oficina motivo plantel entidad remitente operador categoria "
    "apoya depto autorizo"
) | {
    "por que",
    "va a",
    "parte de",
    "a quien",
    "a quienes",
    "que necesita",
    "que pide",
    "quienes somos",
}
LINK = re.compile(
    r"(?: ?\([^()]{0,60}\))?(?: (?:correct[oa]|buen[oa]|nuev[oa]|actual|real|complet[oa]"
    r"|exact[oa]|definitiv[oa]|propuest[oa]|mi[oa]?|nuestr[oa]))?"
    r"(?:,? (?:que|q) (?!es\b|sea\b)[^.;:]{3,90}?,?(?= (?:es|son|seria|sera)\b))?"
    r"(?: ?(?P<link>[:=]|[-–—] |,? ?(?:(?:que|q) )?\b(?:es|son|seria|serian|sera|seran"
    r"|queda(?:ria|ra)?(?: como| en)?|va a ser|van a ser|debe ser|tambien es|ponga\w*|pongan\w*"
    r"|se llam(?:a|aria|ara)|(?:nos )?l[ao] (?:da|dara|otorga|firma)(?: en su lugar| ahora| hoy)?"
    r"|corre a cargo de|a cargo de|esta a cargo de|corresponde a|(?:baste"
    r"|basta) (?:con )?decir que|(?:estriba|radica|consiste) en que)\b:?))? ?(?:(?:el|la|los"
    r"|las) de (?=\w))?"
)
# "Cambien el objetivo por: …", "la frecuencia cámbienla a mensual"
_CHANGED = re.compile(
    r"(?P<verb> (?:cambi|modifi|corrij|ajust|sustitu|reempla)\w+)? (?P<link>(?:por|a|con)\b:?) ?"
)
_CHANGES = re.compile(r"\b(?:cambi|modifi|corrij|correg|ajust|sustitu|reempla[cz]|actuali[cz])\w+")
_NEGATED = re.compile(r"\b(?:no|ni|sin|nunca|tampoco|todavia no|aun no) (?:\w+ ){0,2}$")
_CUT = re.compile(
    r" y (?=(?:el|la|los|las|mi|su|nuestr[oa]|yo|quien|que|un|una) )|;|, (?=(?:y|pero"
    r"|aunque|con|el|la|mi|su|nuestr[oa]) )"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that a sentence claims for a field, and where it stands there."""

    field: str
    value: FieldValue
    start: int
    end: int
    sure: float
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A field named in a sentence by one of its labels."""

    start: int
    end: int
    label: Label
    text: str


_WORD = re.compile(r"[a-z0-9ñ]+")


def mentions_in(folded: str, labels: Labels) -> list[Mention]:
    """The fields that a sentence names, the longest label at each place."""
    words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(folded)]
    found: list[Mention] = []
    at = 0
    while at < len(words):
        step = 1
        for count in range(min(7, len(words) - at), 0, -1):
            text = " ".join(word for _, _, word in words[at : at + count])
            label = labels.exact.get(text)
            if label is not None and (count > 1 or (len(text) > 2 and text not in FUNCTION)):
                found.append(Mention(words[at][0], words[at + count - 1][1], label, text))
                step = count
                break
        at += step
    return found


def claims_in(sentence: Sentence, ground: Ground) -> list[Claim]:
    """All that a sentence claims, the labelled first, several for a field if it says several."""
    named = mentions_in(sentence.folded, ground.labels)
    found = list(_labelled(sentence, ground, named))
    found += _people(sentence, ground)
    found += _numbers(sentence, ground, named)
    found += _choices(sentence, ground)
    found += _dates(sentence, ground)
    found += _texts(sentence, ground, named)
    return found


# --- by a label -------------------------------------------------------------------------------


def _labelled(sentence: Sentence, ground: Ground, named: list[Mention]) -> Iterator[Claim]:
    text, folded = sentence.text, sentence.folded
    for index, mention in enumerate(named):
        link = LINK.match(folded, mention.end)
        changed = _CHANGED.match(folded, mention.end)
        if changed and (changed["verb"] or _CHANGES.search(folded, 0, mention.start)):
            link = changed
        at = link.end() if link else mention.end
        linked = bool(link and link["link"])
        kinds = {ground.form[name].kind for name in mention.label.names if name in ground.form}
        signed = bool(link and link["link"] and link["link"].strip()[-1:] in (":", "="))
        loose = mention.text in ORDINARY or (not linked and kinds & _WRITTEN)
        if kinds & _FREE and loose and not signed and not says_me(text[at:]):
            continue
        if _NEGATED.search(folded, max(0, mention.start - 30), mention.start):
            continue
        end = next(
            (m.start for m in named[index + 1 :] if m.start > at + 1 and _starts_claim(folded, m)),
            len(text),
        )
        part = text[at:end]
        if not part.strip() or re.match(r"\W*no\b", folded[at:end]):
            continue
        yield from _value_after(mention, part, at, ground, linked)


def _starts_claim(folded: str, mention: Mention) -> bool:
    """Whether a further label opens a claim of its own, so that the one before ends there."""
    link = LINK.match(folded, mention.end)
    before = folded[: mention.start].rstrip()
    broken = before.endswith(
        (",", ";", ".", " y", " e", "y el", "y la", "y mi", ", el", ", la", ", mi", ", con", " con")
    )
    return bool(link and link["link"]) or (broken and mention.text not in ORDINARY)


def _value_after(
    mention: Mention,
    part: str,
    at: int,
    ground: Ground,
    linked: bool,
) -> Iterator[Claim]:
    form = ground.form
    me = says_me(part) and not people_in(part)
    for name in mention.label.names:
        if name not in form:
            continue
        kind = form[name].kind
        if me and kind is not FieldKind.LONG_TEXT:
            value = of_writer(form[name].kind, ground.writer)
            if value is not None:
                yield Claim(name, value, at, at + len(part), 0.9, True)
            if value is not None or kind is FieldKind.TEXT:
                return
    label = mention.label
    cut = _cut(part, {form[n].kind for n in label.names if n in form})
    if len(label.names) == 1 and form[label.names[0]].kind is FieldKind.DATE:
        other = _OTHER_END.search(fold(cut))
        cut = (
            cut[: other.start()] if other and dates_in(cut[: other.start()], ground.today) else cut
        )
    values: Mapping[str, FieldValue] = values_of(label, cut, False, form, ground.today)
    if len(label.names) == 2 and len(values) == 1:
        values = _one_end(label, cut, values, form)
    for name in label.names:
        if name in form and form[name].kind is FieldKind.NAME:
            person = named_person(part, cut)
            values = {name: person} if person else {}
    for name, value in values.items():
        kind = form[name].kind
        if kind in (FieldKind.TEXT,) and len(str(value).split()) > 9:
            continue
        if kind not in _FREE and not _near(cut, kind):
            continue
        if kind is FieldKind.INTEGER and _counts(cut):
            continue
        yield Claim(name, value, at, at + len(cut), 0.9 if linked else 0.75, True)


_OTHER_END = re.compile(
    r",? y (?=(?:que )?(?:arranc|inici|empiez|empez|comienz|comenz|termin|acab|conclu|venc|hasta))"
)
_END = re.compile(r"\b(?:termin\w*|venc\w*|hasta|fin|conclu\w*|acab\w*|cierr\w*)\b")


def _one_end(
    label: Label, text: str, values: Mapping[str, FieldValue], form: Form
) -> Mapping[str, FieldValue]:
    """One date behind the label of a period: its end where the words say so."""
    if not _END.search(fold(text)):
        return values
    end = next((n for n in label.names if n in form and form[n].period == "end"), None)
    return {end: next(iter(values.values()))} if end else values


def named_person(part: str, cut: str) -> str | None:
    """The person that an answer names: "el director de la facultad, el Dr. Méndez"."""
    people = people_in(cut) or people_in(part)
    if people:
        return people[0].name
    name = read_name(cut)
    return name if name and _namelike(name) else None


def _cut(part: str, kinds: set[FieldKind]) -> str:
    """The answer behind a label, without the clause that follows it."""
    if kinds & {FieldKind.LONG_TEXT, FieldKind.CHOICES, FieldKind.DATE}:
        return part
    cut = _CUT.search(fold(part))
    return part[: cut.start()] if cut and cut.start() > 1 else part


def _near(part: str, kind: FieldKind) -> bool:
    """Whether a typed value stands near its label, and not somewhere later in the sentence."""
    head = fold(part)[:60]
    if kind in (FieldKind.INTEGER, FieldKind.DIGITS):
        match = re.search(r"\d|mil\b|cien|ciento", head)
        return bool(match and match.start() < 40)
    return True


def _namelike(text: str) -> bool:
    """Whether words typed in small letters may be a person's name."""
    words = fold(text).split()
    return (
        2 <= len(words) <= 5
        and all(re.fullmatch(r"[a-zñ'.-]{2,20}", w) for w in words)
        and not (set(words) & FUNCTION)
    )


FUNCTION = vocabulary(
    "que no se en es por para con al lo como mi su ya esta muy mas un una si les nos le me te "
    "aun solo"
)

_ME = re.compile(
    r"^\W*(?:(?:soy|sere|seria|seguire siendo|voy a ser|quedo|sigo siendo) )?(?:yo|yo mism[oa]"
    r"|un[ao]? servidora?|su servidora?|servidora?"
    r"|(?:l[ao]|el|esta|este)(?: mism[oa])?(?: (?:persona|que|quien|correo"
    r"|de este correo))* (?:escribe|suscribe|firma|manda este correo|envia este correo"
    r"|les escribe|esta escribiendo)"
    r"|(?:el|la) mism[oa] (?:de|desde) (?:este correo|el que escribo|donde escribo|mi firma)"
    r"|este mismo|esta misma|el mismo|desde (?:el|este) (?:que|correo)"
    r"|quien (?:les )?(?:escribe|suscribe|firma)|mi persona|conmigo|ver firma|este correo|el mio"
    r"|(?:(?:l[oa]s?|el|es) ){0,2}(?:de|que)? ?(?:ya )?"
    r"(?:aparece|viene|esta|pone|dice|figura|va)?n?"
    r" ?(?:de|en|abajo en|al pie de)? ?(?:mi|la|esta) firma)\b"
)


_POINTS = re.compile(r"\b(?:mi|la) firma\b")


def says_me(text: str) -> bool:
    """Whether an answer means the writer: "yo", "la misma que escribe", "este mismo"."""
    return len(text.split()) <= 14 and _ME.match(fold(text)) is not None


def of_writer(kind: FieldKind, writer: Writer) -> FieldValue | None:
    """What the writer's From and signature give to a field of this kind."""
    signed = writer_of("", writer.signature) if writer.signature else None
    if kind is FieldKind.NAME:
        return longer_name(writer.name, (signed.name if signed else "") or "") or None
    if kind is FieldKind.EMAIL:
        return writer.email or (signed.email if signed else None)
    if kind is FieldKind.DIGITS:
        return signed.phone_ext if signed else None
    if kind is FieldKind.TEXT:
        return signed.position if signed else None
    return None


def longer_name(one: str, other: str) -> str:
    """The fuller of two spellings of a person's name; the first where they are different people."""
    if not one or not other:
        return one or other
    mine, theirs = set(fold(one).split()), set(fold(other).split())
    return other if mine < theirs else one


# --- by a label without any sign --------------------------------------------------------------


def glued_claim(line: str, ground: Ground) -> dict[str, FieldValue]:
    """What a short line gives that opens with a label: "cargo jefa de acervo", "frec mensual"."""
    text = strip_bullet(line).strip()
    words = text.split()
    if _POINTS.search(fold(text)):
        return {}
    if not 1 < len(words) <= 40 or text.endswith("?"):
        return {}
    for count in range(min(6, len(words) - 1), 0, -1):
        head = " ".join(words[:count])
        label = ground.labels.exact.get(normal(head)) or abbreviated(head, ground.labels)
        if label is None or normal(head) in ORDINARY or head.rstrip()[-1:] in ",;":
            continue
        rest = " ".join(words[count:])
        if not _may_follow(head, rest, label, ground) or no_value(rest):
            return {}
        values = {}
        for name, value in values_of(label, rest, True, ground.form, ground.today).items():
            if ground.form[name].kind is FieldKind.NAME:
                person = named_person(rest, rest)
                if person is None:
                    continue
                value = person
            if ground.form[name].kind is FieldKind.TEXT:
                value = without_aside(str(value))
            if ground.form[name].kind is FieldKind.DIGITS and is_telephone(rest):
                continue
            if ground.form[name].kind is FieldKind.INTEGER and _counts(rest):
                continue
            values[name] = value
        return values
    return {}


def _counts(text: str) -> bool:
    """Whether several are counted, to be added up: "350 alumnos y 40 profesores"."""
    return sum(not number.article for number in numbers_in(text)) > 1


_LONGEST_EXTENSION = 6  # digits


def is_telephone(text: str) -> bool:
    """Whether a text ends in a whole telephone number, without an extension."""
    bare = text.rstrip(" .,;")
    tail = bare[len(bare.rstrip("0123456789 ().-")) :]
    return sum(c.isdigit() for c in tail) > _LONGEST_EXTENSION


def _may_follow(head: str, rest: str, label: Label, ground: Ground) -> bool:
    """Whether the words behind a label are its answer, and not a sentence about it."""
    kinds = {ground.form[n].kind for n in label.names if n in ground.form}
    wanted = any(n in ground.open for n in label.names)
    first = fold(rest).split()[0]
    if kinds & {FieldKind.TEXT, FieldKind.LONG_TEXT}:
        pointed = head.rstrip().endswith((".", "–", "-"))
        if (
            not wanted
            or (len(rest.split()) > 9 and not pointed)
            or first in FUNCTION - {"de", "para"}
        ):
            return False
        return pointed or FieldKind.LONG_TEXT not in kinds
    return len(rest.split()) <= 12 and not re.search(r"\b(?:no|que|es|son|ya|esta)\b", fold(rest))


_SHORT_FOR = {
    "no": "numero",
    "num": "numero",
    "nro": "numero",
    "bno": "bueno",
    "vto": "visto",
    "q": "que",
}


def abbreviated(text: str, labels: Labels) -> Label | None:
    """The label whose words a text cuts short: "no. de dest", "visto bno", "fec. inicio"."""
    words = [_SHORT_FOR.get(w, w) for w in normal(text).split()]
    if len(words) < 2 or len(words) > 6 or any(len(w) < 2 for w in words):
        return None
    for known, label in labels.exact.items():
        theirs = known.split()
        if len(theirs) == len(words) and all(
            a == b or (len(a) > 2 and b.startswith(a)) for a, b in zip(words, theirs, strict=True)
        ):
            return label
    return None


def bare_name(text: str) -> str:
    """A name without the article before it: "el Centro de Estudios"."""
    match = re.match(r"(?:(?:el|la|los|las) (?=[A-ZÁÉÍÓÚÑ])|de (?=\w))", text)
    return text[match.end() :] if match else text


def without_aside(text: str) -> str:
    """A short answer without the clause behind its comma: "Bibliotecaria, que data de 1979"."""
    head, comma, rest = text.partition(",")
    return bare_name(head if comma and len(rest.split()) > 3 else text)


# --- people by the part they play -------------------------------------------------------------


def _people(sentence: Sentence, ground: Ground) -> Iterator[Claim]:
    folded = sentence.folded
    people = people_in(sentence.text)
    cues = [(m.start(), m.end(), "sponsor") for m in BACKS.finditer(folded)]
    cues += [(m.start(), m.end(), "responsible") for m in SENDS.finditer(folded)]
    cues = [
        c
        for c in cues
        if c[2] in ground.form and not _NEGATED.search(folded, max(0, c[0] - 30), c[0])
    ]
    if "responsible" in ground.form and writer_is_responsible(sentence.text) and ground.writer.name:
        signed = of_writer(FieldKind.NAME, ground.writer)
        if signed is not None:
            yield Claim("responsible", signed, 0, len(folded), 0.9, True)
        yield from _signed(ground, len(folded))
        cues = [c for c in cues if c[2] != "responsible"]
    taken: set[int] = set()
    for start, end, name in cues:
        best = min(
            (p for p in people if p.start not in taken),
            key=lambda p: _distance(folded, start, end, p),
            default=None,
        )
        if best is None or _distance(folded, start, end, best) > 70:
            continue
        if any(
            _distance(folded, s, e, best) < _distance(folded, start, end, best)
            for s, e, n in cues
            if n != name
        ):
            continue
        taken.add(best.start)
        yield Claim(name, best.name, best.start, best.end, 0.85 if best.titled else 0.8)
        if name == "responsible" and "position" in ground.form:
            position = _beside(sentence.text, best)
            if position:
                yield Claim("position", position, best.end, best.end, 0.75, True)
    if cues and not people:
        yield from _small_letters(sentence, cues)


def _signed(ground: Ground, end: int) -> Iterator[Claim]:
    """What the signature says of a writer who is to be the responsible."""
    if not ground.writer.signature:
        return
    signed = writer_of("", ground.writer.signature)
    for name, value in (
        ("position", signed.position),
        ("email", signed.email),
        ("phone_ext", signed.phone_ext),
    ):
        if value and name in ground.form:
            yield Claim(name, value, 0, end, 0.85, True)


_APPOSED = re.compile(
    r" ?, ?(?:(?:la|el|nuestr[oa]|quien es|que es) (?:la "
    r"|el )?)?(?P<what>[^,;:()@\d\n]{4,60}?)(?=[,.;:()\n]| y |$| \S+@)"
)
_LED = re.compile(
    r"\b(?:el|la|nuestr[oa]) (?P<what>[^,;:()@\d\n.]{4,60}?) ?, ?(?:el "
    r"|la )?(?:\w{2,5}\. ?)?$"
)
_POST = re.compile(r"(?:sri[oa]|coord|dir|enc|aux|asist|jef|adm|subdir|tec|supv|ger)\b")


def _beside(text: str, person: Person) -> str | None:
    """The position that stands beside a person's name, behind or before it."""
    folded = fold(text)
    for match in (_APPOSED.match(folded, person.end), _LED.search(folded[: person.start])):
        if match is None:
            continue
        first = match["what"].split()[0]
        if first in POSITION_HEADS or _POST.match(first):
            start, end = match.span("what")
            return trim(text[start:end])
    return None


def _small_letters(sentence: Sentence, cues: list[tuple[int, int, str]]) -> Iterator[Claim]:
    """A name in small letters behind the word for its part: "la manda el jefe, ana ruiz"."""
    for _, end, name in cues[:1]:
        rest = sentence.text[end:]
        for piece in re.split(r"[,;.] ?", rest):
            bare = re.sub(r"^(?:es|sera|seria|el|la|a) ", "", piece.strip(), flags=re.IGNORECASE)
            if _namelike(bare) and fold(bare).split()[0] not in POSITION_HEADS | AREA_HEADS:
                at = end + rest.find(piece)
                yield Claim(name, squeeze(bare), at, at + len(piece), 0.7)
                led = re.match(r"\W*(?:el|la) (?P<what>[^,;.]{4,60}),", fold(rest))
                if name == "responsible" and led and led["what"].split()[0] in POSITION_HEADS:
                    what = rest[led.start("what") : led.end("what")]
                    yield Claim("position", trim(what), end, at, 0.7, True)
                return


def _distance(folded: str, start: int, end: int, person: Person) -> int:
    """How far a name is from a word of its part; what stands between may part them."""
    if person.start >= end:
        between = folded[end : person.start]
        extra = 0
    else:
        between = folded[person.end : start]
        extra = 4
    breaks = len(re.findall(r";|\by (?:el|la|mi|su|quien)\b", between))
    return max(0, len(between)) + extra + 60 * breaks


# --- by what a value looks like ---------------------------------------------------------------

_RANGE = re.compile(r"^ ?(?:o|a|-|–|y) ?$")
_SUM = re.compile(r"\b(?:en total|total|o sea|suman|sumando|son en total|dan)\b")


def _numbers(sentence: Sentence, ground: Ground, named: list[Mention]) -> Iterator[Claim]:
    text, folded = sentence.text, sentence.folded
    for name in _of_kind(ground, FieldKind.INTEGER):
        spans = {(h.start, h.end) for h in sizes(text, folded)}
        spans |= {
            (n.start, n.end)
            for n in numbers_in(text)
            if not n.article
            and n.value > 4
            and _REACHES.search(folded[: n.start])
            and not NOT_SIZE_AFTER.match(folded[n.end : n.end + 50])
        }
        values = [
            (start, end, read_value(ground.form[name], text[start:end], dt.date.min))
            for start, end in sorted(spans)
        ]
        values = [v for v in values if isinstance(v[2], int)]
        if not values:
            continue
        total = next(
            (
                v
                for v in values
                if _SUM.search(folded[max(0, v[0] - 30) : v[0]] + folded[v[1] : v[1] + 12])
            ),
            None,
        )
        if total is None and len({v[2] for v in values}) > 1:
            total = _summed(folded, values)
            if total is None:
                continue
        start, end, value = total or values[0]
        if value is not None:
            yield Claim(name, value, start, end, 0.8)
    for name in _of_kind(ground, FieldKind.DIGITS):
        match = _EXT.search(folded)
        if match and not _OTHER_PHONE.search(folded):
            digits = read_digits(match[0])
            if digits:
                yield Claim(name, digits, match.start(), match.end(), 0.8)
    for name in _of_kind(ground, FieldKind.EMAIL):
        addresses = list(EMAIL.finditer(text))
        if len(addresses) == 1:
            yield Claim(
                name,
                addresses[0][0].lower().rstrip("."),
                addresses[0].start(),
                addresses[0].end(),
                0.6,
            )


_REACHES = re.compile(
    r"\b(?:les? llega(?:ria|n)? a|lo reciben|la reciben|la recibirian|somos|son|serian|quedan en"
    r"|van a) (?:como |unos |unas |aproximadamente )?$"
)
_EXT = re.compile(r"\bext(?:ension)?\b[.: ]{0,3}(?:es )?(?:la |el )?(?:numero |no\. ?|#)?\d{2,6}\b")
_OTHER_PHONE = re.compile(r"\b(?:llam|marqu|marcar|contestan?|contesto|cel|celular|whatsapp)\w*")


def _summed(
    folded: str, values: list[tuple[int, int, FieldValue | None]]
) -> tuple[int, int, FieldValue] | None:
    """The sum of counts that are added up: "350 alumnos y 40 profesores"; None for a range."""
    total = 0
    for before, after in pairwise(values):
        between = folded[before[1] : after[0]]
        if (
            _RANGE.match(between)
            or not re.search(r"\b(?:y|mas|e)\b|,", between)
            or len(between) > 60
        ):
            return None
    for _, _, value in values:
        total += value if isinstance(value, int) else 0
    return values[0][0], values[-1][1], total


def _choices(sentence: Sentence, ground: Ground) -> Iterator[Claim]:
    """How often. Choices of other kinds are ordinary words, too: their label must stand there."""
    for name in _of_kind(ground, FieldKind.CHOICE):
        if name == "request_type":
            continue
        if name == "frequency":
            spans = rhythms_in(sentence.text)
            keys = {r.name for r in spans}
            value = read_value(ground.form[name], sentence.text, dt.date.min)
            if (
                not spans
                or value is None
                or (len(keys - {"", "on_demand"}) > 1 and _either(sentence.folded))
            ):
                continue
            spans = [r for r in spans if r.name == value] or spans
            yield Claim(name, value, spans[0].start, spans[0].end, 0.75)
            continue
        keys_found = read_choices(ground.form[name], sentence.text)
        if len(keys_found) == 1:
            yield Claim(name, keys_found[0], 0, len(sentence.text), 0.55)


def _either(folded: str) -> bool:
    return re.search(r"\b(?:o|u)\b", folded) is not None


_VALID = re.compile(r"\b(?:vigen\w+|vigencia|periodo|valid\w+|dur\w+|lista)\b")


def _dates(sentence: Sentence, ground: Ground) -> Iterator[Claim]:
    text, folded = sentence.text, sentence.folded
    ends = {
        ground.form[n].period: n for n in _of_kind(ground, FieldKind.DATE) if ground.form[n].period
    }
    spans = dates_in(text, ground.today)
    if not ends or not spans:
        return
    told = [_role_of(folded, spans, at) for at in range(len(spans))]
    if len(spans) == 2 and _is_period(folded, *spans) and told not in _REVERSED:
        period = ordered(*spans)
        if "start" in ends and period.start:
            yield Claim(ends["start"], period.start, spans[0].start, spans[0].end, 0.85)
        if "end" in ends and period.end:
            yield Claim(ends["end"], period.end, spans[1].start, spans[1].end, 0.85)
        return
    for span, which in zip(spans, told, strict=True):
        if which and which in ends:
            sure = 0.8 if _VALID.search(folded) else 0.65
            yield Claim(ends[which], span.date, span.start, span.end, sure)


_REVERSED = (["end", "start"], ["end", ""], ["", "start"])


def _role_of(folded: str, spans: Sequence[DateSpan], at: int) -> str:
    """Whether the words before a date make it a start or an end; empty where neither."""
    since = spans[at - 1].end if at else 0
    role = role_before(folded[max(since, spans[at].start - 45) : spans[at].start])
    return {"start_date": "start", "end_date": "end"}.get(role or "", "")


def _is_period(folded: str, first: DateSpan, second: DateSpan) -> bool:
    between = folded[first.end : second.start]
    return len(between) < 40 and bool(
        re.search(
            r"^\W*(?:al?|hasta|y)\b|^ ?[-–—/] ?|\bhasta\b|\btermin\w+|\bal? (?:el )?$"
            r"|\bfin\b",
            between,
        )
    )


_IS_POSITION = re.compile(
    r"\b(?:soy|como|fungo como|trabajo como|(?:mi|su) (?:cargo|puesto) (?:es|seria)|ella es"
    r"|el es|es) (?:el |la |l[oa]s )?"
    r"(?P<position>[a-zñ]{4,20}[^,.;:()\n]{0,60})"
)
_AREA_OF = re.compile(
    r"\b(?:(?:(?:es|somos|soy) )?(?:del?|la) (?:[aá]rea|dependencia|departamento|oficina) (?:de"
    r"|es) (?P<area>[^,.;:()\n]{3,60})"
    r"|(?:es|somos|soy|escribo|escribimos|hablo) (?:de|desde) (?:la |el |los "
    r"|las )?(?P<short>(?:coord|dir|depto|fac|lic|lab|subdir|dpto|ofna)\. [^,.;:()\n]{3,60}))",
    re.IGNORECASE,
)
_FROM_AREA = re.compile(
    r"\b(?:somos|soy|pertenec\w+|trabaj\w+|estamos|estoy|la pide|la solicita|solicita|de parte"
    r"|por parte|a nombre) "
    r"(?:de|del|en|a|al)? ?(?:la |el |los |las )?$"
)


def _texts(sentence: Sentence, ground: Ground, named: list[Mention]) -> Iterator[Claim]:
    text, folded = sentence.text, sentence.folded
    hints = hints_in(text)
    if "list_name" in ground.form:
        for hint in hints:
            if (
                hint.field == "list_name"
                and hint.strong
                and "@" not in text[max(0, hint.start - 1) : hint.end]
            ):
                yield Claim("list_name", text[hint.start : hint.end], hint.start, hint.end, 0.7)
    if "position" in ground.form:
        match = _IS_POSITION.search(folded)
        denied = match and _NEGATED.search(folded, max(0, match.start() - 12), match.start())
        if match and not denied and match["position"].split()[0] in POSITION_HEADS:
            start = match.start("position")
            value = trim(_first_clause(text[start : match.end("position")]))
            yield Claim("position", value, start, start + len(value), 0.7)
    if "area" in ground.form:
        match = _AREA_OF.search(text)
        if match:
            at = match.start(match.lastgroup or "area")
            value = trim(_first_clause(match[match.lastgroup or "area"]))
            yield Claim("area", value, at, at + len(value), 0.75)
        for hint in hints:
            if hint.field == "area" and _FROM_AREA.search(
                folded, max(0, hint.start - 40), hint.start
            ):
                yield Claim(
                    "area", squeeze(text[hint.start : hint.end]), hint.start, hint.end, 0.75
                )


def _first_clause(text: str) -> str:
    cut = re.search(
        r" (?:y|pero|que|con|para|quien|en donde|donde) (?=el\b|la\b|mi\b|yo\b|es\b|sera"
        r"|seria|me\b|su\b|lo\b|nos\b)",
        fold(text),
    )
    return text[: cut.start()] if cut else text


def _of_kind(ground: Ground, kind: FieldKind) -> list[str]:
    return [f.name for f in ground.form.fields if f.kind is kind]


__all__ = [
    "Claim",
    "Mention",
    "claims_in",
    "is_absent",
    "longer_name",
    "mentions_in",
    "of_writer",
    "says_me",
]
