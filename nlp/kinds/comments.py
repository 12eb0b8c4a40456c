"""Whether a clause beside a decision only comments on it: learned, for there are endless ways."""

import re

from nlp.kinds.linear import load, words

SURE = 0.91  # of a hand left out, 2 to 3 of 100 clauses that could change a decision pass
LIKELY = 0.7  # enough where the mail as a whole reads as the command beside it
_LIKELIER = 0.5  # than not: for each part of a clause, and for a sentence apart
_BEARS = 0.12
_PARTS = re.compile(r" ?[,;:] (?:y |e )?| (?:y|e|and) ")


def bears(text: str) -> bool:
    """Whether it surely could change a decision, in whatever letters it stands."""
    return _odds(text) < _BEARS


def is_comment(text: str, least: float = SURE) -> bool:
    """Whether it praises, thanks, or tells what was seen or follows by itself; no condition."""
    parts = (_odds(part) for part in _PARTS.split(text))
    return _odds(text) >= least and all(odds >= _LIKELIER for odds in parts)


def is_likelier_comment(text: str) -> bool:
    """Whether a sentence as a whole is likelier a comment than not."""
    return _odds(text) >= _LIKELIER


def _odds(text: str) -> float:
    return load("comment").probability(words(text))
