"""Training of the intent model: deterministic, from the corpora, calibrated out of fold."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp.intent.component import (
    LABELS,
    IntentClassifier,
    doc_vector,
    make_doc,
    new_pipeline,
)
from nlp.intent.features import SIZE
from nlp.training.cases import LabelledMail, every_case, folds
from nlp.training.compose import composed
from nlp.training.samples import (
    SENTENCES_BY,
    Sample,
    mail_samples,
    sentence_samples,
)
from nlp.types import Form

_STRENGTH = 8.0  # inverse of the L2 penalty; found by leaving authors out


def all_samples(form: Form, cases: Sequence[LabelledMail] | None = None) -> list[Sample]:
    """Everything there is to learn from, or of the whole mails only these cases."""
    rest = composed_and_single(list(sentence_samples()))
    return [*rest, *mail_samples(form, every_case() if cases is None else cases)]


def composed_and_single(single: list[Sample]) -> list[Sample]:
    """Sentences, and mails made of them."""
    return [*single, *composed(single)]


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


def fit(
    rows: csr_matrix,
    labels: Sequence[str],
    strength: float = _STRENGTH,
    importance: npt.NDArray[np.float64] | None = None,
) -> IntentClassifier:
    """A classifier for the rows, not yet calibrated."""
    columns = np.unique(rows.indices)
    model = LogisticRegression(C=strength, max_iter=300, fit_intercept=False)
    model.fit(rows[:, columns], labels, sample_weight=importance)
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
    """A calibrated classifier.

    The temperature is measured on the mails of each fold of authors by a model that never saw
    them: what comes in is written by strangers, too.
    """
    rows = matrix(samples)
    labels = np.asarray([s.label for s in samples])
    authors = np.asarray([s.author for s in samples])
    importance = np.asarray([s.weight for s in samples])
    scores = np.zeros((len(samples), len(LABELS)))
    fold_of = folds([s.author for s in samples if s.author != SENTENCES_BY])
    fold = np.asarray([fold_of.get(author, -1) for author in authors])
    for number in sorted(set(fold_of.values())):
        rest = fold != number
        learned = fit(rows[rest], list(labels[rest]), importance=importance[rest])
        scores[~rest] = logits(learned, rows[~rest])
    mails = authors != SENTENCES_BY
    classifier = fit(rows, list(labels), importance=importance)
    classifier.temperature = temperature(scores[mails], list(labels[mails]))
    return classifier
