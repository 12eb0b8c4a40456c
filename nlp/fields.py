"""The fields of the form that a message fills, each with where it was found."""

from __future__ import annotations

from collections.abc import Mapping

from nlp.bodies import Body, bodies_of
from nlp.formreader import Answer, read_form, values_of
from nlp.labels import labels_of
from nlp.types import FieldValue, Form, Found, Intent, Message

_ALL = frozenset({Intent.CREATE_LIST, Intent.REINSTATE_LIST})
_STATED = frozenset({Intent.CHANGE_LIST, Intent.ONE_OFF_SEND})
_STATUS = frozenset({"area", "list_name"})


def fields_for(intent: Intent, found: Mapping[str, Found]) -> dict[str, Found]:
    """What of the fields found a message of this intent carries."""
    if intent in _ALL:
        return dict(found)
    if intent in _STATED:
        return {name: value for name, value in found.items() if name != "request_type"}
    if intent is Intent.CASE_STATUS:
        return {name: value for name, value in found.items() if name in _STATUS}
    return {}


def extract(message: Message, form: Form) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for body in bodies_of(message, labels_of(form)):
        reading = read_form(body.lines, labels_of(form))
        for a in reading.answers:
            if a.quoted and not body.quoted_counts: continue
            for n, v in values_of(a, form, message.date).items():
                found[n] = Found(v, body.source, a.evidence)
    return found
