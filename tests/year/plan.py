"""What happens in a world by itself: who asks when, who is away, what changes, what breaks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from random import Random

from tests.rig.office import APPROVER, PROVISIONER, REVIEWER, REVIEWER_2
from tests.year.people import MACHINES, at_work

FAULTS: dict[str, tuple[str, str, float]] = {
    # name: at what the bot does, what it meets, for how many hours (0: some times)
    "killed": ("", "kill", 0),
    "killed at a commit": ("db commit", "kill", 0),
    "killed before the acknowledgement": ("smtp acknowledgement", "kill", 0),
    "killed while it reads": ("read", "kill", 0),
    "told to stop": ("", "stop", 0),
    "database busy": ("db begin", "busy", 0),
    "database busy at a commit": ("db commit", "busy", 0),
    "a mail takes long": ("read", "slow", 0),
    "mailbox out of reach": ("imap connect", "refused", 1),
    "password refused": ("imap connect", "login", 0.5),
    "imap cut": ("imap", "cut", 0),
    "cut in a fetch": ("imap FETCH", "cut after", 0),
    "cut after a flag": ("imap STORE", "cut after", 0),
    "throttled": ("imap FETCH", "NO [THROTTLED] try again in 2 minutes", 0),
    "system error": ("imap SEARCH", "NO System Error", 0),
    "no select": ("imap SELECT", "NO [UNAVAILABLE] try later", 0),
    "no flags": ("imap STORE", "NO [OVERQUOTA] quota", 0),
    "no idle": ("imap IDLE", "NO busy", 0),
    "not handed over": ("imap FETCH BODY", "absent", 0),
    "mail server out of reach": ("smtp connect", "refused", 1),
    "mail server refuses the password": ("smtp connect", "login", 0.5),
    "smtp cut": ("smtp MAIL", "cut", 0),
    "cut in DATA": ("smtp end of DATA", "cut", 0),
    "acknowledgement lost": ("smtp acknowledgement", "cut after", 0),
    "hangs up": ("smtp MAIL", "421 4.3.2 closing", 0),
    "not now": ("smtp end of DATA", "451 4.3.0 try later", 0),
    "greylisted": ("smtp RCPT", "450 4.2.0 greylisted", 0),
    "no such person": ("smtp RCPT", "550 5.1.1 no such user", 0),
    "limit": ("smtp MAIL", "550 5.4.5 Daily user sending limit exceeded", 3),
}


@dataclass(frozen=True)
class Event:
    at: dt.datetime
    kind: str
    about: tuple[object, ...] = ()

    def __str__(self) -> str:
        return f"{self.at:%d %b %H:%M} {self.kind} {' '.join(map(str, self.about))}".rstrip()


def plan(seed: int, start: dt.datetime, days: int, asks: int) -> list[Event]:
    """Of `asks` requests, with all that comes with them."""
    chance = Random(f"{seed} plan")
    events: list[Event] = []

    def some(count: float, kind: str, *about: object, work: bool = True) -> None:
        for _ in range(int(count) + (chance.random() < count % 1)):
            at = start + dt.timedelta(seconds=chance.random() * days * 86_400)
            given = [one(chance) if callable(one) else one for one in about]
            events.append(Event(at_work(at) if work else at, kind, tuple(given)))

    def number(chance: Random) -> int:
        return chance.randrange(10_000)

    some(asks, "ask", number)
    some(asks / 10, "outsider", number)
    some(asks / 4, "machine", lambda c: c.choice(list(MACHINES)), number, work=False)
    some(asks / 20, "forge", number)
    some(asks / 50, "broken", number, work=False)
    some(asks / 20, "again", work=False)
    some(days / 90, "flood", number, work=False)
    some(days / 60, "renumber", work=False)
    for person in (REVIEWER, REVIEWER_2, APPROVER, PROVISIONER):
        some(days / 90, "leave", person, lambda c: c.randrange(2, 15))
    some(days / 60, "config", lambda c: c.choice(
        ("stages", "days", "reviewer", "approver", "provisioner")))  # fmt: skip
    for name in FAULTS:
        some(days / 25, "fault", name, lambda c: int(c.expovariate(0.05)),
             lambda c: c.randrange(1, 5), work=False)  # fmt: skip
    return sorted(events, key=lambda one: (one.at, one.kind, str(one.about)))
