"""Folding of Spanish text that keeps every character in its place, and small text helpers."""

from __future__ import annotations

import re
import unicodedata

# One character for one, so that an offset in the folded text is an offset in the text.
_FROM = "áàâäãåéèêëíìîïóòôöõúùûüñç’‘´`“”«»„–—−‐‑\u00a0\u2007\u202f\t"
_TO = 'aaaaaaeeeeiiiiooooouuuunc\'\'\'\'"""""-----    '
_TABLE = str.maketrans(dict(zip(_FROM, _TO, strict=True)))

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\ufe0f]")
_SPACES = re.compile(r"\s+")
_MAILTO = re.compile(r"\s?<mailto:[^<>\s]*>", re.IGNORECASE)
_ECHOED = re.compile(r"(?<![\w.+-])([\w.+-]{1,64}@[\w.-]{1,250})\s*<\1>", re.IGNORECASE)


def fold(text: str) -> str:
    """Lower case without accents, of the same length as `text`."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered ("İ")
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered.translate(_TABLE)


def clean(text: str) -> str:
    """Text as the eye reads it: composed, without invisible characters and doubled addresses."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _INVISIBLE.sub("", text)
    if "<" in text:
        text = _ECHOED.sub(r"\1", _MAILTO.sub("", text))
    return text


def squeeze(text: str) -> str:
    """On one line with single spaces."""
    return _SPACES.sub(" ", text).strip()


_EDGE = " \t\n\r.,;:|*_=~·•\"'“”«»‘’<>¡¿"


def trim(text: str) -> str:
    """On one line, without the punctuation, quotes and emphasis around it."""
    text = squeeze(text).strip(_EDGE + "-–—")
    if text.endswith(")") and "(" not in text:
        text = text[:-1].rstrip(_EDGE)
    if text.startswith("(") and ")" not in text:
        text = text[1:].lstrip(_EDGE)
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1].strip(_EDGE)
    return text
