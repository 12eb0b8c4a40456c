"""What an answer of staff asks for as a whole: learned, for the endless ways to say it."""

from nlp.kinds.linear import load, words

ORDERS = (
    "approve", "reject", "ask", "note", "assign", "done", "undo", "status", "list", "help",
)  # fmt: skip
LIKELY = 0.4
CLEAR = 0.7  # of strangers' answers that give no order, one in a hundred reads so
SURE = 0.85
# Below these an order that rules found is none: what natural orders of each kind never fall under.
LEAST = {"approve": 0.06, "reject": 0.2, "ask": 0.06, "assign": 0.5, "done": 0.5, "undo": 0.3}


def heard(text: str) -> tuple[str, float]:
    """The likeliest order, and how likely it is."""
    said = list(words(text))
    sure, name = max((load(name).probability(said), name) for name in ORDERS)
    return name, sure


def is_unlikely(name: str, text: str) -> bool:
    """Whether an answer as a whole speaks against an order that rules found in it."""
    least = LEAST.get(name, 0.0)
    return least > 0 and load(name).probability(words(text)) < least
