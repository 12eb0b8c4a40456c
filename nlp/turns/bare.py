"""Bare answers: values without a label, one a line, in the order in which they were asked."""

import re
from dataclasses import dataclass

from nlp.fields.lexicon import AREA_HEADS, POSITION_HEADS, is_title
from nlp.fields.values import is_absent, read_choices, read_digits
from nlp.kinds.put_off import put_off
from nlp.text.absence import dates_stated
from nlp.text.dates import ordered
from nlp.text.fold import fold, squeeze, trim
from nlp.text.numbers import numbers_in
from nlp.text.rhythm import rhythms_in
from nlp.text.slugs import SLUG
from nlp.text.tokens import EMAIL
from nlp.turns.courtesy import opens_telephone
from nlp.turns.ground import Ground
from nlp.turns.hints import list_names
from nlp.turns.me import of_writer, says_me
from nlp.turns.mentions import CASUAL, LINK, ORDINARY, mentions_in
from nlp.turns.people import BACKS, SENDS, people_in
from nlp.turns.reasons import bare_aim, gives_reason, of_the_process, without_lead
from nlp.turns.sentences import Sentence
from nlp.turns.values import audience_in
from nlp.turns.voice import speaks_against
from nlp.types import FieldKind, FieldValue, FormField, Part

SURE, LIKELY, POSSIBLE = 3.0, 2.0, 1.0
_FEW = 4  # who are no list


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a line answers a field, and the values that it then gives."""

    strength: float
    values: tuple[tuple[str, FieldValue | None], ...] = ()


_UNFIT = Fit(0.0)
_WORDS = (FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.NAME)
_AROUND_NUMBER = re.compile(
    r"\b(?:son|somos|serian|seran|van|unos|unas|aprox\w*|alrededor de|cerca de|como|casi"
    r"|mas (?:o )?menos|en total|total|de|los|las|el|la|en|personas|alumn\w+|estudiant\w+|docent\w+"
    r"|profesor\w*|maestr[oa]s|egresad[oa]s|colaborador\w*|emplead[oa]s|administrativ[oa]s"
    r"|destinatari\w+|correos|cuentas|contactos|integrantes|familias|padres|aspirantes"
    r"|suscriptor\w*|direcciones|actualmente|ahorita|y|mil)\b|[~+()*.,:]"
)
_AROUND_DATE = re.compile(
    r"\b(?:del?|el|la|al?|desde|hasta|inicio|inicia|fin|final|termina|termino|empieza|a partir"
    r"|dia|vigencia|periodo|es|seria|sera|va|y|lunes|martes|miercoles|jueves|viernes|sabado|domingo)\b|[~+()*.,:–—-]"
)
_AROUND_DIGITS = re.compile(r"\b(?:ext\w*|es|la|el|mi|no|num\w*|telefono|tel)\b|[#().,:;-]")


def fit(field: FormField, text: str, ground: Ground) -> Fit:
    """How well a line, by itself, answers a field."""
    line = squeeze(text)
    folded = fold(line)
    name = field.name
    if says_none(folded):
        plain_no = not re.search(r"\w{3}|/", folded)  # it may answer another question
        return Fit(POSSIBLE if field.essential or plain_no else LIKELY, ((name, None),))
    if is_absent(line) or (field.kind in _WORDS and (opens_telephone(line) or put_off(line))):
        return _UNFIT
    if (
        len(line.split()) < 7
        and says_me(line)
        and field.kind in (FieldKind.NAME, FieldKind.EMAIL, FieldKind.DIGITS)
    ):
        value = of_writer(field.kind, ground.writer)
        strength = LIKELY if field.kind is FieldKind.NAME else POSSIBLE
        return Fit(strength, ((name, value),)) if value is not None else _UNFIT
    telling = field.kind is not FieldKind.LONG_TEXT and len(line.split()) > 3
    if telling and speaks_against(field.kind, Sentence(line, folded), named=False):
        return _UNFIT
    match field.kind:
        case FieldKind.INTEGER:
            return _count(name, line, folded, ground)
        case FieldKind.DIGITS:
            return _digits(name, line, folded)
        case FieldKind.DATE:
            return _date(field, line, folded, ground)
        case FieldKind.EMAIL:
            found = EMAIL.findall(line)
            return (
                Fit(SURE, ((name, found[0].lower()),))
                if len(found) == 1 and len(line.split()) < 5
                else _UNFIT
            )
        case FieldKind.CHOICE | FieldKind.CHOICES:
            how_many = any(n in ground.missing for n in ground.of_kind(FieldKind.INTEGER))
            return _choice(field, line, folded, how_many=how_many)
        case FieldKind.NAME:
            return _name(name, line, folded)
        case FieldKind.LONG_TEXT:
            return _UNFIT if _tells_another(name, folded, ground) else _long(name, line, folded)
    return _short(name, line, folded)


def _count(name: str, line: str, folded: str, ground: Ground) -> Fit:
    numbers = [n for n in numbers_in(line) if not n.article]
    if len(numbers) != 1 or re.search(r"[-/@:]\d|\d[-/:]", line):
        return _UNFIT
    rest = folded[: numbers[0].start] + " " + folded[numbers[0].end :]
    unit = bool(re.search(r"[a-z]{4,}", rest))
    if _AROUND_NUMBER.sub(" ", rest).strip(" -–—•\t"):
        return _UNFIT
    plain = folded[numbers[0].start : numbers[0].end]
    strength = SURE if unit or not plain.isdigit() else 2.2 if len(plain) != 4 else 1.9
    whom = audience_in(line, ground.form) if unit else ()  # "240 administrativos"
    asked = [n for n in ground.of_kind(FieldKind.CHOICES) if n in ground.missing and whom]
    return Fit(strength, ((name, numbers[0].value), *((one, whom) for one in asked)))


def _digits(name: str, line: str, folded: str) -> Fit:
    digits = read_digits(line)
    if digits is None:
        return _UNFIT
    rest = _AROUND_DIGITS.sub(" ", folded.replace(digits, " ", 1)).strip()
    if rest:
        return _UNFIT
    if "ext" in folded:
        return Fit(SURE, ((name, digits),))
    return Fit({4: 2.1, 3: 1.4, 5: 1.4}.get(len(digits), 0.6), ((name, digits),))


def _date(field: FormField, line: str, folded: str, ground: Ground) -> Fit:
    spans = dates_stated(line, ground.today)
    if not spans or len(spans) > 2:
        return _UNFIT
    rest = folded
    for span in reversed(spans):
        rest = rest[: span.start] + " " + rest[span.end :]
    if re.search(r"\w", _AROUND_DATE.sub(" ", rest)):
        return _UNFIT
    ends = ground.ends()
    if len(spans) == 2 and set(ends) == {"start", "end"}:
        period = ordered(*spans)
        return Fit(
            SURE,
            tuple((ends[w], d) for w, d in (("start", period.start), ("end", period.end)) if d),
        )
    if len(spans) == 2:
        return _UNFIT
    strength = SURE
    if field.period == "start" and re.search(r"\b(?:hasta|fin|final|termin\w*)\b", folded):
        strength = 0.0
    if field.period == "end" and re.search(r"\b(?:desde|inici\w*|a partir|empieza)\b", folded):
        strength = 0.0
    return Fit(strength, ((field.name, spans[0].date),)) if strength else _UNFIT


_NO_COUNT = re.compile(r"\b(?:dias?|las|maximo|minimo|hasta)\W*$")


def _choice(field: FormField, line: str, folded: str, *, how_many: bool) -> Fit:
    """`how_many`: whether a count is asked for, too."""
    if len(line.split()) > 8:
        return _UNFIT
    keys = read_choices(field, line)
    if not keys:
        return _UNFIT
    if field.kind is FieldKind.CHOICES:
        if any(number.value > _FEW and not number.article for number in numbers_in(line)):
            return _UNFIT  # it says how many, too
        return Fit(SURE - 0.5, ((field.name, tuple(sorted(keys))),))
    spans = rhythms_in(line)
    if len({r.name for r in spans}) > 1 or " no " in folded:
        return _UNFIT
    counted = (n for n in numbers_in(line) if n.value > _FEW and not n.article)
    counted = (n for n in counted if not any(r.start < n.end and n.start < r.end for r in spans))
    if how_many and any(not _NO_COUNT.search(folded[: n.start]) for n in counted):
        return _UNFIT  # "somos 365 y mandaríamos cada mes" says how many, too
    return Fit(SURE, ((field.name, keys[0]),))


def _name(name: str, line: str, folded: str) -> Fit:
    people = people_in(line)
    if len(people) == 1:
        rest = folded[: people[0].start] + folded[people[0].end :]
        rest = re.sub(r"\b(?:el|la|es|sera|seria)\b|[,.:;()]", " ", rest)
        post = _POST.fullmatch(squeeze(rest))  # "mi jefa, Irma Ruiz", "Irma Ruiz, directora"
        rest = " ".join(word for word in rest.split() if not is_title(word))
        if not rest:
            return Fit(LIKELY + (0.5 if people[0].titled else 0.0), ((name, people[0].name),))
        headed = rest.split()[0] in POSITION_HEADS
        whole = post is not None and post["head"] in POSITION_HEADS
        return Fit(LIKELY if whole else 1.5 if headed else 0.0, ((name, people[0].name),))
    return _UNFIT


_POST = re.compile(
    r"(?:mi |nuestr[oa] )?(?P<head>\w+)(?: (?:general|academic\w+|administrativ\w+|tecnic\w+))?"
    r"(?: del? \w[\w ]{0,40})?"
)


def _tells_another(name: str, folded: str, ground: Ground) -> bool:
    """Whether a line says what another field is: "El objetivo es …", "mi nombre completo es …"."""
    for one in mentions_in(folded[:60], ground.labels):  # where a line says what it is of
        own = folded[: one.start].endswith("mi ") or one.text not in ORDINARY | CASUAL
        link = LINK.match(folded, one.end)
        if own and link and link["link"] and name not in one.label.names:
            return True
    return False


def _long(name: str, line: str, folded: str) -> Fit:
    if len(line.split()) < 3 or _INTRO.search(folded) or of_the_process(folded):
        return _UNFIT
    if (BACKS.search(folded) or SENDS.search(folded)) and people_in(line):
        return _UNFIT  # it tells who
    reason = gives_reason(line)
    aim = bool(_AIM.match(folded))
    given = ((name, bare_aim(line) if name == Part.PURPOSE else without_lead(line)),)
    if name == Part.REASON:
        return Fit(LIKELY + 0.4 if reason else 0.9 if aim else 1.2, given)
    if name == Part.PURPOSE:
        return Fit(LIKELY + 0.4 if aim and not reason else 0.9 if reason else 1.3, given)
    return Fit(1.3, given)


_AIM = re.compile(
    r"(?:(?:es|seria|sirve|servira|la queremos) )?(?:para (?!el|la|los|las|su|mi)"
    r"|(?:para )?\w{3,}(?:ar|er|ir)(?:les?|nos|los?|las?)?\b|(?:\w{4,}(?:cion(?:es)?|sion|miento)"
    r"|avisos?|envios?|noticias|recordatorios|convocatorias|boletin\w*) (?:del?|sobre|para|y|a) )"
)
_INTRO = re.compile(
    r"\b(?:aqui (?:van|estan|tienen|les)|adjunto|anexo|les (?:mando|envio|paso|comparto"
    r"|contesto)|van los datos|datos (?:que|faltantes)|faltaba\w*|faltan|respondo|contesto"
    r"|respuestas?|quedo (?:atent|al pendiente|pendiente)|espero|muchas gracias|saludos"
    r"|cualquier (?:duda|cosa)|disculp\w+|perdon)\b"
)


_TELLS = re.compile(
    r"\b(?:soy|es|son|sera|sere|seria|somos|voy a|va a|vamos a|lo da|la da|nos da|autoriza|tiene"
    r"|tenemos|tengo|esta|estan|estoy|hay|no)\b"
)


_TELLS_OF = re.compile(r"\b(?:me|nos|les?|se|ya|no)\b|\w(?:ó|aron|ieron)\b", re.IGNORECASE)


def _short(name: str, line: str, folded: str) -> Fit:
    words = folded.split()
    if len(words) > 12 or _INTRO.search(folded) or EMAIL.search(line):
        return _UNFIT
    if _TELLS.search(folded, len(words[0]) if words and name != Part.NAME else 0):
        return _UNFIT  # a sentence: "la responsable soy yo"
    value = trim(line)
    first = re.sub(r"\W", "", words[0]) if words else ""
    if first in ("el", "la", "soy", "es", "de") and len(words) > 1:
        first = words[1]
    if name == Part.NAME:
        if named := list_names(line):
            start, end = named[0]
            return Fit(SURE, ((name, line[start:end]),))
        if re.fullmatch(SLUG, value):
            return Fit(SURE - 0.2, ((name, value),))
        return Fit(0.8 if len(words) < 6 else 0.0, ((name, value.strip("\"'“”«»")),))
    if re.search(r"\d{3,}", line) or any(r.name for r in rhythms_in(line)):
        return _UNFIT
    if name == Part.POSITION:
        if _TELLS_OF.search(line):
            return _UNFIT  # "La directora me pidió contestarles": of an office, and no position
        value = trim(re.sub(r"^(?:soy|es) (?:el|la)? ?", "", line, flags=re.IGNORECASE))
        secretary = first == "secretaria"
        return Fit(
            SURE if first in POSITION_HEADS and (not secretary or len(words) < 5) else 0.9,
            ((name, value),),
        )
    if name == Part.AREA:
        return Fit(SURE - 0.2 if first in AREA_HEADS else 0.9, ((name, value),))
    return Fit(POSSIBLE, ((name, value),))


_NO_SUCH = re.compile(
    r"^\W*(?:no (?:tengo|tenemos|hay|cuento|contamos|aplica|existe|tiene)(?: con)?\b.{0,50}|n/?a"
    r"|ningun[ao]?|sin extension|no)\W*$"
)


def says_none(folded: str) -> bool:
    """Whether an answer says that there is no such thing."""
    return _NO_SUCH.match(folded.strip()) is not None and not re.search(
        r"\b(?:no se|aun|todavia|por el momento)\b", folded
    )
