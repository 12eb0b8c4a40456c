"""The parts of a message that count, as text: where each line stands and what it answers."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.fields.form_reader import Answer, FormReading, read_form
from nlp.fields.labels import Labels
from nlp.text.bodies import Body, bodies_of
from nlp.text.fold import fold, readable, squeeze
from nlp.text.lines import Line
from nlp.types import BlockKind, Message

LONGEST = 12_000  # characters; a request is no longer than this
_CLOSING = re.compile(
    r"\W*(?:atentamente|atte|saludos?|(?:muchas |mil )?gracias|cordial\w*|slds|sds|salu2|grax"
    r"|abrazos?|bendiciones|quedo|kind regards|best|regards|cheers|thanks?|xoxo|sincerely)\b"
)
_BULLETED = re.compile(r"\s*(?:[-*•·>|]|\(?\w{1,2}[.)])\s")


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of lines. `zones` tells of each line whether it is subject ("s"), opening ("o"), body
    ("b"), closing ("c"), signature ("g") or handed on ("f"); `answered` the spans that answer a
    label, with the fields it asks for; `labels` those of labels that stand by themselves."""

    text: str
    source: str
    zones: tuple[str, ...]
    starts: tuple[int, ...]
    body: Body
    reading: FormReading
    answered: tuple[tuple[int, int, Answer], ...]
    labels: tuple[tuple[int, int], ...]

    def line_of(self, offset: int) -> int:
        """The number of the line in which an offset stands."""
        return max(bisect_right(self.starts, offset) - 1, 0)

    def sentence(self, start: int, end: int) -> str:
        """The sentence around a span, as evidence."""
        begin = 0
        for match in _STOP.finditer(self.text, max(0, start - 300), start):
            begin = match.end()
        begin = max(begin, start - 300)
        stop = _STOP.search(self.text, end)
        return squeeze(self.text[begin : min(stop.start() if stop else len(self.text), end + 300)])


_STOP = re.compile(r"[.!?;]\s|\n")


def passages_of(message: Message, labels: Labels, handed: bool = True) -> list[Passage]:
    """The passages of a message: what is handed on, what was typed, attachments."""
    subject = readable(message.subject).replace("\n", " ")
    signature = [
        line
        for block in message.blocks
        if block.kind is BlockKind.SIGNATURE
        for line in readable(block.text).split("\n")
    ]
    found = []
    for body in bodies_of(message, labels, handed):
        own = body.source == "text" and not body.forwarded
        found.append(_passage(body, labels, subject if own else "", signature if own else ()))
    return found


def passage_of(text: str, source: str, labels: Labels) -> Passage:
    """A text whose first line is the subject, as a passage."""
    subject, _, rest = text.partition("\n")
    body = Body(tuple(Line(line) for line in rest.split("\n")), source)
    return _passage(body, labels, subject, ())


def _passage(body: Body, labels: Labels, subject: str, signature: Sequence[str]) -> Passage:
    reading = read_form(body.lines, labels)
    lines, zones = [subject], ["s"]
    zone = "f" if body.forwarded else "o"
    for number, line in enumerate(body.lines):
        # Of what is quoted only the answers on its form count, not the words around them.
        answers = body.quoted_counts and not line.copied and number in reading.taken
        counts = not line.quoted or answers
        text = line.text if counts else ""
        if zone in "ob" and _CLOSING.match(fold(text[:40])) and len(text) < 60 and number:
            zone = "c"
        elif (zone == "c" and len(text) > 90) or (zone == "o" and number > 1 and lines[-1].strip()):
            zone = "b"
        lines.append(text)
        zones.append(zone)
    lines += signature
    zones += "g" * len(signature)
    text = "\n".join(lines)[:LONGEST]
    starts, at = [], 0
    for line_text in lines:
        starts.append(at)
        at += len(line_text) + 1
    answered = tuple(_answered(reading, text, starts))
    told = {id(answer): start for start, _, answer in answered}
    asked = tuple(
        (starts[first], told.get(id(a), starts[first] + len(lines[first])))
        for a in reading.answers
        if a.alone
        for first in [a.lines[0] + 1]
    )
    return Passage(
        unwrap(text),
        body.source,
        tuple(zones),
        tuple(starts),
        body,
        reading,
        answered,
        asked,
    )


def _answered(
    reading: FormReading, text: str, starts: Sequence[int]
) -> list[tuple[int, int, Answer]]:
    """Where the answers of a form stand in the text."""
    found = []
    for answer in reading.answers:
        first = answer.lines[0] + 1  # the subject stands before
        last = answer.lines[-1] + 1
        begin = starts[first]
        end = starts[last + 1] - 1 if last + 1 < len(starts) else len(text)
        head = squeeze(answer.text)[:20].split(" ")[0]
        at = text.find(head, begin, end) if head else -1
        # The answer stands behind its label, which may hold the same word.
        label = text.find(":", begin, end)
        if head and label >= 0 and at < label:
            later = text.find(head, label, end)
            at = later if later >= 0 else at
        if at >= 0:
            stop = min(end, at + len(answer.text)) if answer.lines[0] == answer.lines[-1] else end
            found.append((at, stop, answer))
    return found


def unwrap(text: str) -> str:
    """Text whose paragraphs are no longer cut into lines; every character keeps its place."""
    lines = text.split("\n")
    pieces = [lines[0]]
    width = max(map(len, lines[1:]), default=0)
    for before, line in pairwise(lines):
        wrapped = (
            len(before) >= 45
            and line.strip()
            and len(before) + len(line.split(" ", 1)[0]) >= min(width, 72)
            and not _BULLETED.match(line)
            and (line[0].islower() or (len(before) >= 58 and ":" not in line[:40]))
        )
        pieces.append((" " if wrapped else "\n") + line)
    return "".join(pieces)
