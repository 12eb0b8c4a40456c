"""A text told in prose to the end of its words: none is cut in the middle of what it says."""

import re

from nlp.text.fold import fold, word_set
from nlp.text.rhythm import rhythms_in

_AHEAD = 200  # characters behind a text that are looked at
_MOST = 10  # words that a text cut behind a small word may go on for
_CLAUSE = re.compile(r"[^.,;:!?()\n]*")
_LEADS_ON = word_set(
    "a al ante bajo con contra cual cuando de del desde donde e el en entre es esta fue ha han"
    " hacia hasta hay la las le les lo los me mi mis nos no ni o para pero por porque que se"
    " segun ser si sin sobre son su sus u un una unos unas y ya muy mas como cada"
)


def whole(text: str, behind: str) -> str:
    """A text with the words `behind` it that end its clause, where it ends in one that leads on
    ("… y ubicación de") or but one word is left ("vacantes de prácticas" + "profesionales")."""
    clause = _CLAUSE.match(behind[:_AHEAD])
    left = clause[0].split() if clause else []
    if not left or not behind[0].isspace() or any(c.isdigit() for word in left for c in word):
        return text
    cut = fold(text).rpartition(" ")[2] in _LEADS_ON
    if (cut and len(left) <= _MOST) or (len(left) == 1 and not rhythms_in(left[0])):
        return f"{text} {' '.join(left)}"
    return text
