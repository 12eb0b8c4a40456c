"""Answers of a form as typed values, and what people do to an answer when they mark or add."""

import datetime as dt
import re

from nlp.fields.labels import Label
from nlp.fields.lexicon import is_title
from nlp.fields.values import is_absent, read_value
from nlp.text.dates import read_period
from nlp.text.fold import fold
from nlp.text.slugs import TYPED
from nlp.text.tokens import EMAIL
from nlp.types import FieldKind, FieldValue, Form, Part

_OPTION_BREAK = re.compile(r"\s*[/|]\s*|\s{2,}|\s+(?=[*_])")
_PICKED = re.compile(r"^(?:_{1,}[^_]+_{1,}|\*+[^*]+\**)$")


def chosen(text: str) -> str | None:
    """The options that a writer marks among others: starred, underlined or in capitals."""
    options = [option for option in _OPTION_BREAK.split(text.strip()) if option.strip("_* ")]
    if len(options) < 2:
        return None
    marked = [option for option in options if _PICKED.match(option)]
    if not marked and len(options) > 2:
        marked = [o for o in options if o.isupper() and len(o) > 3 and not re.search(r"\d", o)]
    if not marked or len(marked) == len(options) or sum(map(len, options)) > 200:
        return None
    return ", ".join(option.strip("_* ") for option in marked)


_PIECES = re.compile(r" ?[,;/|] ?| y ")  # of an answer to several questions
_SENTENCE_END = re.compile(r"[a-z0-9áéíóúñ)\"”][.;]\s+(?=[¿¡(]?[^\W\d_])")


def values_of(
    label: Label, answer: str, alone: bool, form: Form, today: dt.date
) -> dict[str, FieldValue]:
    """The typed values that an answer gives to the fields its label asks for.

    `alone` tells that nothing else stands on the line.
    """
    text = answer.strip()
    if not alone:
        text = text.strip(" \t,;/|–—-·•").rstrip(".\"'“”«»")
    found: dict[str, FieldValue] = {}
    names = label.names
    if label.others:
        names = _fitting(label, form, text, today)
    pieces = _PIECES.split(text)
    apart = len(pieces) == len(names) and not any(form[name].period for name in names)
    for number, name in enumerate(names):
        item = form[name]
        kept = pieces[number] if apart else text
        if item.kind is FieldKind.TEXT or (not alone and item.kind is not FieldKind.NAME):
            kept = text[: _first_sentence(text)]
        if item.kind is FieldKind.TEXT:
            kept = _plain(kept, name)
        if item.kind is FieldKind.NAME:
            kept = _RELABELLED.sub("", kept)
        if is_absent(kept):
            continue
        if len(names) == 2 and item.kind is FieldKind.DATE:
            period = read_period(kept, today)
            value: FieldValue | None = period.end if item.period == "end" else period.start
        else:
            value = read_value(item, kept, today)
        if value is not None:
            found[name] = value
    return found


def _fitting(label: Label, form: Form, text: str, today: dt.date) -> tuple[str, ...]:
    """The reading of a label with two meanings that its answer fits best."""
    options = [label.names, *((name,) for name in label.others)]
    for names in options:
        if form[names[0]].kind not in (FieldKind.TEXT, FieldKind.LONG_TEXT) and any(
            read_value(form[name], text, today) is not None for name in names
        ):
            return names
    return next(
        (n for n in options if form[n[0]].kind in (FieldKind.TEXT, FieldKind.LONG_TEXT)),
        label.names,
    )


def _first_sentence(text: str) -> int:
    for match in _SENTENCE_END.finditer(text):
        word = text[: match.start() + 1].rpartition(" ")[2]
        if text[match.end()].islower() and len(word) < 7:
            continue  # "Coord. de Becas"
        plain = len(word) > 3 or (word.islower() and len(word) > 2 and not is_title(fold(word)))
        if plain and "." not in word:
            return match.start() + 1
    return len(text)


_RELABELLED = re.compile(r"^[^\W\d][^:\d]{3,30}: +")  # "Responsable / contact person: Ana Luz"
_ASIDE = re.compile(r"(?:(?<!\s)\s+)?[(\[](?!\s*(?:perd[oó]n|corrijo))[^()\[\]]{0,80}[)\]]\s*\.?$")


_CALLED = re.compile(
    rf"^(?:[^\W\d_]{{1,12}}[,:]? ){{0,5}}?(?:lista|llam\w{{1,8}})[,:]? (?=[\"“«']?{TYPED})",
    re.IGNORECASE,
)


# What follows it is no part of the answer: "agenda-cultural. de enero a diciembre".
_SLUG = re.compile(rf"[\"“«']?({TYPED})[\"”»']?(?:[\s,;(]|[.)] )")


def _plain(text: str, name: str) -> str:
    """A short answer without what people add behind it."""
    if name in (Part.NAME, Part.POSITION):
        text = _ASIDE.sub("", text)
    if name == Part.NAME:
        address = EMAIL.search(text)
        if address:
            return address[0]
        text = _CALLED.sub("", text)
        if slug := _SLUG.match(text):
            return slug[1]
        quoted = re.match(r"[\"“«]([^\"“”«»]{2,60})[\"”»]", text)
        if quoted:
            return quoted[1]
    return text
