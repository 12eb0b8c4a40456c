"""Training of the span tagger: deterministic, from the marked corpora."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pycrfsuite

from nlp.fields.lexicon import audiences_in, frequencies_in
from nlp.fields.prose import unwrap
from nlp.fields.tagger import MODEL, features
from nlp.text.dates import dates_in
from nlp.text.fold import fold, readable
from nlp.text.numbers import numbers_in
from nlp.text.tokens import Token, tokenise
from nlp.training import given
from nlp.training.corpus import Example, Span, written
from nlp.types import FieldValue, Message

_PARAMETERS = {
    "c1": 0.15,
    "c2": 0.02,
    "max_iterations": 120,
    "feature.minfreq": 2,
    "feature.possible_transitions": True,
}


def all_examples() -> list[Example]:
    """Everything there is to train on: the written corpus and the given one, marked by itself."""
    return [*written(), *(aligned(example, message) for example, message in given.read())]


def train(examples: Iterable[Example], path: Path = MODEL) -> None:
    """Train on the marked text of the examples and write the model."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(_PARAMETERS)
    for text, spans in (part for e in examples for part in passages(e)):
        tokens = tokenise(text)
        if tokens:
            trainer.append(features(tokens), tags(tokens, spans))
    path.parent.mkdir(parents=True, exist_ok=True)
    trainer.train(str(path))


def passages(example: Example) -> list[tuple[str, tuple[Span, ...]]]:
    """The text that the sender typed, with its marks."""
    text, spans, at = [], [], 0
    length = 0
    kept: list[tuple[int, int, int]] = []
    typed = example.typed_lines
    for line, counts in typed:
        if counts:
            kept.append((at, at + len(line), length))
            text.append(line)
            length += len(line) + 1
        at += len(line) + 1
    for span in example.spans:
        for start, end, offset in kept:
            if start <= span.start and span.start < end:
                moved = span.start - start + offset
                spans.append(Span(moved, moved + span.end - span.start, span.field))
    return [(unwrap("\n".join(text)), tuple(spans))]


def aligned(example: Example, message: Message) -> Example:
    """A mail without marks as one with them: each value marked where it first stands."""
    text = unwrap(readable(message.new_text))
    spans: list[Span] = []
    # Names and texts first: "Estudiantes" within the name of an area is no audience.
    for name, value in sorted(example.fields.items(), key=lambda f: not isinstance(f[1], str)):
        places = _places(text, name, value, example)
        spans += [p for p in places if not any(p.start < s.end and s.start < p.end for s in spans)]
    return replace(example, text=text, spans=tuple(sorted(spans, key=lambda s: s.start)))


def _places(text: str, name: str, value: FieldValue, example: Example) -> list[Span]:
    found: list[tuple[int, int]] = []
    if isinstance(value, tuple):
        for key in value:
            found += [(s, e) for s, e, k in audiences_in(text) if k == key][:1]
    elif isinstance(value, dt.date):
        found = [(d.start, d.end) for d in dates_in(text, example.date) if d.date == value][:1]
    elif isinstance(value, int):
        found = [(n.start, n.end) for n in numbers_in(text) if n.value == value][:1]
    elif name == "frequency":
        found = sorted((s, e) for s, e, k in frequencies_in(text) if k == value)[:1]
    elif name != "request_type":
        # A wrapped text has line ends where its label has spaces.
        at = fold(text).replace("\n", " ").find(fold(value))
        found = [(at, at + len(value))] if at >= 0 else []
    return [Span(start, end, name) for start, end in found]


def tags(tokens: Sequence[Token], spans: Sequence[Span]) -> list[str]:
    """The tag of each token: begin, inside or outside of a span."""
    found = ["O"] * len(tokens)
    for span in spans:
        inside = False
        for index, token in enumerate(tokens):
            if token.start < span.end and token.end > span.start:
                found[index] = f"{'I' if inside else 'B'}-{span.field}"
                inside = True
    return found
