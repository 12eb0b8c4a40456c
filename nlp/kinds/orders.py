"""What an answer of staff asks for as a whole: learned, for the endless ways to say it."""

from nlp.kinds.linear import load, words

ORDERS = (
    "approve", "reject", "ask", "note", "assign", "done", "undo", "status", "list", "help",
)  # fmt: skip
LIKELY = 0.4
CLEAR = 0.7  # of strangers' answers that give no order, one in a hundred reads so
SURE = 0.85
UNLIKELY = 0.04  # below it, an order that rules found is none


def heard(text: str) -> tuple[str, float]:
    """The likeliest order, and how likely it is."""
    said = list(words(text))
    sure, name = max((load(name).probability(said), name) for name in ORDERS)
    return name, sure


def likelihood(name: str, text: str) -> float:
    """How likely an answer gives this order; 1.0 where that was not learned."""
    return load(name).probability(words(text)) if name in ORDERS else 1.0
