"""Whether a clause beside a decision only comments on it: learned, for there are endless ways."""

import re

from nlp.kinds.linear import load, words

SURE = 0.92  # of two authors left out, 9 of 1,000 clauses that could change a decision pass
_LIKELY = 0.5  # and each part of it
_BEARS = 0.12
_AND = re.compile(r" (?:y|e|and) ")


def bears(text: str) -> bool:
    """Whether it surely could change a decision, in whatever letters it stands."""
    return load("comment").probability(words(text)) < _BEARS


def is_comment(text: str) -> bool:
    """Whether it praises, thanks, or tells what was seen or follows by itself; no condition."""
    odds = [load("comment").probability(words(part)) for part in (text, *_AND.split(text))]
    return odds[0] >= SURE and min(odds) >= _LIKELY
