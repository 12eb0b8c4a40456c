"""CORREGIR campo: valor. Which field is meant, and what the value says; labels may be misspelt."""

import datetime as dt
import re
from collections.abc import Mapping

from rapidfuzz import fuzz, process

from bot.workflow.phrases import Phrases
from nlp.fields.labels import labels_of
from nlp.fields.values import read_value
from nlp.text.fold import plain
from nlp.text.numbers import numbers_in
from nlp.types import FieldKind, FieldValue, Form

NEAR = 70.0  # how alike a label must be to be asked about
_TO = re.compile(r"^\s*(?:a|al|por|como)\s+", re.IGNORECASE)  # "la frecuencia a mensual"
_AND = re.compile(r"[;,] (?:y )?| y (?!no\b)")
_INSTEAD = re.compile(r",? (?:en (?:lugar|vez) de|y no) ", re.IGNORECASE)  # the old value
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
    pieces = _AND.split(text.strip())
    try:
        parted = [_parted(say, form, _INSTEAD.split(piece)[0]) for piece in pieces]
        short = all(form[n].kind is not FieldKind.TEXT for names, _ in parted for n in names)
        if short and (len(pieces) > 1 or _INSTEAD.search(text)):
            read = [_read(say, form, names, said, today) for names, said in parted]
            return {name: value for found in read for name, value in found.items()}
    except UnreadableCorrection:
        pass  # not several, but the words of one
    return _read(say, form, *_parted(say, form, text), today)


def _read(
    say: Phrases, form: Form, names: tuple[str, ...], said: str, today: dt.date
) -> Mapping[str, FieldValue]:
    if not said.strip():
        raise UnreadableCorrection(say("correct.value_missing"))
    found: dict[str, FieldValue] = {}
    said = _TO.sub("", said)
    if numbers_in(said) and all(form[name].kind is FieldKind.CHOICES for name in names):
        names = tuple(f.name for f in form.fields if f.kind is FieldKind.INTEGER) or names
    for name in names:
        value = read_value(form[name], said, today)
        if value is not None:
            found[name] = value
    if not found:
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
            raise _unknown(say, form, head)
    words = text.split()
    for count in range(min(MOST_WORDS, len(words) - 1), 0, -1):
        label = " ".join(words[:count])
        names = () if any(c.isdigit() for c in label) else _names(form, label)
        if names:
            return names, " ".join(words[count:])
    if len(words) == 2 and (names := _names(form, words[1])):
        return names, words[0]  # "850 destinatarios"
    raise _unknown(say, form, text)


def _names(form: Form, label: str) -> tuple[str, ...]:
    bare = plain(label)
    own = [f.name for f in form.fields if bare in (plain(f.label), plain(f.name))]
    if own:
        return tuple(own)
    known = labels_of(form).find(label)
    return known.names if known else ()


def _unknown(say: Phrases, form: Form, label: str) -> UnreadableCorrection:
    if not label.strip():
        return UnreadableCorrection(say("correct.field_missing"))
    choices = [f.label for f in form.fields]
    near = process.extractOne(plain(label), [plain(c) for c in choices], scorer=fuzz.WRatio)
    lines = [say("correct.fields", values=", ".join(choices))]
    if near and near[1] >= NEAR:
        lines.insert(0, say("correct.did_you_mean", near=choices[near[2]]))
    return UnreadableCorrection(say("correct.unknown_field", strip=label.strip()[:60]), *lines)
