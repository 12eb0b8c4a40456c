"""The clock jumps back an hour: what is due later waits longer, all else goes on."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from bot.core.house import ZONE
from tests.rig.books import (
    Books,
    assert_books_balance,
    correspondence,
    expected,
    wait_until_settled,
)
from tests.rig.office import REVIEWER, HandClock, Office, in_process
from tests.rig.system import wait_until


def test_clock_jumps_back(closed: Office, kinds: dict[str, Books]) -> None:
    clock = HandClock(dt.datetime(2026, 8, 19, 9, 30, tzinfo=ZONE))
    letters = correspondence(8, "clock")
    closed.sink.at_rcpt[REVIEWER] = "451 4.3.0 try again later"
    with in_process(closed, clock):
        closed.account.deliver(*(letter.raw for letter in letters[:4]))
        others = Counter(expected(kinds, letters[:4]).replies)
        wanted = sum(count for (_, _, to), count in others.items() if to != REVIEWER)
        wait_until(lambda: len(closed.sink.mails) == wanted, "all but the reviewer's", 20)
        closed.sink.at_rcpt.clear()
        clock.set("2026-08-19 08:30")
        closed.account.deliver(*(letter.raw for letter in letters[4:]))
        wanted += expected(kinds, letters[4:]).replies.total()
        wait_until(lambda: len(closed.sink.mails) == wanted, "what came after the jump", 20)
        clock.set("2026-08-19 09:31")  # the hour again
        wait_until_settled(closed, letters)
    assert_books_balance(closed, expected(kinds, letters))
