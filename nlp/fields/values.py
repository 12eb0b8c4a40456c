"""Answers to the form's questions as typed values: one pure reader for each kind of field."""

import datetime as dt
import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlp.fields.lexicon import strip_titles
from nlp.fields.mentions import RHYTHMS, choices_in
from nlp.kinds.put_off import put_off
from nlp.text.dates import dates_in, read_period
from nlp.text.fold import fold, trim, word_set
from nlp.text.numbers import read_integer
from nlp.text.rhythm import read_rhythm
from nlp.text.tokens import EMAIL
from nlp.types import FieldKind, FieldValue, FormField

_ABSENT = re.compile(
    r"(?:n\.?/?\s?a\.?|n/|n/?d|s/?d|s/?n|no aplica|no (?:lo |la )?(?:se|tengo|hay|tiene|tenemos"
    r"|cuento|contamos|cuenta)\b.*|(?:queda |esta |aun |todavia )?(?:pendientes?|por (?:definir"
    r"|confirmar|asignar|determinar|designar|acordar|decidir|verse?|llenar|precisar|establecer"
    r"|nombrar|resolver|proponer))(?:se)?\b.*|(?:esta |sigue |aun |todavia )?en (?:tramite|proceso"
    r"|revision|espera|definicion|firma|veremos|duda)\b.*|sin (?:definir|asignar|dato|datos"
    r"|confirmar|respuesta|determinar)\b.*|[x?]+|ningun[oa]?|nada|tbd|tba|pending\b.*|(?:aun"
    r"|todavia) no\b.*|no (?:sabemos|esta definid[oa]|se ha|aun|la recuerdo|recuerdo|disponible"
    r"|definid[oa]|todavia)\b.*|(?:(?:l[oa]s?|el) )?mism[oa]s?(?: de (?:siempre|antes|arriba))?"
    r"|igual(?: que (?:antes|siempre))?|idem|se define\b.*|luego\b.*|despues\b.*|falta\b.*|faltante"
    r"|vacio|vacante|sin cambios?|ver (?:abajo|arriba|firma)|tampoco.*|(?:lo|la|se) (?:paso|mando"
    r"|envio|confirmo|define|defino|consulto)\b.*|ya lo tienen.*|desconozco.*|lo desconozco.*"
    r"|(?:por )?favor de .*|sin)"
)  # fmt: skip
_HAS_WORD = re.compile(r"[^\W_]")


def is_absent(text: str) -> bool:
    """Whether an answer says nothing: blank, dashes, N/A, "pendiente", "por definir"."""
    bare = trim(fold(text)).strip("()[]{}_ .-*/#")
    if not _HAS_WORD.search(bare):
        return True
    return "@" not in bare and len(bare.split()) <= 7 and bool(_ABSENT.fullmatch(bare[:120]))


def read_value(field: FormField, text: str, today: dt.date) -> FieldValue | None:
    """The value that an answer gives to a field, or None where it gives none."""
    head = text.partition("(")[0]  # "pendiente (anda de viaje)"
    if is_absent(text) or (field.kind in _IN_WORDS and head.strip() and is_absent(head)):
        return None
    amended = _AMENDED.match(text) if field.kind in _AMENDABLE else None
    if amended is not None and (value := read_value(field, text[amended.end() :], today)):
        return value
    match field.kind:
        case FieldKind.INTEGER:
            return read_integer(text)
        case FieldKind.DIGITS:
            return read_digits(text)
        case FieldKind.EMAIL:
            return read_email(text)
        case FieldKind.DATE:
            return read_date(text, today, field.period)
        case FieldKind.CHOICE | FieldKind.CHOICES:
            keys = read_choices(field, text)
            if field.kind is FieldKind.CHOICES:
                return tuple(sorted(keys)) or None
            return keys[0] if keys else None
        case FieldKind.NAME | FieldKind.TEXT | FieldKind.LONG_TEXT if put_off(text):
            return None
        case FieldKind.NAME:
            return read_name(text)
        case FieldKind.TEXT:
            return trim(_CONTACT.sub("", text)) or None
    return trim(text) or None


_IN_WORDS = (FieldKind.NAME, FieldKind.TEXT)
# What somebody adds behind a position: "directora, ext. 7660".
_CONTACT = re.compile(r"(?i:(?<=\w)[,;] (?:ext(?:ensi[oó]n)?|tel(?:[eé]fono)?)\b\W{0,3}\d.*)$")
_AMENDABLE = (FieldKind.INTEGER, FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.TEXT)
_AMENDED = re.compile(  # "80, digo 82", "semanal no, quincenal"
    r".{1,200}(?:\b(?:digo|miento|corrijo|corrige|p[oó]n(?:gan|ga)?le)\b[,:]?|\bno,)\s+(?=\S)",
    re.IGNORECASE,
)


def read_email(text: str) -> str | None:
    """The last address where the text corrects itself, else the first; in lower case."""
    found = EMAIL.findall(text)
    if not found:
        return None
    chosen = found[-1] if re.search(r"perd[oó]n|corrijo|digo|mejor", text.lower()) else found[0]
    return str(chosen).lower()


_EXTENSION = re.compile(
    r"\b(?:ext(?:ension|encion)?|x|int(?:erno)?)\b[.: ]*(?:la )?#?\s*(\d{2,6})\b"
)
_RUN = re.compile(r"(?<![\d@.\w-])\d{2,6}(?![\d@\w]|[ .-]\d)")
_PAIRS = re.compile(r"(?<![\d+(/] )(?<![\d+(/-])(\d\d) (\d\d)(?! ?[\d/-]|\w)")  # "72 18"
_UNDECIDED = re.compile(r"(?<!\d)\d{3,6} ?(?:/|or|o|y|and) ?(?:la |el )?\d{3,6}(?!\d)")
_APART = re.compile(r"\d{1,2} \d{2,3}")  # "7 301"


def read_digits(text: str) -> str | None:
    """An extension: the digits after "ext", else the first short run of digits."""
    folded = _PAIRS.sub(r"\1\2", fold(text))
    if _UNDECIDED.search(folded):
        return None
    if _APART.fullmatch(folded.strip()):
        return folded.replace(" ", "")
    after = _EXTENSION.findall(folded)
    if after:
        return str(after[-1])
    runs = _RUN.findall(folded)
    if runs and re.search(r"perdon|corrijo|digo|mejor|ahora", folded):
        return str(runs[-1])
    return str(runs[0]) if runs else None


def read_date(text: str, today: dt.date, period: str) -> dt.date | None:
    """The date of an answer; with `period`, that end of the validity it tells."""
    dates = dates_in(text, today)
    if len(dates) > 1 and period:
        whole = read_period(text, today)
        return whole.end if period == "end" else whole.start
    return dates[0].date if dates else None


_NAME_ENDS = re.compile(
    r"[,;(/|<\t]|\s[-–—:]\s|\s(?:ext(?:ensi[oó]n)?|tel[eé]fono|correo|quien|que|es|con|del? "
    r"(?:la|el) (?:facultad|direcci)|como|ser[aá]|ya|dijo|dio|nos|lo|anda"
    r"|est[aá])\b|\s\d|(?<!\bMa)\.\s|\bEXT\b",
)
_IS = re.compile(
    r"^(?:soy|es|ser[aá]|ser[ií]a|yo|ella|él|con|nuestr[oa]|el nuevo|la nueva),?\s+", re.IGNORECASE
)
_NO_FIRST = word_set(
    "lo la se no que en por ya les me nos esta este hay como si director directora ext extension"
    " tel telefono correo cel celular anda va viene dice sale tiene quiere firma firmo regresa"
)
_NO_NAME = re.compile(
    r"\b(?:yo|misma?|servidora?|firma|abajo|quien|area|departamento|oficina|suscribe|suscrit[oa])\b"
)


def read_name(text: str) -> str | None:
    """A person's name without titles, cut where something else begins."""
    name = strip_titles(_IS.sub("", trim(text)))
    end = _NAME_ENDS.search(name)
    if end and end.start() > 2:
        name = name[: end.start()]
    name = trim(strip_titles(name))
    if not name or any(c.isdigit() or c == "@" for c in name) or len(name) > 80:
        return None
    words = fold(name).split()
    if not words or _NO_NAME.search(fold(name)) or words[0] in _NO_FIRST or len(words) > 9:
        return None
    return name


_BOX = re.compile(
    r"(?P<open>[\[(]\s*(?P<mark>[xX✓✔✗✘*●■•/]|s[ií])?\s*[\])]|[☒☑■✔✓✅◉⦿🗹☐□○◯⬜▢_]{1,3}(?=\s|\w|$))"
)
_TICKED = re.compile(r"[xX✓✔✗✘*●■•/☒☑✅◉⦿🗹]|s[ií]")


def ticked(text: str) -> str | None:
    """The options marked among check boxes, or None where there are no boxes."""
    boxes = list(_BOX.finditer(text))
    if len(boxes) < 2 and not (boxes and _TICKED.search(boxes[0][0]) and boxes[0].start() == 0):
        return None
    leading = not _HAS_WORD.search(text[: boxes[0].start()])
    chosen = []
    for index, box in enumerate(boxes):
        if leading:
            end = boxes[index + 1].start() if index + 1 < len(boxes) else len(text)
            option = text[box.end() : end]
        else:
            start = boxes[index - 1].end() if index else 0
            option = text[start : box.start()]
        if _TICKED.search(box[0]):
            chosen.append(option.strip(" \t,;/|"))
    return ", ".join(chosen)


def read_choices(field: FormField, text: str) -> list[str]:
    """The keys of a field's choices that an answer names, in order of appearance."""
    marked = ticked(text)
    text = text if marked is None else marked
    if field.choices.keys() >= RHYTHMS:
        rhythm = None if fold(text).strip() == "sem." else read_rhythm(text)  # of two choices
        found = [rhythm] if rhythm is not None and rhythm in field.choices else []
        return found if rhythm is not None else _shortened(field, text)
    found = list(dict.fromkeys(str(m.value) for m in choices_in(text, field)))
    return found or _shortened(field, text) or _mistyped(field, text)


_SHORT = re.compile(r"\b([^\W\d_]{3,12})\.")


def _shortened(field: FormField, text: str) -> list[str]:
    """The keys with a wording that a point cuts off, where it is of one only: "Restab."."""
    found: list[str] = []
    for match in _SHORT.finditer(fold(text)):
        keys = [
            key
            for key, wordings in field.choices.items()
            if any(
                fold(one).startswith(match[1]) and fold(one)[len(match[1]) :][:1].isalpha()
                for one in wordings
            )
        ]
        found += keys if len(keys) == 1 and keys[0] not in found else []
    return found


def _mistyped(field: FormField, text: str) -> list[str]:
    """The key whose wording an answer of one word is but for a typing mistake."""
    word = trim(fold(text))
    if len(word) <= 6:
        return []
    keys = {fold(one): key for key, wordings in field.choices.items() for one in wordings}
    best = process.extractOne(word, list(keys), scorer=OSA.normalized_similarity, score_cutoff=0.85)
    return [keys[best[0]]] if best is not None else []
