"""Understanding a message: its intent, with a calibrated confidence, and the form's fields.

`load` takes seconds, once; `understand` milliseconds. The model is made by `python -m nlp train`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import spacy
from spacy.language import Language

import nlp.intent.component  # noqa: F401  (registers the component that the pipeline names)
from nlp.fields.reader import FieldReader
from nlp.intent.deciding import decide
from nlp.turns.reader import read_turn
from nlp.turns.types import GivenValue, Question, Turn, TurnContext, Unclear, Writer
from nlp.types import Extraction, Form, FormField, Message, Part, Prediction

_PARTS = frozenset(Part)
T = TypeVar("T")
Named = TypeVar("Named", GivenValue, Question)

MODEL = Path(__file__).parent / "model"
INTENT = "intent"


class ModelMissingError(RuntimeError):
    """The model has not been trained here, or is of another version."""


class Predictor:
    """Reads messages; made by `load`, shared by one thread at a time."""

    def __init__(self, pipeline: Language, reader: FieldReader) -> None:
        self.pipeline, self._reader = pipeline, reader

    def understand(self, message: Message, form: Form) -> Prediction:
        """What the sender wants and the fields of `form` that the message fills."""
        naming = naming_of(form)
        intent, confidence = decide(self.pipeline, message, naming.form)
        found = naming.values(self._reader.read(message, naming.form, intent))
        return Prediction(intent, round(confidence, 4), MappingProxyType(found))

    def turn(self, message: Message, context: TurnContext, writer: Writer) -> Turn:
        """What a message says that goes on with a conversation."""
        naming = naming_of(context.form)
        return naming.turn(read_turn(message, naming.context(context), writer, self._reader))

    def fields(self, message: Message, form: Form, intent: str) -> Mapping[str, Extraction]:
        """The fields that a message fills where what it is about is known already.

        A reply that completes a request may read like anything by itself.
        """
        naming = naming_of(form)
        return MappingProxyType(naming.values(self._reader.read(message, naming.form, intent)))


def load(path: Path | None = None) -> Predictor:
    """The understander with the model in folder `path` (default: the one that is shipped).

    Raises ModelMissingError where there is no usable model, saying what to do.
    """
    folder = path or MODEL
    try:
        return Predictor(spacy.load(folder / INTENT), FieldReader.load(folder))
    except (OSError, ValueError, KeyError) as error:
        raise ModelMissingError(
            f"no usable model in {folder}; run `python -m nlp train` ({error})"
        ) from error


@dataclass(frozen=True, slots=True)
class Naming:
    """A form whose fields are called by the parts they play; `own` has its own names of them."""

    form: Form
    own: Mapping[str, str]

    def values(self, found: Mapping[str, T]) -> dict[str, T]:
        """What was found, under the form's own names."""
        return {self.own[name]: value for name, value in found.items()}

    def context(self, context: TurnContext) -> TurnContext:
        """The context of a turn, by parts."""
        played = {name: part for part, name in self.own.items()}
        return replace(
            context,
            form=self.form,
            missing=_called(context.missing, played),
            known={played.get(name, name): value for name, value in context.known.items()},
            sent={played.get(name, name): text for name, text in context.sent.items()},
            pending=_unclear(context.pending, played),
        )

    def turn(self, turn: Turn) -> Turn:
        """What a turn says, under the form's own names."""
        return replace(
            turn,
            answers=self._renamed(turn.answers),
            corrections=self._renamed(turn.corrections),
            repeated=self._renamed(turn.repeated),
            doubted=self._renamed(turn.doubted),
            questions=self._renamed(turn.questions),
            unclear=_unclear(turn.unclear, self.own),
            missing=_called(turn.missing, self.own),
        )

    def _renamed(self, said: Iterable[Named]) -> tuple[Named, ...]:
        return tuple(replace(one, field=self.own.get(one.field, one.field)) for one in said)


def naming_of(form: Form) -> Naming:
    """How the fields of a form are known."""
    own = {_known_as(field): field.name for field in form.fields}
    fields = (replace(field, name=name) for name, field in zip(own, form.fields, strict=True))
    return Naming(Form(tuple(fields)), own)


def _known_as(field: FormField) -> str:
    """The part that a field plays; without one its name, made other than every part's."""
    if field.part is not None:
        return field.part.value
    return f"{field.name}'" if field.name in _PARTS else field.name


def _called(names: Iterable[str], calls: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(calls.get(name, name) for name in names)


def _unclear(said: Iterable[Unclear], calls: Mapping[str, str]) -> tuple[Unclear, ...]:
    return tuple(replace(one, fields=_called(one.fields, calls)) for one in said)
