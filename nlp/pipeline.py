"""Understanding a message: its intent, with a calibrated confidence, and the form's fields.

`load` takes seconds, once; `understand` milliseconds. The model is made by `python -m nlp train`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import spacy
from spacy.language import Language

import nlp.intent.component  # noqa: F401  (registers the component that the pipeline names)
from nlp.fields.reader import FieldReader
from nlp.intent.deciding import decide
from nlp.naming import naming_of
from nlp.turns.reader import read_turn
from nlp.turns.types import Turn, TurnContext, Writer
from nlp.types import Extraction, Form, Message, Prediction

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
