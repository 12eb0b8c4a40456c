"""What the scorer learns from second turns: what each means, of all that it may."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from nlp.fields.reader import FieldReader
from nlp.fields.scorer import Choice
from nlp.training import given
from nlp.training.batches import BATCHES, TURNS
from nlp.training.cases import LabelledMail
from nlp.training.field_score import same
from nlp.turns.ours import context_of
from nlp.turns.reader import heard
from nlp.turns.types import Writer
from nlp.turns.weighing import TURN, none_of
from nlp.types import Form


def every_turn(folder: Path = TURNS, answered: Path = BATCHES / "answered") -> list[LabelledMail]:
    """The second turns of the batches, each with the text of our mail that it answers."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        for example, message in given.read(path):
            form = example.source.rpartition(" ")[2]
            _, _, text = (answered / f"{form}.txt").read_text(encoding="utf-8").partition("\n\n")
            found.append(LabelledMail(path.stem, example, replace(message, answered=text)))
    return found


def gather(
    turns: Iterable[LabelledMail], reader: FieldReader, form: Form
) -> list[tuple[int, str, Choice]]:
    """What may be meant by each turn, as a reader sees it that learned from requests."""
    return [(0, TURN, choice) for turn in turns for choice in _choices(turn, reader, form)]


def _choices(turn: LabelledMail, reader: FieldReader, form: Form) -> Iterator[Choice]:
    message, wanted = turn.message, turn.example.fields
    context = context_of(message.answered, form, message.date)
    reading = heard(message, context, Writer(message.sender), reader)
    for name, options in reading.options().items():
        right = [
            name in wanted and one.value is not None and same(name, wanted[name], one.value)
            for one, _ in options
        ]
        none = none_of(name, options, reading.ground)
        yield Choice((none, *(facts for _, facts in options)), (not any(right), *right))
