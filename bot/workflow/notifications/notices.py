"""The notices that ask somebody to act, each with a capability of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.lists.findings import UNKNOWN
from bot.lists.request import wish
from bot.lists.work_order import sheet
from bot.workflow.absence import away_line
from bot.workflow.case import Case, State
from bot.workflow.commands.registry import lines, offered, spec
from bot.workflow.message import ParsedMessage
from bot.workflow.notification import Notification, TokenGrant
from bot.workflow.notifications.mails import held, staff_name, summary, to_staff
from bot.workflow.organization import Organization, Person, Role

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
    organization: Organization, case: Case, before: Case | None = None, note: str = ""
) -> tuple[Notification, ...]:
    """One notice for everybody who may act at the case's stage; none where nobody must.

    `before` marks what changed since the last one; `note` is a line of news on top. Whoever asked
    for the list gets none: nobody decides on a request of their own.
    """
    if case.state not in STAGES:
        return ()
    template, role = STAGES[case.state]
    return tuple(
        notice(organization, case, person, template, before, note)
        for person in organization.with_role(role)
        if not case.is_own_request_of(person.address.email, *person.stands_for)
    )


def notice(
    organization: Organization,
    case: Case,
    person: Person,
    template: str = "",
    before: Case | None = None,
    note: str = "",
) -> Notification:
    """The notice of the case's present stage for one person."""
    values = summary(organization, case, before) | {
        **UNKNOWN,  # what is known around the case is added when the notice is posted
        "note": "\n".join(line for line in (note, *_news(organization, case, person)) if line),
        "commands": offered(person, case),
        "recommended_by": staff_name(organization, case.decision.by) if case.decision else "",
    }
    if case.state is State.PROVISIONING:
        values |= {"sheet": sheet(organization, case)}
    notification = to_staff(template or STAGES[case.state][0], person.address, values, case)
    notification = replace(
        notification, token=TokenGrant(person.address.email, case.state, case.version)
    )
    return held(notification, case) if case.state is State.PROVISIONING else notification


def _news(organization: Organization, case: Case, person: Person) -> tuple[str, ...]:
    """What else this person should know: what a change asks for, which colleagues are away."""
    change = f"Lo que pide: {wish(case)}" if wish(case) else ""
    role = STAGES[case.state][1] if case.state in STAGES else None
    colleagues = organization.with_role(role) if role else ()
    away = (away_line(organization, p.address.email) for p in colleagues if p is not person)
    return (change, *dict.fromkeys(away))


def remark(
    organization: Organization,
    incoming: ParsedMessage,
    why: str,
    case: Case | None = None,
    to: Iterable[Person] | None = None,
) -> tuple[Notification, ...]:
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
    people = organization.with_role(Role.REVIEWER) if to is None else to
    return tuple(_remark_to(person, values, case) for person in people)


def _remark_to(person: Person, values: dict[str, object], case: Case | None) -> Notification:
    wanted = (spec(name) for name in _ANSWERS_TO_REMARK)
    may = [s for s in wanted if case is None or s.allowed(person, case.state)]
    notification = to_staff("remark", person.address, {**values, "commands": lines(may)}, case)
    version = case.version if case else 0
    return replace(notification, token=TokenGrant(person.address.email, REMARK, version))
