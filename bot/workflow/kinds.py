"""A kind of request, as values: all that a subject such as mailing lists brings to the engine.

The engine opens, asks, has decided and closes; what is asked for, in which form, who acts at which
stage and what it is all called, a kind tells. `Organization.kinds` holds those in use.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from bot.workflow.case import Case, State
from bot.workflow.message import Address
from bot.workflow.staff import Role
from nlp.types import CommandGrammar, Extraction, FieldKind, FieldValue, Form, Message, Part
from replies.phrases import say

if TYPE_CHECKING:
    from bot.workflow.commands.registry import CommandSpec
    from bot.workflow.context import Context
    from bot.workflow.machines import Gone
    from bot.workflow.notification import CalendarEntry, Notification
    from bot.workflow.organization import Organization
    from bot.workflow.outcome import Outcome
    from bot.workflow.phrases import Phrases
    from bot.workflow.schedule.reminding import ReminderStep, Taken

T = TypeVar("T")
NOTHING: Mapping[str, FieldValue] = MappingProxyType({})
_COUNTED = (FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.INTEGER)
_OF_REQUESTER = frozenset(
    {Part.AREA, Part.RESPONSIBLE, Part.POSITION, Part.EMAIL, Part.EXTENSION, Part.BACKER}
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A state in which somebody of the organization must act: who, and which reply asks them to."""

    state: State
    role: Role
    template: str


REVIEW = Stage(State.REVIEW, Role.REVIEWER, "review")
APPROVAL = Stage(State.APPROVAL, Role.APPROVER, "approval")
PROVISIONING = Stage(State.PROVISIONING, Role.PROVISIONER, "provisioning")
STAGES = (REVIEW, APPROVAL, PROVISIONING)
"""The stages as most kinds have them: one recommends, one decides, one carries it out."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a message may be about: its `intent`, what that is called, and what it leads to.

    `names` are what staff call it in CLASIFICAR, the first as offered. A topic `by_form` opens a
    case that goes on once the form is complete; one with `opens` has a way of its own, which may
    find that there is nothing to open; any other is answered with guidance.
    `button` is what its writer says for it where nobody is sure what a message is about.
    `asks` are the fields without which its case cannot go on, None for those that the form
    requires. `told` is what reviewers hear of it instead of the message alone, where it finds
    something to say. `implies` are values of the form that follow from the topic alone.
    """

    intent: str
    title: str
    names: tuple[str, ...]
    by_form: bool = False
    opens: Callable[[Context], Outcome | None] | None = None
    asks: frozenset[str] | None = None
    told: Callable[[Context], tuple[Notification, ...]] | None = None
    implies: Mapping[str, FieldValue] = field(default_factory=lambda: NOTHING)
    button: str = ""

    @property
    def is_request(self) -> bool:
        """Whether a case can be about it."""
        return self.by_form or self.opens is not None


CASE_STATUS = "case_status"
GENERAL = (
    Topic(CASE_STATUS, say("topic.case_status"), ("estado", "seguimiento", "trámite")),
    Topic("question", say("topic.question"), ("pregunta", "duda", "consulta")),
    Topic(
        "other",
        say("topic.other"),
        ("otro", "otro asunto", "ninguno", "nada"),
        button=say("button.other"),
    ),
)
"""What people write about whatever can be requested."""


@dataclass(frozen=True, slots=True)
class Recognition:
    """The topic that a message is about, and how sure that is (0 to 1)."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class RequesterCommandSpec:
    """What somebody may say in one clear line about what a kind keeps: how it is written, and what
    it leads to; None where it means nothing from this writer."""

    grammar: CommandGrammar
    leads_to: Callable[[Context], Outcome | None]


@dataclass(frozen=True, slots=True)
class ScheduledMail:
    """A mail that the calendar asks for, sent once under the name `job`; `due` since then.

    `event` is what the history of its case tells of it, where it has one (`folio`).
    """

    job: str
    due: dt.datetime
    notification: Notification
    folio: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Noun:
    """What a kind is a request for: "lista", "lista de distribución", "una lista de distribución",
    "la lista"."""

    short: str
    long: str
    one: str
    the: str

    @classmethod
    def of(cls, kind: str) -> Noun:
        """As the catalogue has it."""
        return cls(*say(f"noun.{kind}").split(" | "))


@dataclass(frozen=True, slots=True)
class CaseWords:
    """How people speak of a case: what is to be done to what, for whom.

    `asks_for` is the request in the requester's own words, where the form does not tell. `doing`
    and `done` tell how it stands once it was approved, and when it is closed.
    """

    verb: str
    name: str = ""
    area: str = ""
    asks_for: str = ""
    doing: str = say("outcome.being_done")
    done: str = say("outcome.done")


@dataclass(frozen=True, slots=True)
class Check:
    """What came of a rule for a case: what it is called, whether it holds, and why, in words.

    `mend` tells the area how to mend it; `fields` are those it looks at, the first being the one
    to change.
    """

    name: str
    passed: bool
    text: str
    mend: str = ""
    fields: tuple[str, ...] = ()


ASKS = "asks"
"""Key of `Case.details`: the fields that this one cannot go on without, where it was opened to ask
for them."""
PREFILLED = "prefilled"
"""Key of what a kind shows: what is written already with a command, by the command's word."""
GIVEN_REASONS = "given_reasons"
"""Key of what a kind shows: with which words others were rejected who asked for the like, and the
folio of each."""
Shows: TypeAlias = Callable[[Case, "Organization", Any, dt.date], Mapping[str, object]]


# Functions with names, where none would do: a kind is handed to the process that reads mail.


def _same(value: T, *_: object) -> T:
    return value


def _as_read(_: Context, case: Case) -> Case:
    return case


_no, _no_words = partial(_same, False), partial(_same, "")
_nothing, _no_values, _nobody = partial(_same, ()), partial(_same, NOTHING), partial(_same, None)


def _keeps_nothing(*_: object) -> None:
    raise TypeError("this kind of request keeps no records")


@dataclass(frozen=True, slots=True)
class RequestKind:
    """One kind of request.

    `has_new_owner` tells whether who will answer for it did not before, and is to accept.

    What a kind keeps beside the cases, `records` loads from the unit of work of `bot.store` and
    `save` writes; what who acts at a stage must see beside the form, `around` loads, and `shows`
    puts into the values of the stage's reply.
    `checks` are the rules of the kind as a case stands, for the area to know before staff do.
    `as_told` gives a case as its requester may read it, who may not be told all that is known of
    what they ask about; `warning` tells who decides what is odd about who asks, in words.
    `keeps_address` tells whether an address is one of what it keeps, behind which many may read: no
    mail is written to it.
    `accepted` tells what else is said once a request was approved, `calendar` which days it brings
    with it, `scheduled` which mails the
    calendar asks for, `weekly` what the weekly summary tells.
    `owner_gone` is what it means that addresses do not exist any more which answer for something;
    `left_behind` loads what that is, as its `records`.
    `own_steps` are the steps that the calendar asks for in a case that waits for its requester,
    None for the usual ones; `take_step` is what such a step does.
    `read_on` fills in what a message tells of what a case asks for besides what was read of it;
    `taken_back` is what it means that somebody takes a case back, where that does not end it.
    `staff_commands` are rows of the table of commands that are for its cases alone, such as the
    one that ends them; `commands` what requesters may say of what it keeps, `cancel_words` more
    ways to take a request back.
    `is_about` tells whether a text speaks of what is requested: such a mail is no machine's.
    `of_one` are the fields that two requests never share.
    `backer` tells who backs a request, as far as an address of theirs is known.
    `proposes` tells what fields that are still empty may hold, by who writes and how they sign: it
    is asked, and a SÍ takes it.
    `recognises` tells which of its topics a message is about, where the trained classifier does
    not know them.
    """

    name: str
    noun: Noun
    form: Form
    topics: tuple[Topic, ...]
    words: Callable[[Case], CaseWords]
    stages: tuple[Stage, ...] = STAGES
    of_one: frozenset[str] = frozenset()
    backer: Callable[[Case], Address | None] = _nobody
    has_new_owner: Callable[[Case], bool] = _no
    around: Callable[[Any, Case], object] = _nothing
    shows: Shows = _no_values
    checks: Callable[[Case, Organization, dt.date], tuple[Check, ...]] = _nothing
    records: Callable[[Any], Any] = _nothing
    save: Callable[[Any, Any], None] = _keeps_nothing
    as_told: Callable[[Case], Case] = _same
    warning: Callable[[Phrases, Case], str] = _no_words
    keeps_address: Callable[[Any, str], bool] = _no
    accepted: Callable[[Organization, Case], tuple[Notification, ...]] = _nothing
    calendar: Callable[[Organization, Case], tuple[CalendarEntry, ...]] = _nothing
    scheduled: Callable[[Any, Organization, dt.datetime], tuple[ScheduledMail, ...]] = _nothing
    weekly: Callable[[Any, Organization, dt.date], Mapping[str, object]] = _no_values
    left_behind: Callable[[Any, frozenset[str]], object] = _nothing
    owner_gone: Callable[[Gone], Outcome | None] = _nobody
    own_steps: Callable[[Case, Organization, dt.datetime], tuple[ReminderStep, ...] | None] = (
        _nobody
    )
    read_on: Callable[[Context, Case], Case] = _as_read
    taken_back: Callable[[Context, Case], Outcome | None] = _nobody
    take_step: Callable[[Case, ReminderStep, Organization, dt.datetime], Taken | None] = _nobody
    commands: tuple[RequesterCommandSpec, ...] = ()
    staff_commands: tuple[CommandSpec, ...] = ()
    cancel_words: tuple[str, ...] = ()
    is_about: Callable[[str], bool] = _no
    recognises: Callable[[Message], Recognition | None] | None = None
    proposes: Callable[[Case, Address, str], Mapping[str, FieldValue]] = _no_values

    def topic(self, intent: str) -> Topic | None:
        """What a case or message of this intent is about, where it is of this kind."""
        return next((topic for topic in self.topics if topic.intent == intent), None)

    def stage(self, state: State) -> Stage | None:
        """Who acts in a state; None where nobody of the organization does."""
        return next((stage for stage in self.stages if stage.state is state), None)

    def missing(self, case: Case) -> tuple[str, ...]:
        """Names of the fields that a case cannot go on without, in the form's order."""
        topic = self.topic(case.intent)
        asks = topic.asks if topic else None
        if ASKS in case.details:
            asks = frozenset(str(case.details[ASKS]).split())
        return tuple(
            f.name
            for f in self.form.fields
            if f.name not in case.form and (f.required if asks is None else f.name in asks)
        )

    @property
    def counted(self) -> frozenset[str]:
        """The fields that tell of nobody, and stay when people are forgotten."""
        fields = self.form.fields
        return frozenset(f.name for f in fields if f.kind in _COUNTED or f.part is Part.AREA)

    @property
    def of_requester(self) -> frozenset[str]:
        """The fields that tell who asks, likely the same in all that they ask for."""
        return frozenset(f.name for f in self.form.fields if f.part in _OF_REQUESTER)

    @property
    def reaches(self) -> str:
        """The field that tells whom it reaches: for its choices people may be named who are asked
        for their consent."""
        return self.form.played(Part.FOR_WHOM)

    def form_of(self, case: Case) -> Form:
        """The fields that an answer about a case may be for: where it asks for some, those."""
        asks = str(case.details.get(ASKS, "")).split()
        return Form(tuple(f for f in self.form.fields if f.name in asks)) if asks else self.form

    def name_of(self, case: Case, found: Mapping[str, Extraction]) -> str:
        """What a request like a case is called by what was found; empty where nothing tells."""
        return self.words(replace(case, form=found)).name

    def owner_of(self, case: Case) -> Address | None:
        """Who will answer for what is asked; None where the form does not tell."""
        parts = Part.RESPONSIBLE, Part.EMAIL
        name, email = (case.text(self.form.played(part)) for part in parts)
        return Address(email, name) if email else None


RETIRED = RequestKind(
    name="retired",
    noun=Noun.of("request"),
    form=Form(()),
    topics=(),
    words=partial(_same, CaseWords(say("outcome.attend"))),
)
"""What a case is whose kind is no longer in use: it is shown, decided on and cancelled, and nothing
more is asked of it."""
