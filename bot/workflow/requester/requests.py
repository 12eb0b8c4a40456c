"""What a message from an area leads to: a case opened or gone on with, or guidance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.lists.changes import change_list, wish_about_list
from bot.workflow.authority import is_authenticated
from bot.workflow.case import Case, State
from bot.workflow.context import Decision, Link, Original, Reading, Situation
from bot.workflow.notifications.mails import form, guidance, status
from bot.workflow.notifications.notices import remark
from bot.workflow.organization import House
from bot.workflow.requester.commands import ACCEPT, asks_how_it_goes
from bot.workflow.requester.common import event, people_of, problems, thread_with, to_people
from bot.workflow.requester.participation import go_on, is_suspicious, wished
from bot.workflow.steps import completed
from nlp.types import Found, Intent

REQUESTS = frozenset({Intent.CREATE_LIST, Intent.REINSTATE_LIST})
OPENS = REQUESTS | {Intent.CHANGE_LIST}
"""What a case can be about."""


def answer_area(situation: Situation) -> Decision:
    """What a message that is not staff at work leads to."""
    sender, case = situation.incoming.sender, situation.case
    if sender is None:
        return to_people(situation, "no se puede saber quién lo escribe")
    if not is_authenticated(situation.incoming, situation.house.authserv_id):
        return to_people(situation, "el servidor no pudo comprobar quién lo escribe")
    about_list = wish_about_list(situation)
    if about_list is not None:
        return about_list
    if case is not None and _takes_part(situation, case, sender.email):
        return go_on(situation, case)
    if case is not None and situation.link is not Link.NONE:
        return to_people(situation, "escribe sobre esta solicitud sin ser parte de ella")
    if is_suspicious(situation):
        return to_people(situation, "parece una orden, pero no la escribe el personal")
    if not situation.house.is_institutional(sender):
        return to_people(situation, "viene de fuera de la universidad; no le respondimos")
    if situation.cases and _only_asks_how_it_goes(situation):
        letter = status(situation.house, situation.incoming, situation.cases)
        return Decision("asks how its requests go", letters=(letter,))
    if situation.understanding.confidence < situation.house.threshold:
        return to_people(situation, "no estamos seguros de qué pide; no le respondimos")
    hour_ago, most = situation.now - dt.timedelta(hours=1), situation.house.caps.cases_per_hour
    if sum(1 for c in situation.cases if c.opened_at > hour_ago) >= most:
        return to_people(situation, f"ya abrió {most} solicitudes en la última hora")
    return _start(situation)


def _only_asks_how_it_goes(situation: Situation) -> bool:
    intent, sure = situation.understanding.intent, situation.understanding.confidence
    if intent is Intent.CASE_STATUS and sure >= situation.house.threshold:
        return True
    return intent not in OPENS and asks_how_it_goes(situation.incoming.text)


def answer_classified(situation: Situation, original: Original, intent: Intent) -> Decision | None:
    """An earlier message, handled as what a person says it asks for; None where it cannot be."""
    sender, house = original.incoming.sender, situation.house
    if sender is None or not house.is_institutional(sender):
        return None
    if not is_authenticated(original.incoming, house.authserv_id):
        return None
    understood = replace(original.understanding, intent=intent, confidence=1.0)
    then = replace(
        situation, incoming=original.incoming, understanding=understood, case=None, notice=None,
        link=Link.NONE, reading=Reading(), wish=Reading(), cases=(),
    )  # fmt: skip
    if intent in OPENS:
        done = _start(then)
    else:
        done = Decision(f"guidance: {intent}", letters=(guidance(then.incoming, intent),))
    # A person asks for these letters: no cap of automatic mail holds them back.
    return replace(done, letters=tuple(replace(x, automatic=False) for x in done.letters))


def _takes_part(situation: Situation, case: Case, email: str) -> bool:
    """Whether somebody is of the case; who answers for the list may at least say ACEPTO."""
    return case.belongs_to(email) or (case.responsible == email and wished(situation, ACCEPT))


def _start(situation: Situation) -> Decision:
    intent = situation.understanding.intent
    if intent in REQUESTS:
        return _open(situation)
    if intent is Intent.CHANGE_LIST:
        changing = change_list(situation)
        if changing is not None:
            return changing
    return _guide(situation)


def _open(situation: Situation) -> Decision:
    incoming, now, understanding = situation.incoming, situation.now, situation.understanding
    sender = incoming.sender
    assert sender is not None  # noqa: S101  (answer_area asked)
    case = Case(
        folio=situation.next_folio,
        state=State.INCOMPLETE,
        intent=understanding.intent,
        requester=sender,
        people=people_of(situation.house, incoming),
        subject=incoming.subject,
        opened_at=now,
        updated_at=now,
        form=_with_type(situation.house, understanding.intent, understanding.fields),
        thread=thread_with((), incoming),
    )
    opened = event(situation, case, "opened", f"pide {INTENT_WORDS[case.intent]}")
    house = situation.house
    missing = case.missing(house.form)
    if missing:
        letter = form(house, case, problems(incoming), first=True)
        done = Decision(f"missing: {', '.join(missing)}", case, letters=(letter,))
    else:
        done = completed(house, case, now, sender.email, incoming.message_id)
    return replace(done, opens=True, events=(opened, *done.events))


def _guide(situation: Situation) -> Decision:
    incoming, house = situation.incoming, situation.house
    intent = situation.understanding.intent
    copy = remark(house, incoming, f"clasificado como: {INTENT_WORDS[intent]}")
    return Decision(f"guidance: {intent}", letters=(guidance(incoming, intent), *copy))


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


def _with_type(house: House, intent: Intent, found: Mapping[str, Found]) -> Mapping[str, Found]:
    """The form as understood; what the request plainly is need not be asked again."""
    implied = {Intent.CREATE_LIST: "creation", Intent.REINSTATE_LIST: "reinstatement"}
    known = {name: value for name, value in found.items() if name in house.form}
    if "request_type" in house.form and "request_type" not in known:
        known["request_type"] = Found(implied[intent], "intent", "")
    return MappingProxyType(known)
