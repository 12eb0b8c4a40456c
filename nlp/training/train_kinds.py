"""Trains the linear models of `nlp/kinds`; the same corpus always gives the same models."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from nlp.kinds import put_off
from nlp.kinds.commands import COMMANDS
from nlp.kinds.linear import FOLDER, LinearModel, words
from nlp.kinds.machine import features
from nlp.training.cases import every_case
from nlp.training.corpus import FOLDER as MAILS
from nlp.training.turns import every_turn

CORPUS = FOLDER.parent / "corpus"
_STRENGTH = 30.0  # inverse of the L2 penalty
_LEAST = 0.3  # smaller weights change no figure, and are most of a file


def passages(name: str) -> list[str]:
    """The passages of a corpus file, one a line."""
    lines = (CORPUS / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    return [line for line in lines if line.strip() and not line.startswith("#")]


def fit(positive: Sequence[Sequence[str]], negative: Sequence[Sequence[str]]) -> LinearModel:
    """What tells the features of the one from those of the other."""
    sets = [sorted(set(features)) for features in (*positive, *negative)]
    names = sorted({name for found in sets for name in found})
    column = {name: number for number, name in enumerate(names)}
    at = [column[name] for found in sets for name in found]
    values = [1 / np.sqrt(len(found)) for found in sets for _ in found]
    starts = np.cumsum([0, *map(len, sets)])
    rows = csr_matrix((values, at, starts), shape=(len(sets), len(names)))
    labels = [1] * len(positive) + [0] * len(negative)
    model = LogisticRegression(C=_STRENGTH, class_weight="balanced", max_iter=500, tol=1e-6)
    with threadpool_limits(1):  # sums of one thread are the same on every machine
        model.fit(rows, labels)
    weights = {
        name: round(float(weight), 2)
        for name, weight in zip(names, model.coef_[0], strict=True)
        if abs(weight) >= _LEAST
    }
    return LinearModel(round(float(model.intercept_[0]), 3), weights)


def train_passages(
    positive: Sequence[str],
    negative: Sequence[str],
    features_of: Callable[[str], Iterator[str]] = words,
) -> LinearModel:
    """What tells some passages from others."""
    return fit(*([list(features_of(t)) for t in texts] for texts in (positive, negative)))


def typed_lines() -> list[str]:
    """What people typed: lines of the corpus, of first mails, of answers, of staff, once each; what
    was written to be near the border twice."""
    mails = [*every_case(), *every_turn()]
    lines = (line for mail in mails for line in mail.message.new_text.split("\n"))
    answers = (row.split(" | ", 1)[1] for row in passages("staff"))
    typed = {" ".join(text.split()) for text in (*lines, *answers)} - {"", *passages("added")}
    near = passages("typed")
    return sorted([*typed, *near, *near])


def machine_examples() -> tuple[list[list[str]], list[list[str]]]:
    """Mails of machines and of people, each its writer, subject and text.

    People's are their first mails and answers to ours. All of the answers are shown with one
    subject, and machines answering with it, too, so that the words of the answer tell.
    """
    machines, people = (
        [row.split(" | ", 2) for row in passages(name)] for name in ("machines", "people")
    )
    answers = [turn.message for turn in every_turn()]
    ours = answers[0].subject
    machines = [[who, about, text] for who, own, text in machines for about in (own, ours)]
    people += [["", ours, " ".join(one.new_text.split())] for one in answers]
    return machines, people


def train_machine(machines: list[list[str]], people: list[list[str]]) -> LinearModel:
    """What tells mail of machines from mail of people."""
    return fit(*([list(features(*mail)) for mail in mails] for mails in (machines, people)))


def command_examples() -> list[tuple[str, str]]:
    """What staff answered, each with its command; what areas answer, line by line, gives none."""
    rows = [row.split(" | ", 1) for row in passages("staff")]
    texts = (line for turn in every_turn() for line in turn.message.new_text.split("\n"))
    theirs = dict.fromkeys(" ".join(text.split()) for text in texts)
    return [(said, text) for said, text in rows] + [("none", text) for text in theirs if text]


def train_command(name: str, examples: Sequence[tuple[str, str]]) -> LinearModel:
    """What tells that staff give one command from all else that is answered."""
    told = [(said == name, list(words(text))) for said, text in examples]
    return fit([f for meant, f in told if meant], [f for meant, f in told if not meant])


def digest() -> str:
    """What tells whether the corpus has changed since the models were trained."""
    found = hashlib.sha256()
    for path in (*sorted(CORPUS.glob("*.txt")), *sorted(MAILS.rglob("*.txt"))):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def train(folder: Path = FOLDER) -> None:
    """Train all models and write them to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    answers = command_examples()
    commands = ((name, train_command(name, answers)) for name in COMMANDS)
    told = (
        ("added", train_passages(passages("added"), typed_lines())),
        ("machine", train_machine(*machine_examples())),
        ("for_people", train_passages(passages("for_people"), passages("for_nobody"))),
        ("put_off", train_passages(passages("put_off"), passages("answered"), put_off.features_of)),
        ("comment", train_passages(passages("comments"), passages("bearing"))),
    )
    for name, learned in (*told, *commands):
        model = {"corpus": digest(), **asdict(learned)}
        text = json.dumps(model, ensure_ascii=False, indent=0, sort_keys=True)
        (folder / f"{name}.json.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
