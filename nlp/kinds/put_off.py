"""Whether an answer in words gives no value yet: learned, for it is said in endless ways."""

from collections.abc import Iterator

from nlp.kinds.linear import load, words

SURE = 0.85  # of four thousand answers of the corpus, left out in fifths, one in a thousand is
_MOST = 12  # words that are counted: who puts off is short


def put_off(text: str) -> bool:
    """Whether it is put off, undecided, or left to others: "se lo escribo mañana", "pend."."""
    return load("put_off").probability(features_of(text)) >= SURE


def features_of(text: str) -> Iterator[str]:
    """The words of an answer, and how many they are."""
    yield from words(text)
    yield f"n={min(len(text.split()), _MOST)}"
