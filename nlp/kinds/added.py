"""Whether a passage was added by a program on the way: learned, for the edges of a mail."""

import re

from nlp.kinds.linear import load, words

SURE = 0.75  # of seven thousand lines that people typed none comes near
_TYPED = 0.1  # a sentence below it was typed, whatever stands beside it
_DOUBTED = 0.2  # no notice that is really one comes near
_TITLE = re.compile(r"^[^:]{3,60}: (?=\S+ \S)")
_LEAST = 3  # words of a passage that tells enough
_SIGNAL = re.compile(
    r"^\W*(?:atencion|aviso|advertencia|precaucion|cuidado|alerta|ojo|importante|warning|caution"
    r"|attention|notice|alert)\W+"
)
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2}[.!?;]) +")


def added(text: str) -> float:
    """How likely a passage is what a gateway, a device or a lawyer adds, and nobody typed."""
    model = load("added")
    whole = model.probability(words(text))
    if whole < SURE or len(text.split()) < _LEAST:
        return min(whole, 0.5)
    said = _SENTENCE_END.split(_SIGNAL.sub("", text[:1_500], count=1))
    sentences = (model.probability(words(piece)) for piece in said)
    return whole if min(sentences) >= _TYPED else 0.5


def typed(text: str) -> bool:
    """Whether a folded passage that begins like an addition, perhaps with its title, is worded as
    none is: somebody's sentence."""
    return load("added").probability(words(_TITLE.sub("", text, count=1))) < _DOUBTED
