"""What a mail of ours asked and showed: the context in which its answers are read."""

import datetime as dt
from types import MappingProxyType

from nlp.fields.labels import labels_of
from nlp.fields.values import read_value
from nlp.text.fold import clean, squeeze
from nlp.turns.types import Asked, TurnContext
from nlp.types import FieldValue, Form


def shown_in(text: str, form: Form) -> dict[str, str]:
    """The fields that a mail of ours shows, each with its text; empty where it asks for it."""
    labels = labels_of(form)
    found: dict[str, str] = {}
    for line in clean(text).split("\n"):
        head, colon, value = line.replace("\t", ":", 1).partition(":")
        label = labels.find(head) if colon and len(head) < 120 else None
        if label is None or not label.official or len(label.names) > 1:
            continue
        value = squeeze(value.lstrip(": "))
        if value or label.names[0] not in found:
            found[label.names[0]] = value
    return found


def context_of(text: str, form: Form, today: dt.date) -> TurnContext:
    """The context of the turns that answer a mail of ours, by its own text alone."""
    shown = shown_in(text, form)
    known: dict[str, FieldValue] = {}
    for name, value in shown.items():
        read = read_value(form[name], value, today) if value else None
        if read is not None:
            known[name] = read
    missing = tuple(name for name in shown if name not in known)
    return TurnContext(
        form=form,
        missing=missing,
        known=MappingProxyType(known),
        asked=Asked.FORM if missing else Asked.NOTHING,
        sent=MappingProxyType({name: value for name, value in shown.items() if value}),
    )
