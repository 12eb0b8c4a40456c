"""Time under fault: the clock jumps back; a day falls due while the mailbox is out of reach."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter

from tests.e2e.requests import PROSE, REST
from tests.rig.books import (
    Books,
    assert_books_balance,
    correspondence,
    expected,
    wait_until_settled,
)
from tests.rig.office import AREA, REVIEWER, HandClock, Office, in_process
from tests.rig.proxy import FaultProxy
from tests.rig.system import wait_until
from tests.rig.zone import ZONE


def test_clock_jumps_back(closed: Office, kinds: dict[str, Books]) -> None:
    """What is due later waits longer, all else goes on."""
    clock = HandClock(dt.datetime(2026, 8, 19, 9, 30, tzinfo=ZONE))
    mails = correspondence(8, "clock")
    closed.sink.at_rcpt[REVIEWER] = "451 4.3.0 try again later"
    with in_process(closed, clock):
        closed.account.deliver(*(mail.raw for mail in mails[:4]))
        others = Counter(expected(kinds, mails[:4]).replies)
        wanted = sum(count for (_, _, to), count in others.items() if to != REVIEWER)
        wait_until(lambda: len(closed.sink.mails) == wanted, "all but the reviewer's", 20)
        closed.sink.at_rcpt.clear()
        clock.set("2026-08-19 08:30")
        closed.account.deliver(*(mail.raw for mail in mails[4:]))
        wanted += expected(kinds, mails[4:]).replies.total()
        wait_until(lambda: len(closed.sink.mails) == wanted, "what came after the jump", 20)
        clock.set("2026-08-19 09:31")  # the hour again
        wait_until_settled(closed, mails)
    assert_books_balance(closed, expected(kinds, mails))


def test_nobody_is_reminded_while_the_mailbox_is_out_of_reach(closed: Office) -> None:
    """The answer that a reminder would ask for lies there, unread."""
    clock = HandClock(dt.datetime(2026, 8, 17, 10, 0, tzinfo=ZONE))
    with FaultProxy(closed.account.server.port) as network:
        closed.settings["imap"]["port"] = network.port
        closed.write_config()
        with in_process(closed, clock):
            closed.write(AREA, "Lista para la biblioteca", PROSE)
            form = closed.mail("form", AREA)
            network.refuse = True
            network.cut()
            wait_until(lambda: network.accepted > 1, "the bot tries to connect")
            closed.reply(form, REST)
            clock.set("2026-08-20 09:30")
            time.sleep(1)  # the bot looks at its timetable several times
            network.refuse = False
            closed.mail("received", AREA)
    assert closed.count("reminder") == 0
