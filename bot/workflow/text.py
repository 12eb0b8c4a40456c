"""Words as they are compared: without case, accents and punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
MAX_COMPARED = 400  # characters of somebody's text that are compared


@lru_cache(maxsize=8192)  # the same names are compared with every request
def words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case without accents; a hyphen parts them as a blank does."""
    bare = unicodedata.normalize("NFKD", text[:MAX_COMPARED].casefold())
    return tuple(_WORD.findall("".join(c for c in bare if not unicodedata.combining(c))))


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A text as it is compared: its words, one blank between them."""
    return " ".join(words(text))
