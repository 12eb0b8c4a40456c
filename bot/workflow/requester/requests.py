"""What a message from an area leads to: a case opened or gone on with, or guidance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.lists.changes import change_list, wish_about_list
from bot.workflow.authority import is_authenticated
from bot.workflow.case import Case, State
from bot.workflow.context import Context, Link, Original
from bot.workflow.notifications.mails import form, guidance, status
from bot.workflow.notifications.notices import remark
from bot.workflow.organization import Organization
from bot.workflow.outcome import Outcome
from bot.workflow.requester.commands import ACCEPT, asks_how_it_goes
from bot.workflow.requester.common import event, people_of, problems, thread_with, to_people
from bot.workflow.requester.participation import go_on, is_suspicious, wished
from bot.workflow.steps import completed
from nlp.types import Extraction, Intent, ParsedCommands

REQUESTS = frozenset({Intent.CREATE_LIST, Intent.REINSTATE_LIST})
OPENS = REQUESTS | {Intent.CHANGE_LIST}
"""What a case can be about."""


def answer_requester(context: Context) -> Outcome:
    """What a message that is not staff at work leads to."""
    sender, case = context.incoming.sender, context.case
    if sender is None:
        return to_people(context, "no se puede saber quién lo escribe")
    if not is_authenticated(context.incoming, context.organization.sender_policy):
        return to_people(context, "el servidor no pudo comprobar quién lo escribe")
    about_list = wish_about_list(context)
    if about_list is not None:
        return about_list
    if case is not None and _takes_part(context, case, sender.email):
        return go_on(context, case)
    if case is not None and context.link is not Link.NONE:
        return to_people(context, "escribe sobre esta solicitud sin ser parte de ella")
    if is_suspicious(context):
        return to_people(context, "parece una orden, pero no la escribe el personal")
    if not context.organization.is_institutional(sender):
        return to_people(context, "viene de fuera de la universidad; no le respondimos")
    if context.cases and _only_asks_how_it_goes(context):
        notification = status(context.organization, context.incoming, context.cases)
        return Outcome("asks how its requests go", notifications=(notification,))
    if context.prediction.confidence < context.organization.threshold:
        return to_people(context, "no estamos seguros de qué pide; no le respondimos")
    hour_ago, most = context.now - dt.timedelta(hours=1), context.organization.caps.cases_per_hour
    if sum(1 for c in context.cases if c.opened_at > hour_ago) >= most:
        return to_people(context, f"ya abrió {most} solicitudes en la última hora")
    return _start(context)


def _only_asks_how_it_goes(context: Context) -> bool:
    intent, sure = context.prediction.intent, context.prediction.confidence
    if intent is Intent.CASE_STATUS and sure >= context.organization.threshold:
        return True
    return intent not in OPENS and asks_how_it_goes(context.incoming.text)


def answer_classified(context: Context, original: Original, intent: Intent) -> Outcome | None:
    """An earlier message, handled as what a person says it asks for; None where it cannot be."""
    sender, organization = original.incoming.sender, context.organization
    if sender is None or not organization.is_institutional(sender):
        return None
    if not is_authenticated(original.incoming, organization.sender_policy):
        return None
    understood = replace(original.prediction, intent=intent, confidence=1.0)
    then = replace(
        context, incoming=original.incoming, prediction=understood, case=None, token=None,
        link=Link.NONE, staff_commands=ParsedCommands(), requester_commands=ParsedCommands(),
        cases=(),
    )  # fmt: skip
    if intent in OPENS:
        done = _start(then)
    else:
        done = Outcome(f"guidance: {intent}", notifications=(guidance(then.incoming, intent),))
    # A person asks for these letters: no cap of automatic mail holds them back.
    return replace(
        done, notifications=tuple(replace(x, automatic=False) for x in done.notifications)
    )


def _takes_part(context: Context, case: Case, email: str) -> bool:
    """Whether somebody is of the case; who answers for the list may at least say ACEPTO."""
    return case.belongs_to(email) or (case.responsible == email and wished(context, ACCEPT))


def _start(context: Context) -> Outcome:
    intent = context.prediction.intent
    if intent in REQUESTS:
        return _open(context)
    if intent is Intent.CHANGE_LIST:
        changing = change_list(context)
        if changing is not None:
            return changing
    return _guide(context)


def _open(context: Context) -> Outcome:
    incoming, now, prediction = context.incoming, context.now, context.prediction
    sender = incoming.sender
    assert sender is not None  # noqa: S101  (answer_area asked)
    case = Case(
        folio=context.next_folio,
        state=State.INCOMPLETE,
        intent=prediction.intent,
        requester=sender,
        people=people_of(context.organization, incoming),
        subject=incoming.subject,
        opened_at=now,
        updated_at=now,
        form=_with_type(context.organization, prediction.intent, prediction.fields),
        thread=thread_with((), incoming),
    )
    opened = event(context, case, "opened", f"pide {INTENT_WORDS[case.intent]}")
    organization = context.organization
    missing = case.missing(organization.form)
    if missing:
        notification = form(organization, case, problems(incoming), first=True)
        done = Outcome(f"missing: {', '.join(missing)}", case, notifications=(notification,))
    else:
        done = completed(organization, case, now, sender.email, incoming.message_id)
    return replace(done, opens=True, events=(opened, *done.events))


def _guide(context: Context) -> Outcome:
    incoming, organization = context.incoming, context.organization
    intent = context.prediction.intent
    copy = remark(organization, incoming, f"clasificado como: {INTENT_WORDS[intent]}")
    return Outcome(f"guidance: {intent}", notifications=(guidance(incoming, intent), *copy))


INTENT_WORDS: Mapping[Intent, str] = MappingProxyType(
    {
        Intent.CREATE_LIST: "creación de una lista",
        Intent.REINSTATE_LIST: "restablecimiento de una lista",
        Intent.CHANGE_LIST: "cambio en una lista",
        Intent.ONE_OFF_SEND: "envío único",
        Intent.REPORT_MISUSE: "reporte de envíos indebidos",
        Intent.CASE_STATUS: "pregunta por un trámite",
        Intent.QUESTION: "pregunta",
        Intent.OTHER: "otro asunto",
    }
)


def _with_type(
    organization: Organization, intent: Intent, found: Mapping[str, Extraction]
) -> Mapping[str, Extraction]:
    """The form as understood; what the request plainly is need not be asked again."""
    implied = {Intent.CREATE_LIST: "creation", Intent.REINSTATE_LIST: "reinstatement"}
    known = {name: value for name, value in found.items() if name in organization.form}
    if "request_type" in organization.form and "request_type" not in known:
        known["request_type"] = Extraction(implied[intent], "intent", "")
    return MappingProxyType(known)
