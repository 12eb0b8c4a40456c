"""A run of new lines, with what those who look for additions in it ask of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from nlp.text.fold import fold

Span = tuple[int, int]  # the first line, and the one after the last
RULE = re.compile(r"[\s>]*[-_*=~#+|\u2014\u2013\u2500-\u257f]{2,}\s*$")  # frames' as well
_LINK = re.compile(
    r"<[a-z]{3,8}://[^<>\s]{1,2000}>|[\[(][a-z]{3,8}://[^\s\[\]()]{1,2000}[\])]|<#[^<>]{1,80}>"
)
_URL = re.compile(r"[a-z]{3,8}://\S{1,2000}")


def filled_runs(filled: Sequence[bool]) -> list[Span]:
    """The runs of lines that are filled."""
    numbered = groupby(range(len(filled)), key=filled.__getitem__)
    runs = [list(run) for is_filled, run in numbered if is_filled]
    return [(run[0], run[-1] + 1) for run in runs]


@dataclass(frozen=True)
class TypedText:
    """The lines, as they are and as they are compared."""

    texts: Sequence[str]

    @cached_property
    def folded(self) -> list[str]:
        """The lines folded, without links and what ornaments them."""
        return [_bare(text) for text in self.texts]

    @cached_property
    def paragraphs(self) -> list[Span]:
        """The runs of lines between blank lines and rules."""
        return filled_runs([bool(t.strip()) and not RULE.match(t) for t in self.texts])

    def is_bare(self, number: int) -> bool:
        """Whether a line says nothing: blank, a rule, or only links."""
        text = _URL.sub("", self.folded[number]).strip(" <>()[].")
        return not text or bool(RULE.match(self.texts[number]))

    def is_alone(self, number: int) -> bool:
        """Whether a line is a paragraph of its own."""
        return (number, number + 1) in self.paragraphs

    def filled(self, number: int, step: int) -> int:
        """The next line above or below that is not blank; -1 where there is none."""
        number += step
        while 0 <= number < len(self.texts) and not self.texts[number].strip():
            number += step
        return number if 0 <= number < len(self.texts) else -1

    def joined(self, start: int, end: int) -> str:
        return " ".join(self.folded[start:end]).strip()


def _bare(text: str) -> str:
    folded = fold(text[:2_000])
    if "://" in folded or "<#" in folded:
        folded = _LINK.sub(" ", folded)
    return " ".join(folded.split()).strip("*_|│┃║=>•·⚠️!¡#~ ")
