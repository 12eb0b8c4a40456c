"""What the core decides on, and what it decides: values in, values out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.core.case import Case, Event
from bot.core.house import House, Person
from bot.core.letter import Letter
from bot.core.message import Incoming
from bot.core.register import ListEntry
from nlp.types import Order, Understanding


class Link(StrEnum):
    """How a message was found to belong to a case, strongest first."""

    KEY = "key"  # it carries the capability of a notice
    THREAD = "thread"  # it answers a mail of the case
    FOLIO = "folio"  # it only cites the number
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Notice:
    """A capability as kept: who may answer what with it; only the hash of its key is known.

    `order` waits for CONFIRMAR where the key was made for that. `spent_at` is when a decision was
    taken with it.
    """

    key_hash: str
    folio: str
    person: str
    stage: str
    version: int
    spent_at: dt.datetime | None = None
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The orders a text gives if staff wrote it; none, with the reason, where it is unclear."""

    orders: tuple[Order, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """A screened message and all that is known around it.

    `next_folio` is the number a new case would take. `notice` is the capability presented.
    `cases` are the sender's own cases, newest first (for ESTADO and "¿cómo va?").
    """

    incoming: Incoming
    understanding: Understanding
    reading: Reading
    house: House
    now: dt.datetime
    next_folio: str
    case: Case | None = None
    link: Link = Link.NONE
    notice: Notice | None = None
    cases: tuple[Case, ...] = ()

    @property
    def staff(self) -> Person | None:
        """The member of staff that the message claims to come from."""
        sender = self.incoming.sender
        return self.house.person(sender.email) if sender else None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with a message. All of it is written in one transaction.

    `opens` tells that `case` is new. `spends` are hashes of keys that cannot decide again;
    `cancels_held` takes the case's letters that still wait for their time out of the outbox.
    `lists` are entered in the register, or replace what stands there of the same list.
    """

    why: str
    case: Case | None = None
    opens: bool = False
    events: tuple[Event, ...] = ()
    letters: tuple[Letter, ...] = ()
    spends: tuple[str, ...] = field(default=())
    cancels_held: bool = False
    lists: tuple[ListEntry, ...] = ()

    def plus(self, *letters: Letter) -> Decision:
        """The same with more letters."""
        return replace(self, letters=self.letters + letters)
