"""kill -9 at every named step, and started again: nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
import signal
import time

import pytest

from tests.rig.books import (
    Books,
    assert_books_balance,
    correspondence,
    expected,
    figures,
    unsettled,
    wait_until_settled,
)
from tests.rig.dying import STEPS
from tests.rig.office import Office
from tests.rig.system import wait_until

LOST_WITH = {"before sent", "before commit of sent"}
"""Steps at which the server took a mail and nobody noted it."""


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def test_killed_at_every_step(
    closed: Office, kinds: dict[str, Books], engine: str, request: pytest.FixtureRequest
) -> None:
    """One life for each step; what one leaves is the next one's."""
    if engine == "postgresql":
        closed.settings["database"]["url"] = request.getfixturevalue("postgres_url")
        closed.write_config()
    mails = correspondence(2 * len(STEPS), "steps")
    for n, step in enumerate(STEPS):
        closed.account.deliver(*(mail.raw for mail in mails[2 * n : 2 * n + 2]))
        assert closed.launch(dies=(step, 1)).wait(20) == -signal.SIGKILL, step
    closed.start()
    wait_until_settled(closed, mails)
    assert closed.stop() == 0
    assert_books_balance(closed, expected(kinds, mails), losses=len(LOST_WITH))


@pytest.mark.parametrize(("step", "losses"), [("RCPT", 0), ("DATA", 1)])
def test_killed_while_sending(
    closed: Office, kinds: dict[str, Books], step: str, losses: int
) -> None:
    """Before the server has the mail; and when it has it, but has not said so."""
    deaths = [1]  # … and on the second mail after that

    def kill(at: str) -> None:
        if at != step or closed.process is None:
            return
        deaths[0] -= 1
        if not deaths[0]:
            os.kill(closed.process.pid, signal.SIGKILL)

    mails = correspondence(4, step.lower())
    closed.account.deliver(*(mail.raw for mail in mails))
    closed.sink.at_step = kill
    assert closed.launch().wait(20) == -signal.SIGKILL
    deaths[0] = 2
    assert closed.launch().wait(20) == -signal.SIGKILL
    closed.start()
    wait_until_settled(closed, mails)
    assert closed.stop() == 0
    assert_books_balance(closed, expected(kinds, mails), losses=2 * losses)


@pytest.mark.soak
@pytest.mark.parametrize("nth", [1, 2, 3])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step(closed: Office, kinds: dict[str, Books], step: str, nth: int) -> None:
    """At the n-th time that it comes to this step, mail coming one by one."""
    mails = correspondence(6, "step")
    process = closed.launch(dies=(step, nth))
    wait_until(lambda: "imap.connected" in closed.log(), "the bot watches")
    for n, mail in enumerate(mails, 1):
        closed.account.deliver(mail.raw)
        wait_until(
            lambda n=n: process.poll() is not None or not unsettled(closed, range(n)),  # type: ignore[misc]
            "dead, or at rest",
        )
    assert process.wait(5) == -signal.SIGKILL
    closed.start()
    wait_until_settled(closed, mails)
    assert closed.stop() == 0
    assert_books_balance(closed, expected(kinds, mails), losses=step in LOST_WITH)


@pytest.mark.soak
def test_killed_at_200_random_moments(closed: Office, kinds: dict[str, Books]) -> None:
    chance, kills = random.Random(20210618), 200
    closed.settings["limits"] = {"remarks_per_hour": 1_000_000}
    closed.write_config()
    mails = correspondence(500, "kills")
    for kill in range(kills):
        closed.account.deliver(*(mail.raw for mail in mails[kill::kills]))
        closed.launch()
        time.sleep(chance.uniform(0.1, 1.0))
        assert closed.stop(signal.SIGKILL) == -signal.SIGKILL
    closed.start()
    wait_until_settled(closed, mails, 300)
    assert closed.stop() == 0
    books = expected(kinds, mails)
    print(f"\n{kills} kills: {figures(closed, books)}")
    assert_books_balance(closed, books, losses=kills)
