"""Whether people must read what a requester wrote: learned, for what no rule knows."""

import re

from nlp.kinds.linear import LONGEST, load, words

NEWS = 0.5  # from it words beside data are news
BY_THE_WAY = 0.2  # below it words ask for nobody
PRAISE = 0.1  # and beside thanks are thanks
_KNOWN = 4  # features that must be known of a text, to judge it
_TELLS = 5  # words of a sentence that tells by itself
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


def odds_for_people(text: str) -> float:
    """How likely somebody must: a complaint, a wish, news; no promise, no thanks, no aside.

    The worst of its sentences counts. What is too long to be read, or in words that were never
    seen, people read.
    """
    model, found = load("for_people"), frozenset(words(text))
    if len(text) > LONGEST or len(found & model.weights.keys()) < _KNOWN:
        return 1.0
    told = [part for part in _SENTENCE.split(text) if len(part.split()) >= _TELLS]
    return max(model.probability(words(part)) for part in (text, *told))
