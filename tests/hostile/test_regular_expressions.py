"""No regular expression of the program takes more than linear time, whatever it is given.

Those that do on long texts are listed with the longest text that they are ever given.
"""

from __future__ import annotations

import re
import time
from functools import partial

import pytest

from tests.hostile import patterns
from tests.hostile.patterns import Use
from tests.hostile.timing import grows

USES = patterns.uses()
SIZES = (24, 81, 500)  # before the longest: what takes cubic or exponential time shows here
LONGEST = 8_000
FLOOR = 0.004  # seconds for LONGEST characters: quadratic time is far above it, noise is below
MOST = 7  # times the time of a quarter of the text
ENDS = ("", "\x01")
MORE_ENDS = ("", "\x01", "!\n", "ñ@", " 1")

# These may take more than linear time, because what they are given is short: how short.
SHORT = {
    "bot.mail.documents.symbols._MADE_UP": 100,  # is_made_up
    "bot.mail.errors._CODE": 8_000,  # a line of a server of ours
    "nlp.training.corpus._FORWARDED": 200,  # a line of our own corpora
    "nlp.text.dates._ENDS": 80,  # read_period
    "nlp.text.dates._STARTS": 80,
    "nlp.text.lines._BULLET": 40,  # strip_bullet
    "nlp.commands.argument._COURTEOUS": 120,
    "nlp.turns.courtesy._COURTESY": 200,  # is_courtesy
    "nlp.turns.contrast.TAKEN_BEFORE": 50,
    "nlp.turns.old_words._INSTEAD_OR_NOT": 40,
    "nlp.turns.pieces._BEFORE": 40,
}
SHORT_SECONDS = 0.15
# Made of values that only a call knows: of escaped words, addresses, configuration. Those that end
# up in a table or a constant are found there.
MADE = {
    "bot.mail.providers:says": "",
    "bot.store.forgetting:_any_of(words)": "an address and a name, escaped",
    "bot.store.forgetting:_any_of(self._folded)": "the same, folded, and folios",
    "bot.config.settings:value": "checks that a pattern of the configuration is one",
    "bot.workflow.tokens:pattern": "the mailbox, escaped, and two classes",
    "bot.lists.guidelines:guidelines.list_name_pattern": "of the configuration",
    "bot.store.redaction:BREAK.join((re.escape(bytes([c])) for c ": "a message of ours",
    "nlp.intent.concepts:'|'.join(groups)": "",
    "nlp.intent.component:pattern": "",
    "nlp.turns.commands_in_prose:'|'.join(ways)": "",
    "nlp.text.rhythm:pattern": "",
    "nlp.fields.mentions:f' ?\\\\b{word}\\\\b ?'": "one of three words",
    "nlp.fields.labels:f'(?<=[^\\\\W_A-Z])(?=(?:{labels})(?:[^\\\\n": "labels, escaped",
}


def seconds(use: Use, piece: str, end: str, size: int, enough: float = 0.0) -> float:
    """The least that the pattern took for a text of so many characters; or what is `enough`."""
    text: str | bytes = piece * (size // len(piece) + 1) + end
    if isinstance(use.pattern.pattern, bytes):
        text = str(text).encode("latin-1", "replace")
    best = float("inf")
    for _ in range(3):
        begin = time.thread_time()
        use.run(text)
        best = min(best, time.thread_time() - begin)
        if best <= enough:
            break
    return best


def slow(use: Use, words: int = 8, ends: tuple[str, ...] = ENDS) -> str:
    """What the pattern chokes on; empty where nothing was found. Sizes grow, so none hangs."""
    longest = SHORT.get(use.name, LONGEST)
    most = SHORT_SECONDS if use.name in SHORT else FLOOR
    for piece in patterns.attacks(use.pattern, words):
        for end in ends:
            for size in (*(s for s in SIZES if s < longest), longest):
                spent = seconds(use, piece, end, size, most)
                known = use.name in SHORT or size < LONGEST / 4
                whole = partial(seconds, use, piece, end, size)
                quarter = partial(seconds, use, piece, end, size // 4)
                if spent > most and (known or grows(whole, quarter, floor=FLOOR, most=MOST)):
                    return f"{spent * 1000:.0f} ms for {size} characters of {piece!r}+{end!r}"
    return ""


def test_the_patterns_are_found() -> None:
    assert len(USES) > 370
    assert "nlp.text.rhythm._COMPILED" in USES  # built from lists
    assert "bot.mail.parsing.words._WORD" in USES  # of bytes


@pytest.mark.parametrize("name", sorted(USES))
def test_time_is_linear(name: str) -> None:
    assert slow(USES[name]) == ""


@pytest.mark.soak
@pytest.mark.parametrize("name", sorted(USES))
def test_time_is_linear_whatever_is_tried(name: str) -> None:
    assert slow(USES[name], 40, MORE_ENDS) == ""


def test_what_is_slow_is_seen() -> None:
    """The test can fail: on what takes quadratic time, cubic time, and for ever."""
    for pattern in (r"\s*x", r"[a-z]+[a-z]+@", r"(?:a|aa)+$", r"(\w+\s?)*:"):
        assert slow(Use("one", re.compile(pattern))), pattern
    assert not slow(Use("one", re.compile(r"\bx\s*")))


def test_what_is_short_exists() -> None:
    assert set(SHORT) <= set(USES)


def test_what_is_made_at_run_time_is_known() -> None:
    assert patterns.not_evaluable() == set(MADE)
