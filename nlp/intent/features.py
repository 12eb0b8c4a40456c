"""From tokens to hashed features: words, stems, letters, concepts, and facts about the mail."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import log1p, sqrt
from zlib import crc32

from nlp.intent.concepts import concept
from nlp.text.tokens import stem

BITS = 18
SIZE = 1 << BITS
_MASK = SIZE - 1

# How much each family of features weighs against the others; found by cross-validation.
WEIGHTS = {
    "word": 1.0, "stem": 1.0, "char": 0.7, "concept": 1.2, "subject": 0.8, "topic": 0.6,
    "fact": 0.5,
}  # fmt: skip


def slot(name: str) -> int:
    """Where a feature's weight stands."""
    return crc32(name.encode("utf-8", "replace")) & _MASK


@lru_cache(maxsize=20_000)
def _letters(word: str) -> tuple[int, ...]:
    """Slots of the letter n-grams of a word, its edges marked."""
    if len(word) > 30 or word.startswith("x"):
        return ()
    edged = f"<{word}>"
    return tuple(
        slot("c" + edged[at : at + n])
        for n in (3, 4, 5)
        for at in range(max(1, len(edged) - n + 1))
        if len(edged) >= n
    )


def _grams(words: Sequence[str], prefix: str, longest: int) -> Iterator[int]:
    """Slots of single words, then of pairs and so on: the sum of one goes on from the other."""
    start, plain = crc32(prefix.encode()), [w.encode("utf-8", "replace") for w in words]
    sums = [crc32(word, start) for word in plain]
    for n in range(1, longest + 1):
        yield from [found & _MASK for found in sums]
        sums = [
            crc32(word, crc32(b" ", found)) for found, word in zip(sums, plain[n:], strict=False)
        ]


def _concepts(words: Sequence[str]) -> Iterator[int]:
    """Concepts of a sentence, alone and in pairs, in their order, near ones apart from far ones."""
    found = [(at, name) for at, word in enumerate(words) if (name := concept(word))]
    for index, (at, name) in enumerate(found):
        yield slot("k" + name)
        for other, (place, after) in enumerate(found[index + 1 : index + 6]):
            yield slot(f"k{name}>{after}")
            if other == 0:
                yield slot(f"k{name}+{after}")
                if index + 2 < len(found):
                    yield slot(f"k{name}+{after}+{found[index + 2][1]}")
            if place - at == 1:
                yield slot(f"k{name}={after}")


def _norm(counts: Counter[int], weight: float) -> Iterator[tuple[int, float]]:
    values = {key: log1p(count) for key, count in counts.items()}
    length = sqrt(sum(value * value for value in values.values())) or 1.0
    for key, value in values.items():
        yield key, value / length * weight


def vector(
    subject: Sequence[str], sentences: Iterable[Sequence[str]], facts: Iterable[str]
) -> tuple[list[int], list[float]]:
    """The slots and values of a mail's features."""
    word: Counter[int] = Counter()
    char: Counter[int] = Counter()
    root: Counter[int] = Counter()
    kind: Counter[int] = Counter()
    topic: Counter[int] = Counter(_grams([stem(w) for w in subject], "u", 2))
    head: Counter[int] = Counter(_grams(subject, "s", 3))
    head.update(_concepts(subject))
    for w in subject:
        head.update(_letters(w))
    for sentence in sentences:
        word.update(_grams(sentence, "w", 3))
        root.update(_grams([stem(w) for w in sentence], "t", 3))
        for w in sentence:
            char.update(_letters(w))
        kind.update(_concepts(sentence))
        if "?" in sentence:
            kind.update(slot("q" + name) for w in sentence if (name := concept(w)))
    total: dict[int, float] = {}
    families = (
        ("word", word), ("stem", root), ("char", char), ("concept", kind), ("subject", head),
        ("topic", topic),
    )  # fmt: skip
    for name, counts in families:
        for key, value in _norm(counts, WEIGHTS[name]):
            total[key] = total.get(key, 0.0) + value
    for fact in facts:
        key = slot("f" + fact)
        total[key] = total.get(key, 0.0) + WEIGHTS["fact"]
    return list(total), list(total.values())
