"""Whether a passage was added by a program on the way: learned, for the edges of a mail."""

import re
from collections.abc import Sequence

from nlp.kinds.linear import load, words

SURE = 0.7  # of lines that other hands typed to be near it, one in a hundred comes so far
CLEAR = 0.8  # from here on it is one, though it speaks of what areas ask for
_TYPED = 0.05  # a sentence below it was typed, whatever stands beside it
_BEGUN = 0.005  # so was what begins like that: "Se rechaza por contravenir la Ley …"
_BEGINNING = 4  # words
_DOUBTED = 0.2  # no notice that is really one comes near
HARDLY = 0.1  # below it, it is somebody's, though a rule knows it
_TITLE = re.compile(r"^(?:[^\s:]{1,30} ){0,4}[^\s:]{1,30}: (?=\S+ \S)")
_LEAST = 3  # words of a passage that tells enough
_SIGNAL = re.compile(
    r"^\W*(?:atencion|aviso|advertencia|precaucion|cuidado|alerta|ojo|importante|warning|caution"
    r"|attention|notice|alert)\W+"
)
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2}[.!?;]) +(?=\D)")


def added(text: str) -> float:
    """How likely a passage is what a gateway, a device or a lawyer adds, and nobody typed."""
    model = load("added")
    whole = model.probability(words(text))
    if whole < SURE or len(text.split()) < _LEAST:
        return min(whole, 0.5)
    said = _SIGNAL.sub("", text[:1_500], count=1)
    begun = model.probability(words(" ".join(said.split()[:_BEGINNING])))
    sentences = (model.probability(words(piece)) for piece in _SENTENCE_END.split(said))
    return whole if min(sentences) >= _TYPED and begun >= _BEGUN else 0.5


def lines_added(texts: Sequence[str]) -> bool:
    """Whether the lines of a paragraph together are an addition, and none of them was typed."""
    model = load("added")
    return added(" ".join(texts)) >= SURE and all(
        model.probability(words(text)) >= _TYPED for text in texts if text
    )


def typed(text: str, most: float = _DOUBTED) -> bool:
    """Whether a folded passage that begins like an addition, perhaps with its title, is worded as
    none is: somebody's sentence."""
    return load("added").probability(words(_TITLE.sub("", text, count=1))) < most
