"""Training of the intent model: deterministic, from the corpora, calibrated out of fold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp import corpus_reader, given
from nlp.intent.component import (
    HAND_OVER,
    LABELS,
    IntentClassifier,
    doc_vector,
    make_doc,
    new_pipeline,
)
from nlp.intent.evidence import weigh
from nlp.intent.features import SIZE
from nlp.types import Form, Intent, Message

SENTENCES = corpus_reader.FOLDER / "sentences"
_STRENGTH = 20.0  # inverse of the L2 penalty; found by leaving authors out
_FOLDS = 5
_FEW_WORDS = 14


@dataclass(frozen=True, slots=True)
class Sample:
    """What the model learns from: `author` names the corpus it comes from."""

    label: str
    subject: str
    text: str
    facts: tuple[str, ...]
    author: str
    weight: float = 1.0


def sentence_samples(folder: Path = SENTENCES) -> Iterator[Sample]:
    """One sample for each line "subject | text" of the files, which are named for their label."""
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                first, bar, rest = line.partition(" | ")
                subject, text = (first, rest) if bar else ("", line)
                facts = ("always", "reply") if subject.lower().startswith("re:") else ("always",)
                yield Sample(path.stem, subject, text, facts, "sentences")


def mail_sample(message: Message, intent: Intent, author: str, form: Form) -> Sample:
    """A whole mail; what only hands over a filled form is labelled so."""
    evidence = weigh(message, form)
    label = intent.value
    short = len(evidence.text.split()) < _FEW_WORDS
    if evidence.form is intent and (short or evidence.text != message.new_text):
        label = HAND_OVER if short else label
    return Sample(label, message.subject, evidence.text, evidence.facts, author)


def written_samples(form: Form) -> Iterator[Sample]:
    """The mails of the written corpora, each named for its file."""
    for example in corpus_reader.written():
        yield mail_sample(example.message, example.intent, example.source.split(":")[0], form)


def given_samples(form: Form) -> Iterator[Sample]:
    """The mails of the given corpus."""
    for example, message in given.read():
        yield mail_sample(message, example.intent, "given", form)


def all_samples(form: Form) -> list[Sample]:
    """Everything there is to learn from."""
    return [*sentence_samples(), *written_samples(form), *given_samples(form)]


def matrix(samples: Iterable[Sample]) -> csr_matrix:
    """The features of the samples, a row each."""
    nlp = new_pipeline()
    starts, slots, values = [0], list[int](), list[float]()
    for sample in samples:
        at, value = doc_vector(make_doc(nlp, sample.subject, sample.text, sample.facts))
        slots += at
        values += value
        starts.append(len(slots))
    data = np.asarray(values, np.float64)
    return csr_matrix((data, slots, starts), shape=(len(starts) - 1, SIZE))


def fit(rows: csr_matrix, labels: Sequence[str], strength: float = _STRENGTH) -> IntentClassifier:
    """A classifier for the rows, not yet calibrated."""
    columns = np.unique(rows.indices)
    model = LogisticRegression(C=strength, max_iter=300, fit_intercept=False)
    model.fit(rows[:, columns], labels)
    weights = np.zeros((SIZE, len(LABELS)), np.float32)
    for row, label in enumerate(model.classes_):
        weights[columns, LABELS.index(label)] = model.coef_[row]
    return IntentClassifier(weights)


def logits(classifier: IntentClassifier, rows: csr_matrix) -> npt.NDArray[np.float64]:
    """The scores of each row for each label, before calibration."""
    return np.asarray(rows @ classifier.weights.astype(np.float64))


def temperature(scores: npt.NDArray[np.float64], labels: Sequence[str]) -> float:
    """What to divide scores by so that their probabilities say how often they are right."""
    truth = np.asarray([LABELS.index(label) for label in labels])

    def loss(log_t: float) -> float:
        z = scores / np.exp(log_t)
        z = z - z.max(axis=1, keepdims=True)
        logs = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        return -float(logs[np.arange(len(truth)), truth].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded").x))


def train(samples: Sequence[Sample]) -> IntentClassifier:
    """A calibrated classifier; the temperature is measured on whole mails out of fold."""
    rows = matrix(samples)
    labels = [s.label for s in samples]
    fold = np.asarray([i % _FOLDS for i in range(len(samples))])
    mails = np.asarray([s.author != "sentences" for s in samples])
    scores = np.zeros((len(samples), len(LABELS)))
    for part in range(_FOLDS):
        learned = fit(
            rows[fold != part], [x for x, f in zip(labels, fold, strict=True) if f != part]
        )
        scores[fold == part] = logits(learned, rows[fold == part])
    measured = [x for x, m in zip(labels, mails, strict=True) if m]
    classifier = fit(rows, labels)
    classifier.temperature = temperature(scores[mails], measured)
    return classifier
