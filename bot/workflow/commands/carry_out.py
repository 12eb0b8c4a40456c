"""The conditions every order must meet, in one place, and then its function.

An order counts only from one member of staff with the role, with the capability of a notice made
for that person, case, stage and form version, and vouched for by the receiving server where one
is pinned. Nothing is guessed: whatever falls short is answered to the registered address.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from bot.workflow.authority import is_authenticated
from bot.workflow.case import Case, Event
from bot.workflow.commands import (  # noqa: F401  (fills the table)
    classify,
    decide,
    delegate,
    manage,
    query,
    talk,
)
from bot.workflow.commands.nearest import meant
from bot.workflow.commands.registry import Act, OrderSpec, offered, spec
from bot.workflow.commands.talk import help_lines
from bot.workflow.context import Decision, Link, Situation
from bot.workflow.notification import Letter
from bot.workflow.notifications.mails import command_result, confirm, staff_name
from bot.workflow.notifications.notices import REMARK, STAGES, notice
from bot.workflow.organization import Person
from nlp.types import Order


def is_for_staff(situation: Situation) -> bool:
    """Whether a message is staff at work rather than an area's request.

    Staff may ask for a list too: only a reply to a notice, or an order about a case, is work.
    """
    person = situation.staff
    if person is None:
        return False
    if situation.notice is not None:
        return True
    case = situation.case
    if case is not None and case.belongs_to(person.address.email):
        return bool(situation.reading.orders)
    return bool(situation.reading.orders) or (case is not None and situation.link is Link.THREAD)


def carry_out(situation: Situation, person: Person) -> Decision:
    """What the orders in a message from staff lead to; `person` is who it claims to be."""
    if not is_authenticated(situation.incoming, situation.house.authserv_id):
        return _not_authentic(situation, person)
    notice_ = situation.notice
    if notice_ and notice_.person != person.address.email:
        return _refuse(situation, person, "La clave de ese aviso es de otra persona.")
    if notice_ and situation.case and notice_.folio != situation.case.folio:
        return _refuse(situation, person, "La clave de ese aviso es de otra solicitud.")
    orders = situation.reading.orders
    if not orders:
        return _not_understood(situation, person)
    return reduce(
        lambda done, order: done.then(_one(situation, person, order, done.case)),
        orders,
        Decision("", situation.case),
    )


def _one(situation: Situation, person: Person, order: Order, case: Case | None) -> Decision:
    """One order, against the case as the orders before it left it."""
    row = spec(order.name)
    if order.name == "confirm":
        return _confirmed(situation, person)
    if case is None and not _needs_no_case(situation, row):
        return _without_case(situation, person, row)
    refusal = _forbidden(situation, person, row, case)
    if refusal:
        return _refuse(situation, person, refusal)
    argument = row.argument_of(order, situation)
    if row.changes and situation.notice is None:
        # With its argument: the mail that confirms it will not say it again.
        whole = replace(order, argument=argument or None)
        says = f"{row.says} {argument}".strip()
        letter = confirm(person, situation.incoming, case, whole, says)
        return Decision("an order without a key: asked to confirm", case, letters=(letter,))
    if row.decides and case is not None:
        stale = _stale(situation, person, case)
        if stale:
            return stale
    return row.act(Act(situation, person, case, argument))


def _needs_no_case(situation: Situation, row: OrderSpec) -> bool:
    """Whether an order makes sense although no case is known."""
    about_message = row.subject == "message" and situation.original is not None
    return row.subject == "nothing" or about_message


def _forbidden(situation: Situation, person: Person, row: OrderSpec, case: Case | None) -> str:
    """Why this person may not give this order now, in Spanish; empty where they may."""
    folio = case.folio if case else "Todo"
    if not row.ever_allowed(person):
        return f"Su función no le permite {row.says}. {folio} sigue como estaba."
    if case is None or row.subject == "nothing":
        return ""
    if row.decides and case.is_own_request_of(person.address.email, *person.stands_for):
        whose = "suya" if case.is_own_request_of(person.address.email) else "de quien le delegó"
        return f"{case.folio} es una solicitud {whose}: la decide otra persona."
    if row.allowed(person, case.state):
        return ""
    return _not_now(situation, person, row, case)


def _not_now(situation: Situation, person: Person, row: OrderSpec, case: Case) -> str:
    """Why an order that this person may give is not for the case's state."""
    ruling = case.ruling
    if ruling and row.decides:
        who = staff_name(situation.house, ruling.by)
        if ruling.by == person.address.email:
            return f"Usted ya decidió sobre {case.folio}. Puede escribir DESHACER si aún no sale."
        return f"Ya decidió {who} sobre {case.folio}; su orden no cambió nada."
    return f"{row.says} no se puede en este momento: {case.folio} no está en esa etapa."


def _stale(situation: Situation, person: Person, case: Case) -> Decision | None:
    """The refusal of a decision given on an old notice; a fresh notice goes with it."""
    key = situation.notice
    if key is None or (
        key.spent_at is None and key.stage == case.state and key.version == case.version
    ):
        return None
    if key.spent_at is not None:
        why = "Esa clave ya se usó para una decisión; no hicimos nada."
    elif key.stage == REMARK:
        why = "Ese mensaje no era un aviso para decidir; no hicimos nada. Le enviamos el aviso."
    elif key.version != case.version:
        why = "El formato cambió después de ese aviso; no hicimos nada. Le enviamos el actual."
    else:
        why = "La solicitud ya está en otra etapa; no hicimos nada."
    fresh = _fresh_notice(situation, person, case)
    return _refuse(situation, person, why, case).plus(*fresh)


def _fresh_notice(situation: Situation, person: Person, case: Case) -> tuple[Letter, ...]:
    if case.state not in STAGES or STAGES[case.state][1] not in person.roles:
        return ()
    return (notice(situation.house, case, person),)


def _confirmed(situation: Situation, person: Person) -> Decision:
    """CONFIRMAR: carries out the order that waited for it, with its own key."""
    key, case = situation.notice, situation.case
    if key is None or key.order is None:
        return _refuse(situation, person, "No hay ninguna orden suya por confirmar.")
    if key.spent_at is not None:
        return _refuse(situation, person, "Esa orden ya se confirmó antes.", case)
    done = _one(situation, person, key.order, case)
    return replace(done, spends=tuple({*done.spends, key.key_hash}))


def _not_understood(situation: Situation, person: Person) -> Decision:
    case = situation.case
    near = meant(situation.incoming.text)
    guess = (
        f"¿Quiso decir {near}? Escríbalo así en la primera línea de su respuesta." if near else ""
    )
    letter = command_result(
        person,
        situation.incoming,
        "No entendimos qué desea hacer, así que no hicimos nada.",
        tuple(line for line in (guess, situation.reading.why) if line),
        done=False,
        case=case,
        offer=offered(person, case) if case else help_lines(),
        key=case is not None and situation.notice is not None,
    )
    return Decision("no clear order", case, letters=(letter,))


def _without_case(situation: Situation, person: Person, row: OrderSpec) -> Decision:
    title = f"No sabemos a qué solicitud se refiere {row.says}."
    lines = ("Responda al aviso de la solicitud, o escriba también el folio.",)
    letter = command_result(
        person, situation.incoming, title, lines, done=not row.changes, offer=help_lines()
    )
    return Decision("an order without a case", letters=(letter,))


def _not_authentic(situation: Situation, person: Person) -> Decision:
    case = situation.case
    title = "Llegó una orden a su nombre que no pudimos verificar; no hicimos nada."
    lines = ("Si la escribió usted, avise al administrador. Si no, alguien usa su dirección.",)
    letter = command_result(person, situation.incoming, title, lines, done=False, case=case)
    event = _event(situation, person, "refused", "orden sin autenticación del servidor")
    return Decision("not authenticated", case, events=event, letters=(letter,))


def _refuse(situation: Situation, person: Person, why: str, case: Case | None = None) -> Decision:
    case = case or situation.case
    letter = command_result(person, situation.incoming, why, done=False, case=case)
    return Decision(why, case, events=_event(situation, person, "refused", why), letters=(letter,))


def _event(situation: Situation, person: Person, what: str, text: str) -> tuple[Event, ...]:
    if situation.case is None:
        return ()
    return (
        Event(
            what,
            person.address.email,
            text,
            situation.case.version,
            situation.incoming.message_id,
        ),
    )
