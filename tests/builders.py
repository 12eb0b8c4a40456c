"""Values for tests: an organization with its people, messages from them, cases in every state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.config.form import shipped_form, to_form
from bot.config.organization import institution_of, phrases_of
from bot.config.settings import InstitutionSettings
from bot.lists.findings import ReviewContext
from bot.lists.kind import list_kind
from bot.workflow.calendar import ClosedDays
from bot.workflow.case import Case, State
from bot.workflow.commands.grants import case_grant
from bot.workflow.context import MOST_OPENED, Context, Link, ReplyToken
from bot.workflow.message import Address, ParsedMessage
from bot.workflow.news import NEWS
from bot.workflow.notification import Notification, StageNotice
from bot.workflow.notifications.notices import notification_of
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Person, Role
from nlp.turns.types import GivenValue, Turn
from nlp.types import (
    Block,
    BlockKind,
    Extraction,
    FieldKind,
    FieldValue,
    Form,
    Intent,
    ParsedCommands,
    Prediction,
)
from tests.rig.zone import ZONE

NOW = dt.datetime(2021, 8, 16, 10, 0, tzinfo=ZONE)
FORM: Form = to_form(shipped_form())
KIND = list_kind(FORM)

ANA = Address("ana.prado@upaep.mx", "Ana Prado")  # an area
REVIEWER = Person(Address("rodrigo@upaep.mx", "Rodrigo Espino"), frozenset({Role.REVIEWER}))
REVIEWER_2 = Person(Address("valeria@upaep.mx", "Valeria Quiroz"), frozenset({Role.REVIEWER}))
APPROVER = Person(Address("directora@upaep.mx", "Nancy Olvera"), frozenset({Role.APPROVER}))
PROVISIONER = Person(Address("redes@upaep.mx", "Noé Vivar"), frozenset({Role.PROVISIONER}))
ADMIN = Person(Address("admin@upaep.mx", "Guardia"), frozenset({Role.ADMIN}))

SAY = phrases_of(InstitutionSettings())
INSTITUTION = institution_of(InstitutionSettings())
ORGANIZATION = Organization(
    mailbox=Address("comunicacion.interna@upaep.mx", "Comunicación Interna UPAEP"),
    domains=("upaep.mx", "upaep.edu.mx"),
    staff=(REVIEWER, REVIEWER_2, APPROVER, PROVISIONER, ADMIN),
    kinds=(KIND,),
    institution=INSTITUTION,
    say=SAY,
    zone=ZONE,
    closed_on=ClosedDays("MX"),
    delegates=frozenset({"luis.mora@upaep.mx", "sofia@upaep.mx"}),
)

VALUES: dict[FieldKind, FieldValue] = {
    FieldKind.TEXT: "Biblioteca Central",
    FieldKind.LONG_TEXT: "difundir las novedades del acervo",
    FieldKind.NAME: "Elvira Santoyo Quiroz",
    FieldKind.INTEGER: 1850,
    FieldKind.DIGITS: "7415",
    FieldKind.EMAIL: "elvira.santoyo@upaep.mx",
    FieldKind.DATE: dt.date(2021, 9, 1),
}
KEY_HASH = "k" * 64


def found(value: FieldValue) -> Extraction:
    return Extraction(value, "text", "una frase del mensaje")


def full_form(*without: str) -> MappingProxyType[str, Extraction]:
    """Every field of the form filled in, but for some."""
    values: dict[str, Extraction] = {}
    for field in FORM.fields:
        if field.name in without:
            continue
        first = next(iter(field.choices), "")
        match field.kind:
            case FieldKind.CHOICE:
                values[field.name] = found(first)
            case FieldKind.CHOICES:
                values[field.name] = found((first,))
            case _:
                values[field.name] = found(VALUES[field.kind])
    return MappingProxyType(values)


def mail(text: str = "Buenas tardes.", sender: Address = ANA, **changes: object) -> ParsedMessage:
    """A parsed message to the mailbox."""
    incoming = ParsedMessage(
        message_id="<m1@upaep.mx>",
        senders=(sender,),
        to=(ORGANIZATION.mailbox,),
        cc=(),
        subject="Lista de distribución",
        date=NOW,
        in_reply_to=(),
        references=(),
        headers=MappingProxyType({}),
        blocks=(Block(BlockKind.NEW, text),),
    )
    return replace(incoming, **changes)  # type: ignore[arg-type]


def case(state: State = State.REVIEW, **changes: object) -> Case:
    """A case of Ana's, complete unless told otherwise."""
    made = Case(
        folio="CI-2021-0042",
        state=state,
        intent=Intent.CREATE_LIST,
        requester=ANA,
        people=(ANA,),
        subject="Lista de distribución",
        opened_at=NOW,
        updated_at=NOW,
        form=full_form(),
        thread=("<m0@upaep.mx>",),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def notice(person: Person, stage: State = State.REVIEW, **changes: object) -> ReplyToken:
    """A live key of a person for the case above."""
    offered = case_grant(ORGANIZATION, person, case(stage)).commands
    if "waiting" in changes:
        offered = frozenset({"confirm"})
    email = person.address.email
    made = ReplyToken(KEY_HASH, "CI-2021-0042", email, stage, 1, offered, created_at=NOW)
    return replace(made, **changes)  # type: ignore[arg-type]


def context(incoming: ParsedMessage, **changes: object) -> Context:
    """A message with nothing known around it."""
    made = Context(
        incoming=incoming,
        prediction=Prediction(Intent.CREATE_LIST, 0.99, MappingProxyType({})),
        staff_commands=ParsedCommands(),
        organization=ORGANIZATION,
        now=NOW,
        folios=tuple(f"CI-2021-{number:04}" for number in range(42, 42 + MOST_OPENED)),
        link=Link.NONE,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def turn(
    answers: Mapping[str, FieldValue] | None = None,
    corrections: Mapping[str, FieldValue] | None = None,
    **more: object,
) -> Turn:
    """What a message says as a turn of its case."""
    given = tuple(GivenValue(name, value, "") for name, value in (answers or {}).items())
    changed = tuple(GivenValue(name, value, "") for name, value in (corrections or {}).items())
    return Turn(given, changed, **more)  # type: ignore[arg-type]


def notifications_of(
    done: Outcome, organization: Organization = ORGANIZATION
) -> tuple[Notification, ...]:
    """All that an outcome says to anybody; the notices as where nothing is known around a case."""
    return (*done.notifications, *asked(done.notices, organization))


def sent(done: Outcome) -> list[tuple[str, str]]:
    """Which mails an outcome sends to whom: the template and the address of each."""
    return [(one.template, one.to.email) for one in notifications_of(done)]


def news_of(done: Outcome) -> dict[str, set[str]]:
    """Which roles read of what in their digest."""
    return {e.what: set(e.data[NEWS].split()) for e in done.events if NEWS in e.data}


def asked(
    notices: Iterable[StageNotice], organization: Organization = ORGANIZATION
) -> tuple[Notification, ...]:
    """Notices as mails, with nothing known around their cases."""
    return tuple(
        notification_of(organization, notice, _shown(notice.case, organization))
        for notice in notices
    )


def _shown(case: Case, organization: Organization) -> Mapping[str, object]:
    return organization.kind(case).shows(case, organization, ReviewContext(), NOW.date())
