"""Measuring understanding on mail that the models never saw: by folds, and author by author."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from nlp.fields.extract import extract
from nlp.fields.tagger import Tagger
from nlp.intent.component import new_pipeline
from nlp.intent.deciding import decide
from nlp.training import corpus, given, train_fields
from nlp.training import train_intent as training
from nlp.training.corpus import Example
from nlp.training.field_score import Report
from nlp.training.samples import Sample, mail_sample, sentence_samples
from nlp.training.train_intent import composed_and_single
from nlp.types import Form, Intent, Message

GIVEN = "given"
FOLDS = 5
Case = tuple[Example, Message]


@dataclass(frozen=True, slots=True)
class MailResult:
    """One message, what was wanted and what was understood."""

    source: str
    want: Intent
    got: Intent
    confidence: float

    @property
    def right(self) -> bool:
        return self.want is self.got


@dataclass(slots=True)
class Trial:
    """The outcomes of one test set, with its name and how it was kept apart from training."""

    name: str
    how: str
    outcomes: list[MailResult] = field(default_factory=list)
    fields: Report = field(default_factory=Report)

    @property
    def accuracy(self) -> float:
        return sum(o.right for o in self.outcomes) / max(1, len(self.outcomes))

    @property
    def macro_f1(self) -> float:
        scores = [s.f1 for s in label_scores(self.outcomes).values()]
        return sum(scores) / max(1, len(scores))


@dataclass(frozen=True, slots=True)
class LabelScore:
    """How well one intent is told."""

    precision: float
    recall: float
    f1: float
    there: int


def label_scores(outcomes: Iterable[MailResult]) -> dict[Intent, LabelScore]:
    """The scores of each intent that is wanted somewhere."""
    outcomes = list(outcomes)
    scores = {}
    for intent in Intent:
        there = sum(o.want is intent for o in outcomes)
        named = sum(o.got is intent for o in outcomes)
        hit = sum(o.want is intent and o.right for o in outcomes)
        if there:
            scores[intent] = LabelScore(
                hit / named if named else 1.0, hit / there, 2 * hit / (named + there), there
            )
    return scores


def author_of(example: Example) -> str:
    """Which corpus an example comes from."""
    return example.source.split(":")[0] if ":" in example.source else GIVEN


def cases() -> list[Case]:
    """Every whole mail there is."""
    return [*((e, e.message) for e in corpus.written()), *given.read()]


def run(form: Form) -> Iterator[Trial]:
    """The trials, one after the other: the given corpus by folds, then each author left out."""
    mails = cases()
    authors = [author_of(e) for e, _ in mails]
    samples = [mail_sample(m, e.intent, a, form) for (e, m), a in zip(mails, authors, strict=True)]
    rest = composed_and_single(list(sentence_samples()))
    mine = [i for i, author in enumerate(authors) if author == GIVEN]
    trial = Trial(GIVEN, f"{FOLDS} folds by message, all else in training")
    for part in range(FOLDS):
        held = {i for number, i in enumerate(mine) if number % FOLDS == part}
        _try(trial, mails, samples, rest, held, form)
    yield trial
    for author in sorted(set(authors)):
        trial = Trial(f"{author} left out", "all of this author's mail kept out of training")
        held = {i for i, name in enumerate(authors) if name == author}
        _try(trial, mails, samples, rest, held, form)
        yield trial


def _try(
    trial: Trial,
    mails: Sequence[Case],
    samples: Sequence[Sample],
    rest: Sequence[Sample],
    held: set[int],
    form: Form,
) -> None:
    """Train without the held mails and add what is made of them to the trial."""
    kept = [s for i, s in enumerate(samples) if i not in held]
    rows = [*rest, *kept]
    classifier = training.fit(
        training.matrix(rows),
        [s.label for s in rows],
        importance=np.asarray([s.weight for s in rows]),
    )
    classifier.temperature = training.shipped_temperature()
    pipeline = new_pipeline(classifier)
    tagger = _tagger(e for i, (e, _) in enumerate(mails) if i not in held and e.spans)
    for index in sorted(held):
        example, message = mails[index]
        got, confidence = decide(pipeline, message, form)
        trial.outcomes.append(MailResult(example.source, example.intent, got, confidence))
        found = extract(message, form, tagger, got)
        values = {name: f.value for name, f in found.items()}
        trial.fields.add(example.source, example.fields, values)


def _tagger(examples: Iterable[Example]) -> Tagger:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fields"
        train_fields.train(examples, path)
        return Tagger(path)


def thresholds(outcomes: Sequence[MailResult]) -> Iterator[tuple[float, float, float]]:
    """(threshold, share answered, share of those that is right)."""
    for step in (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        kept = [o for o in outcomes if o.confidence >= step]
        right = sum(o.right for o in kept) / max(1, len(kept))
        yield step, len(kept) / max(1, len(outcomes)), right
