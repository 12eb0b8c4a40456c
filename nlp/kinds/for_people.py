"""Whether people must read what a requester wrote: learned, for what no rule knows."""

from nlp.kinds.linear import load, words


def for_people(text: str) -> float:
    """How likely somebody must: a complaint, a wish, news; no promise, no thanks, no aside."""
    return load("for_people").probability(words(text))
