"""The spaCy component that fills `doc.cats`, the text as it sees it, and the pipeline around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from nlp.intent.features import vector
from nlp.text.fold import fold, readable
from nlp.types import Intent

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        # A folio as the model was trained with: not `nlp.text.folios`.
        (r"\b[a-z]{2,4}-20\d\d-\d+\b|\bfolio (?:no\.?|num\.?|numero)? ?\d+\b", " xfolio "),
        (r"\[[^\[\]]{0,3}cid:[^\[\]]*\]", " "),
        (r"\bhttps?://\S+|\bwww\.\S+", " xurl "),
        (r"<?(?<![\w.+-])[\w.+-]+@[\w.-]+\w>?", " xmail "),
        (r"\b(?:vo|v)\s?\.\s?(?:bo|b)\b\.?", " vobo "),
        (r"\b20[12]\d\b", " xyear "),
        (r"\b\d[\d,.:/ ]*\b", " xnum "),
        (r"\b[a-z]\w*(?:[-._][a-z0-9]\w*)+\b", " xname "),
        (r"[¿?]+", " ? "),
        (r"[*_|>#=~•·\"“”«»()\[\]<>/\\]+", " "),
    )
)
_SPACES = re.compile(r"[ \t]+")

HAND_OVER = "hand_over"
LABELS: tuple[str, ...] = (*(intent.value for intent in Intent), HAND_OVER)
WEIGHTS = "weights.npz"
Weights = npt.NDArray[np.float32]
_LEAST = 0.04  # a slot whose weights are all smaller changes nothing
# The tokenizer takes punctuation off a word's end character by character: quadratic time.
_LONG = re.compile(r"\S{200}")
_ENDS = frozenset(".!?;…")
_SKIPPED = frozenset(",:-–—'\"&%$`´^+")


def make_doc(nlp: Language, subject: str, text: str, facts: Sequence[str] = ()) -> Doc:
    """The document that the pipeline reads: the subject is its first line."""
    whole = f"{normal(subject).replace(chr(10), ' ')}\n{normal(text)}"
    doc = nlp.make_doc(_LONG.sub(r"\g<0> ", whole))
    doc.user_data["facts"] = tuple(facts)
    return doc


def sentences(doc: Doc) -> Iterator[list[str]]:
    """The words of each sentence, the subject's first, even where it has none."""
    words: list[str] = []
    subject = True
    for token in doc:
        text = token.text
        ends = text in _ENDS
        if text == "?":
            words.append(text)
        if "\n" in text or (ends and not subject):
            if words or subject:
                yield words
            words, subject = [], subject and "\n" not in text
        elif not ends and text not in _SKIPPED and not text.isspace():
            words.append(text)
    if words:
        yield words


def doc_vector(doc: Doc) -> tuple[list[int], list[float]]:
    """The hashed features of a document made by `make_doc`."""
    subject, *body = list(sentences(doc)) or [[]]
    return vector(subject, body, doc.user_data.get("facts", ()))


class IntentClassifier:
    """A calibrated linear model over hashed features, as a component of a spaCy pipeline."""

    def __init__(self, weights: Weights | None = None, temperature: float = 1.0) -> None:
        self.weights = np.zeros((1, len(LABELS)), np.float32) if weights is None else weights
        self.temperature = temperature

    def __call__(self, doc: Doc) -> Doc:
        """Fill `doc.cats` with a probability for each label."""
        slots, values = doc_vector(doc)
        logits = np.asarray(values, np.float32) @ self.weights[slots].astype(np.float32)
        logits = logits / self.temperature
        odds = np.exp(logits - logits.max())
        odds /= odds.sum()
        doc.cats = {label: float(p) for label, p in zip(LABELS, odds, strict=True)}
        return doc

    def to_disk(self, path: Path | str, *, exclude: Sequence[str] = ()) -> None:
        """Write the weights, as halves, and the temperature; called by `Language.to_disk`."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        halves = self.weights.astype(np.float16)
        used = np.flatnonzero(np.abs(halves).max(axis=1) > _LEAST).astype(np.int32)
        np.savez_compressed(folder / WEIGHTS, slots=used, weights=halves[used])
        about = {"labels": LABELS, "temperature": self.temperature, "size": len(self.weights)}
        (folder / "about.json").write_text(json.dumps(about) + "\n", encoding="utf-8")

    def from_disk(self, path: Path | str, *, exclude: Sequence[str] = ()) -> IntentClassifier:
        """Read what `to_disk` wrote; called by `spacy.load`."""
        folder = Path(path)
        about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
        if tuple(about["labels"]) != LABELS:
            raise ValueError("the intent model has other labels; run `python -m nlp train`")
        self.weights = np.zeros((about["size"], len(LABELS)), np.float16)
        with np.load(folder / WEIGHTS) as saved:
            self.weights[saved["slots"]] = saved["weights"]
        self.temperature = float(about["temperature"])
        return self


@Language.factory("mail_intent")
def _create(nlp: Language, name: str) -> Any:
    return IntentClassifier()


def new_pipeline(classifier: IntentClassifier | None = None) -> Language:
    """A Spanish pipeline whose only trained component is the intent."""
    nlp = spacy.blank("es")
    nlp.add_pipe("mail_intent")
    if classifier is not None:
        component: Any = nlp.get_pipe("mail_intent")
        component.weights, component.temperature = classifier.weights, classifier.temperature
    return nlp


def normal(text: str) -> str:
    """`text` folded, with the tokens that vary from mail to mail replaced by what they are."""
    text = fold(readable(text))
    for pattern, put in _RULES:
        text = pattern.sub(put, text)
    return _SPACES.sub(" ", text).strip()
