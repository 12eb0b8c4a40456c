"""A second kind of request: a room for an event. Nothing of the bot names it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.workflow.case import Case, State
from bot.workflow.commands.answers import refused
from bot.workflow.commands.decide import Completion, carried_out
from bot.workflow.commands.registry import HOLDER, CommandContext, CommandSpec
from bot.workflow.context import Context, Need
from bot.workflow.kinds import (
    APPROVAL,
    REVIEW,
    CaseWords,
    Noun,
    Recognition,
    RequesterCommandSpec,
    RequestKind,
    Stage,
    Topic,
)
from bot.workflow.notifications.updates import noted
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.staff import Role
from nlp.text.fold import fold
from nlp.types import CommandGrammar, FieldKind, FieldValue, Form, FormField, Message, Part

BOOK = "book_room"
SEATS = MappingProxyType({"auditorium": 300, "classroom": 40})
_ASKS = re.compile(r"\b(?:apart|reserv)\w+\s(?:\w+\s){0,3}(?:sala|salon|auditorio)\b")

FORM = Form(
    (
        FormField("event", "Nombre del evento"),
        FormField(
            "room",
            "Espacio",
            FieldKind.CHOICE,
            choices=MappingProxyType(
                {"auditorium": ("auditorio",), "classroom": ("salón", "salon", "aula")}
            ),
        ),
        FormField("day", "Fecha del evento", FieldKind.DATE),
        FormField("guests", "Número de asistentes", FieldKind.INTEGER, part=Part.HOW_MANY),
        FormField("host", "Quién recibe el espacio", FieldKind.NAME, part=Part.RESPONSIBLE),
        FormField("host_email", "Correo de quien recibe", FieldKind.EMAIL, part=Part.EMAIL),
        FormField("extras", "Equipo adicional", required=False),
    )
)


@dataclass(frozen=True, slots=True)
class Booking:
    """A room taken for a day."""

    room: str
    day: dt.date
    folio: str


BOOKINGS: list[Booking] = []
"""What is kept; the bot of a test runs in its process."""


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    passed: bool
    text: str


def recognises(message: Message) -> Recognition | None:
    asked = _ASKS.search(fold(f"{message.subject}\n{message.new_text}"))
    return Recognition(BOOK, 0.99) if asked else None


def words(case: Case) -> CaseWords:
    event = case.form.get("event")
    return CaseWords(
        verb="apartar",
        name=f"para {event.value}" if event else "",
        doing="aceptada; se está preparando el espacio",
        done="aceptada; el espacio está listo",
    )


def _value(case: Case, field: str) -> FieldValue | None:
    return case.form[field].value if field in case.form else None


def records(work: object) -> tuple[Booking, ...]:
    return tuple(BOOKINGS)


def save(work: object, booking: Booking) -> None:
    BOOKINGS.append(booking)


def around(work: object, case: Case) -> tuple[Booking, ...]:
    return tuple(BOOKINGS)


def shows(
    case: Case, organization: Organization, taken: tuple[Booking, ...], today: dt.date
) -> Mapping[str, object]:
    """Whether they fit, and whether the room is free: to who decides."""
    if case.state is State.PROVISIONING:
        return {}
    room, guests, day = (_value(case, name) for name in ("room", "guests", "day"))
    fits = isinstance(guests, int) and guests <= SEATS[str(room)]
    free = not any((b.room, b.day) == (room, day) for b in taken)
    return {
        "checks": (
            Check("Cupo", fits, f"El espacio tiene {SEATS[str(room)]} lugares."),
            Check("Disponibilidad", free, "Nadie más lo ha apartado." if free else "Está tomado."),
        )
    }


def ready(command: CommandContext) -> Outcome:
    """Avisa que el espacio está preparado."""
    case = command.case
    room, day = _value(case, "room"), _value(case, "day")
    assert isinstance(room, str)
    assert isinstance(day, dt.date)
    kept: tuple[Booking, ...] = command.context.records["room"]
    if any((b.room, b.day) == (room, day) for b in kept):
        return refused(command, "Ese espacio ya está tomado ese día.")
    told = noted(case, "Su espacio está listo", f"Lo esperamos el {day:%d/%m/%Y}.")
    booked = (Booking(room, day, case.folio),)
    registered = f"Registramos el espacio de {case.folio}."
    return carried_out(command, Completion(registered, "preparó el espacio", told, booked))


READY = CommandSpec(
    ready,
    "room_ready",
    "LISTO",
    ("listo", "espacio listo"),
    {State.PROVISIONING: HOLDER},
    staff_only=True,
    needs=frozenset({Need.RECORDS}),
    kind="room",
)


def my_bookings(context: Context) -> Outcome | None:
    """MIS ESPACIOS: left to people where the sender has none."""
    cases = [case for case in context.cases if case.intent == BOOK]
    if not cases:
        return None
    lines = [f"{b.folio}: {b.day:%d/%m/%Y}" for b in context.records["room"]]
    return Outcome("its rooms", notifications=(noted(cases[0], "Sus espacios", *lines),))


ROOMS = RequestKind(
    name="room",
    noun=Noun("espacio", "espacio para un evento", "un espacio para un evento", "el espacio"),
    form=FORM,
    topics=(Topic(BOOK, "apartado de un espacio", ("espacio", "sala"), by_form=True),),
    words=words,
    stages=(REVIEW, APPROVAL, Stage(State.PROVISIONING, Role.REVIEWER, "provisioning")),
    around=around,
    shows=shows,
    records=records,
    save=save,
    commands=(
        RequesterCommandSpec(
            CommandGrammar("bookings", ("mis espacios",), decides=True), my_bookings
        ),
    ),
    staff_commands=(READY,),
    recognises=recognises,
)
