"""Mails put together from single sentences, so that the model learns what outranks what.

A mail holds one sentence that decides, now and then another one that asks for less work, and
around them greetings, context and data that say nothing about the intent.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from nlp.intent.component import HAND_OVER
from nlp.training.corpus import FOLDER
from nlp.training.samples import Sample
from nlp.types import Intent

FILLER = FOLDER / "filler"
_RANK = [intent.value for intent in Intent]
_WITH_DATA = _RANK[:4]
_PER_LABEL = 200
_WEIGHT = 0.3  # of a composed mail against a real one
_SEED = 20210618


def composed(sentences: Sequence[Sample], folder: Path = FILLER) -> Iterator[Sample]:
    """The same number of mails for each intent, made of `sentences`; always the same ones."""
    chance = random.Random(_SEED)  # noqa: S311  (reproducible, nothing secret)
    filler = {path.stem: _lines(path) for path in sorted(folder.glob("*.txt"))}
    by_label = {label: [s for s in sentences if s.label == label] for label in _RANK}
    yield from _covers([s for s in sentences if s.label == HAND_OVER], chance, filler)
    for rank, label in enumerate(_RANK):
        for number in range(_PER_LABEL):
            own = by_label[label]
            if not own:
                continue
            main = own[number % len(own)]
            parts = [main.text]
            if label != "other" and chance.random() < 0.25 and rank < len(_RANK) - 2:
                lower = chance.choice(_RANK[rank + 1 : -1])
                if by_label[lower]:
                    parts.insert(chance.randrange(2), chance.choice(by_label[lower]).text)
            yield replace(
                main, text=_mail(chance, parts, filler, label), facts=("always",), weight=_WEIGHT
            )


def _covers(
    covers: list[Sample], chance: random.Random, filler: dict[str, list[str]]
) -> Iterator[Sample]:
    """Notes that go with a form, with what is known of the form."""
    for cover in covers:
        for kind in ("create_list", "reinstate_list"):
            where = chance.choice(("text", "document", "document"))
            facts = ["always", f"form in {where}", f"form in {where} says {kind}", "short"]
            if where == "document":
                facts.append("documents")
            text = _mail(chance, [cover.text], filler, HAND_OVER, most=0)
            yield replace(cover, text=text, facts=tuple(facts))


def _mail(
    chance: random.Random,
    parts: list[str],
    filler: dict[str, list[str]],
    label: str,
    most: int = 3,
) -> str:
    parts = list(parts)
    for _ in range(min(most, chance.choice((0, 1, 1, 2, 3)))):
        parts.insert(chance.randrange(len(parts) + 1), chance.choice(filler["neutral"]))
    if label in _WITH_DATA:
        for _ in range(chance.choice((0, 0, 1, 2))):
            parts.insert(chance.randrange(1, len(parts) + 1), chance.choice(filler["data"]))
    if chance.random() < 0.8:
        parts.insert(0, chance.choice(filler["opening"]))
    if chance.random() < 0.8:
        parts.append(chance.choice(filler["closing"]))
    return " ".join(part if part[-1] in ".!?:," else part + "." for part in parts)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
