"""One value for each field out of form, prose and signature, with source and evidence."""

from __future__ import annotations

import datetime as dt
import re

from nlp.fields.fallback import added
from nlp.fields.form_reader import Answer, Reading, values_of
from nlp.fields.prose import Candidate, read_prose, settle, unwrap, writer_is_responsible, writer_of
from nlp.fields.tagger import Tagger
from nlp.text.bodies import Body
from nlp.text.fold import fold, squeeze
from nlp.types import Extraction, Form

_CORRECTS = re.compile(
    r"\b(?:corrij\w+|correccion|perdon|disculp\w+|me equivoque|error|errata|mejor (?:que"
    r"|pongan|dejen|sea|sean|el|la|del)|siempre (?:no|si)|en realidad|se decidio|decidimos"
    r"|cambi\w+|modific\w+"
    r"|ya no|sino|en lugar|en vez|queda(?:n|ria|rian)?|pensandolo|olvid\w+|fe de erratas|ojo"
    r"|actualiz\w+|nos avisaron|me avisan|ahora (?:es|sera|son|seran)|la buena|lo correcto"
    r"|corregid\w+|nota)\b"
)


def from_form(reading: Reading, body: Body, form: Form, today: dt.date) -> dict[str, Extraction]:
    """The values of a form's answers; the later counts, what is typed beats what is quoted."""
    found: dict[str, Extraction] = {}
    for answer in sorted(reading.answers, key=lambda a: not a.quoted):
        if answer.quoted and not body.quoted_counts:
            continue
        if all(body.lines[number].copied for number in answer.lines):
            continue
        for name, value in values_of(answer, form, today).items():
            found[name] = Extraction(value, body.source, answer.evidence)
    return found


def _claimed(reading: Reading) -> dict[int, Answer]:
    return {number: answer for answer in reading.answers for number in answer.lines}


def from_prose(
    body: Body,
    reading: Reading,
    filled: dict[str, Extraction],
    tagger: Tagger,
    form: Form,
    today: dt.date,
    asks: bool = False,
) -> dict[str, Extraction]:
    """The values of the prose around a form, or of a mail without one.

    Where the mail `asks` for a list, regular phrases stand in for what the tagger passes over.
    """
    claimed = _claimed(reading)
    lines = [
        "" if line.quoted or _spent(claimed.get(number)) else line.text
        for number, line in enumerate(body.lines)
    ]
    text = "\n".join(lines)
    if not text.strip():
        return {}
    flowing = unwrap(text)
    starts = _starts(lines)
    last_form = max((n for a in reading.answers if a.alone for n in a.lines), default=-1)
    kept: list[Candidate] = []
    for item in read_prose(text, today, tagger):
        if item.field not in form:
            continue
        number = _line_of(starts, item.start)
        answer = claimed.get(number)
        if answer is not None and answer.alone and not _beside(answer, item, form, today):
            continue
        if item.field in filled and not _overrides(flowing, item, number, answer, last_form):
            continue
        kept.append(item)
    if asks and not reading.answers:
        kept += added(flowing, kept, frozenset(filled), form)
    return {
        name: Extraction(item.value, body.source, _sentence(flowing, item.start, item.end))
        for name, item in settle(kept, text, today).items()
    }


_MORE = re.compile(r"[,;(/|@]|\s[-–—]\s|\bext", re.IGNORECASE)
_WITH_MORE = frozenset({"responsible", "position", "email", "phone_ext", "area"})


def _spent(answer: Answer | None) -> bool:
    """Whether a line of a form has nothing to say beside its answer."""
    if answer is None or not answer.alone:
        return False
    if answer.label.names[0] in _WITH_MORE:
        return len(answer.lines) == 1 and not _MORE.search(answer.text)
    return True


def _beside(answer: Answer, item: Candidate, form: Form, today: dt.date) -> bool:
    """Whether a span may stand behind the answer of a form's line: `Ana Ruiz, jefa, ext. 7163`."""
    if item.field in answer.label.names:
        return False
    own = form[answer.label.names[0]]
    if own.name not in _WITH_MORE:
        return False
    return item.field in ("position", "email", "phone_ext") and item.sure > 0.5


def _overrides(
    text: str, item: Candidate, number: int, answer: Answer | None, last_form: int
) -> bool:
    """Whether prose below a form corrects it."""
    if answer is not None or number <= last_form:
        return False
    start = text.rfind("\n", 0, item.start) + 1
    end = text.find("\n", item.end)
    paragraph = fold(text[start : end if end >= 0 else len(text)])
    return item.sure > 0.5 and _CORRECTS.search(paragraph) is not None


def _starts(lines: list[str]) -> list[int]:
    found, at = [], 0
    for line in lines:
        found.append(at)
        at += len(line) + 1
    return found


def _line_of(starts: list[int], offset: int) -> int:
    number = 0
    for index, start in enumerate(starts):
        if start > offset:
            break
        number = index
    return number


_STOP = re.compile(r"[.!?;]\s|\n")


def _sentence(text: str, start: int, end: int) -> str:
    """The sentence around a span, as evidence."""
    begin = 0
    for match in _STOP.finditer(text, max(0, start - 300), start):
        begin = match.end()
    begin = max(begin, start - 300)
    stop = _STOP.search(text, end)
    return squeeze(text[begin : min(stop.start() if stop else len(text), end + 300)])


def from_writer(text: str, signature: str, source: str) -> dict[str, Extraction]:
    """The responsible where the writer says that it is she."""
    if not writer_is_responsible(text):
        return {}
    writer = writer_of(text, signature)
    values = {
        "responsible": writer.name,
        "position": writer.position if writer.name else None,
        "email": writer.email,
        "phone_ext": writer.phone_ext,
    }
    return {
        name: Extraction(value, source, squeeze(signature or text)[:200])
        for name, value in values.items()
        if value
    }
