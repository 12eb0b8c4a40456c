"""Orders that decide nothing: asking the area, notes, looking things up."""

from __future__ import annotations

from dataclasses import replace

from bot.core.case import Event, State
from bot.core.letters import OrderLine, command_result, question, state_words
from bot.core.orders.registry import ANY_STATE, STAFF, Act, order, table
from bot.core.present import missing_rows
from bot.core.situation import Decision

_LIVE = dict.fromkeys((State.INCOMPLETE, State.REVIEW, State.APPROVAL, State.PROVISIONING), STAFF)


@order(
    "ask",
    "PREGUNTAR",
    ("preguntar", "pregunta", "pregunto", "preguntarle", "preguntarles", "ask"),
    _LIVE,
    argument="text",
    needs_text=True,
)
def ask(act: Act) -> Decision:
    """Envía su pregunta al área; la respuesta le llega a usted."""
    if not act.argument:
        return _answer(act, "Falta la pregunta: escriba PREGUNTAR y el texto.", done=False)
    case = replace(act.case, asked_by=act.person.address.email, updated_at=act.situation.now)
    answer = command_result(
        act.person,
        act.situation.incoming,
        f"Enviamos su pregunta a {case.requester.email}.",
        ("La respuesta le llegará por correo.",),
        case=case,
    )
    return Decision(
        "a question for the area",
        case,
        events=(_event(act, "asked", f"preguntó: {act.argument}"),),
        letters=(question(case, act.argument), answer),
    )


@order("note", "NOTA", ("nota", "anotar", "anota", "note"), ANY_STATE, argument="text",
       needs_text=True)  # fmt: skip
def note(act: Act) -> Decision:
    """Guarda una nota interna en el expediente; el área no la ve."""
    if not act.argument:
        return _answer(act, "Falta el texto: escriba NOTA y lo que quiera anotar.", done=False)
    answer = command_result(
        act.person, act.situation.incoming, f"Anotado en {act.case.folio}.", case=act.case
    )
    event = _event(act, "noted", f"anotó: {act.argument}")
    return Decision("a note", act.case, events=(event,), letters=(answer,))


@order("status", "ESTADO", ("estado", "estatus", "status"), ANY_STATE, changes=False)
def status(act: Act) -> Decision:
    """Le dice cómo va la solicitud."""
    case, house = act.case, act.situation.house
    lines = [f"Solicitud de {case.requester.email}: {state_words(case, house)}."]
    if case.state is State.INCOMPLETE:
        names = ", ".join(row.label for row in missing_rows(house.form, case))
        lines.append(f"Falta: {names}.")
    if case.due_on and case.state in (State.REVIEW, State.APPROVAL):
        lines.append(f"Debe responderse a más tardar el {case.due_on:%d/%m/%Y}.")
    if case.assignee:
        lines.append(f"La atiende {case.assignee}.")
    return _answer(act, f"{case.folio}", tuple(lines))


@order("help", "AYUDA", ("ayuda", "help"), ANY_STATE, changes=False)
def help_(act: Act) -> Decision:
    """Le recuerda lo que puede responder."""
    return _answer(act, "Esto es lo que puede responder.", offer=help_lines())


@order("confirm", "CONFIRMAR", ("confirmar", "confirmo", "confirmado", "confirm"), ANY_STATE,
       button=False)  # fmt: skip
def confirm(act: Act) -> Decision:
    """Confirma una orden que llegó sin clave."""
    return _answer(act, "No hay ninguna orden suya por confirmar.", done=False)


def help_lines() -> tuple[OrderLine, ...]:
    """Every order with its help, as the help mail and docs show it."""
    return tuple(OrderLine(s.says, s.help, s.needs_text, s.changes) for s in table())


def _answer(
    act: Act,
    title: str,
    lines: tuple[str, ...] = (),
    *,
    done: bool = True,
    offer: tuple[OrderLine, ...] = (),
) -> Decision:
    letter = command_result(
        act.person, act.situation.incoming, title, lines, done=done, case=act.case, offer=offer
    )
    return Decision(title, act.case, letters=(letter,))


def _event(act: Act, what: str, text: str) -> Event:
    person, incoming = act.person.address.email, act.situation.incoming
    return Event(what, person, text, act.case.version, incoming.message_id)
