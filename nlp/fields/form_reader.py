"""The answers of a form, wherever and however it stands in a run of lines."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.fields import answers
from nlp.fields.labels import Label, Labels, normal
from nlp.text.fold import fold, squeeze
from nlp.text.lines import Line, cells_of, glued, run_together, segments, strip_bullet
from nlp.types import FieldValue, Form


@dataclass(slots=True)
class Answer:
    """What stands after a label. `lines` are the numbers of the lines it takes."""

    label: Label
    text: str
    evidence: str
    lines: list[int]
    alone: bool = True
    quoted: bool = False  # the answer itself stands in a quoted message
    blank: bool = False  # nothing stood on the label's own line
    marked: bool = True  # a separator stood between label and answer


@dataclass(slots=True)
class FormReading:
    """The answers found, in order, and the lines that belong to the form."""

    answers: list[Answer] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)


_CLOSING = re.compile(
    r"^\W*(?:muchas |mil |de antemano |muchisimas )?(?:gracias|saludos?|atte\b|atentamente"
    r"|atentos? saludos|cordial(?:mente|es)|quedo |quedamos |sin (?:mas|otro)|un (?:abrazo|cordial"
    r"|saludo)|excelente|buen(?:as|os)? (?:dia|tarde|noche)|slds|bye|enviado desde|sent from"
    r"|obtener outlook|espero|cualquier (?:duda|cosa)|agradezco|agradecemos|bendiciones|hasta luego"
    r"|adjunto|anexo|nota:|ps\b|pd\b|su solicitud sera|estimad|hola\b|de antemano|reciba|favor de)"
)
_ANSWER_MARK = re.compile(r"^\s*(?:R|A|(?i:Rta|Resp|Respuesta))\s*[:.=)-]+\s*")
_ARROW = re.compile(r"^(?:[→➔►▪✔✓»]|->)\s*")
_NUMBERED = re.compile(r"^\W*(\d{1,2})\s?(?:[.)°:-]|\.-|\s)+\s*(\S.*)$")
_UNDERSCORES = re.compile(r"_{2,}|\.{4,}")
_STAR = re.compile(r"(?<!\w)\*+|\*+(?!\w)")
_PARTED = re.compile(r"[:=\t|]")
_NO_ITEM = re.compile(r"\b(?:no|ni|sin|gracias)\b|\d")
_SHORT = 4  # words: "y personal administrativo"


def _unstarred(text: str) -> str:
    """A text without the stars of emphasis."""
    return _STAR.sub("", text) if "*" in text else text


def read_form(lines: Sequence[Line], labels: Labels) -> FormReading:
    """Every answer of the lines; blank ones too, with an empty text."""
    reading = _FormReader(lines, labels).read()
    if sum(a.label.sure for a in reading.answers) < 3:
        # A label in other words is believed only beside labels that are certain.
        dropped = [a for a in reading.answers if not a.label.sure]
        reading.answers = [a for a in reading.answers if a.label.sure]
        reading.taken.difference_update(n for a in dropped for n in a.lines)
    return reading


class _FormReader:
    def __init__(self, lines: Sequence[Line], labels: Labels) -> None:
        self._lines, self._labels = lines, labels
        self._reading = FormReading()
        self._open: Answer | None = None
        self._gap = False
        self._headers: list[Label | None] | None = None
        self._last = 0
        self._numbers = self._quoted_numbers()
        self._stacked = self._is_stacked()
        self._glued = not self._stacked and self._is_glued()

    def read(self) -> FormReading:
        for number, line in enumerate(self._lines):
            if not line.text.strip(" >\t|"):
                self._gap = True
            elif self._row(number, line) or self._labelled(number, line):
                self._gap = False
            else:
                self._continued(number, line)
                self._gap = False
        return self._reading

    # -- rows of a table

    def _row(self, number: int, line: Line) -> bool:
        cells = cells_of(line.text)
        if cells is None or len(cells) < 2:
            return False
        found = [self._labels.find(cell) if cell else None for cell in cells]
        full = [cell for cell in cells if cell]
        if self._headers and len(cells) == len(self._headers):
            for label, cell in zip(self._headers, cells, strict=True):
                if label is not None:
                    self._add(label, cell, number, line)
            self._headers = None
            return True
        sure = [label for label in found if label is not None and label.sure]
        if (
            len(sure) >= 3
            and len(sure) >= 0.6 * len(full)
            and self._row_follows(number, len(cells))
        ):
            self._headers = found
            self._reading.taken.add(number)
            return True
        if len(full) == 3 and len(cells) == 3 and found[0] is not None and self._changes():
            cell = (
                cells[1]
                if re.fullmatch(r"igual|sin cambios?|el mismo|la misma|-+", fold(cells[2]))
                else cells[2]
            )
            self._add(found[0], cell, number, line)
            return True
        return self._pairs(cells, found, number, line)

    def _pairs(self, cells: list[str], found: list[Label | None], number: int, line: Line) -> bool:
        any_label = False
        at = 0
        while at < len(cells):
            label = found[at]
            if label is None:
                at += 1
                continue
            value = cells[at + 1] if at + 1 < len(cells) else ""
            if len(cells) > 2 and re.match(r"[☐☒☑□■✓✔(\[]", value):
                value = " ".join(cells[at + 1 :])
                at = len(cells)
            elif not value and at + 2 < len(cells) and found[at + 2] is None:
                value = cells[at + 2]
                at += 1
            self._add(label, value, number, line, alone=len(cells) <= 3)
            any_label = True
            at += 2
        if not any_label and len([c for c in cells if c]) >= 2:
            self._open = None
        return any_label

    def _row_follows(self, number: int, width: int) -> bool:
        for line in self._lines[number + 1 : number + 3]:
            cells = cells_of(line.text)
            if cells is not None and len(cells) == width:
                return sum(self._labels.exactly(cell) is not None for cell in cells) < width / 2
        return False

    def _changes(self) -> bool:
        """Whether a table tells what is and what is to be."""
        for line in self._lines:
            cells = cells_of(line.text)
            if cells is not None and len(cells) == 3:
                head = fold(" ".join(cells[1:]))
                return bool(
                    re.search(r"hoy|antes|actual|anterior|dice|tiene", head)
                    and re.search(r"queda|nuev|ahora|debe|decir|cambi", head)
                )
        return False

    # -- lines with a label

    def _labelled(self, number: int, line: Line) -> bool:
        if self._stacked and self._alone(number, line):
            return True
        if self._open and not self._open.text and _ANSWER_MARK.match(line.text):
            return False  # "RESP: semanal" below "Frecuencia:"
        if not line.quoted and self._numbers and self._numbered(number, line):
            return True
        found = segments(line.text, self._labels)
        if self._glued and not any(s.label is not None and s.answer.strip() for s in found):
            found = run_together(line.text, self._labels) or found
        if not found:
            return self._heading(number, line)
        if found[0].label is None and len(found) == 1:
            if self._open is not None and self._open.text and self._wraps(number, line):
                return False
            self._open = None
            return False
        for segment in found:
            if segment.label is None:
                continue
            self._add(
                segment.label,
                segment.answer,
                number,
                line,
                alone=segment.alone,
                marked=not segment.bare,
            )
        return True

    def _quoted_numbers(self) -> dict[str, Label]:
        """The numbered questions of a quoted form."""
        found: dict[str, Label] = {}
        for line in self._lines:
            match = _NUMBERED.match(line.text) if line.quoted else None
            label = self._labels.find(match[2].rstrip(" :?")) if match else None
            if match and label is not None and label.sure:
                found[match[1]] = label
        return found if len(found) >= 3 else {}

    def _numbered(self, number: int, line: Line) -> bool:
        """An answer that names its question by number only."""
        match = _NUMBERED.match(line.text)
        if match is None or match[1] not in self._numbers:
            return False
        head = match[2].partition(":")[0]
        if ":" in match[2] and self._labels.find(head) is not None:
            return False
        self._add(self._numbers[match[1]], match[2], number, line)
        return True

    def _is_glued(self) -> bool:
        """Whether labels run into their answers without a sign between, line after line."""
        count = 0
        for line in self._lines:
            if len(line.text) < 120 and not _PARTED.search(line.text):
                count += glued(line.text, self._labels) is not None
        return count >= 4

    def _heading(self, number: int, line: Line) -> bool:
        """A label as a heading with its answer below, beside lines that hold both."""
        if line.quoted or len(self._reading.answers) < 2:
            return False
        text = _unstarred(strip_bullet(line.text)).strip()
        label = self._labels.exactly(text) if len(text) < 60 and text[-1:].isalpha() else None
        if label is None or not label.official or not self._value_follows(number):
            return False
        self._add(label, "", number, line)
        return True

    def _alone(self, number: int, line: Line) -> bool:
        """A line that is nothing but a label, in a form whose answers stand below."""
        text = _unstarred(strip_bullet(line.text)).strip()
        label = self._labels.find(text.rstrip(" :?"))
        if label is None or not label.sure or len(text) > 120 or _ANSWER_MARK.match(text):
            return False
        self._add(label, "", number, line)
        return True

    def _value_follows(self, number: int) -> bool:
        for line in self._lines[number + 1 : number + 3]:
            text = strip_bullet(line.text).strip()
            if text:
                return self._labels.find(text.rstrip(" :?")) is None
        return False

    def _is_stacked(self) -> bool:
        """Whether most labels stand on a line of their own, with the answer below."""
        bare = inline = 0
        for at, line in enumerate(self._lines):
            text = _unstarred(strip_bullet(line.text)).strip()
            if not text or len(text) > 90 or len(text.split()) > 12:
                continue
            label = self._labels.find(text.rstrip(" :?"))
            if label is not None and label.sure:
                bare += self._value_follows(at) or not text.endswith(":")
            elif ":" in text or "\t" in text:
                inline += any(
                    s.label is not None and s.answer.strip() for s in segments(text, self._labels)
                )
        return bare >= 3 and bare > inline

    # -- lines without one

    def _continued(self, number: int, line: Line) -> None:
        answer = self._open
        if answer is None:
            return
        if _CLOSING.match(fold(line.text)) and not (line.quoted and not answer.quoted):
            self._open = None
            return
        if answer.blank and not answer.text:
            if self._may_fill(number, line, answer):
                answer.text = _ARROW.sub("", _ANSWER_MARK.sub("", line.text.strip())).strip()
                answer.quoted = line.quoted
                self._take(answer, number, line)
            else:
                self._open = None
        elif self._is_item(number, line):
            answer.text = f"{strip_bullet(answer.text)}, {strip_bullet(line.text).strip()}"
            self._take(answer, number, line)
        elif self._wraps(number, line):
            answer.text = f"{answer.text} {line.text.strip()}"
            self._take(answer, number, line)
        else:
            self._open = None

    def _may_fill(self, number: int, line: Line, answer: Answer) -> bool:
        if self._lines[answer.lines[-1]].quoted and not line.quoted:
            return True
        return self._stacked or not self._gap

    def _is_item(self, number: int, line: Line) -> bool:
        """Whether a line is the next item of a list that stands below a label, or goes on with "y":
        of a field that takes several, and neither denied nor a figure."""
        answer = self._open
        if answer is None or self._gap or answer.lines[-1] != number - 1:
            return False
        if not self._labels.several.issuperset(answer.label.names):
            return False
        before, text = self._lines[number - 1], line.text
        item = strip_bullet(text)
        if before.quoted != line.quoted or _NO_ITEM.search(fold(item)):
            return False
        goes_on = len(item.split()) < _SHORT and item.lower().startswith(("y ", "e "))
        listed = answer.blank and item != text and strip_bullet(before.text) != before.text
        return listed or goes_on

    def _wraps(self, number: int, line: Line) -> bool:
        """Whether a line goes on with the answer of the line above."""
        answer = self._open
        if answer is None or self._gap:
            return False
        if self._lines[answer.lines[0]].quoted and not answer.quoted:
            return not line.quoted
        before = self._lines[number - 1]
        if before.quoted != line.quoted or answer.lines[-1] != number - 1:
            return False
        if (not answer.alone and not answer.text) or "\t" in before.text:
            return False
        text = line.text.strip()
        first = normal(text.split()[0])
        if first in self._labels.exact and self._labels.exact[first].official:
            return False  # "extensión no tengo"
        if text[0].islower() or text[0] in "(<":
            return len(before.text) > 30 or text[0] == "<"
        return len(before.text) >= 58 and not re.match(r"[-*•\d]", text)

    def _take(self, answer: Answer, number: int, line: Line) -> None:
        answer.lines.append(number)
        answer.evidence = f"{answer.evidence} {line.text.strip()}"[:500]
        self._reading.taken.add(number)

    def _add(
        self,
        label: Label,
        text: str,
        number: int,
        line: Line,
        alone: bool = True,
        marked: bool = True,
    ) -> None:
        text = _UNDERSCORES.sub(" ", _unstarred(answers.chosen(text) or text)).strip(" _")
        text = _ARROW.sub("", text)
        answer = Answer(
            label=label,
            text=_ANSWER_MARK.sub("", text),
            evidence=squeeze(line.text[:2_000])[:500],
            lines=[number],
            alone=alone,
            quoted=line.quoted,
            blank=not text,
            marked=marked,
        )
        self._reading.answers.append(answer)
        self._reading.taken.add(number)
        self._open = answer


def values_of(answer: Answer, form: Form, today: dt.date) -> dict[str, FieldValue]:
    """The typed values that an answer gives to the fields its label asks for."""
    return answers.values_of(answer.label, answer.text, answer.alone, form, today)
