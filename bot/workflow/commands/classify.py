"""CLASIFICAR: what a message asks for, where the bot was unsure or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from rapidfuzz import fuzz, process

from bot.workflow.case import Case, Move, State
from bot.workflow.commands.answers import event, refused, told
from bot.workflow.commands.registry import Act, order
from bot.workflow.context import Correction, Decision, Original, Situation
from bot.workflow.notifications.mails import decided, guidance
from bot.workflow.notifications.notices import notices
from bot.workflow.notifications.present import enumeration
from bot.workflow.organization import Role
from bot.workflow.requester.requests import INTENT_WORDS, REQUESTS, answer_classified
from bot.workflow.text import plain
from nlp.types import Found, Intent

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


def _rest_of_line(situation: Situation, argument: str) -> str:
    """What stands behind the first word: a kind may read as a courtesy and no argument."""
    line = next((x for x in situation.incoming.text.splitlines() if x.strip()), "")
    return argument or line.strip().partition(" ")[2][:80]


@order(
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
def classify(act: Act) -> Decision:
    """Dice qué pide un mensaje (creación, cambio, pregunta…) y lo atiende así; el asistente
    aprende."""
    intent = kind(act.argument)
    if intent is None:
        offers = enumeration([names[0] for names in KINDS.values()])
        return refused(act, "Falta el tipo, o no lo conocemos.", f"Puede ser: {offers}.")
    original = act.situation.original
    if act.about is not None:
        return _classify_case(act, intent, original)
    if original is None:
        return refused(act, "No sabemos de qué mensaje se trata: responda al aviso que lo trae.")
    if original.corrected_by:
        return refused(act, f"Ese mensaje ya lo clasificó {original.corrected_by}.")
    return _classify_message(act, intent, original)


def kind(text: str) -> Intent | None:
    """The kind of message that somebody names, typing mistakes forgiven."""
    names = {plain(name): intent for intent, all_ in KINDS.items() for name in (*all_, str(intent))}
    wanted = plain(text)
    if wanted in names:
        return names[wanted]
    near = process.extractOne(wanted, list(names), scorer=fuzz.ratio, score_cutoff=NEAR)
    return names[near[0]] if near else None


def _classify_message(act: Act, intent: Intent, original: Original) -> Decision:
    """The message is handled as if it had been understood so from the start."""
    handled = answer_classified(act.situation, original, intent)
    if handled is None:
        why = "Ese mensaje viene de fuera de la universidad o no se sabe quién lo escribió."
        return refused(act, why, "Si desea contestarle, escríbale desde su propio correo.")
    folio = f" Se abrió {handled.case.folio}." if handled.case else ""
    result = told(
        act,
        f"Clasificó el mensaje como {INTENT_WORDS[intent]}.{folio}",
        "Ya se respondió a quien escribió, y el asistente aprenderá de su corrección.",
        "Si se abrió por error, responda RECHAZAR o UNIR a su aviso."
        if handled.case else "Para escribirle algo más, responda RESPONDER y el texto.",
        case=handled.case,
    )  # fmt: skip
    correction = _correction(act, original, intent)
    done = Decision(
        f"classified as {intent}", letters=(result,), spends=act.key, corrections=(correction,)
    )
    return handled.then(done)


def _classify_case(act: Act, intent: Intent, original: Original | None) -> Decision:
    case = act.case
    if intent is case.intent:
        return refused(act, f"{case.folio} ya es {INTENT_WORDS[intent]}.")
    learnt = (_correction(act, original, intent),) if original else ()
    if original and original.corrected_by:
        learnt = ()
    line = event(act, "classified", f"clasificó la solicitud como {INTENT_WORDS[intent]}")
    step = _retyped(act, case, intent) if intent in REQUESTS else _no_request(act, intent, original)
    done = Decision(line.text, case, events=(line,), corrections=learnt)
    return done.then(step)


def _retyped(act: Act, case: Case, intent: Intent) -> Decision:
    house = act.situation.house
    values = dict(case.form)
    if "request_type" in house.form:
        says = "creation" if intent is Intent.CREATE_LIST else "reinstatement"
        values["request_type"] = Found(says, "staff", "")
    changed = replace(
        case, intent=intent, form=MappingProxyType(values), version=case.version + 1,
        updated_at=act.situation.now, change="", removal=False,
    )  # fmt: skip
    result = told(
        act,
        f"{case.folio} es ahora {INTENT_WORDS[intent]}.",
        "El trámite sigue donde estaba, con avisos nuevos.",
        f"Para deshacerlo, escriba CLASIFICAR {KINDS[case.intent][0]}.",
        case=changed,
    )
    return Decision("", changed, letters=(result, *notices(house, changed, case)))


def _no_request(act: Act, intent: Intent, original: Original | None) -> Decision:
    """It was no request after all: the case ends, its writer is guided."""
    house = act.situation.house
    closed = replace(act.case.moved(Move.WITHDRAWN, act.situation.now), ruling=None)
    result = told(
        act,
        f"{closed.folio} se cerró: es {INTENT_WORDS[intent]}.",
        "A quien escribió le enviamos la orientación que corresponde.",
        "Para deshacerlo, responda REABRIR y el motivo.",
        case=closed,
        key=True,
    )
    letters = [result]
    if original and original.incoming.sender:
        letters.append(replace(guidance(original.incoming, intent), automatic=False))
    what = f"la cerró: es {INTENT_WORDS[intent]}"
    others = decided(house, closed, act.person, what, house.with_role(Role.REVIEWER))
    return Decision("", closed, letters=(*letters, *others), spends=act.key, cancels_held=True)


def _correction(act: Act, original: Original, intent: Intent) -> Correction:
    mail, understood = original.incoming, original.understanding
    return Correction(
        message=original.number,
        was=understood.intent,
        confidence=understood.confidence,
        intent=intent,
        by=act.person.address.email,
        sender=mail.sender.email if mail.sender else "",
        subject=mail.subject[:200],
        text=mail.text[:KEPT],
        sent_on=(mail.date or act.situation.now).date(),
    )
