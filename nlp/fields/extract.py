"""The fields of the form that a message fills, each with where it was found."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.fields.form_reader import read_form
from nlp.fields.hints import hints_in
from nlp.fields.labels import labels_of
from nlp.fields.lexicon import request_types_in
from nlp.fields.merge import from_form, from_prose, from_writer
from nlp.fields.tagger import Tagger
from nlp.text.bodies import Body, bodies_of
from nlp.text.fold import fold, readable, squeeze
from nlp.text.links import only_words
from nlp.types import BlockKind, Extraction, Form, Intent, Message

_ALL = frozenset({Intent.CREATE_LIST, Intent.REINSTATE_LIST})
# What a change or a single mailing never fills: its reason is not that of a list, the day of an
# event is no validity.
_NOT_STATED: dict[str, frozenset[str]] = {
    Intent.CHANGE_LIST: frozenset({"request_type", "purpose", "justification"}),
    Intent.ONE_OFF_SEND: frozenset(
        {
            "request_type",
            "purpose",
            "justification",
            "frequency",
            "start_date",
            "end_date",
            "list_name",
        }
    ),
}
_STATED = frozenset(_NOT_STATED)
_STATUS = frozenset({"area", "list_name"})
_NONE = frozenset({Intent.QUESTION, Intent.REPORT_MISUSE, Intent.OTHER})


def fields_for(intent: str, found: Mapping[str, Extraction]) -> dict[str, Extraction]:
    """What of the fields found a message of this intent carries."""
    if intent in _NONE:
        return {}
    if intent in _STATED:
        return {name: value for name, value in found.items() if name not in _NOT_STATED[intent]}
    if intent == Intent.CASE_STATUS:
        return {name: value for name, value in found.items() if name in _STATUS}
    return dict(found)


def extract(
    message: Message, form: Form, tagger: Tagger, intent: str | None = None
) -> dict[str, Extraction]:
    """The values that a message gives to the form's fields.

    With the message's `intent` only what such a message carries is looked for; without it,
    `fields_for` tells afterwards what to keep.
    """
    if intent in _NONE:
        return {}
    message = only_words(message)
    found: dict[str, Extraction] = {}
    labels = labels_of(form)
    for body in bodies_of(message, labels):
        reading = read_form(body.lines, labels)
        filled = from_form(reading, body, form, message.date)
        if body.source == "text" or len(filled) >= 3 or _requests(body):
            found.update(filled)
            if body.source == "text" or len(filled) < 3:
                found.update(
                    from_prose(
                        body,
                        reading,
                        {**found, **filled},
                        tagger,
                        form,
                        message.date,
                        asks=intent in _ALL,
                    )
                )
    _add_writer(found, message, form)
    _add_subject(found, message, form, intent)
    _add_request_type(found, message, form, intent)
    return found if intent is None else fields_for(intent, found)


_REQUEST = re.compile(r"\b(?:solicit|restablec|reactiv|pid[oe]\b|pedimos|requier)\w*")


def _requests(body: Body) -> bool:
    """Whether an attachment without a form is a letter of request."""
    text = fold("\n".join(line.text for line in body.lines))
    return "lista" in text and _REQUEST.search(text) is not None


def _add_writer(found: dict[str, Extraction], message: Message, form: Form) -> None:
    signature = "\n".join(b.text for b in message.blocks if b.kind is BlockKind.SIGNATURE)
    texts = [(message.new_text, signature, "text")]
    texts += [(d.text[:_LETTER], "", d.name) for d in message.documents]
    for text, signed, source in texts:
        if "responsible" in found or "responsible" not in form or not text.strip():
            continue
        for name, value in from_writer(readable(text), readable(signed), source).items():
            if name in form:
                found.setdefault(name, value)


_LETTER = 5000  # a letter of request is no longer than this
_NAMES_A_LIST = frozenset(Intent) - {Intent.ONE_OFF_SEND}


def _add_subject(
    found: dict[str, Extraction], message: Message, form: Form, intent: str | None
) -> None:
    """The list's name where only the subject gives it."""
    if "list_name" in found or "list_name" not in form:
        return
    if intent is not None and intent not in _NAMES_A_LIST:
        return
    subject = readable(message.subject)
    names = {
        subject[h.start : h.end] for h in hints_in(subject) if h.field == "list_name" and h.strong
    }
    if len(names) == 1:
        found["list_name"] = Extraction(names.pop(), "text", squeeze(subject))


def _add_request_type(
    found: dict[str, Extraction], message: Message, form: Form, intent: str | None
) -> None:
    """The kind of request, where words anywhere in the text say it and the intent agrees."""
    if "request_type" not in form:
        return
    types: dict[str, str] = {
        Intent.CREATE_LIST: "creation", Intent.REINSTATE_LIST: "reinstatement"
    }  # fmt: skip
    wanted = types.get(intent or Intent.OTHER)
    if wanted is None and intent is not None:
        return
    known = found.get("request_type")
    if known is not None and wanted in (None, known.value):
        return
    texts = [readable(message.new_text), *(readable(d.text[:_LETTER]) for d in message.documents)]
    texts.append(readable(message.subject))
    for text in texts:
        said = request_types_in(text)
        key = wanted if wanted is not None else next(iter(said), None)
        if key is not None and key in said:
            found["request_type"] = Extraction(key, "text", said[key])
            return
    if known is not None and wanted is not None:
        del found["request_type"]
