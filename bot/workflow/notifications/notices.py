"""The notices that ask somebody to act, each with a capability of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.lists.findings import UNKNOWN
from bot.lists.work_order import sheet
from bot.workflow.absence import away_line
from bot.workflow.case import Case, State
from bot.workflow.commands.registry import lines, offered, spec
from bot.workflow.message import Incoming
from bot.workflow.notification import Letter, NoticeFor
from bot.workflow.notifications.mails import held, staff_name, summary, to_staff
from bot.workflow.organization import House, Person, Role

STAGES = {
    State.REVIEW: ("review", Role.REVIEWER),
    State.APPROVAL: ("approval", Role.APPROVER),
    State.PROVISIONING: ("provisioning", Role.PROVISIONER),
}
"""Which reply goes to which role when a case comes to a state."""

REMARK = "remark"
"""The stage of a key that came with somebody's words: it answers them, it decides nothing."""
EXCERPT = 1500  # characters of somebody's mail shown to staff
_ANSWERS_TO_REMARK = ("answer", "classify")


def notices(
    house: House, case: Case, before: Case | None = None, note: str = ""
) -> tuple[Letter, ...]:
    """One notice for everybody who may act at the case's stage; none where nobody must.

    `before` marks what changed since the last one; `note` is a line of news on top. Whoever asked
    for the list gets none: nobody decides on a request of their own.
    """
    if case.state not in STAGES:
        return ()
    template, role = STAGES[case.state]
    return tuple(
        notice(house, case, person, template, before, note)
        for person in house.with_role(role)
        if not case.is_own_request_of(person.address.email, *person.stands_for)
    )


def notice(
    house: House,
    case: Case,
    person: Person,
    template: str = "",
    before: Case | None = None,
    note: str = "",
) -> Letter:
    """The notice of the case's present stage for one person."""
    values = summary(house, case, before) | {
        **UNKNOWN,  # what is known around the case is added when the notice is posted
        "note": "\n".join(line for line in (note, *_news(house, case, person)) if line),
        "orders": offered(person, case),
        "recommended_by": staff_name(house, case.ruling.by) if case.ruling else "",
    }
    if case.state is State.PROVISIONING:
        values |= {"sheet": sheet(house, case)}
    letter = to_staff(template or STAGES[case.state][0], person.address, values, case)
    letter = replace(letter, notice=NoticeFor(person.address.email, case.state, case.version))
    return held(letter, case) if case.state is State.PROVISIONING else letter


def _news(house: House, case: Case, person: Person) -> tuple[str, ...]:
    """What else this person should know: what a change asks for, which colleagues are away."""
    change = f"Lo que pide: {case.change}" if case.change else ""
    role = STAGES[case.state][1] if case.state in STAGES else None
    colleagues = house.with_role(role) if role else ()
    away = (away_line(house, p.address.email) for p in colleagues if p is not person)
    return (change, *dict.fromkeys(away))


def remark(
    house: House,
    incoming: Incoming,
    why: str,
    case: Case | None = None,
    to: Iterable[Person] | None = None,
) -> tuple[Letter, ...]:
    """A message that a person should see, to every reviewer (or `to`): somebody's words and why.

    Each carries a key to answer it, bound to the case, or to the message where there is none.
    """
    sender = incoming.sender
    values = {
        "why": why,
        "sender": sender.email if sender else "remitente no identificado",
        "sender_name": sender.name if sender else "",
        "mail_subject": incoming.subject,
        "text": incoming.text[:EXCERPT],
        "cut": len(incoming.text) > EXCERPT,
        "attachments": tuple(a.name for a in incoming.attachments if not a.inline),
    }
    people = house.with_role(Role.REVIEWER) if to is None else to
    return tuple(_remark_to(person, values, case) for person in people)


def _remark_to(person: Person, values: dict[str, object], case: Case | None) -> Letter:
    wanted = (spec(name) for name in _ANSWERS_TO_REMARK)
    may = [s for s in wanted if case is None or s.allowed(person, case.state)]
    letter = to_staff("remark", person.address, {**values, "orders": lines(may)}, case)
    version = case.version if case else 0
    return replace(letter, notice=NoticeFor(person.address.email, REMARK, version))
