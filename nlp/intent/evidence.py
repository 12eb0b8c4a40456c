"""What a mail holds besides its wording: a form filled in, documents, a mail handed on."""

import datetime as dt
import re
from dataclasses import dataclass, field

from nlp.fields.form_reader import Answer, read_form
from nlp.fields.labels import labels_of
from nlp.fields.values import is_absent, read_value
from nlp.text.bodies import Body, bodies_of, quotes_us
from nlp.types import BlockKind, Form, Intent, Message, Part

# Fewer answers than these are data set out in lines, not the form.
_FORM = 4
_NO_DAY = dt.date(2021, 1, 1)  # a kind of request holds no date
_SHORT = 50  # characters: a label, or an answer, on a line of its own
_SEPARATOR = re.compile(r"[:=|\t]|\.{3}|_{3}|--?>|\s[-–—~]\s|^\d{1,2}[.)]", re.MULTILINE)
_TYPES = {"creation": Intent.CREATE_LIST, "reinstatement": Intent.REINSTATE_LIST}


@dataclass(frozen=True, slots=True)
class Evidence:
    """`text` is what the sender typed, without the lines of a form that tells its kind.

    `form` is the intent that a filled form states; `handed` is the text of documents and of a
    forwarded mail; `facts` are the features that are no words.
    """

    text: str
    handed: str = ""
    form: Intent | None = None
    facts: tuple[str, ...] = field(default=())


def weigh(message: Message, form: Form) -> Evidence:
    """The evidence of a message, read with the labels of `form`."""
    facts = ["always"]
    stated: Intent | None = None
    drop: set[str] = set()
    labels = labels_of(form)
    for body in bodies_of(message, labels):
        if not _may_be_form(body) or (body.forwarded and "?" in message.new_text):
            continue  # who asks about a forwarded form does not hand it in
        told = (a for a in read_form(body.lines, labels).answers if not is_absent(a.text))
        answers = [a for a in told if body.quoted_counts or not a.quoted]
        names = {name for answer in answers for name in answer.label.names}
        kind = _kind(answers, form)
        where = "text" if body.source == "text" else "document"
        if len(names) >= _FORM:
            facts.append(f"form in {where}")
            facts.append(f"form in {where} says {kind.value if kind else 'nothing'}")
            if kind is not None:
                stated = stated or kind
                drop |= {body.lines[n].text for answer in answers for n in answer.lines}
        elif kind is not None:
            facts.append(f"kind in {where}: {kind.value}")
    text = "\n".join(line for line in message.new_text.split("\n") if line not in drop)
    forwards = [b.text for b in message.blocks if b.kind is BlockKind.FORWARD]
    handed = "\n".join([*forwards, *(d.text for d in message.documents)])
    facts += _layout(message, forwards)
    return Evidence(text, handed, stated, tuple(facts))


def _may_be_form(body: Body) -> bool:
    """Whether it is worth reading as a form: running prose is not, and that reading costs most."""
    lines = [line.text for line in body.lines if line.text.strip()]
    if sum(len(line) <= _SHORT for line in lines) >= 2 * _FORM:
        return True
    return sum(len(_SEPARATOR.findall(line)) for line in lines) >= 3


def _kind(answers: list[Answer], form: Form) -> Intent | None:
    kind = None
    for answer in answers:
        if Part.KIND_OF_REQUEST in answer.label.names and Part.KIND_OF_REQUEST in form:
            value = read_value(form[Part.KIND_OF_REQUEST], answer.text, _NO_DAY)
            kind = _TYPES.get(str(value), kind)
    return kind


def _layout(message: Message, forwards: list[str]) -> list[str]:
    facts = []
    if message.is_reply:
        facts.append("reply")
    if message.documents:
        facts.append("documents")
    if forwards:
        facts.append("forward")
    words = len(message.new_text.split())
    facts.append(
        "empty" if words == 0 else "short" if words < 12 else "long" if words > 80 else "mid"
    )
    if quotes_us(message):
        facts.append("answers us")
    return facts
