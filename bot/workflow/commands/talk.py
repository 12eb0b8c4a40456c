"""Orders that decide nothing: asking and answering the area, notes, help."""

from __future__ import annotations

from dataclasses import replace

from bot.workflow.commands.answers import event, only_told, refused, told
from bot.workflow.commands.registry import ANY_STATE, LIVE, STAFF, Act, lines, order, table
from bot.workflow.context import Decision
from bot.workflow.notifications.mails import OrderLine, question
from bot.workflow.notifications.updates import answer, answer_to

_LIVE = dict.fromkeys(LIVE, STAFF)


@order(
    "ask",
    "PREGUNTAR",
    ("pregunta", "preguntarle", "preguntarles", "ask"),
    _LIVE,
    argument="text",
    needs_text=True,
    verbs=("preguntar",),
)
def ask(act: Act) -> Decision:
    """Envía su pregunta al área; la respuesta le llega a usted."""
    if not act.argument:
        return refused(act, "Falta la pregunta: escriba PREGUNTAR y el texto.")
    case = replace(act.case, asked_by=act.person.address.email, updated_at=act.situation.now)
    result = told(
        act,
        f"Enviamos su pregunta a {case.requester.email}.",
        "La respuesta le llegará por correo; mientras tanto el trámite sigue abierto.",
        case=case,
    )
    return Decision(
        "a question for the area",
        case,
        events=(event(act, "asked", f"preguntó: {act.argument}"),),
        letters=(question(case, act.argument), result),
    )


@order(
    "answer",
    "RESPONDER",
    ("respuesta", "responderle", "responderles", "reply", "answer"),
    ANY_STATE,
    argument="text",
    needs_text=True,
    button=False,
    subject="message",
    verbs=("responder", "contestar"),
)
def answer_(act: Act) -> Decision:
    """Envía su respuesta a quien escribió, por este mismo medio."""
    if not act.argument:
        return refused(act, "Falta la respuesta: escriba RESPONDER y el texto.")
    return _answer_case(act) if act.about else _answer_message(act)


def _answer_case(act: Act) -> Decision:
    case, original = act.case, act.situation.original
    writer = original.incoming.sender if original else None
    if writer is None or not case.belongs_to(writer.email):
        writer = case.requester
    result = told(
        act,
        f"Enviamos su respuesta a {writer.email}.",
        f"Quedó en el expediente de {case.folio}. Lo que conteste le llegará por correo.",
    )
    return Decision(
        "an answer for the area",
        replace(case, asked_by=act.person.address.email, updated_at=act.situation.now),
        events=(event(act, "replied", f"respondió: {act.argument}"),),
        letters=(answer(case, act.argument, writer), result),
    )


def _answer_message(act: Act) -> Decision:
    original, house = act.situation.original, act.situation.house
    sender = original.incoming.sender if original else None
    if original is None or sender is None:
        return refused(act, "Ese mensaje no tiene un remitente al que se pueda responder.")
    if not house.is_institutional(sender):
        why = f"{sender.email} es de fuera de la universidad; el asistente no le escribe."
        return refused(act, why, "Si desea contestarle, escríbale desde su propio correo.")
    result = told(
        act,
        f"Enviamos su respuesta a {sender.email}.",
        "Si contesta, su mensaje llegará de nuevo a Comunicación Interna.",
    )
    letters = (answer_to(original.incoming, act.argument), result)
    return Decision("an answer to a message", letters=letters)


@order("note", "NOTA", ("nota", "note"), ANY_STATE, argument="text", needs_text=True,
       aside=True, everyday=True, verbs=("anotar",))  # fmt: skip
def note(act: Act) -> Decision:
    """Guarda una nota interna en el expediente; el área no la ve."""
    if not act.argument:
        return refused(act, "Falta el texto: escriba NOTA y lo que quiera anotar.")
    case = act.case
    result = told(act, f"Anotado en {case.folio}.", "El área no la ve; queda en el expediente.")
    return Decision(
        "a note", case, events=(event(act, "noted", f"anotó: {act.argument}"),), letters=(result,)
    )


@order("help", "AYUDA", ("ayuda", "help"), ANY_STATE, changes=False, subject="nothing",
       aside=True, everyday=True, remark=True)  # fmt: skip
def help_(act: Act) -> Decision:
    """Le recuerda lo que puede responder."""
    return only_told(act, "Esto es lo que puede responder.", offer=help_lines())


@order("confirm", "CONFIRMAR", ("confirmado", "confirm"), ANY_STATE, button=False,
       subject="nothing", verbs=("confirmar",))  # fmt: skip
def confirm(act: Act) -> Decision:
    """Confirma una orden que llegó sin clave."""
    return refused(act, "No hay ninguna orden suya por confirmar.")


def help_lines() -> tuple[OrderLine, ...]:
    """Every order with its help, as the help mail and docs show it."""
    return lines(table())
