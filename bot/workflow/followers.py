"""Who else on the area's side hears of a case: letters of their own, never a shared one."""

from __future__ import annotations

from dataclasses import replace

from bot.lists.register import REGISTER
from bot.lists.request import is_removal
from bot.workflow.case import Case
from bot.workflow.message import Address
from bot.workflow.notification import Notification
from bot.workflow.organization import Organization
from nlp.types import Intent

MOST = 10


def followers(organization: Organization, case: Case) -> tuple[Address, ...]:
    """The people of a case besides the requester, nobody from outside, at most MOST."""
    known = {p.email: p for p in case.people}
    known.pop(case.requester.email, None)
    return tuple(p for p in known.values() if organization.is_institutional(p))[:MOST]


def with_followers(
    organization: Organization, case: Case, notification: Notification
) -> tuple[Notification, ...]:
    """A notification to the requester, and the same to everybody who follows the case."""
    return (
        notification,
        *(replace(notification, to=other) for other in followers(organization, case)),
    )


def with_everybody(
    organization: Organization, case: Case, notification: Notification
) -> tuple[Notification, ...]:
    """The same, and to who answers for the list, who may not have asked for it."""
    apart = responsible_apart(organization, case)
    notifications = with_followers(organization, case, notification)
    return (*notifications, replace(notification, to=apart)) if apart else notifications


def has_new_responsible(case: Case) -> bool:
    """Whether somebody is to answer for a list who did not before: they are asked to accept."""
    if is_removal(case):
        return False
    answers = (case.form.get("responsible"), case.form.get("email"))
    changed = any(found is not None and found.source != REGISTER for found in answers)
    return case.intent is not Intent.CHANGE_LIST or changed


def responsible_apart(organization: Organization, case: Case) -> Address | None:
    """Who will answer for the list, where they neither asked for it nor were in copy."""
    found = case.form.get("responsible")
    address = Address(case.responsible, str(found.value) if found else "")
    known = not address.email or case.belongs_to(address.email)
    return None if known or not organization.is_institutional(address) else address
