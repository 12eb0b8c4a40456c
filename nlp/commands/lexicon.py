"""Words that are harmless in certain sentences around a command, and words that never are."""

from pathlib import Path

from nlp.text.fold import word_set


def sections(name: str) -> dict[str, tuple[str, ...]]:
    """The sections of a text file beside this one, each with its lines."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8").replace("\n  ", " ")
    parted = (section.partition("\n") for section in text.split("\n== ")[1:])
    return {
        head.partition(":")[0]: tuple(line for line in lines.splitlines() if line)
        for head, _, lines in parted
    }


_READ = {name: word_set(" ".join(lines)) for name, lines in sections("words.txt").items()}
FIRST_NAMES, CONTACT, THANKFUL = _READ["first names"], _READ["contact"], _READ["thankful"]
SEEN_HEADS, SEEN, PRAISE = _READ["seen heads"], _READ["seen"], _READ["praise"]
DOUBT = _READ["doubt"]
WISHES, GOOD, TIMES = _READ["wishes"], _READ["good"], _READ["times"]  # "Que tengan buena tarde"
