"""Training of the span tagger: deterministic, from the marked corpora."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pycrfsuite

from nlp.corpus_reader import Example, Span
from nlp.tagger import MODEL, features
from nlp.prose import unwrap
from nlp.tokens import Token, tokenise

_PARAMETERS = {
    "c1": 0.15,
    "c2": 0.02,
    "max_iterations": 120,
    "feature.minfreq": 2,
    "feature.possible_transitions": True,
}


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
