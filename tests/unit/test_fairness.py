"""Whose mail the common reader works for, and how long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.runtime.fairness import BUDGET, SHARE, SMALLEST_SHARE, Allowance, turn_of
from bot.workflow.authority import SenderPolicy
from tests.builders import ORGANIZATION

PINNED = replace(ORGANIZATION, sender_policy=SenderPolicy("mx.upaep.mx"))
PASS = "Authentication-Results: mx.upaep.mx; dmarc=pass header.from=upaep.mx\n"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def sent(sender: str, head: str = "") -> bytes:
    return f"{head}From: {sender}\nSubject: x\n\nx".encode()


def test_a_sender_has_a_share_of_each_minute() -> None:
    clock = Clock()
    allowance = Allowance(clock)
    assert allowance.left("ana") == BUDGET
    allowance.charge("ana", SHARE - 0.5)
    assert allowance.left("ana") < 0.5
    allowance.charge("ana", 1)
    assert allowance.left("ana") == 0
    assert allowance.left("eva") > SMALLEST_SHARE
    clock.now = 120
    assert allowance.left("ana") == BUDGET


def test_ordinary_mail_uses_nothing_up() -> None:
    clock = Clock()
    allowance = Allowance(clock)
    for _ in range(1000):
        allowance.charge("ana", 0.01)
        clock.now += 1
        assert allowance.left("ana") == BUDGET


def test_many_greedy_senders_cost_less_each() -> None:
    allowance = Allowance(Clock())
    spent = 0.0
    for number in range(100):
        left = allowance.left(f"x{number}")
        allowance.charge(f"x{number}", left)
        spent += left
    assert spent <= 100 * SMALLEST_SHARE + SHARE
    assert allowance.left("honest") == SMALLEST_SHARE


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (sent("ana@upaep.mx"), sent("Ana <ANA@upaep.mx>"), True),
        (sent("ana@upaep.mx"), sent("eva@upaep.mx"), False),
        (sent("a@evil.example"), sent("b@evil.example"), True),
        (sent("a@evil.example"), sent("a@other.example"), False),
        (sent("a@upaep.mx, b@upaep.mx"), b"no mail", True),
        (sent("evil@evil.example (ana@upaep.mx)"), sent("ana@upaep.mx"), False),
    ],
)
def test_whose_turn_it_is(one: bytes, other: bytes, same: bool) -> None:
    assert (turn_of(one, ORGANIZATION) == turn_of(other, ORGANIZATION)) is same


def test_what_the_pinned_server_does_not_vouch_for_is_nobodys() -> None:
    forged, true = sent("ana@upaep.mx"), sent("ana@upaep.mx", PASS)
    assert turn_of(forged, PINNED) == turn_of(sent("eva@upaep.mx"), PINNED)
    assert turn_of(forged, PINNED) != turn_of(true, PINNED)
    assert turn_of(true, PINNED) == turn_of(true, ORGANIZATION)
