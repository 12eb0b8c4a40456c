"""Commands that decide nothing: asking and answering the area, notes, help."""

from dataclasses import replace

from bot.workflow.case import LIVE
from bot.workflow.commands.answers import event, only_told, refused, told
from bot.workflow.commands.registry import (
    ANY_STATE,
    NOWHERE,
    STAFF,
    CommandContext,
    Offer,
    command,
    lines,
    table,
)
from bot.workflow.context import TRIAGE, Need
from bot.workflow.message import ParsedMessage
from bot.workflow.notification import CONFIRM
from bot.workflow.notifications.mails import CommandHint, question
from bot.workflow.notifications.updates import answer, answer_to
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome

_LIVE = dict.fromkeys(LIVE, STAFF)


_ASKS_IN_WORDS = (
    *(f"que {us} {tell}" for us in ("me", "nos")
      for tell in ("digan", "aclaren", "expliquen", "confirmen", "indiquen")),
    *(f"{request}{them}" for them in ("le", "les")
      for request in ("pedir", "pide", "pida", "pidan",
                      "solicitar", "solicita", "solicite", "soliciten",
                      "preguntese", "solicitese")),
)  # fmt: skip


@command("ask", "PREGUNTAR", ("pregunta", "preguntarle", "preguntarles", "ask", *_ASKS_IN_WORDS),
         _LIVE, argument="text", argument_hint="texto", verbs=("preguntar", "consultar"),
         takes_questions=True, offers=frozenset({Offer.NOTICE, Offer.DIGEST}))  # fmt: skip
def ask(command: CommandContext) -> Outcome:
    """Envía su pregunta al área; la respuesta le llega a usted."""
    if not command.argument:
        return refused(command, command.say("talk.ask_what"))
    if command.case.requester == command.organization.mailbox:
        return refused(command, command.say("talk.proposed_by_us"))
    asker = command.person.address.email
    case = command.case.asked(asker, command.argument, command.now)
    result = told(
        command,
        command.say("talk.asked", email=case.requester.email),
        command.say("talk.asked_next"),
        case=case,
    )
    return Outcome(
        "a question for the area",
        case,
        events=(event(command, "asked", command.say("history.asked", argument=command.argument)),),
        notifications=(question(command.organization, case, command.argument),),
        results=(result,),
    )


@command("answer", "RESPONDER", ("respuesta", "responderle", "responderles", "reply", "answer"),
         ANY_STATE, argument="text", argument_hint="texto", subject="message", verbs=("responder",
         "contestar"), needs=frozenset({Need.ORIGINAL}),
         offers=frozenset({Offer.TRIAGE}))  # fmt: skip
def answer_(command: CommandContext) -> Outcome:
    """Envía su respuesta a quien escribió, por este mismo medio."""
    if not command.argument:
        return refused(command, command.say("talk.answer_what"))
    return _answer_case(command) if command.about else _answer_message(command)


def _answer_case(command: CommandContext) -> Outcome:
    """To whoever wrote what it answers, of the case or not; else to the requester.

    To somebody who is not of the case nothing of it goes, but for the words.
    """
    case = command.case
    asked = _asked_in_triage(command)
    writer = (asked.writer if asked else None) or case.requester
    if writer == command.organization.mailbox:
        return refused(command, command.say("talk.proposed_by_us"))
    reply = answer(case, command.argument, writer)
    if asked:
        folio = case.folio if case.belongs_to(writer.email) else ""
        thread = (*asked.references, asked.message_id)
        reply = replace(reply, folio=folio, in_reply_to=asked.message_id, references=thread)
    result = told(
        command,
        command.say("talk.answered", email=writer.email),
        command.say("talk.answered_filed", folio=case.folio),
    )
    now = command.now
    if case.belongs_to(writer.email):
        case = case.asked(command.person.address.email, command.argument, now)
    return Outcome(
        "an answer to who wrote",
        replace(case, updated_at=now),
        events=(
            event(command, "replied", command.say("history.replied", argument=command.argument)),
        ),
        notifications=(reply,),
        results=(result,),
    )


def _asked_in_triage(command: CommandContext) -> ParsedMessage | None:
    """The mail that the notice shows; None where the notice is no mail's."""
    token, original = command.context.token, command.context.original
    of_a_mail = token is not None and token.stage == TRIAGE and bool(token.message)
    return original.incoming if original and of_a_mail else None


def _answer_message(command: CommandContext) -> Outcome:
    original, organization = command.context.original, command.organization
    sender = original.incoming.sender if original else None
    if original is None or sender is None:
        return refused(command, command.say("talk.no_sender"))
    if not organization.is_institutional(sender):
        why = command.say("talk.outsider", email=sender.email)
        return refused(command, why, command.say("talk.write_yourself"))
    result = told(
        command, command.say("talk.answered", email=sender.email), command.say("talk.answered_next")
    )
    reply = answer_to(original.incoming, command.argument)
    return Outcome("an answer to a message", notifications=(reply,), results=(result,))


_NOTES_IN_WORDS = tuple(
    f"{add} {a}nota{internal}" for a in ("", "una ") for internal in ("", " interna")
    for add in ("agregar", "agreguen", "agrega", "anadir", "anadan", "anade", "poner", "pongan",
                "registrar", "registren", "dejar", "dejen", "dejo")
)  # fmt: skip


@command("note", "NOTA", ("nota", "note", *_NOTES_IN_WORDS, "como nota", "como nota interna",
         "nota interna", "para el expediente", "para que conste"), ANY_STATE, argument="text",
         argument_hint="texto", aside=True, everyday=True, verbs=("anotar",))  # fmt: skip
def note(command: CommandContext) -> Outcome:
    """Guarda una nota interna en el expediente; el área no la ve."""
    if not command.argument:
        return refused(command, command.say("talk.note_what"))
    case = command.case
    result = told(
        command, command.say("talk.noted", folio=case.folio), command.say("talk.noted_hidden")
    )
    return Outcome(
        "a note",
        case,
        events=(event(command, "noted", command.say("history.noted", argument=command.argument)),),
        results=(result,),
    )


@command("help", "AYUDA", ("ayuda", "help"), ANY_STATE, changes=False, subject="nothing",
       aside=True, everyday=True, allows_comment=True)  # fmt: skip
def help_(command: CommandContext) -> Outcome:
    """Le recuerda lo que puede responder."""
    title = command.say("talk.what_you_can_say")
    return only_told(command, title, offer=help_lines(command.organization))


@command(CONFIRM, "CONFIRMAR", ("confirmado", "confirm"), ANY_STATE,
       subject="nothing", verbs=("confirmar",), offers=NOWHERE, staff_only=True)  # fmt: skip
def confirm(command: CommandContext) -> Outcome:
    """Confirma una orden que llegó sin clave."""
    return refused(command, command.say("talk.nothing_to_confirm"))


def help_lines(organization: Organization) -> tuple[CommandHint, ...]:
    """Every command with its help, as the help mail and docs show it."""
    return lines(table(organization))
