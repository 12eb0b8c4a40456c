"""Mail to be written: what the core asks the shell to render and send."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from bot.workflow.case import Case
from bot.workflow.message import Address
from bot.workflow.staff import Person
from nlp.types import Command

CONFIRM = "confirm"
"""The command that carries out those that wait for it."""


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """A notification that carries a capability: a key to answer `stage` of a case as `person`.

    The key holds for the form's `version` only, and for the `commands` that the notification
    offers, by name; `stage` is where the case stood. Those `waiting` wait for CONFIRM. `about` is
    the number of the mail that it is about, where not the one that led to the notification.
    """

    person: str
    stage: str
    version: int
    commands: frozenset[str]
    waiting: tuple[Command, ...] = ()
    about: int = 0


@dataclass(frozen=True, slots=True)
class CaseToken:
    """One of the capabilities of a notification that speaks of several cases, such as a digest:
    that of the row with this number."""

    folio: str
    token: TokenGrant
    number: int


class Purpose(StrEnum):
    """What a notification is for, where that is more than to tell or ask something."""

    ORDINARY = "ordinary"
    RESULT = "result"  # answers a command
    CONFIRMATION = "confirmation"  # asks to confirm one
    CORRECTION = "correction"  # what staff corrected in a form
    TRIAGE = "triage"  # somebody's words that a person must look at
    ALARM = "alarm"  # something that an administrator must look at
    OBSERVATION = "observation"  # what would have been sent


@dataclass(frozen=True, slots=True)
class Flood:
    """That so many like this one came to a person within the hour, of one sender or of anybody.

    `untold` of them were held back.
    """

    number: int
    of_one_sender: bool
    untold: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page of HTML, attached under a name."""

    name: str
    html: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A day, or days with the `last` one, for somebody's calendar.

    What is written later under the same `key` takes its place; a `cancelled` one takes it out.
    """

    key: str
    title: str
    first: dt.date
    last: dt.date
    text: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Notification:
    """One mail: which reply (`template`), to whom, with which values.

    `automatic` notifications answer a message without a person's command and fall under the caps;
    a `repeatable` one says something new since the last of its template, and is not held to one a
    day.
    `purpose` is what the caps for staff go by; `flood` is told with it where there are too many.
    `hold_until` keeps it in the outbox (a decision that can still be undone).
    `with_form` attaches the form as .docx, pre-filled; `page` is attached too, and `calendar`, as a
    file for a calendar program. `case_tokens` are capabilities for cases other than the
    notification's own: the reply finds their addresses, in this order, in `reply_addresses`.
    """

    template: str
    to: Address
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    folio: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    automatic: bool = True
    purpose: Purpose = Purpose.ORDINARY
    repeatable: bool = False
    hold_until: dt.datetime | None = None
    token: TokenGrant | None = None
    with_form: bool = False
    page: Page | None = None
    case_tokens: tuple[CaseToken, ...] = ()
    flood: Flood | None = None
    calendar: tuple[CalendarEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class StageNotice:
    """That a person is to act on a case where it stands.

    It becomes a Notification once what its kind shows beside the form is loaded. `before` marks
    what changed since the last one; `note` is a line of news on top.
    """

    case: Case
    person: Person
    before: Case | None = None
    note: str = ""
