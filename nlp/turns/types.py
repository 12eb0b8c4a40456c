"""What goes into reading a turn of a conversation and what comes out: plain frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from nlp.types import FieldValue, Form, FurtherRequest


class Asked(StrEnum):
    """What our mail asked that the turn answers."""

    FORM = "form"  # the values that are missing
    QUESTION = "question"  # a question of staff
    CONFIRMATION = "confirmation"  # yes or no
    NOTHING = "nothing"


class QuestionTopic(StrEnum):
    """What a question is about."""

    FIELD = "field"  # what to write in a field
    DATE = "date"  # when there will be an answer
    STAGE = "stage"  # how it goes, who has it, what is missing
    WHO = "who"  # who decides, whom to talk to
    OTHER = "other"


class RequesterCommand(StrEnum):
    """What a requester wants to become of the case or of the list."""

    CANCEL = "cancel"
    RESUME = "resume"
    ACCEPT = "accept"
    RENEW = "renew"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, as the head of the mail and the signature tell; empty where they do not."""

    name: str = ""
    email: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class TurnContext:
    """What stands when a turn is written.

    `missing` are the fields that were asked for, in that order; `known` the values we hold.
    `sent` are those that the answered mail showed, where that is told apart: what comes back as it
    was sent is no news, whatever has been corrected since. `question` is the text of what staff
    asked. `folio` and `version` tell which case, and how it stood. `pending` is what the turn
    before left unclear.
    """

    form: Form
    missing: tuple[str, ...] = ()
    known: Mapping[str, FieldValue] = field(default_factory=lambda: MappingProxyType({}))
    asked: Asked = Asked.NOTHING
    question: str = ""
    sent: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    folio: str = ""
    version: int = 0
    pending: tuple[Unclear, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A value that a sentence claims for a field, and where it stands there."""

    field: str
    value: FieldValue
    start: int
    end: int
    sure: float
    labelled: bool = False


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A value that a turn gives to a field; None settles the field as having none.

    `source` is "text" or an attachment's name, `evidence` the words, `old` what the writer says it
    replaces, `sure` from 0 to 1.
    """

    field: str
    value: FieldValue | None
    evidence: str
    source: str = "text"
    old: str = ""
    sure: float = 0.9


@dataclass(frozen=True, slots=True)
class Unclear:
    """A value that fits several of the missing fields."""

    text: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the requester; `field` where it is about one."""

    topic: QuestionTopic
    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class CommandInProse:
    """A requester command in natural words; one that is not clear is asked about first."""

    command: RequesterCommand
    clear: bool
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What a requester's mail says, given its context.

    `answers` are for fields without a value, `corrections` change one that has, `repeated` say
    again what we know. `agrees` is a plain yes or no, None where it is neither. `rest` are the
    words that none of this accounts for. `missing` are the fields that are still to be asked for,
    `doubted` what a photo says of them: asked about before it is written. `further` is what it
    asks for besides.
    """

    answers: tuple[GivenValue, ...] = ()
    corrections: tuple[GivenValue, ...] = ()
    repeated: tuple[GivenValue, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    questions: tuple[Question, ...] = ()
    commands: tuple[CommandInProse, ...] = ()
    thanks: bool = False
    agrees: bool | None = None
    rest: str = ""
    missing: tuple[str, ...] = ()
    doubted: tuple[GivenValue, ...] = ()
    further: tuple[FurtherRequest, ...] = ()
