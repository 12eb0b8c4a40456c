"""CLASIFICAR: what a message asks for, where the bot was unsure or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from rapidfuzz import fuzz, process

from bot.workflow.case import Case, Move, State
from bot.workflow.commands.answers import event, refused, told
from bot.workflow.commands.registry import CommandContext, command
from bot.workflow.context import Context, Original
from bot.workflow.notifications.mails import decided, guidance
from bot.workflow.notifications.notices import notices
from bot.workflow.notifications.present import enumeration
from bot.workflow.organization import Role
from bot.workflow.outcome import Correction, Outcome
from bot.workflow.requester.requests import INTENT_WORDS, REQUESTS, answer_classified
from bot.workflow.text import plain
from nlp.types import Extraction, Intent

_REVIEWER = frozenset({Role.REVIEWER})
_OPEN = dict.fromkeys((State.INCOMPLETE, State.REVIEW, State.APPROVAL), _REVIEWER)
NEAR = 78.0
KEPT = 6_000  # characters of a message to learn from
KINDS: Mapping[Intent, tuple[str, ...]] = MappingProxyType(
    {
        Intent.CREATE_LIST: ("creación", "crear", "lista nueva", "alta", "nueva"),
        Intent.REINSTATE_LIST: ("restablecimiento", "restablecer", "reactivar", "reactivación"),
        Intent.CHANGE_LIST: ("cambio", "cambiar", "modificación", "baja", "cambio de lista"),
        Intent.ONE_OFF_SEND: ("envío único", "envío", "aviso", "un solo aviso"),
        Intent.REPORT_MISUSE: ("reporte", "queja", "mal uso", "abuso"),
        Intent.CASE_STATUS: ("estado", "seguimiento", "trámite"),
        Intent.QUESTION: ("pregunta", "duda", "consulta"),
        Intent.OTHER: ("otro", "otro asunto", "ninguno", "nada"),
    }
)
"""What each kind is called, the first as offered."""


def _rest_of_line(context: Context, argument: str) -> str:
    """What stands behind the first word: a kind may read as a courtesy and no argument."""
    line = next((x for x in context.incoming.text.splitlines() if x.strip()), "")
    return argument or line.strip().partition(" ")[2][:80]


@command(
    "classify",
    "CLASIFICAR",
    ("classify", "reclasificar"),
    _OPEN,
    argument="text",
    needs_text=True,
    subject="message",
    verbs=("clasificar",),
    finds=_rest_of_line,
)
def classify(command: CommandContext) -> Outcome:
    """Dice qué pide un mensaje (creación, cambio, pregunta…) y lo atiende así; el asistente
    aprende."""
    intent = kind(command.argument)
    if intent is None:
        offers = enumeration([names[0] for names in KINDS.values()])
        return refused(command, "Falta el tipo, o no lo conocemos.", f"Puede ser: {offers}.")
    original = command.context.original
    if command.about is not None:
        return _classify_case(command, intent, original)
    if original is None:
        return refused(
            command, "No sabemos de qué mensaje se trata: responda al aviso que lo trae."
        )
    if original.corrected_by:
        return refused(command, f"Ese mensaje ya lo clasificó {original.corrected_by}.")
    return _classify_message(command, intent, original)


def kind(text: str) -> Intent | None:
    """The kind of message that somebody names, typing mistakes forgiven."""
    names = {plain(name): intent for intent, all_ in KINDS.items() for name in (*all_, str(intent))}
    wanted = plain(text)
    if wanted in names:
        return names[wanted]
    near = process.extractOne(wanted, list(names), scorer=fuzz.ratio, score_cutoff=NEAR)
    return names[near[0]] if near else None


def _classify_message(command: CommandContext, intent: Intent, original: Original) -> Outcome:
    """The message is handled as if it had been understood so from the start."""
    handled = answer_classified(command.context, original, intent)
    if handled is None:
        why = "Ese mensaje viene de fuera de la universidad o no se sabe quién lo escribió."
        return refused(command, why, "Si desea contestarle, escríbale desde su propio correo.")
    folio = f" Se abrió {handled.case.folio}." if handled.case else ""
    result = told(
        command,
        f"Clasificó el mensaje como {INTENT_WORDS[intent]}.{folio}",
        "Ya se respondió a quien escribió, y el asistente aprenderá de su corrección.",
        "Si se abrió por error, responda RECHAZAR o UNIR a su aviso."
        if handled.case else "Para escribirle algo más, responda RESPONDER y el texto.",
        case=handled.case,
    )  # fmt: skip
    correction = _correction(command, original, intent)
    done = Outcome(
        f"classified as {intent}",
        notifications=(result,),
        consumes=command.token,
        corrections=(correction,),
    )
    return handled.then(done)


def _classify_case(command: CommandContext, intent: Intent, original: Original | None) -> Outcome:
    case = command.case
    if intent is case.intent:
        return refused(command, f"{case.folio} ya es {INTENT_WORDS[intent]}.")
    learnt = (_correction(command, original, intent),) if original else ()
    if original and original.corrected_by:
        learnt = ()
    line = event(command, "classified", f"clasificó la solicitud como {INTENT_WORDS[intent]}")
    step = (
        _retyped(command, case, intent)
        if intent in REQUESTS
        else _no_request(command, intent, original)
    )
    done = Outcome(line.text, case, events=(line,), corrections=learnt)
    return done.then(step)


def _retyped(command: CommandContext, case: Case, intent: Intent) -> Outcome:
    organization = command.context.organization
    values = dict(case.form)
    if "request_type" in organization.form:
        says = "creation" if intent is Intent.CREATE_LIST else "reinstatement"
        values["request_type"] = Extraction(says, "staff", "")
    changed = replace(
        case, intent=intent, form=MappingProxyType(values), version=case.version + 1,
        updated_at=command.context.now, details=MappingProxyType({}),
    )  # fmt: skip
    result = told(
        command,
        f"{case.folio} es ahora {INTENT_WORDS[intent]}.",
        "El trámite sigue donde estaba, con avisos nuevos.",
        f"Para deshacerlo, escriba CLASIFICAR {KINDS[case.intent][0]}.",
        case=changed,
    )
    return Outcome("", changed, notifications=(result, *notices(organization, changed, case)))


def _no_request(command: CommandContext, intent: Intent, original: Original | None) -> Outcome:
    """It was no request after all: the case ends, its writer is guided."""
    organization = command.context.organization
    closed = replace(command.case.moved(Move.WITHDRAWN, command.context.now), decision=None)
    result = told(
        command,
        f"{closed.folio} se cerró: es {INTENT_WORDS[intent]}.",
        "A quien escribió le enviamos la orientación que corresponde.",
        "Para deshacerlo, responda REABRIR y el motivo.",
        case=closed,
        with_token=True,
    )
    notifications = [result]
    if original and original.incoming.sender:
        notifications.append(replace(guidance(original.incoming, intent), automatic=False))
    what = f"la cerró: es {INTENT_WORDS[intent]}"
    others = decided(
        organization, closed, command.person, what, organization.with_role(Role.REVIEWER)
    )
    return Outcome(
        "",
        closed,
        notifications=(*notifications, *others),
        consumes=command.token,
        cancels_held=True,
    )


def _correction(command: CommandContext, original: Original, intent: Intent) -> Correction:
    mail, understood = original.incoming, original.prediction
    return Correction(
        message=original.number,
        was=understood.intent,
        confidence=understood.confidence,
        intent=intent,
        by=command.person.address.email,
        sender=mail.sender.email if mail.sender else "",
        subject=mail.subject[:200],
        text=mail.text[:KEPT],
        sent_on=(mail.date or command.context.now).date(),
    )
