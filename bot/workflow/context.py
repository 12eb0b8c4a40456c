"""What the core decides on: a message and all that is known around it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from bot.workflow.case import Case
from bot.workflow.message import ParsedMessage, Screened
from bot.workflow.organization import Organization
from bot.workflow.phrases import Phrases
from bot.workflow.staff import Person
from nlp.turns.types import Turn
from nlp.types import (
    NO_COMMANDS,
    NOT_NUMBERED,
    Command,
    NumberedCommands,
    ParsedCommands,
    Prediction,
)


class Link(StrEnum):
    """How a message was found to belong to a case, strongest first."""

    TOKEN = "key"  # noqa: S105  (the field, no secret): it carries the token of a notice
    THREAD = "thread"  # it answers a mail of the case
    FOLIO = "folio"  # it only cites the number
    NONE = "none"


class Need(StrEnum):
    """What a command must know besides its case."""

    OPEN_CASES = "open_cases"
    CITED_CASES = "cited_cases"  # those whose folios its message cites
    ORIGINAL = "original"  # the message that it is about
    RECORDS = "records"  # what kinds of request keep


TRIAGE = "remark"
"""How a triage is kept: the stage of the token that came with somebody's words, which answers them
and decides nothing; its template; and its line in the history."""
ASKED = "asked "
"""What the stage begins with of a token to answer an inquiry; its topic follows."""
ROWS = "rows"
"""The stage of a token of a mail that numbers cases: it stands for the tokens of its rows."""
REVOKED = "revoked"
"""The stage of a notice whose key others have seen: it is as if it had never been made."""


@dataclass(frozen=True, slots=True)
class ReplyToken:
    """A capability as kept: who may answer what with it; only the hash of its key is known.

    `commands` are the names of those that its mail offered, `waiting` those that wait for
    CONFIRMAR where the token was made for that. `consumed_at` is when one of them was carried out
    with it; it is `void` since its case moved on, or since an operator said so. `message` is the
    number of the mail that led to the notice, 0 for none: where there is no folio, the notice is
    about that mail. `rows` are the hashes of the tokens of a mail's rows, by their numbers.
    """

    token_hash: str
    folio: str
    person: str
    stage: str
    version: int
    commands: frozenset[str]
    created_at: dt.datetime
    consumed_at: dt.datetime | None = None
    void: bool = False
    waiting: tuple[Command, ...] = ()
    message: int = 0
    rows: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class NumberedRow:
    """A row of a mail that numbers cases: its token, and its case as it stands now."""

    token: ReplyToken
    case: Case


@dataclass(frozen=True, slots=True)
class Original:
    """An earlier message that a command is about: its number, and what was understood of it.

    `corrected_by` is who already told what it is; `opened` tells that it opened its case.
    """

    number: int
    incoming: ParsedMessage
    prediction: Prediction
    corrected_by: str = ""
    opened: bool = True


MOST_OPENED = 4  # cases that one message opens


@dataclass(frozen=True, slots=True)
class Context:
    """A message and all that is known around it; `screened` where a machine wrote it.

    `folios` are the numbers that new cases would take, in order.
    `token` is the reply token presented.
    `cases` are the sender's own cases, newest first (for ESTADO and "¿cómo va?"), not those that
    others only put them in copy of.
    `batch` is that of the mail with numbered rows that it answers without naming one.
    `reached` are the addresses that those mails of ours went to which the message answers, by their
    Message-IDs.
    `turn` is what the message says as a turn of the case's conversation.
    `answers_us` tells that it answers a mail of ours, whatever case that belongs to.
    `staff_commands` are what the text says if staff wrote it, `requester_commands` if a requester
    did; `numbered` are its commands for the `rows` of the mail that it answers: those that they
    name, or all where there is no command for any.
    Loaded only where something asks for it: `original`, the message a command is about;
    `other_cases` besides this one; `records`, what kinds of request keep, by the kind's name.
    """

    incoming: ParsedMessage
    prediction: Prediction
    staff_commands: ParsedCommands
    organization: Organization
    now: dt.datetime
    folios: tuple[str, ...]
    case: Case | None = None
    turn: Turn | None = None
    link: Link = Link.NONE
    token: ReplyToken | None = None
    batch: ReplyToken | None = None
    cases: tuple[Case, ...] = ()
    requester_commands: ParsedCommands = NO_COMMANDS
    numbered: NumberedCommands = NOT_NUMBERED
    rows: Mapping[int, NumberedRow] = field(default_factory=lambda: MappingProxyType({}))
    original: Original | None = None
    other_cases: tuple[Case, ...] = ()
    answers_us: bool = False
    screened: Screened | None = None
    reached: frozenset[str] = frozenset()
    records: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def say(self) -> Phrases:
        """The catalogue of sentences."""
        return self.organization.say

    @property
    def staff(self) -> Person | None:
        """The member of staff that the message claims to come from."""
        sender = self.incoming.sender
        return self.organization.person(sender.email) if sender else None
