"""Letters with accents that a program on the way lost, put back as our mail has them.

Some turn them into "?", some into what UTF-8 looks like in another character set ("Ã³"), some drop
them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.mail.parsing.lines import TextLine
from nlp.text.fold import letters

_PIECE = re.compile(r"[^:\t|]+")
_KEPT = re.compile(r"[a-z0-9]", re.IGNORECASE | re.ASCII)
# What is left of a letter with an accent at an end of the words.
_BEFORE = re.compile(r"(?:[?\ufffd]|[^\W\x00-\x7f]|(?<=[^\W\x00-\x7f])[^\s\w?\ufffd]){1,8}$")
_BEHIND = re.compile(r"^(?:[?\ufffd]|[^\W\x00-\x7f]|(?<=[^\W\x00-\x7f])[^\s\w?\ufffd]){1,8}")
_MISREAD = re.compile(r"[ÃÂ][^\sA-Za-z]")  # of two bytes of UTF-8 the first
_LEAST = 5  # letters that tell which words of our mail stand there
_PLACES = 20  # at which they are looked for


@dataclass(frozen=True, slots=True)
class _Sent:
    """A mail of ours: its ASCII letters and digits in one run, and where each of them stands."""

    text: str
    run: str
    places: tuple[int, ...]

    def words(self, told: str) -> str:
        """The whole words of the mail that some ASCII letters are of; empty where it has none."""
        at, tried = self.run.find(told), 0
        while at >= 0 and tried < _PLACES:
            start, end = self.places[at], self.places[at + len(told) - 1] + 1
            while start and _is_lost(self.text[start - 1]):
                start -= 1
            while end < len(self.text) and _is_lost(self.text[end]):
                end += 1
            if not (self.text[start - 1 : start].isalnum() or self.text[end : end + 1].isalnum()):
                return " ".join(self.text[start:end].split())
            at, tried = self.run.find(told, at + 1), tried + 1
        return ""


def _is_lost(letter: str) -> bool:
    return letter.isalpha() and not letter.isascii()


@lru_cache(maxsize=64)
def _sent(text: str) -> _Sent:
    found = list(_KEPT.finditer(text))
    return _Sent(text, "".join(m[0].lower() for m in found), tuple(m.start() for m in found))


def restored(lines: Sequence[TextLine], mails: Sequence[str]) -> Sequence[TextLine]:
    """The lines; of those that lost letters the pieces that `mails`, the texts of ours that are
    answered, have as well are as they stand there."""
    sent = [_sent(text) for text in mails]
    if not sent:
        return lines
    return [
        replace(line, text=_PIECE.sub(lambda m: _restored(m[0], sent), line.text)) for line in lines
    ]


def _restored(piece: str, sent: Sequence[_Sent]) -> str:
    kept = list(_KEPT.finditer(piece))
    if len(kept) < _LEAST:
        return piece
    ascii_letters = "".join(m[0].lower() for m in kept)
    words = next(filter(None, (one.words(ascii_letters) for one in sent)), "")
    if not words or (letters(words) == letters(piece) and not _MISREAD.search(piece)):
        return piece  # nothing is lost
    before, behind = piece[: kept[0].start()], piece[kept[-1].end() :]
    before = before if words[0].isascii() else _BEFORE.sub("", before)
    return before + words + (behind if words[-1].isascii() else _BEHIND.sub("", behind))
