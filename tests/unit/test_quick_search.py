"""Searching by the words that a pattern needs finds what the pattern finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.text.quick import finditer, needed, search

PATTERNS = (
    r"\b(?:este|the)\b (?:presente )?(?:correo|mail)\b",
    r"lista[sx]?|(?:un |otro )?grupo\b.{0,20}(?:fin|cabo)",
    r"(?:a|b)+c|\d{2,3}%",
    r"x(?!y)(?:ab?|cd){1,2}z?",
    r"(?P<same>mes|dia) (?:con|a) (?P=same)",
    r"(?:(?i:[áb]x)|sí)+",
    r"[^\W_]{2}-20\d\d",
)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
def test_what_matches_holds_a_needed_word(pattern: str, data: st.DataObject) -> None:
    compiled = re.compile(pattern)
    text = data.draw(st.from_regex(compiled))
    assert any(word in text for word in needed(pattern))
    assert search(compiled, text) is not None
    assert [m.span() for m in finditer(compiled, text)] == [
        m.span() for m in compiled.finditer(text)
    ]


def test_the_longest_words_are_needed() -> None:
    assert needed(r"\b(?:no|sin) (?:confirm\w+|avis[oa]r?)\b") == ("avisa", "aviso", "confirm")
    assert needed(r"\b(?:no|ni)\b se pudo") == ("ni se pudo", "no se pudo")
    assert needed(r"(?:fraude|phish(?:ing)?)") == ("fraude", "phish")


def test_where_nothing_is_needed_all_is_searched() -> None:
    assert needed(r"\d+") == needed("a", re.IGNORECASE) == ("",)
    assert search(re.compile("LISTA", re.IGNORECASE), "una lista") is not None


def test_a_text_without_the_words_is_not_searched() -> None:
    assert search(re.compile(r"\bcorreo \w+"), "nada que ver") is None
    assert list(finditer(re.compile(r"\bcorreo \w+"), "nada que ver")) == []
