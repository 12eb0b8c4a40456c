"""Whether a clause beside a decision only comments on it: learned, for there are endless ways."""

import re

from nlp.kinds.linear import load, words

SURE = 0.91  # of two authors left out, 9 of 1,000 clauses that could change a decision pass
_LIKELIER = 0.5
_LIKELY = 0.5  # and each part of it
_MAYBE = 0.7  # where the mail as a whole reads as the order beside it
_NOT_UNLIKELY = 0.5  # and each part of it
_BEARS = 0.12
_PARTS = re.compile(r" ?[,;:] (?:y |e )?| (?:y|e|and) ")


def bears(text: str) -> bool:
    """Whether it surely could change a decision, in whatever letters it stands."""
    return load("comment").probability(words(text)) < _BEARS


def reads_as_comment(text: str) -> bool:
    """Whether it is likelier one than not, as a whole."""
    return load("comment").probability(words(text)) >= _LIKELIER


def is_comment(text: str) -> bool:
    """Whether it praises, thanks, or tells what was seen or follows by itself; no condition."""
    return _holds(text, SURE, _LIKELY)


def may_be_comment(text: str) -> bool:
    """Whether it likely is one: enough where the whole mail reads as the order beside it."""
    return _holds(text, _MAYBE, _NOT_UNLIKELY)


def _holds(text: str, least: float, least_of_parts: float) -> bool:
    odds = [load("comment").probability(words(part)) for part in (text, *_PARTS.split(text))]
    return odds[0] >= least and min(odds) >= least_of_parts
