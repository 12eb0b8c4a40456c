"""CORREGIR campo: valor. Which field is meant, and what the value says; labels may be misspelt."""

from __future__ import annotations

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
MOST_WORDS = 7  # of a label that no sign parts from its value


class UnreadableCorrection(ValueError):  # noqa: N818  (a mistake of who wrote, answered in words)
    """The command names no field, or gives no value that the field takes."""

    def __init__(self, why: str, *lines: str) -> None:
        super().__init__(why)
        self.why, self.lines = why, lines


def read_correction(
    say: Phrases, form: Form, text: str, today: dt.date
) -> Mapping[str, FieldValue]:
    """The fields that a correction names, with their new values. Raises UnreadableCorrection."""
    names, said = _parted(say, form, text)
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
