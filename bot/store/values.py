"""What goes into the store and comes out of it, besides the values of the core."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from bot.workflow.case import Event


@dataclass(frozen=True, slots=True)
class ImapLocation:
    """Where a message lies on the IMAP server."""

    mailbox: str
    folder: str
    uid_validity: int
    uid: int


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A message as fetched. Its place counts only where `uid` is not 0 (imports have none).

    `problem` says in Spanish why it cannot be processed (too big, not to be had): it goes to
    the quarantine at once, `raw` being whatever there is of it, and `size` its true size.
    """

    mailbox: str
    folder: str
    uid_validity: int
    uid: int
    raw: bytes
    received_at: dt.datetime
    problem: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a Received: its number, and whether it was new."""

    id: int
    uid: int
    new: bool


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that this worker, and nobody else, processes until the lease ends."""

    id: int
    raw: bytes
    received_at: dt.datetime
    attempts: int = 1
    places: tuple[ImapLocation, ...] = ()
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class OutboxMail:
    """A rendered mail for the outbox. `secret` is the plain key it carries, or empty; of
    several, with a blank between them.

    The first of `recipients` is the one that the caps count.
    """

    folio: str
    template: str
    sender: str
    recipients: tuple[str, ...]
    message_id: str
    raw: bytes
    not_before: dt.datetime
    automatic: bool = True
    secret: str = ""
    message: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A mail to deliver now; `attempts` counts this one too."""

    id: int
    folio: str
    template: str
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    attempts: int
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A mail of the outbox as listed; `status` is waiting, sent, failed or cancelled."""

    id: int
    folio: str
    template: str
    recipients: tuple[str, ...]
    status: str
    attempts: int
    created_at: dt.datetime
    not_before: dt.datetime
    next_try_at: dt.datetime
    sent_at: dt.datetime | None
    last_error: str


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A line of a case's history."""

    number: int
    at: dt.datetime
    event: Event
    hash: str


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """An incoming message as listed; `status` is received, done, ignored or failed."""

    id: int
    message_id: str
    folio: str
    status: str
    reason: str
    attempts: int
    size: int
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to list; empty values do not filter. `area` is a part of its name."""

    state: str = ""
    since: dt.datetime | None = None
    area: str = ""
    limit: int = 0


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which lists of the register; empty values do not filter. `area` is a part of its name."""

    state: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Counters:
    """How much there is of everything, by status; and the oldest that still waits."""

    messages: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    cases: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    outbox: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    oldest_received: dt.datetime | None = None
    oldest_waiting: dt.datetime | None = None

    def flat(self) -> dict[str, int]:
        """For a line of a log: `messages_received=3 outbox_waiting=1 …`."""
        groups = {"messages": self.messages, "cases": self.cases, "outbox": self.outbox}
        return {f"{name}_{k}": n for name, counts in groups.items() for k, n in counts.items()}
