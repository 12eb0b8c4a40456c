"""Text as the intent model sees it: folded, with names, numbers and addresses made alike."""

from __future__ import annotations

import re

from nlp.text.fold import fold, readable

_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
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


def normal(text: str) -> str:
    """`text` folded, with the tokens that vary from mail to mail replaced by what they are."""
    text = fold(readable(text))
    for pattern, put in _RULES:
        text = pattern.sub(put, text)
    return _SPACES.sub(" ", text).strip()
