"""Who else on the area's side hears of a case: notifications of their own, never a shared one.

Whoever writes to us can put anybody in copy: nobody gets mail of ours for that alone. They hear of
a case once they wrote themselves, or once people here accepted it.
"""

from dataclasses import replace

from bot.workflow.case import ACCEPTED, Case
from bot.workflow.message import Address
from bot.workflow.notification import Notification
from bot.workflow.organization import Organization

MOST = 10


def followers(organization: Organization, case: Case) -> tuple[Address, ...]:
    """The people of a case besides the requester who are to hear of it, nobody from outside, at
    most MOST."""
    everybody = in_copy(organization, case)
    if case.state in ACCEPTED:
        return everybody[:MOST]
    return tuple(p for p in everybody if p.email in case.writers)[:MOST]


def hears_of(case: Case, email: str) -> bool:
    """Whether a case is somebody's own: they asked for it, wrote about it, or were in copy of what
    was accepted. Anybody can put anybody in copy of what they ask for."""
    if email == case.requester.email or email in case.writers:
        return True
    return case.state in ACCEPTED and case.belongs_to(email)


def in_copy(organization: Organization, case: Case) -> tuple[Address, ...]:
    """All people of a case besides the requester, but for those from outside."""
    known = {p.email: p for p in case.people}
    known.pop(case.requester.email, None)
    return tuple(p for p in known.values() if organization.is_institutional(p))


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
    """The same, and to who will answer for what was asked, who may not have asked for it."""
    apart = responsible_apart(organization, case)
    notifications = with_followers(organization, case, notification)
    return (*notifications, replace(notification, to=apart)) if apart else notifications


def responsible_apart(organization: Organization, case: Case) -> Address | None:
    """Who will answer for what is asked, where they neither asked for it nor were in copy."""
    owner = organization.kind(case).owner_of(case)
    if owner is None or case.belongs_to(owner.email) or not organization.is_institutional(owner):
        return None
    return owner
