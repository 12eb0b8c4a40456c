"""Measuring understanding on mail of authors that the models never saw."""

import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nlp.fields.reader import FieldReader
from nlp.intent.component import new_pipeline
from nlp.intent.deciding import decide
from nlp.training import train_fields, train_intent, train_scores
from nlp.training.cases import LabelledMail, every_case
from nlp.training.field_score import Report, same
from nlp.types import Form, Intent


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
    """What was made of one author's mail; `values` are (how sure, whether right)."""

    name: str
    outcomes: list[MailResult] = field(default_factory=list)
    fields: Report = field(default_factory=Report)
    values: list[tuple[float, bool]] = field(default_factory=list)
    seconds: float = 0.0

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


def run(form: Form) -> Iterator[Trial]:
    """A trial for each author: read by models that learned from two thirds of the others."""
    cases = every_case()
    with tempfile.TemporaryDirectory() as place:
        fold_of, taggers = train_fields.cross_trained(cases, form, Path(place))
        gathered = train_scores.gather(cases, fold_of, taggers, form)
        for number, tagger in enumerate(taggers):
            kept = [c for c in cases if fold_of[c.author] != number]
            reader = FieldReader(tagger, train_scores.fit([g for g in gathered if g[0] != number]))
            pipeline = new_pipeline(train_intent.train(train_intent.all_samples(form, kept)))
            for author in sorted(a for a, fold in fold_of.items() if fold == number):
                trial = Trial(author)
                for case in cases:
                    if case.author == author:
                        _try(trial, case, pipeline, reader, form)
                yield trial


def _try(
    trial: Trial, case: LabelledMail, pipeline: object, reader: FieldReader, form: Form
) -> None:
    start = time.process_time()
    got, confidence = decide(pipeline, case.message, form)  # type: ignore[arg-type]
    found = reader.read(case.message, form, got)
    trial.seconds += time.process_time() - start
    example = case.example
    trial.outcomes.append(MailResult(example.source, example.intent, got, confidence))
    trial.fields.add(example.source, example.fields, {n: f.value for n, f in found.items()})
    for name, item in found.items():
        want = example.fields.get(name)
        right = want is not None and same(name, want, item.value)
        trial.values.append((item.sure, right))


def thresholds(outcomes: Sequence[tuple[float, bool]]) -> Iterator[tuple[float, float, float]]:
    """(threshold, share answered, share of those that is right)."""
    for step in (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98):
        kept = [right for sure, right in outcomes if sure >= step]
        yield step, len(kept) / max(1, len(outcomes)), sum(kept) / max(1, len(kept))
