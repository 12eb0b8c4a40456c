"""How likely each candidate is the value meant: a logistic model a field over hashed facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from nlp.fields.facts import Candidate
from nlp.types import FieldKind, Message

SCORES = "scores.npz"
BITS = 21  # the facts of one field must not stand in the slots of another
SIZE = 1 << BITS
_MASK = SIZE - 1
Weights = npt.NDArray[np.float32]


# What speaks for a value of any field of its kind, whatever the field is about.
_GENERAL = (
    "form", "named=", "z=", "alone=", "rivals=", "m=", "words=", "size=", "small=", "year=", "src=",
    "none", "labelled",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates that compete, by their facts, and which of them are right."""

    facts: tuple[Sequence[str], ...]
    right: tuple[bool, ...]


def slots(name: str, facts: Iterable[str]) -> list[int]:
    """Where the weights of a candidate's facts stand."""
    prefix = name + "\t"
    start = crc32(prefix.encode())
    found = {crc32(fact.encode("utf-8", "replace"), start) & _MASK for fact in facts}
    found.add(start & _MASK)
    return sorted(found)


def none_facts(
    rivals: Sequence[Candidate], all_: Sequence[Candidate], intent: str, message: Message
) -> list[str]:
    """What speaks for no value at all, or for the one that a form gives."""
    words = len(message.new_text.split())
    size = 0 if words < 20 else 1 if words < 60 else 2
    kind = "form" if rivals[0].of_form else ""
    return [
        "none", f"none i={intent}", f"none n={min(len(rivals), 8)}", f"none words={size}",
        f"none kind={kind} form={any(c.of_form for c in all_)}",
        f"none span={any('span' in c.facts for c in rivals)}",
    ]  # fmt: skip


def general(facts: Iterable[str]) -> list[str]:
    """The facts that mean the same for every field."""
    return [f for f in facts if f.startswith(_GENERAL) and not f.startswith("form names")]


def of_kind(kind: FieldKind) -> str:
    """The name under which the scorer knows any field of a kind."""
    return f"({kind})"


class Scorer:
    """The trained weights of all fields; `known` are those that it was trained on by name."""

    def __init__(self, weights: Weights, known: Iterable[str]) -> None:
        self.weights, self.known = weights, frozenset(known)

    def score(self, name: str, facts: Iterable[str]) -> float:
        """The evidence for a candidate with these facts, as a logarithm of odds."""
        return float(np.add.reduce(self.weights.take(slots(name, facts))))

    def likely(self, name: str, facts: Iterable[str]) -> float:
        """The probability that what has these facts is right, judged alone."""
        return float(1 / (1 + np.exp(-self.score(name, facts))))

    def shares(self, name: str, candidates: Sequence[Iterable[str]]) -> list[float]:
        """The probability of each of the candidates that compete, one of which is right."""
        scores = [self.score(name, facts) for facts in candidates]
        odds = np.exp(np.array(scores) - max(scores))
        shares: list[float] = (odds / odds.sum()).tolist()
        return shares

    def save(self, path: Path) -> None:
        """Write the weights, as halves."""
        used = np.flatnonzero(np.abs(self.weights) > 1e-3).astype(np.int32)
        np.savez_compressed(
            path,
            slots=used,
            weights=self.weights[used].astype(np.float16),
            known=np.array(sorted(self.known)),
        )

    @classmethod
    def load(cls, path: Path) -> Scorer:
        """Read what `save` wrote."""
        with np.load(path) as saved:
            weights = np.zeros(SIZE, np.float32)
            weights[saved["slots"]] = saved["weights"]
            return cls(weights, map(str, saved["known"]))
