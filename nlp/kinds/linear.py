"""A small linear model over words: weights by feature, as JSON in a gzip file."""

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, sqrt
from pathlib import Path

from nlp.text.fold import fold

FOLDER = Path(__file__).parent / "model"
LONGEST = 1_500  # characters that are read of a text
_STEM = 5
_WORD = re.compile(r"https?:\S{1,500}|www\.\S{1,500}|[\w.+-]{1,64}@[\w.-]{1,200}|[^\W_]+|[?|\[\]!]")


@dataclass(frozen=True, slots=True)
class LinearModel:
    """The odds of one of two classes, as a sum over the features of a text."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Iterable[str]) -> float:
        """How likely a text with these features is of the class that was learned."""
        found = frozenset(features)
        if not found:
            return 0.0
        score = sum([self.weights[name] for name in sorted(self.weights.keys() & found)])
        score = self.bias + score / sqrt(len(found))
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, score))))


def words(text: str, prefix: str = "") -> Iterator[str]:
    """The words of a text, their stems and pairs: links, addresses and numbers are all alike."""
    before = f"{prefix}^"
    for match in _WORD.finditer(fold(text[:LONGEST])):
        word = f"{prefix}{_shape(match[0])}"
        yield word
        if word.endswith("://"):
            yield f"{word}{_host(match[0])}"
        if len(word) > _STEM + len(prefix):
            yield f"{word[: _STEM + len(prefix)]}*"
        yield f"{before} {word}"
        before = word


def _host(link: str) -> str:
    """The last two names of the host of a link: zoom.us, google.com."""
    host = link.partition("://")[2].partition("/")[0] or link.partition("/")[0]
    return ".".join(host.partition(":")[0].split(".")[-2:])


def _shape(word: str) -> str:
    if "@" in word:
        return "@"
    if word.startswith(("http", "www.")):
        return "://"
    return "0" if word.isdigit() else word


@cache
def load(name: str, folder: Path = FOLDER) -> LinearModel:
    """The model of this name that ships with the package."""
    told = json.loads(gzip.decompress((folder / f"{name}.json.gz").read_bytes()))
    return LinearModel(told["bias"], told["weights"])
