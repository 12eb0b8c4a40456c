"""What introduces an earlier message, and the place in a text where something may."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.mail.parsing.layout import Layout
from bot.mail.parsing.lines import TextLine
from nlp.text.fold import fold

MAX_LINE = 600  # a longer line is prose
_WRAPPED = 6  # lines over which a program breaks an attribution
_LONGEST = 300  # characters of an attribution
_DASHES = "-‐–—_*=~|"
_EDGE = " \t>" + _DASHES
_ONLY_WROTE = re.compile(r"\W*(?:wrote|escribio) ?:$")  # ">" of an address taken for a mark
# Every attribution has one of these: a sign, or some word for "wrote".
_SIGNS = re.compile(
    r"[:：@]|--|>>>|escri|ecrit|escrev|wrot|writ|dijo|dit|said|says|sent|schr|scritto|skrev|napis"
    r"|pisze|kirjoit|написал|пише|写道|작성"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """The lines that introduce an earlier message: up to line `end`, exclusive.

    `style` is "wrote" for an attribution, "headers" for a header block. `forward` is True where the
    lines say so, None where they leave it open. `author` is the text that names who wrote, folded.
    """

    end: int
    style: str
    forward: bool | None = None
    author: str = ""


@dataclass(frozen=True)
class OpeningSentence:
    """Lines from `place` up to `end` as one folded sentence.

    `text` is without the dashes and marks round it, `joined` with them.
    """

    place: Place
    joined: str
    text: str
    end: int

    @property
    def dashed(self) -> bool:
        """Whether two dashes or more stand on both sides."""
        return len(self.joined) > 1 and not (self.joined[:2] + self.joined[-2:]).strip(_DASHES)

    @property
    def marked(self) -> bool:
        """Whether what follows is quoted deeper."""
        lines = self.place.lines
        return marked_below(lines, self.end, lines[self.end - 1].level)

    @property
    def known(self) -> bool:
        """Whether it names somebody whom the mail was sent to."""
        return self.place.layout.names_recipient(self.text)

    @property
    def names_somebody(self) -> bool:
        return "@" in self.text or self.known

    @property
    def introduces(self) -> bool:
        """Whether it ends as what introduces something, or something quoted follows."""
        return self.text.endswith(":") or self.dashed or self.marked


@dataclass(frozen=True)
class Place:
    """A line of a text, with what several ways of introducing a message ask of it."""

    lines: Sequence[TextLine]
    at: int
    layout: Layout

    @property
    def line(self) -> TextLine:
        return self.lines[self.at]

    @cached_property
    def folded(self) -> str:
        return fold(self.line.text).strip()

    @cached_property
    def sentences(self) -> tuple[OpeningSentence, ...]:
        """What the lines from here on may say together, the shortest first."""
        return tuple(self._sentences())

    @cached_property
    def telling(self) -> Sequence[OpeningSentence]:
        """The same where any of the lines holds what every attribution does; prose seldom does."""
        near = self.lines[self.at : self.at + _WRAPPED]
        return self.sentences if any(_tells(line.text) for line in near) else ()

    def _sentences(self) -> Iterator[OpeningSentence]:
        joined = ""
        for number in range(self.at, min(self.at + _WRAPPED, len(self.lines))):
            line = self.lines[number]
            if line.level != self.line.level and not _ONLY_WROTE.match(fold(line.text[:40])):
                return
            if number > self.at and line.text.lstrip().startswith("---"):
                return  # a rule begins anew: what stands above was typed
            if not line.text.strip():
                if self.lines[number + 1 : number + 2] and self.lines[number + 1].text == "<":
                    continue  # Polymail sets the address apart
                return
            joined = f"{joined} {fold(line.text[:MAX_LINE]).strip()}".strip()
            text = joined.strip(_EDGE)
            if len(text) > _LONGEST:
                return
            yield OpeningSentence(self, joined, " ".join(text.split()), number + 1)


def skip_blank(lines: Sequence[TextLine], at: int) -> int:
    """The first line from `at` on that is not blank; the number of lines where there is none."""
    while at < len(lines) and not lines[at].text.strip():
        at += 1
    return at


def marked_below(lines: Sequence[TextLine], end: int, level: int) -> bool:
    """Whether what follows line `end` is quoted deeper than `level`."""
    below = skip_blank(lines, end)
    return below < len(lines) and lines[below].level > level


@lru_cache(maxsize=1024)  # a line is looked at from each of those above it
def _tells(text: str) -> bool:
    return _SIGNS.search(fold(text)) is not None
