"""What the core decides: all that a message leads to, as values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields, replace

from bot.workflow.case import Case, Event
from bot.workflow.notification import Notification, StageNotice
from bot.workflow.notifications.mails import CommandResult
from bot.workflow.staff import Leave


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says a message asks for, where the bot was unsure or wrong: to learn from."""

    message: int
    was: str
    confidence: float
    intent: str
    by: str
    sender: str
    subject: str
    text: str
    sent_on: dt.date


@dataclass(frozen=True, slots=True)
class RelatedUpdate:
    """What the same message means for another case; `changes` tells that the case is saved."""

    case: Case
    events: tuple[Event, ...] = ()
    notifications: tuple[Notification, ...] = ()
    notices: tuple[StageNotice, ...] = ()
    changes: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is to be done with a message. All of it is written in one transaction.

    `opens` tells that `case` is new. `consumes` are hashes of keys that cannot decide again;
    `cancels_held` takes the case's notifications that still wait for their time out of the outbox.
    `revokes` are hashes of keys that are worth nothing from now on.
    `records` are for the kind of request of `case` to keep.
    `several` are what it leads to for each of several cases, where it is not about one, or for
    those that it opens besides `case`.
    `results` are what came of commands, told in one mail to who gave them.
    `refused` tells that a command was not carried out, and who gave it was told why.
    """

    why: str
    case: Case | None = None
    opens: bool = False
    events: tuple[Event, ...] = ()
    notifications: tuple[Notification, ...] = ()
    notices: tuple[StageNotice, ...] = ()
    results: tuple[CommandResult, ...] = ()
    consumes: tuple[str, ...] = field(default=())
    revokes: tuple[str, ...] = ()
    cancels_held: bool = False
    records: tuple[object, ...] = ()
    related: tuple[RelatedUpdate, ...] = ()
    corrections: tuple[Correction, ...] = ()
    leaves: tuple[Leave, ...] = ()
    several: tuple[Outcome, ...] = ()
    refused: bool = False

    @property
    def cases_opened(self) -> int:
        """How many cases are new: each takes a folio."""
        return self.opens + sum(one.cases_opened for one in self.several)

    def then(self, other: Outcome) -> Outcome:
        """Both, one after the other; the case is what the second left of it."""
        joined = {
            f.name: getattr(self, f.name) + getattr(other, f.name)
            for f in fields(self)
            if f.name not in ("why", "case", "opens", "cancels_held", "refused")
        }
        return Outcome(
            why="; ".join(why for why in (self.why, other.why) if why),
            case=other.case or self.case,
            opens=self.opens or other.opens,
            cancels_held=self.cancels_held or other.cancels_held,
            **joined,
        )

    def plus(self, *notifications: Notification) -> Outcome:
        """The same with more notifications."""
        return replace(self, notifications=self.notifications + notifications)

    def asking(self, *notices: StageNotice) -> Outcome:
        """The same with more people who are to act."""
        return replace(self, notices=self.notices + notices)
