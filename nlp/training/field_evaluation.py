"""Cross-validated scores of the fields: each mail is read by a model that never saw it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from pathlib import Path

from nlp.fields.extract import extract
from nlp.fields.tagger import Tagger
from nlp.training import given, train_fields
from nlp.training.corpus import Example, written
from nlp.training.field_score import Report
from nlp.types import Form, Message

FOLDS = 8


def fold_of(example: Example, folds: int = FOLDS) -> int:
    """Which fold a mail belongs to, told by its words alone."""
    digest = hashlib.sha256((example.subject + example.text[:200]).encode()).digest()
    return digest[1] % folds


def cross_validate(form: Form, folds: int = FOLDS) -> dict[str, Report]:
    """A report for each corpus file, and one for the given corpus, the intents being known."""
    cases: list[tuple[str, Example, Example, Message]] = [
        (e.source.partition(":")[0], e, e, e.message) for e in written()
    ]
    cases += [("given", e, train_fields.aligned(e, m), m) for e, m in given.read()]
    reports: dict[str, Report] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(folds):
            path = Path(folder) / f"{number}.crfsuite"
            train_fields.train([t for _, e, t, _ in cases if fold_of(e, folds) != number], path)
            tagger = Tagger(path)
            for name, example, _, message in cases:
                if fold_of(example, folds) == number:
                    score_one(reports.setdefault(name, Report()), example, message, form, tagger)
    return reports


def score_one(
    report: Report, example: Example, message: Message, form: Form, tagger: Tagger
) -> None:
    """Count what the tagger makes of one labelled mail."""
    found = extract(message, form, tagger, example.intent)
    report.add(example.source, example.fields, {name: f.value for name, f in found.items()})


def total(reports: Iterable[Report]) -> Report:
    """Several reports as one."""
    whole = Report()
    for report in reports:
        whole.wrong += report.wrong
        for name, score in report.fields.items():
            mine = whole.fields[name]
            mine.hit, mine.miss, mine.false = (
                mine.hit + score.hit,
                mine.miss + score.miss,
                mine.false + score.false,
            )
    return whole
