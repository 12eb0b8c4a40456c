"""Training of what reads fields: the tagger, then the scorer on what taggers made of strangers."""

import gzip
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path

import pycrfsuite

from nlp.fields.labels import labels_of
from nlp.fields.mentions import Mention, mentions_in
from nlp.fields.passages import Passage, passage_of, passages_of
from nlp.fields.reader import FieldReader
from nlp.fields.scorer import SCORES
from nlp.fields.tagger import TAGGER, Names, Tagger, features, tokens_of
from nlp.text.fold import words
from nlp.training import augment, train_scores, turns
from nlp.training.align import Place, places, tags
from nlp.training.cases import LabelledMail, every_case, folds
from nlp.types import Form

_PARAMETERS = {
    "c1": 0.25,
    "c2": 0.02,
    "max_iterations": 50,
    "feature.minfreq": 3,
    "feature.possible_transitions": True,
}
_SEED = 20210618


_REWRITTEN = 0.35  # how many of the mails are read once more in each other voice


def train(form: Form, folder: Path) -> None:
    """Train tagger and scorer on every case and write them to `folder`.

    The scorer learns from mails whose tagger never saw their author, as it will meet them; then,
    from what both make of second turns, how to weigh these.
    """
    cases = every_case()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        fold_of, taggers = cross_trained(cases, form, Path(place), whole=folder)
        gathered = train_scores.gather(cases, fold_of, taggers, form)
    scorer = train_scores.fit(gathered)
    weighed = turns.gather(turns.every_turn(), FieldReader(Tagger(folder), scorer), form)
    train_scores.fit(weighed, scorer).save(folder / SCORES)


def cross_trained(
    cases: Sequence[LabelledMail], form: Form, place: Path, whole: Path | None = None
) -> tuple[dict[str, int], list[Tagger]]:
    """The fold of each author and, for each fold, a tagger that saw none of its authors.

    With `whole` a tagger that saw all is written there, too.
    """
    fold_of = folds(c.author for c in cases)
    parts = [place / str(number) for number in sorted(set(fold_of.values()))]
    jobs = [
        ([c for c in cases if fold_of[c.author] != number], form, part)
        for number, part in enumerate(parts)
    ]
    if whole is not None:
        jobs.append((list(cases), form, whole))
    with get_context("fork").Pool(2) as pool:
        pool.starmap(train_tagger, jobs, chunksize=1)
    return fold_of, [Tagger(part) for part in parts]


def train_tagger(cases: Iterable[LabelledMail], form: Form, folder: Path) -> None:
    """Train the tagger on the cases, each also as others would have typed it."""
    folder.mkdir(parents=True, exist_ok=True)
    names_file = folder / "names.txt"
    names_file.write_text(known_names(), encoding="utf-8")
    names = Names.read(names_file)
    cases = list(cases)
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(_PARAMETERS)
    for passage, mentions, spans in _examples(cases, form):
        tokens = tokens_of(passage)
        if tokens:
            trainer.append(features(passage, tokens, mentions, names), tags(tokens, spans))
    plain = folder / "tagger"
    trainer.train(str(plain))
    (folder / TAGGER).write_bytes(gzip.compress(plain.read_bytes(), mtime=0))
    plain.unlink()


def _examples(
    cases: Sequence[LabelledMail], form: Form
) -> Iterator[tuple[Passage, list[Mention], list[Place]]]:
    chance = random.Random(_SEED)  # noqa: S311  (reproducible, nothing secret)
    stock = augment.Stock.of([c.example for c in cases], given_and_family(), chance)
    labels = labels_of(form)
    for case in cases:
        for passage in passages_of(case.message, labels):
            mentions = mentions_in(passage.text, form, case.message.date)
            spans = places(case.example, passage, mentions)
            yield passage, mentions, spans
            for voice in augment.VOICES:
                if chance.random() > _REWRITTEN:
                    continue
                text, moved = augment.rewrite(passage, spans, voice, stock, chance)
                again = passage_of(text, passage.source, labels)
                yield again, mentions_in(again.text, form, case.message.date), moved


def given_and_family() -> tuple[list[str], list[str]]:
    """Given names and surnames of Mexico and Spain."""
    from faker.providers.person.es_ES import Provider as Spain
    from faker.providers.person.es_MX import Provider as Mexico

    return (
        sorted({*Mexico.first_names, *Spain.first_names}),
        sorted({*Mexico.last_names, *Spain.last_names}),
    )


def known_names() -> str:
    """The folded words of names, as `Names` reads them."""
    lines = []
    for names in given_and_family():
        known = {word for name in names for word in words(name) if len(word) > 2}
        lines.append(" ".join(sorted(known - {"del", "las", "los"})))
    return "\n".join(lines) + "\n"
