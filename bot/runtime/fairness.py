"""Whose mail the common reader works for, and how long: one sender's mail costs the others nothing.

Mail of one sender takes turns with that of everybody else (`bot.store.messages`). What takes long,
and what comes from a sender whose mail took much of the last minute, waits for a reader of its own
(`bot.runtime.slow_lane`).
"""

import hashlib
import time
from collections.abc import Callable

from bot.mail.parsing import read_head
from bot.workflow.authority import vouches
from bot.workflow.message import Address
from bot.workflow.organization import Organization

BUDGET = 1.0  # seconds of computing that one message may take of the common reader
SHARE = 1.5  # seconds that the messages of one sender may take of it in a minute
SMALLEST_SHARE = 0.15  # where others took theirs: an ordinary message takes some hundredths
MINUTE = 60.0


def turn_of(raw: bytes, organization: Organization) -> str:
    """Whose turn a message takes, as a hash: its author's, where they may be who they say.

    Outsiders share one with their domain, and all that a pinned server does not vouch for is
    nobody's: such addresses can be made up as many as one likes.
    """
    head = read_head(raw, "")
    author = Address(head.sender)
    policy = organization.sender_policy
    if not author.email or (policy.is_pinned and not vouches(head.headers, author.domain, policy)):
        who = ""
    else:
        who = author.email if organization.is_institutional(author) else author.domain
    return hashlib.sha256(who.encode("utf-8", "replace")).hexdigest()


class Allowance:
    """What is left to each sender of the common reader's time. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spent: dict[str, tuple[float, float]] = {}  # seconds of computing, and as of when

    def left(self, turn: str) -> float:
        """Seconds that the next message of a sender may take; 0 where it is to wait.

        What anybody took beyond the smallest share is taken from the share of all: a hundred
        senders together cost little more than one.
        """
        self._spent = {t: spent for t, spent in self._spent.items() if self._used(t)}
        used = (min(self._used(t), BUDGET) for t in self._spent)
        beyond = sum(max(0.0, seconds - SMALLEST_SHARE) for seconds in used)
        left = max(SMALLEST_SHARE, SHARE - beyond) - self._used(turn)
        return min(left, BUDGET) if left >= SMALLEST_SHARE / 2 else 0.0

    def charge(self, turn: str, seconds: float) -> None:
        """Notes that a message of a sender took so many seconds of computing."""
        self._spent[turn] = (self._used(turn) + seconds, self._clock())

    def _used(self, turn: str) -> float:
        """What a minute has not yet made good for."""
        seconds, as_of = self._spent.get(turn, (0.0, 0.0))
        return max(0.0, seconds - (self._clock() - as_of) * SHARE / MINUTE)
