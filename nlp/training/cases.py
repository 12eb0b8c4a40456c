"""Every labelled mail there is, with its author: written with marks, given, and from batches."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.training import corpus, given
from nlp.training.batches import READ
from nlp.training.corpus import Example
from nlp.types import Message

FOLDS = 3


@dataclass(frozen=True, slots=True)
class LabelledMail:
    """A labelled mail as the bot reads it."""

    author: str
    example: Example
    message: Message


def every_case() -> list[LabelledMail]:
    """All whole mails, in a stable order."""
    found = [LabelledMail(e.source.partition(":")[0], e, e.message) for e in corpus.written()]
    found += [LabelledMail("given", e, m) for e, m in given.read()]
    files = sorted(READ.glob("*.txt"))
    return found + [LabelledMail(path.stem, e, m) for path in files for e, m in given.read(path)]


def folds(authors: Iterable[str], count: int = FOLDS) -> dict[str, int]:
    """The fold of each author of some mails: all folds are of about the same size."""
    sizes = Counter(authors)
    filled = [0] * count
    found: dict[str, int] = {}
    for author in sorted(sizes, key=lambda a: (-sizes[a], a)):
        found[author] = filled.index(min(filled))
        filled[found[author]] += sizes[author]
    return found
