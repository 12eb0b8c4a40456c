"""Spans of field values in running prose: a conditional random field over tokens.

Trained on the marked corpora (`nlp.training.train_fields`); the model is a file of this package.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pycrfsuite

from nlp.text.tokens import Token, cue, shape, tokenise

MODEL = Path(__file__).parents[1] / "model" / "fields.crfsuite"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A span of text that holds a field's value, and how sure the model is."""

    start: int
    end: int
    field: str
    text: str
    sure: float
    second: bool = False


class Tagger:
    """The trained model; made once and shared (not between threads)."""

    def __init__(self, path: Path = MODEL) -> None:
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(path))

    def tag(self, text: str, limit: int = 3000) -> list[Tagged]:
        """The spans of a text, in order. Only the first `limit` tokens are looked at.

        Beside the best reading come the phrases that look like a value and were left out of it
        (`second`), each with the probability that it is one.
        """
        tokens = tokenise(text[: limit * 8])[:limit]
        if not tokens:
            return []
        self._tagger.set(features(tokens))
        labels = self._tagger.tag()
        known = set(self._tagger.labels())
        found: list[Tagged] = []
        at = 0
        while at < len(tokens):
            if labels[at] == "O":
                at += 1
                continue
            name = labels[at][2:]
            end = at + 1
            while end < len(tokens) and labels[end] == f"I-{name}":
                end += 1
            sure = min(self._tagger.marginal(labels[i], i) for i in range(at, end))
            start, stop = tokens[at].start, tokens[end - 1].end
            found.append(Tagged(start, stop, name, text[start:stop], sure))
            at = end
        found += self._second(text, tokens, labels, known)
        return sorted(found, key=lambda t: t.start)

    def _second(
        self, text: str, tokens: Sequence[Token], labels: Sequence[str], known: set[str]
    ) -> Iterator[Tagged]:
        """Phrases that could be a value though the best reading passes over them."""
        at = 0
        while at < len(tokens):
            end = at + 1
            names = _READS.get(tokens[at].hint) or _READS.get(_class(tokens[at].kind))
            if not names:
                at += 1
                continue
            by_hint = tokens[at].hint in _READS
            while end < len(tokens) and (
                tokens[end].hint == tokens[at].hint
                if by_hint
                else tokens[end].kind == tokens[at].kind
            ):
                end += 1
            if all(label == "O" for label in labels[at:end]):
                start, stop = tokens[at].start, tokens[end - 1].end
                for name in names:
                    if f"B-{name}" in known:
                        sure = self._tagger.marginal(f"B-{name}", at)
                        if sure > 0.05:
                            yield Tagged(start, stop, name, text[start:stop], sure, second=True)
            at = end


# Which fields a phrase that stands out may fill.
_READS = {
    "recipients": ("recipients",),
    "recipients!": ("recipients",),
    "area": ("area",),
    "area!": ("area",),
    "area2": ("area",),
    "list_name!": ("list_name",),
    "person": ("responsible", "sponsor"),
    "freq": ("frequency",),
    "aud": ("audience",),
    "date": ("start_date", "end_date"),
}


def _class(kind: str) -> str:
    return next((name for name in ("freq", "aud", "date") if kind.startswith(name)), "")


_BREAKS = frozenset({".", ";", "!", "?", "\n\n", "¿", "¡"})


def features(tokens: Sequence[Token]) -> list[list[str]]:
    """What the model sees of each token."""
    words = [t.folded if t.kind not in ("dig", "email") else f"<{t.kind}>" for t in tokens]
    kinds = [t.kind for t in tokens]
    shapes = [shape(t.text) for t in tokens]
    cues = [cue(t.folded) for t in tokens]
    left, right = _cues_left(tokens, cues), _cues_right(tokens, cues)
    zones = _zones(tokens)
    hints = [t.hint for t in tokens]
    clauses = [t.clause for t in tokens]
    count = len(tokens)
    found = []
    for i in range(count):
        word = words[i]
        w1 = words[i - 1] if i else "^"
        w2 = words[i - 2] if i > 1 else "^"
        n1 = words[i + 1] if i + 1 < count else "$"
        n2 = words[i + 2] if i + 2 < count else "$"
        k1 = kinds[i - 1] if i else "^"
        m1 = kinds[i + 1] if i + 1 < count else "$"
        found.append(
            [
                "b",
                "w=" + word,
                "s=" + shapes[i],
                "k=" + kinds[i],
                "e=" + word[-3:],
                "p=" + word[:4],
                "-1=" + w1,
                "-2=" + w2,
                "+1=" + n1,
                "+2=" + n2,
                "-1w=" + w1 + "|" + word,
                "+1w=" + word + "|" + n1,
                "-21=" + w2 + "|" + w1,
                "-3=" + (words[i - 3] if i > 2 else "^"),
                "k-1=" + k1,
                "k+1=" + m1,
                "k-1k=" + k1 + "|" + kinds[i],
                "k-2=" + (kinds[i - 2] if i > 1 else "^"),
                "s-1=" + (shapes[i - 1] if i else "^"),
                "s+1=" + (shapes[i + 1] if i + 1 < count else "$"),
                "s-1s=" + (shapes[i - 1] if i else "^") + "|" + shapes[i] + "|" + kinds[i],
                "l=" + left[i][0],
                "lk=" + left[i][0] + "|" + kinds[i] + shapes[i],
                "l2=" + left[i][1] + left[i][0],
                "r=" + right[i],
                "rk=" + right[i] + "|" + kinds[i] + shapes[i],
                "h=" + hints[i],
                "h-1=" + (hints[i - 1] if i else "^") + "|" + hints[i],
                "h+1=" + hints[i] + "|" + (hints[i + 1] if i + 1 < count else "$"),
                "hl=" + hints[i] + "|" + left[i][0],
                "hw=" + hints[i] + "|" + w1,
                "hr=" + hints[i] + "|" + n1,
                "c=" + clauses[i],
                "cc=" + (clauses[i - 1] if i else "-") + clauses[i],
                "c+=" + clauses[i] + (clauses[i + 1] if i + 1 < count else "-"),
                "cl=" + clauses[i] + left[i][0],
                "z=" + zones[i],
                "zs=" + zones[i] + shapes[i],
            ]
        )
    return found


def _cues_left(tokens: Sequence[Token], cues: Sequence[str]) -> list[tuple[str, str]]:
    """The last and last but one hint before each token in its sentence."""
    found = []
    last, before = "", ""
    for token, hint in zip(tokens, cues, strict=True):
        found.append((last, before))
        if token.text in _BREAKS:
            last, before = "", ""
        elif hint and hint != last:
            last, before = hint, last
    return found


def _cues_right(tokens: Sequence[Token], cues: Sequence[str]) -> list[str]:
    """The next hint after each token in its sentence."""
    found = []
    following = ""
    for token, hint in zip(reversed(tokens), reversed(cues), strict=True):
        found.append(following)
        if token.text in _BREAKS:
            following = ""
        elif hint:
            following = hint
    return found[::-1]


_CLOSERS = frozenset(
    [
        "atentamente",
        "atte",
        "saludos",
        "saludo",
        "gracias",
        "cordialmente",
        "slds",
        "abrazo",
        "bendiciones",
        "atentos",
    ]
)


def _zones(tokens: Sequence[Token]) -> list[str]:
    """Where in the message a token stands: opening, body, after the closing, a signature's line."""
    found = []
    closed = False
    lines = 0
    for token in tokens:
        if token.text == "\n":
            lines += 1
        if token.folded in _CLOSERS and lines > 1:
            closed = True
        found.append("c" if closed else "o" if lines == 0 else "b")
    return found
