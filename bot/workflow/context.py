"""What the core decides on, and what it decides: values in, values out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from bot.lists.register import ListEntry
from bot.workflow.case import Case, Event
from bot.workflow.leave import Leave
from bot.workflow.message import Incoming
from bot.workflow.notification import Letter
from bot.workflow.organization import House, Person
from nlp.types import Intent, Order, Understanding


class Link(StrEnum):
    """How a message was found to belong to a case, strongest first."""

    KEY = "key"  # it carries the capability of a notice
    THREAD = "thread"  # it answers a mail of the case
    FOLIO = "folio"  # it only cites the number
    NONE = "none"


REVOKED = "revoked"
"""The stage of a notice whose key others have seen: it is as if it had never been made."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A capability as kept: who may answer what with it; only the hash of its key is known.

    `order` waits for CONFIRMAR where the key was made for that. `spent_at` is when a decision was
    taken with it. `message` is the number of the mail that led to the notice, 0 for none: where
    there is no folio, the notice is about that mail.
    """

    key_hash: str
    folio: str
    person: str
    stage: str
    version: int
    spent_at: dt.datetime | None = None
    order: Order | None = None
    message: int = 0


@dataclass(frozen=True, slots=True)
class Reading:
    """The orders a text gives if staff wrote it; none, with the reason, where it is unclear."""

    orders: tuple[Order, ...] = ()
    why: str = ""


NO_WISH = Reading()


@dataclass(frozen=True, slots=True)
class Original:
    """An earlier message that an order is about: its number, and what was understood of it.

    `corrected_by` is who already told what it is.
    """

    number: int
    incoming: Incoming
    understanding: Understanding
    corrected_by: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says a message asks for, where the bot was unsure or wrong: to learn from."""

    message: int
    was: Intent
    confidence: float
    intent: Intent
    by: str
    sender: str
    subject: str
    text: str
    sent_on: dt.date


@dataclass(frozen=True, slots=True)
class Situation:
    """A screened message and all that is known around it.

    `next_folio` is the number a new case would take. `notice` is the capability presented.
    `cases` are the sender's own cases, newest first (for ESTADO and "¿cómo va?").
    `wish` is what the text says if somebody of an area wrote it (CANCELAR, ACEPTO …).
    Loaded only where something asks for it: `original`, the message an order is about; `others`,
    cases besides this one; `lists`, the register.
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
    wish: Reading = NO_WISH
    original: Original | None = None
    others: tuple[Case, ...] = ()
    lists: tuple[ListEntry, ...] = ()

    @property
    def staff(self) -> Person | None:
        """The member of staff that the message claims to come from."""
        sender = self.incoming.sender
        return self.house.person(sender.email) if sender else None


@dataclass(frozen=True, slots=True)
class Beside:
    """What the same message means for another case; `changes` tells that the case is saved."""

    case: Case
    events: tuple[Event, ...] = ()
    letters: tuple[Letter, ...] = ()
    changes: bool = True


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be done with a message. All of it is written in one transaction.

    `opens` tells that `case` is new. `spends` are hashes of keys that cannot decide again;
    `cancels_held` takes the case's letters that still wait for their time out of the outbox.
    `revokes` are hashes of keys that are worth nothing from now on.
    `lists` are entered in the register, or replace what stands there of the same list.
    """

    why: str
    case: Case | None = None
    opens: bool = False
    events: tuple[Event, ...] = ()
    letters: tuple[Letter, ...] = ()
    spends: tuple[str, ...] = field(default=())
    revokes: tuple[str, ...] = ()
    cancels_held: bool = False
    lists: tuple[ListEntry, ...] = ()
    beside: tuple[Beside, ...] = ()
    corrections: tuple[Correction, ...] = ()
    leaves: tuple[Leave, ...] = ()

    def then(self, other: Decision) -> Decision:
        """Both, one after the other; the case is what the second left of it."""
        joined = {
            f.name: getattr(self, f.name) + getattr(other, f.name)
            for f in fields(self)
            if f.name not in ("why", "case", "opens", "cancels_held")
        }
        return Decision(
            why="; ".join(why for why in (self.why, other.why) if why),
            case=other.case or self.case,
            opens=self.opens or other.opens,
            cancels_held=self.cancels_held or other.cancels_held,
            **joined,
        )

    def plus(self, *letters: Letter) -> Decision:
        """The same with more letters."""
        return replace(self, letters=self.letters + letters)
