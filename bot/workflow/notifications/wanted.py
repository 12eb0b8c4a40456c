"""A mail of which nobody is sure what it asks for: its writer is asked before people are."""

from __future__ import annotations

from dataclasses import replace

from bot.workflow.calendar import long_date
from bot.workflow.case import Case
from bot.workflow.kinds import Topic
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import to_requester
from bot.workflow.organization import Organization

WANTED = "wanted"
"""Key of `Case.details`: what was written, until its writer says what they want."""
_QUOTED = 300  # characters of it


def choices(organization: Organization) -> tuple[Topic, ...]:
    """What may be wanted, as it is offered."""
    return tuple(topic for topic in organization.topics if topic.button)


def what_is_wanted(organization: Organization, case: Case, *, again: bool = False) -> Notification:
    """Asks which of the things that can be had is meant; `again` where nothing came of it."""
    values: dict[str, object] = {
        "choices": tuple(topic.button for topic in choices(organization)),
        "quoted": str(case.details[WANTED])[:_QUOTED],
        "opened_on": long_date(organization.day(case.opened_at)),
        "again": again,
    }
    return replace(to_requester("wanted", case, values), repeatable=True, automatic=not again)
