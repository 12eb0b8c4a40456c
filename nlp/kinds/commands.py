"""What command an answer of staff gives as a whole: learned, for the endless ways to say it."""

from nlp.kinds.linear import load, words

COMMANDS = (
    "approve", "reject", "ask", "note", "assign", "done", "undo", "status", "list", "help",
)  # fmt: skip
LIKELY = 0.4
CLEAR = 0.7  # of strangers' answers that command nothing, one in a hundred reads so
SURE = 0.85
# Below these a command that rules found is none: natural ones of its kind never fall under them.
LEAST = {
    "approve": 0.06, "reject": 0.2, "ask": 0.06, "assign": 0.5, "done": 0.5, "undo": 0.3,
}  # fmt: skip


def heard(text: str) -> tuple[str, float]:
    """The likeliest command, and how likely it is."""
    said = list(words(text))
    sure, name = max((load(name).probability(said), name) for name in COMMANDS)
    return name, sure


def likeliest_beside(name: str, text: str) -> float:
    """How likely the likeliest other command is."""
    said = list(words(text))
    return max(load(other).probability(said) for other in COMMANDS if other != name)


def is_unlikely(name: str, text: str) -> bool:
    """Whether an answer as a whole speaks against a command that rules found in it."""
    return name in LEAST and load(name).probability(words(text)) < LEAST[name]
