"""The life of a message on its way in and out: its shapes and its statuses.

In: an IMAP server hands over a `FetchedMessage`; kept in the database it is an `InboundMessage`;
what it says is a `ParsedMessage` (bot/workflow/message.py). Out: a `Notification` says what is to
be told to whom; rendered it is an `OutboxMessage`.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bot.workflow.message import ParsedMessage
from nlp.turns.types import TurnContext


class InboundStatus(StrEnum):
    """Where a message stands that came in. This is its own life, not that of a case.

    - `received`: kept whole, before anything was thought about it. One worker at a time claims it,
      reads it and decides; one that dies leaves it for the next.
    - `done`: what it leads to stands in the database: a case, its history, mail in the outbox.
    - `ignored`: a machine wrote it, or a person discarded it; nobody gets an answer.
    - `failed`: the quarantine. It could not be had, read or processed, and an administrator was
      told. A person may have it tried again, which makes it `received`, or discard it.
    - `wanted`: one of the quarantine whose content never came, and which somebody wants fetched
      again.

    `done` and `ignored` are for good. Every other step is one transaction, too.
    """

    RECEIVED = "received"
    DONE = "done"
    IGNORED = "ignored"
    FAILED = "failed"
    WANTED = "wanted"


class OutboxStatus(StrEnum):
    """Where a mail stands that goes out.

    - `waiting`: rendered, to go out when its time has come. One worker at a time claims it; where
      the server is in trouble it waits for the next attempt.
    - `sent`: the server took it. The keys that it carried are forgotten.
    - `failed`: the server refused it for good, or too often, and an administrator was told. A
      person may have it tried again, which makes it `waiting`.
    - `cancelled`: its decision was undone before its time had come.
    - `observed`: it would have been sent, had the bot not only observed whom it is about.

    `sent`, `cancelled` and `observed` are for good.
    """

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class ImapFolder:
    """A folder as UIDs count in it: they mean nothing under another UIDVALIDITY (RFC 3501)."""

    mailbox: str
    folder: str
    uid_validity: int


@dataclass(frozen=True, slots=True)
class OldMail:
    """What lay in a folder when it was first looked at: all UIDs below `below`.

    Of it, what came before `since` is left alone (None: nothing is), and so is what bears the flag
    of a database that has worked on the folder before.
    """

    below: int = 0
    since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class FetchedMessage:
    """A message as it lies in the folder; `uid` is 0 where it lies in none (an import).

    `problem` says why it is not to be had whole: `raw` is then what there is of it, the beginning
    of its headers or nothing, and `size` what it really has. `turn` is whose turn it takes among
    those that wait to be read (`bot.runtime.fairness`).
    """

    uid: int
    raw: bytes
    size: int
    internal_date: dt.datetime | None = None
    problem: str = ""
    turn: str = ""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A message as the database keeps it; `raw` is empty where it is only listed.

    `reason` says why it is ignored or failed, `attempts` how often it was claimed. `answered` is
    our mail, as sent, that it replies to, once that was looked for; `may_repeat` are, where it
    names none, our last ones to its writer on what it cites: for reading alone. `mail` is what it
    is once it was read; `turn_context` what stands in the case that it goes on with, once known,
    and `beside` what other live ones of its writer are called.
    """

    id: int
    raw: bytes
    received_at: dt.datetime
    message_id: str = ""
    attempts: int = 0
    status: InboundStatus = InboundStatus.RECEIVED
    reason: str = ""
    folio: str = ""
    size: int = 0
    answered: bytes | None = None
    may_repeat: tuple[bytes, ...] = ()
    mail: ParsedMessage | None = None
    turn_context: TurnContext | None = None
    turn: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """A mail, rendered; `raw` is empty where it is only listed.

    The caps charge it to `charged`; where one holds it back until `not_before`, `last_error` says
    why (`held_back`). `keys` are those of the reply tokens
    that it carries, its own first; told as long as it is not in the outbox, where `id` is 0.
    `inbound` is the number of the message that led to it; an `alarm` is for the administrators.
    """

    folio: str
    template: str
    sender: str
    recipients: tuple[str, ...]
    message_id: str
    raw: bytes
    not_before: dt.datetime
    automatic: bool = True
    alarm: bool = False
    keys: tuple[str, ...] = ()
    inbound: int | None = None
    charged: str = ""
    held_back: bool = False
    id: int = 0
    status: OutboxStatus = OutboxStatus.WAITING
    attempts: int = 0
    created_at: dt.datetime | None = None
    sent_at: dt.datetime | None = None
    last_error: str = ""
