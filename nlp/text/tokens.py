"""Words and signs of a text, each with its place, its folded form and its stem."""

import re
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from nlp.text.fold import fold

EMAIL = re.compile(
    r"[A-Za-z0-9][\w.+'-]{0,63}@[A-Za-z0-9](?:[\w-]{0,62}\.)+[A-Za-z]{2,18}", re.ASCII
)
# A point behind one of these ends no sentence where a word follows: "Ma. Inés", "Lab. de Suelos".
_SHORT = (
    r"(?i:ma|med|coord|depto|dir|soc|lab|fac|admin|adm|prof|profra|univ|ing|lic|mtr[oa]|dra?"
    r"|subdir|sec|esp|gpe|fco|psic|enf|odont|arq|gral|tec|jef)"
)
_TOKEN = re.compile(
    rf"{EMAIL.pattern}|https?://\S{{1,200}}|{_SHORT}\.(?=\s?[^\W_])|\d+(?:[.,/:']\d+)*|[^\W\d_](?:\.[^\W\d_]){{1,4}}\.?"
    r"|[^\W_]+(?:[-_.·][^\W_]+)*|\n|[^\s\w]|_+"
)
_LETTERS = re.compile(r"[^\W\d_]")
_STEMMER = Stemmer.Stemmer("spanish")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, address or sign; `start` and `end` are offsets in the text."""

    start: int
    end: int
    text: str
    folded: str
    stem: str


def tokenise(text: str) -> list[Token]:
    """The tokens of a text; line ends are tokens, blanks are not."""
    folded = fold(text)
    found = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        bare = match[0].rstrip(".") or "."
        found.append(Token(start, end, match[0], folded[start : start + len(bare)], stem(bare)))
    return found


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """What the forms of a word have in common: "mandar", "mandaría", "mándenles"."""
    return fold(_STEMMER.stemWord(word.lower())) if len(word) < 40 else fold(word[:40])


@lru_cache(maxsize=16_384)
def shape(text: str) -> str:
    """How a token is written: capitals, capitalised, digits and how many."""
    if text.isdigit():
        return f"d{min(len(text), 6)}"
    if text.isupper():
        return "XX" if len(text) > 1 else "X"
    if text[0].isupper():
        return "Xx"
    if text.islower():
        return "x"
    return "m" if _LETTERS.search(text) else text[:1]
