"""kill -9 at every named step, and started again: nothing lost, nothing twice."""

from __future__ import annotations

import os
import signal

import pytest

from tests.rig.books import (
    Books,
    assert_books_balance,
    correspondence,
    expected,
    wait_until_settled,
)
from tests.rig.dying import STEPS
from tests.rig.office import Office

LOST_WITH = {"before sent", "before commit of sent"}
"""Steps at which the server took a mail and nobody noted it."""


def test_killed_at_every_step(closed: Office, kinds: dict[str, Books]) -> None:
    """One life for each step; what one leaves is the next one's."""
    letters = correspondence(2 * len(STEPS), "steps")
    for n, step in enumerate(STEPS):
        closed.account.deliver(*(letter.raw for letter in letters[2 * n : 2 * n + 2]))
        assert closed.launch(dies=(step, 1)).wait(20) == -signal.SIGKILL, step
    closed.start()
    wait_until_settled(closed, letters)
    assert closed.stop() == 0
    assert_books_balance(closed, expected(kinds, letters), losses=len(LOST_WITH))


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

    letters = correspondence(4, step.lower())
    closed.account.deliver(*(letter.raw for letter in letters))
    closed.sink.at_step = kill
    assert closed.launch().wait(20) == -signal.SIGKILL
    deaths[0] = 2
    assert closed.launch().wait(20) == -signal.SIGKILL
    closed.start()
    wait_until_settled(closed, letters)
    assert closed.stop() == 0
    assert_books_balance(closed, expected(kinds, letters), losses=2 * losses)
