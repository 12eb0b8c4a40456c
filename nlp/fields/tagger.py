"""Spans of field values in running text: a conditional random field over tokens.

Trained by `nlp.training.train_fields`. What it sees of a token are its stem and shape, its
neighbours, the other words of its sentence, what the grammars find there, the label before it, and
where in the mail it stands.
"""

from __future__ import annotations

import gzip
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pycrfsuite

from nlp.fields.lexicon import is_title
from nlp.fields.mentions import Mention
from nlp.fields.passages import Passage
from nlp.text.tokens import Token, shape, tokenise
from nlp.types import Part

MODEL = Path(__file__).parents[1] / "model"
TAGGER = "fields.crfsuite.gz"
MOST_TOKENS = 2_000
_SENTENCE_ENDS = frozenset({".", ";", "!", "?", "\n", "¿", "¡"})
_SECOND = 0.03  # a phrase less likely than this is no candidate
_OUTSIDE = 0.998
_LONGEST = 60  # tokens of a span
_ENDS = 4


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """A span that holds a field's value, with the probability of each of its tokens' tags."""

    start: int
    end: int
    field: str
    sure: float
    best: bool = True  # part of the best reading, not only a possible one


class Names:
    """Given names and surnames, to tell people in text without capitals."""

    def __init__(self, given: frozenset[str], family: frozenset[str]) -> None:
        self.given, self.family = given, family

    @classmethod
    def read(cls, path: Path) -> Names:
        """The names of a file: given names on its first line, surnames on its second."""
        given, family = path.read_text(encoding="utf-8").splitlines()[:2]
        return cls(frozenset(given.split()), frozenset(family.split()))

    def kind(self, word: str) -> str:
        return ("g" if word in self.given else "") + ("f" if word in self.family else "")


class Tagger:
    """The trained model; made once and shared (not between threads)."""

    def __init__(self, folder: Path = MODEL) -> None:
        self.names = Names.read(folder / "names.txt")
        self._tagger = pycrfsuite.Tagger()
        # crfsuite reads where the bytes lie: they have to stay.
        self._model = gzip.decompress((folder / TAGGER).read_bytes())
        self._tagger.open_inmemory(self._model)
        self._labels = self._tagger.labels()
        self._fields = sorted({label[2:] for label in self._labels if label != "O"})

    def tag(self, passage: Passage, tokens: Sequence[Token], mentions: Sequence[Mention]) -> Tags:
        """What the model thinks of each token of a passage."""
        if not tokens:
            return Tags((), {}, {}, ())
        self._tagger.set(features(passage, tokens, mentions, self.names))
        best = self._tagger.tag()
        none = [0.0] * len(tokens)
        # Asking costs a call each: where a token is surely outside, all else is next to nothing.
        marginal = self._tagger.marginal
        unsure = [at for at in range(len(tokens)) if marginal("O", at) < _OUTSIDE]
        odds: dict[str, list[float]] = {}
        for label in self._labels:
            if label != "O":
                odds[label] = row = none.copy()
                for at in unsure:
                    row[at] = marginal(label, at)
        along: dict[str, list[float]] = {}
        for field in self._fields:
            if (begin := odds.get(f"B-{field}")) is not None:
                inside = odds.get(f"I-{field}", none)
                along[field] = row = none.copy()
                for at in unsure:
                    row[at] = begin[at] + inside[at]
        return Tags(tuple(tokens), odds, along, tuple(self._spans(tokens, best, odds, unsure)))

    def _spans(
        self,
        tokens: Sequence[Token],
        best: Sequence[str],
        odds: dict[str, list[float]],
        unsure: Sequence[int],
    ) -> Iterator[TaggedSpan]:
        """The spans of the best reading, and others that are likely enough.

        They begin at tokens that are not surely outside (`unsure`). From each likely beginning
        come the likeliest ends: a name may go on, or not.
        """
        stretches = _stretches(best)
        for field in self._fields:
            begin, inside = odds.get(f"B-{field}"), odds.get(f"I-{field}")
            if begin is None:
                continue
            inside = inside or [0.0] * len(tokens)
            chosen = stretches.get(field, {})
            for at in sorted({*unsure, *chosen}):
                if begin[at] < _SECOND and at not in chosen:
                    continue
                through = 1.0  # the probability that the span reaches this token
                ends: list[tuple[float, int]] = []
                for end in range(at + 1, min(len(tokens), at + _LONGEST) + 1):
                    on = inside[end] if end < len(tokens) else 0.0
                    ends.append((through * (1 - min(on, 1.0)), end))
                    through *= min(
                        1.0, on / max(begin[at] if end == at + 1 else inside[end - 1], on, 1e-6)
                    )
                    if through < 0.05:
                        break
                likely = {end for _, end in sorted(ends, reverse=True)[:_ENDS]}
                if at in chosen:
                    likely.add(chosen[at])
                for end in sorted(likely):
                    yield TaggedSpan(
                        tokens[at].start, tokens[end - 1].end, field, begin[at],
                        chosen.get(at) == end,
                    )  # fmt: skip


def _stretches(best: Sequence[str]) -> dict[str, dict[int, int]]:
    """Where the spans of each field begin and end in a reading."""
    found: dict[str, dict[int, int]] = {}
    for at, tag in enumerate(best):
        if tag.startswith("B-"):
            field, end = tag[2:], at + 1
            while end < len(best) and best[end] == f"I-{field}":
                end += 1
            found.setdefault(field, {})[at] = end
    return found


@dataclass(frozen=True, slots=True)
class Tags:
    """The tokens of a passage with the probability of each tag, and the spans these suggest.

    `along` tells of each field how likely each token is part of a value.
    """

    tokens: tuple[Token, ...]
    odds: dict[str, list[float]]
    along: dict[str, list[float]]
    spans: tuple[TaggedSpan, ...]

    def likely(self, field: str, first: int, last: int) -> float:
        """How likely the tokens from `first` to `last` hold a value of a field."""
        along = self.along.get(field)
        return max(along[first : last + 1], default=0.0) if along else 0.0


def tokens_of(passage: Passage) -> list[Token]:
    """The tokens of a passage that are looked at."""
    return tokenise(passage.text)[:MOST_TOKENS]


def features(
    passage: Passage, tokens: Sequence[Token], mentions: Sequence[Mention], names: Names
) -> list[list[str]]:
    """What the model sees of each token."""
    kinds = _kinds(tokens, mentions, names)
    labels = _labels(passage, tokens)
    words = [_word(token, kind) for token, kind in zip(tokens, kinds, strict=True)]
    shapes = [shape(token.text) for token in tokens]
    lines = [passage.line_of(token.start) for token in tokens]
    left, right = _around(tokens)
    lefts, rights = ["L=" + word for word in words], ["R=" + word for word in words]
    count = len(tokens)
    found = []
    for i, token in enumerate(tokens):
        word, kind = words[i], kinds[i]
        w1, w2, w3 = (words[i - n] if i >= n else "^" for n in (1, 2, 3))
        n1, n2, n3 = (words[i + n] if i + n < count else "$" for n in (1, 2, 3))
        k1, s1 = (kinds[i - 1], shapes[i - 1]) if i else ("^", "^")
        m1, t1 = (kinds[i + 1], shapes[i + 1]) if i + 1 < count else ("$", "$")
        zone = passage.zones[lines[i]] if lines[i] < len(passage.zones) else "b"
        item = [
            "b", "w=" + word, "f=" + token.folded[:24], "e=" + token.folded[-3:],
            "p=" + token.folded[:4], "s=" + shapes[i], "k=" + kind,
            "-1=" + w1, "-2=" + w2, "-3=" + w3, "+1=" + n1, "+2=" + n2, "+3=" + n3,
            f"-1w={w1}|{word}", f"+1w={word}|{n1}", f"-21={w2}|{w1}", f"+12={n1}|{n2}",
            f"-321={w3}|{w2}|{w1}",
            "k-=" + k1, "k+=" + m1, f"k-k={k1}|{kind}", f"kk+={kind}|{m1}",
            f"s-s={s1}|{shapes[i]}|{kind}", "s+=" + t1, f"k-1={kind}|{w1}", f"k+1={kind}|{n1}",
            f"k-21={kind}|{w2}|{w1}",
            "z=" + zone, f"zk={zone}{kind}", f"zs={zone}{shapes[i]}",
        ]  # fmt: skip
        label = labels[i]
        if label:
            item += ["l=" + label, f"lk={label}{kind}", f"l1={label}|{w1}"]
        first = i == 0 or tokens[i - 1].text == "\n"
        last = i + 1 == count or tokens[i + 1].text == "\n"
        if first or last:
            item.append(f"line={first:d}{last:d}{kind}")
            if first and i > 2:
                item.append(f"up={words[i - 2]}|{kind}")
        item += [lefts[at] for at in left[i]]
        item += [rights[at] for at in right[i]]
        if kind:
            item += [f"Lk={words[at]}{kind}" for at in left[i]]
            item += [f"Rk={words[at]}{kind}" for at in right[i]]
        found.append(item)
    return found


def _word(token: Token, kind: str) -> str:
    """A word as its neighbours see it."""
    if kind in ("date", "num", "dig", "email", "slug"):
        return f"<{kind}>"
    return token.stem


_CHOSEN: dict[str, str] = {Part.FOR_WHOM: "aud", Part.HOW_OFTEN: "freq"}


def _kinds(tokens: Sequence[Token], mentions: Sequence[Mention], names: Names) -> list[str]:
    """What the grammars find of each token."""
    spans: dict[int, str] = {}
    for mention in mentions:
        if mention.kind == "choice":
            # What they mean, not which: a form has choices of its own.
            kind = _CHOSEN.get(mention.field, "")
        else:
            kind = {"number": "num", "digits": "dig", "quoted": "quo"}.get(
                mention.kind, mention.kind
            )
        if kind:
            for at in range(mention.start, mention.end):
                spans.setdefault(at, kind)
    found = []
    for token in tokens:
        kind = spans.get(token.start) or _own_kind(token.text, token.folded)
        if kind in ("", "quo"):
            kind += names.kind(token.folded)
        found.append(kind)
    return found


@lru_cache(maxsize=16_384)
def _own_kind(text: str, folded: str) -> str:
    if text == "\n":
        return "nl"
    if text[0].isdigit():
        return "dig"
    if not text[0].isalpha():
        return "sign"
    return "title" if is_title(folded) else ""


def _labels(passage: Passage, tokens: Sequence[Token]) -> list[str]:
    """The field whose label each token answers."""
    found = [""] * len(tokens)
    starts = [token.start for token in tokens]
    for start, end, answer in passage.answered:
        name = "+".join(answer.label.names) + ("" if answer.label.sure else "?")
        for at in range(bisect_left(starts, start), bisect_left(starts, end)):
            found[at] = name
    return found


_REACH = 7


def _around(tokens: Sequence[Token]) -> tuple[list[list[int]], list[list[int]]]:
    """The words before and behind each token in its sentence, near ones only, by their numbers."""
    left: list[list[int]] = []
    run: list[int] = []
    for at, token in enumerate(tokens):
        left.append(run[-_REACH:])
        if token.text in _SENTENCE_ENDS:
            run = []
        elif token.text.isalnum():
            run.append(at)
    right: list[list[int]] = []
    run = []
    for at in range(len(tokens) - 1, -1, -1):
        right.append(run[:-5:-1])
        if tokens[at].text in _SENTENCE_ENDS:
            run = []
        elif tokens[at].text.isalnum():
            run.append(at)
    return left, right[::-1]
