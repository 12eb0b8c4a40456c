"""What a message from an area leads to: a case opened, completed or corrected, or guidance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.core.authority import is_authenticated
from bot.core.calendar import add_business_days
from bot.core.case import FINAL, Case, Event, Move, State
from bot.core.house import House
from bot.core.letters import form, guidance, received, remark, status
from bot.core.message import Address, Incoming
from bot.core.notices import notices
from bot.core.present import labels
from bot.core.situation import Decision, Link, Situation
from nlp.types import Found, Intent

REQUESTS = frozenset({Intent.CREATE_LIST, Intent.REINSTATE_LIST})
THREAD_LENGTH = 30  # Message-IDs kept of a conversation


def answer_area(situation: Situation) -> Decision:
    """What a message that is not staff at work leads to."""
    sender, case = situation.incoming.sender, situation.case
    if sender is None:
        return _to_people(situation, "no se puede saber quién lo escribe")
    if not is_authenticated(situation.incoming, situation.house.authserv_id):
        return _to_people(situation, "el servidor no pudo comprobar quién lo escribe")
    if case is not None and case.belongs_to(sender.email):
        return _continue(situation, case)
    if case is not None and situation.link is not Link.NONE:
        return _to_people(situation, "escribe sobre esta solicitud sin ser parte de ella")
    if situation.reading.orders and situation.reading.orders[0].name != "status":
        return _to_people(situation, "parece una orden, pero no la escribe el personal")
    if not situation.house.is_institutional(sender):
        return _to_people(situation, "viene de fuera de la universidad; no le respondimos")
    if situation.understanding.confidence < situation.house.threshold:
        return _to_people(situation, "no estamos seguros de qué pide; no le respondimos")
    return _open(situation) if situation.understanding.intent in REQUESTS else _guide(situation)


def _open(situation: Situation) -> Decision:
    incoming, now, understanding = situation.incoming, situation.now, situation.understanding
    sender = incoming.sender
    assert sender is not None  # noqa: S101  (answer_area asked)
    case = Case(
        folio=situation.next_folio,
        state=State.INCOMPLETE,
        intent=understanding.intent,
        requester=sender,
        people=_people(situation.house, incoming),
        subject=incoming.subject,
        opened_at=now,
        updated_at=now,
        form=_with_type(situation.house, understanding.intent, understanding.fields),
        thread=_thread((), incoming),
    )
    opened = _event(situation, case, "opened", f"pide {_wish(case)}")
    if case.missing(situation.house.form):
        return replace(_ask(situation, case, first=True), opens=True, events=(opened,))
    done = _complete(situation, case)
    return replace(done, opens=True, events=(opened, *done.events))


def _continue(situation: Situation, case: Case) -> Decision:
    """A message from somebody of the case: it may complete, correct, answer or just thank."""
    incoming, house = situation.incoming, situation.house
    found = situation.understanding.fields
    news = {
        name: value
        for name, value in found.items()
        if name not in case.form or case.form[name].value != value.value
    }
    case = replace(case, thread=_thread(case.thread, incoming), updated_at=situation.now)
    if situation.reading.orders and situation.reading.orders[0].name not in ("status", "list"):
        return _to_people(situation, "parece una orden, pero no la escribe el personal", case)
    if case.state in FINAL or case.state is State.PROVISIONING:
        return _to_people(situation, "escribe sobre una solicitud ya resuelta", case)
    if news:
        return _filled_in(situation, case, news)
    if case.asked_by:
        return _answered(situation, replace(case, asked_by=""))
    if situation.understanding.intent is Intent.CASE_STATUS:
        return Decision("asks how it goes", case, letters=(status(house, incoming, (case,)),))
    if case.state is State.INCOMPLETE and _problems(incoming):
        return _ask(situation, case)
    return _to_people(situation, "escribió en el hilo de su solicitud", case)


def _filled_in(situation: Situation, case: Case, news: Mapping[str, Found]) -> Decision:
    before, house = case, situation.house
    case = replace(
        case, form=MappingProxyType({**case.form, **news}), version=case.version + 1, asked_by=""
    )
    text = f"llenó {labels(house.form, news)}"
    event = _event(situation, case, "filled_in", text)
    if case.missing(house.form):
        done = _ask(situation, case)
    elif case.state is State.INCOMPLETE:
        done = _complete(situation, case)
    else:
        # An open decision on the old form is void: its notices no longer match the version.
        note = "El área corrigió su solicitud."
        if before.asked_by:
            note = f"El área contestó: {situation.incoming.text[:500]}"
        letters = (
            received(house, case, corrected=True),
            *notices(house, case, before, note),
        )
        done = Decision("corrected", case, letters=letters)
    return replace(done, events=(event, *done.events))


def _ask(situation: Situation, case: Case, *, first: bool = False) -> Decision:
    house = situation.house
    letter = form(house, case, _problems(situation.incoming), first=first)
    why = f"missing: {', '.join(case.missing(house.form))}"
    return Decision(why, case, letters=(letter,))


def _complete(situation: Situation, case: Case) -> Decision:
    house, now = situation.house, situation.now
    to_review = "review" in house.stages
    due = add_business_days(now.date(), house.respond_within, house.closed_on)
    case = replace(case.moved(Move.TO_REVIEW if to_review else Move.TO_APPROVAL, now), due_on=due)
    event = _event(situation, case, "complete", "la solicitud quedó completa")
    letters = (received(house, case), *notices(house, case))
    return Decision("complete", case, events=(event,), letters=letters)


def _answered(situation: Situation, case: Case) -> Decision:
    """The area's answer to a question of staff: back to who asked, with a fresh notice."""
    text = situation.incoming.text[:500]
    event = _event(situation, case, "answered", f"contestó: {text}")
    letters = notices(situation.house, case, note=f"El área contestó: {text}")
    if not letters:
        letters = remark(situation.house, situation.incoming, "contestó", case)
    return Decision("answered a question", case, events=(event,), letters=letters)


def _guide(situation: Situation) -> Decision:
    incoming, house = situation.incoming, situation.house
    intent = situation.understanding.intent
    if intent is Intent.CASE_STATUS and situation.cases:
        letter = status(house, incoming, situation.cases)
        return Decision("asks how its requests go", letters=(letter,))
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


def _to_people(situation: Situation, why: str, case: Case | None = None) -> Decision:
    """A person must look at this: the reviewers get it, nothing goes outside."""
    case = case or situation.case
    letters = remark(situation.house, situation.incoming, why, case)
    events = (_event(situation, case, "remark", why),) if case else ()
    return Decision(why, case, events=events, letters=letters)


def _people(house: House, incoming: Incoming) -> tuple[Address, ...]:
    """The requester and those in copy who belong to the university, once each, never the bot."""
    everyone = {
        a.email: a
        for a in (*incoming.senders, *incoming.to, *incoming.cc)
        if house.is_institutional(a) and a.email != house.mailbox.email
        and not a.email.startswith(house.mailbox.email.partition("@")[0] + "+")
    }  # fmt: skip
    return tuple(everyone.values())


def _with_type(house: House, intent: Intent, found: Mapping[str, Found]) -> Mapping[str, Found]:
    """The form as understood; what the request plainly is need not be asked again."""
    implied = {Intent.CREATE_LIST: "creation", Intent.REINSTATE_LIST: "reinstatement"}
    known = {name: value for name, value in found.items() if name in house.form}
    if "request_type" in house.form and "request_type" not in known:
        known["request_type"] = Found(implied[intent], "intent", "")
    return MappingProxyType(known)


def _thread(thread: tuple[str, ...], incoming: Incoming) -> tuple[str, ...]:
    ids = dict.fromkeys((*thread, *incoming.references, *incoming.in_reply_to))
    ids.pop(incoming.message_id, None)
    if incoming.message_id:
        ids[incoming.message_id] = None  # last: it is what the next answer replies to
    return tuple(ids)[-THREAD_LENGTH:]


def _problems(incoming: Incoming) -> tuple[str, ...]:
    return tuple(a.problem for a in incoming.attachments if a.problem)


def _wish(case: Case) -> str:
    return INTENT_WORDS[case.intent]


def _event(situation: Situation, case: Case, what: str, text: str) -> Event:
    sender = situation.incoming.sender
    actor = sender.email if sender else "desconocido"
    return Event(what, actor, text, case.version, situation.incoming.message_id)
