"""CORREGIR campo: valor. Which field is meant, and what the value says; labels may be misspelt."""

import datetime as dt
import re
from collections.abc import Mapping
from contextlib import suppress

from rapidfuzz import fuzz, process

from bot.workflow.phrases import Phrases
from nlp.fields.labels import labels_of
from nlp.fields.values import read_value
from nlp.text.fold import plain
from nlp.text.numbers import numbers_in
from nlp.types import FieldKind, FieldValue, Form

NEAR = 70.0  # how alike a label must be to be asked about
_TO = re.compile(r"\s(?:a|al|por|como|es|sea|debe ser)\s", re.IGNORECASE)  # "el cargo a jefa"
_CAPITAL = re.compile(r"\s[A-ZÁÉÍÓÚÑ]")
_AND = re.compile(r"[;,] (?:y )?| y (?!no\b)")
_INSTEAD = re.compile(r",? (?:en (?:lugar|vez) de|y no) ", re.IGNORECASE)  # the old value
_TEXTS = (FieldKind.TEXT, FieldKind.LONG_TEXT)
MOST_WORDS = 7  # of a label that no sign parts from its value


class UnreadableCorrection(ValueError):  # noqa: N818  (a mistake of who wrote, answered in words)
    """The command names no field, or gives no value that the field takes."""

    def __init__(self, why: str, *lines: str) -> None:
        super().__init__(why)
        self.why, self.lines = why, lines


def read_correction(
    say: Phrases, form: Form, text: str, today: dt.date
) -> Mapping[str, FieldValue]:
    """The fields that a correction names, with their new values: "frecuencia quincenal en lugar de
    semanal, y 850 destinatarios". Raises UnreadableCorrection."""
    text = text.strip(" ,;")
    parts = _several(say, form, text) or [_parted(say, form, text)]
    read = [_read(say, form, names, said, today) for names, said in parts]
    return {name: value for found in read for name, value in found.items()}


def _several(say: Phrases, form: Form, text: str) -> list[tuple[tuple[str, ...], str]]:
    """The parts of a text that corrects several fields; none where it is the words of one."""
    pieces = _AND.split(text)
    try:
        parts = [_parted(say, form, _INSTEAD.split(piece)[0]) for piece in pieces]
    except UnreadableCorrection:
        return []
    told = all(_TO.search(piece) for piece in pieces)  # "y el cargo a Jefa", but "salón y aula"
    return parts if told or all(form[n].kind not in _TEXTS for ns, _ in parts for n in ns) else []


def _read(
    say: Phrases, form: Form, names: tuple[str, ...], said: str, today: dt.date
) -> Mapping[str, FieldValue]:
    if not said.strip():
        raise UnreadableCorrection(say("correct.value_missing"))
    if all(form[name].kind is not FieldKind.LONG_TEXT for name in names):
        said = _INSTEAD.split(said)[0]
    found: dict[str, FieldValue] = {}
    if numbers_in(said) and all(form[name].kind is FieldKind.CHOICES for name in names):
        names = tuple(f.name for f in form.of_kind(FieldKind.INTEGER)) or names
    for name in names:
        value = read_value(form[name], said, today)
        if value is not None:
            found[name] = value
    if not found or len({*found.values()}) < len(found):  # one day is not both ends of a period
        field = form[names[0]]
        hint = (say("correct.expected", hint=field.hint),) if field.hint else ()
        raise UnreadableCorrection(
            say("correct.unreadable", strip=said.strip()[:80], label=field.label), *hint
        )
    return found


def _parted(say: Phrases, form: Form, text: str) -> tuple[tuple[str, ...], str]:
    """The names of the fields meant, and what stands behind the label."""
    for mark in (":", "="):
        head, sign, rest = text.partition(mark)
        if sign:
            names = _names(form, head)
            if names:
                return names, rest
            with suppress(UnreadableCorrection):
                return _parted(say, form, rest)  # "un dato: la frecuencia es mensual"
            raise _unknown(say, form, head)
    for to in _TO.finditer(text):
        if names := _unmarked(form, text[: to.start()]):
            return names, text[to.end() :]
    words = text.split()
    counts = range(1, min(MOST_WORDS, len(words) - 1) + 1)
    for count, wordy in (*((n, False) for n in reversed(counts)), *((n, True) for n in counts)):
        if names := _unmarked(form, " ".join(words[:count]), wordy=wordy):
            return names, " ".join(words[count:])
    if len(words) == 2 and (names := _names(form, words[1])):
        return names, words[0]  # "850 destinatarios"
    raise _unknown(say, form, text)


def _names(form: Form, label: str) -> tuple[str, ...]:
    bare = plain(label)
    own = [f.name for f in form.fields if bare in (plain(f.label), plain(f.name))]
    if own:
        return tuple(own)
    known = labels_of(form).find(re.sub(r"[()]", " ", label))
    return known.names if known else ()


def _unmarked(form: Form, label: str, *, wordy: bool = True) -> tuple[str, ...]:
    """The fields of a label that no sign closes: in one of words of its own (`wordy`) no figure
    stands, and no name."""
    known = labels_of(form).find(label)
    if known is None or len(label.split()) > MOST_WORDS or any(c.isdigit() for c in label):
        return ()
    return _names(form, label) if known.sure or (wordy and not _CAPITAL.search(label)) else ()


def _unknown(say: Phrases, form: Form, label: str) -> UnreadableCorrection:
    if not label.strip():
        return UnreadableCorrection(say("correct.field_missing"))
    choices = [f.label for f in form.fields]
    near = process.extractOne(plain(label), [plain(c) for c in choices], scorer=fuzz.WRatio)
    lines = [say("correct.fields", values=", ".join(choices))]
    if near and near[1] >= NEAR:
        lines.insert(0, say("correct.did_you_mean", near=choices[near[2]]))
    return UnreadableCorrection(say("correct.unknown_field", strip=label.strip()[:60]), *lines)
