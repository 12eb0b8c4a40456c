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
    "approve": 0.06, "reject": 0.15, "ask": 0.06, "assign": 0.5, "done": 0.5, "undo": 0.3,
}  # fmt: skip


def odds(text: str) -> dict[str, float]:
    """How likely each command is."""
    said = list(words(text))
    return {name: load(name).probability(said) for name in COMMANDS}


def heard(text: str) -> tuple[str, float]:
    """The likeliest command, and how likely it is."""
    sure, name = max((sure, name) for name, sure in odds(text).items())
    return name, sure


def is_unlikely(name: str, text: str) -> bool:
    """Whether an answer as a whole speaks against a command that rules found in it."""
    return name in LEAST and load(name).probability(words(text)) < LEAST[name]
