"""A case: one request, from the first mail to its end, and the one table of its life."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Self, TypeVar

from bot.workflow.message import Address
from nlp.types import Extraction

Kind = TypeVar("Kind")


class State(StrEnum):
    """Where a case stands."""

    INCOMPLETE = "incomplete"  # the area was asked for what is missing
    REVIEW = "review"  # Comunicación Interna looks at it
    APPROVAL = "approval"  # Dirección General decides
    PROVISIONING = "provisioning"  # approved; somebody carries it out
    CLOSED = "closed"  # it is done
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # by the area
    EXPIRED = "expired"  # the form never came


class Move(StrEnum):
    """What moves a case. Only a person's command gives APPROVED or REJECTED."""

    TO_REVIEW = "to_review"  # complete, or sent back by an undo
    TO_APPROVAL = "to_approval"  # complete (no review stage), recommended, or an undo
    TO_AREA = "to_area"  # something is missing again
    APPROVED = "approved"
    REJECTED = "rejected"
    PROVISIONED = "provisioned"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REOPENED = "reopened"


TABLE: Mapping[tuple[State, Move], State] = MappingProxyType(
    {
        (State.INCOMPLETE, Move.TO_REVIEW): State.REVIEW,
        (State.INCOMPLETE, Move.TO_APPROVAL): State.APPROVAL,
        (State.INCOMPLETE, Move.REJECTED): State.REJECTED,
        (State.INCOMPLETE, Move.WITHDRAWN): State.WITHDRAWN,
        (State.INCOMPLETE, Move.EXPIRED): State.EXPIRED,
        (State.REVIEW, Move.TO_AREA): State.INCOMPLETE,
        (State.REVIEW, Move.TO_APPROVAL): State.APPROVAL,
        (State.REVIEW, Move.APPROVED): State.PROVISIONING,
        (State.REVIEW, Move.REJECTED): State.REJECTED,
        (State.REVIEW, Move.WITHDRAWN): State.WITHDRAWN,
        (State.APPROVAL, Move.TO_AREA): State.INCOMPLETE,
        (State.APPROVAL, Move.TO_REVIEW): State.REVIEW,
        (State.APPROVAL, Move.APPROVED): State.PROVISIONING,
        (State.APPROVAL, Move.REJECTED): State.REJECTED,
        (State.APPROVAL, Move.WITHDRAWN): State.WITHDRAWN,
        (State.PROVISIONING, Move.PROVISIONED): State.CLOSED,
        (State.PROVISIONING, Move.TO_REVIEW): State.REVIEW,
        (State.PROVISIONING, Move.TO_APPROVAL): State.APPROVAL,
        (State.PROVISIONING, Move.WITHDRAWN): State.WITHDRAWN,
        (State.REJECTED, Move.TO_AREA): State.INCOMPLETE,
        (State.REJECTED, Move.TO_REVIEW): State.REVIEW,
        (State.REJECTED, Move.TO_APPROVAL): State.APPROVAL,
        (State.REJECTED, Move.REOPENED): State.INCOMPLETE,
        (State.WITHDRAWN, Move.REOPENED): State.INCOMPLETE,
        (State.EXPIRED, Move.REOPENED): State.INCOMPLETE,
        (State.CLOSED, Move.REOPENED): State.INCOMPLETE,
    }
)

FINAL = frozenset({State.CLOSED, State.REJECTED, State.WITHDRAWN, State.EXPIRED})
"""States in which nobody is waited for."""
DECIDED_AT = (State.REVIEW, State.APPROVAL)
"""States in which somebody decides."""
UNDECIDED = (State.INCOMPLETE, *DECIDED_AT)
LIVE = (*UNDECIDED, State.PROVISIONING)
ACCEPTED = frozenset({State.PROVISIONING, State.CLOSED})


class ImpossibleMoveError(ValueError):
    """The table has no such move; `state` and `move` tell which."""

    def __init__(self, state: State, move: Move) -> None:
        super().__init__(f"a case that is {state} cannot be {move}")
        self.state, self.move = state, move


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that can still be undone, or was the last: who, what, when it goes out.

    `before` is the state to return to; `token` the hash of the reply token it was given with;
    `reason_key` names the reason of the catalogue, where it was one.
    """

    move: Move
    by: str
    at: dt.datetime
    goes_out_at: dt.datetime
    before: State
    reason: str = ""
    token: str = ""
    reason_key: str = ""


class Reply(StrEnum):
    """What somebody answered who was asked about a case."""

    YES = "yes"
    NO = "no"
    ASKS = "asks"  # a question, a condition: whatever is neither plain yes nor plain no


CONSENT, SPONSOR = "consent", "sponsor"
"""Topics of inquiries."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question to one person who takes no part in a case otherwise, and the answer so far.

    `topic` tells what is asked of them, such as consent, and `about` whom or what it is about, in
    words; `version` is that of the form when they answered.
    """

    topic: str
    to: Address
    about: str
    asked_at: dt.datetime
    reply: Reply | None = None
    words: str = ""
    version: int = 0

    @property
    def who(self) -> str:
        """Who was asked, as people read it: with the address where a request told whom to ask."""
        email, name = self.to.email, self.to.name
        if not name:
            return email
        return f"{name} ({email})" if self.topic == SPONSOR else name

    @property
    def is_answered(self) -> bool:
        """Whether they said a plain SÍ or NO."""
        return self.reply in (Reply.YES, Reply.NO)


QUESTION = "question"
"""Key of `Case.details`: the words to which whoever `asked_by` names awaits an answer."""


@dataclass(frozen=True, slots=True)
class Case:
    """One request. `intent` tells what it is about (`workflow.kinds.Topic`).

    `form` holds what is known, by field; `version` grows when it changes.

    `people` may complete or correct it: the requester and whoever was in copy. `thread` holds the
    Message-IDs of the area's conversation, oldest first, bounded. `owners` are the addresses of all
    who ever asked for it or were to answer for it, `writers` those of people besides the requester
    who wrote about it. `details` is what its kind of request keeps beside the form.
    `entered` tells when it last came to each state; `promised` is the day that the area was told
    instead of `due_on`, which had to slip.
    """

    folio: str
    state: State
    intent: str
    requester: Address
    people: tuple[Address, ...]
    subject: str
    opened_at: dt.datetime
    updated_at: dt.datetime
    form: Mapping[str, Extraction] = field(default_factory=lambda: MappingProxyType({}))
    version: int = 1
    due_on: dt.date | None = None
    thread: tuple[str, ...] = ()
    assignee: str = ""
    decision: Decision | None = None
    asked_by: str = ""  # the member of staff whose question the area has not answered
    merged_into: str = ""  # the folio of the case that this one is a duplicate of
    details: Mapping[str, str | bool] = field(default_factory=lambda: MappingProxyType({}))
    owners: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    entered: Mapping[str, dt.datetime] = field(default_factory=lambda: MappingProxyType({}))
    promised: dt.date | None = None
    inquiries: tuple[Inquiry, ...] = ()

    @property
    def answer_by(self) -> dt.date | None:
        """Until when the area was told that it gets an answer."""
        if self.promised is None or self.due_on is None:
            return self.due_on
        return max(self.due_on, self.promised)

    def told(self, at: dt.datetime) -> Self:
        """The case as its area may know it: a decision counts once it cannot be undone."""
        if self.decision is None or self.decision.goes_out_at <= at:
            return self
        return replace(self, state=self.decision.before)

    def value(self, field: str, kind: type[Kind]) -> Kind | None:
        """What is known of a field, where it is of this kind (str, int, dt.date, tuple)."""
        found = self.form.get(field)
        return found.value if found and isinstance(found.value, kind) else None

    def text(self, field: str) -> str:
        """What is known of a field, as text; empty where nothing is, or no text."""
        return self.value(field, str) or ""

    def moved(self, move: Move, now: dt.datetime) -> Self:
        """The case after a move. Raises ImpossibleMoveError where the table has none."""
        try:
            state = TABLE[self.state, move]
        except KeyError:
            raise ImpossibleMoveError(self.state, move) from None
        entered = MappingProxyType({**self.entered, str(state): now})
        return replace(self, state=state, updated_at=now, entered=entered)

    def knowing(self, values: Mapping[str, Extraction]) -> Self:
        """The case with values of its form, in the place of what was known."""
        return replace(self, form=MappingProxyType({**self.form, **values}))

    def noting(self, key: str, value: str | bool) -> Self:
        """The case with one of its details."""
        return replace(self, details=MappingProxyType({**self.details, key: value}))

    def without(self, *keys: str) -> Self:
        """The case without some of its details."""
        details = {key: value for key, value in self.details.items() if key not in keys}
        return replace(self, details=MappingProxyType(details))

    def asked(self, by: str, question: str, now: dt.datetime) -> Self:
        """The case while its area owes an answer to a member of staff."""
        return replace(self.noting(QUESTION, question), asked_by=by, updated_at=now)

    def belongs_to(self, email: str) -> bool:
        """Whether an address takes part in the case on the area's side."""
        return any(p.email == email for p in self.people)


def bare(email: str) -> str:
    """An address without the part after a plus (RFC 5233): the same person's mailbox."""
    local, at, domain = email.lower().partition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


TAKEN_BACK = "undone"
"""`Event.what` of the event that takes back the one before it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a case's history. `what` is a short key, `text` says it in Spanish."""

    what: str
    actor: str  # an address, or "bot"
    text: str
    version: int
    message_id: str = ""
    data: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
