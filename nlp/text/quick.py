"""Searching for a long pattern only where a text holds one of the words that it needs.

Looking for thirty words takes a tenth of the time of trying thirty alternatives at each character,
and most mails hold none of them. The words are read off the pattern itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

# Only the parser of `re` itself tells what a pattern is made of; it has no public name, and no
# types. tests/unit/test_quick_search.py holds this search against that of `re`.
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Words = frozenset[str]
_NOTHING = frozenset({""})  # stands in every text
_MOST = 40  # wordings that are told apart


def search(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """What `pattern.search` finds."""
    return pattern.search(text) if _may_match(pattern, text) else None


def finditer(pattern: re.Pattern[str], text: str) -> Iterable[re.Match[str]]:
    """What `pattern.finditer` finds."""
    return pattern.finditer(text) if _may_match(pattern, text) else ()


def _may_match(pattern: re.Pattern[str], text: str) -> bool:
    return any(map(text.__contains__, needed(pattern.pattern, pattern.flags)))


@cache  # as many as there are patterns in the program
def needed(pattern: str, flags: int = 0) -> tuple[str, ...]:
    """Words of which one stands in whatever a pattern matches; one empty word where none must."""
    if flags & (re.IGNORECASE | re.VERBOSE):
        return ("",)
    _, words = _sequence(parser.parse(pattern))
    return tuple(sorted(w for w in words if not any(v in w for v in words - {w})))


def _sequence(items: Iterable[tuple[Any, Any]]) -> tuple[Words, Words]:
    """All that may stand there (none: too much to tell), and of what one must."""
    run, best, whole = _NOTHING, _NOTHING, True
    for op, argument in items:
        can, must = _item(op, argument)
        if can and len(run) * len(can) <= _MOST:
            run = frozenset(before + after for before in run for after in can)
        else:
            best, run, whole = max((best, run, must), key=_worth), _NOTHING, False
    return (run if whole else frozenset()), max((best, run), key=_worth)


def _worth(words: Words) -> tuple[int, int]:
    return min(map(len, words)), -len(words)


def _item(op: Any, argument: Any) -> tuple[Words, Words]:
    """The same of one part of a sequence."""
    if op is ops.LITERAL:
        return frozenset({chr(argument)}), _NOTHING
    if op in (ops.AT, ops.ASSERT, ops.ASSERT_NOT):
        return _NOTHING, _NOTHING
    if op is ops.IN and all(kind is ops.LITERAL for kind, _ in argument):
        return frozenset(chr(code) for _, code in argument), _NOTHING
    if op is ops.SUBPATTERN and not argument[1]:  # without flags of its own
        return _sequence(argument[3])
    if op is ops.BRANCH:
        ways = [_sequence(way) for way in argument[1]]
        whole = frozenset().union(*(can for can, _ in ways))
        return (whole if all(can for can, _ in ways) else frozenset()), frozenset().union(
            *(must for _, must in ways)
        )
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        least, most, part = argument
        can, must = _sequence(part)
        if least == 0:
            can, must = can | _NOTHING if can else can, _NOTHING
        return (can if most == 1 else frozenset()), must
    return frozenset(), _NOTHING
