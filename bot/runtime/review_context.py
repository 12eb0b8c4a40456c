"""What is known around a case, loaded only for the letters that show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from bot.lists.findings import ReviewContext, findings, shows_findings, with_findings
from bot.store import UnitOfWork
from bot.workflow.case import Case
from bot.workflow.notification import Notification
from bot.workflow.organization import Organization


def surrounded(
    work: UnitOfWork,
    notifications: Iterable[Notification],
    case: Case | None,
    organization: Organization,
    now: dt.datetime,
) -> tuple[Notification, ...]:
    """The letters, those that show findings of their case with them filled in."""
    notifications = tuple(notifications)
    if case is None or not any(shows_findings(notification) for notification in notifications):
        return notifications
    found = findings(case, organization, _load(work, case), now.date())
    return tuple(with_findings(notification, found) for notification in notifications)


def _load(work: UnitOfWork, case: Case) -> ReviewContext:
    area = case.form.get("area")
    of_area = work.cases.of_area(str(area.value)) if area else ()
    return ReviewContext(
        lists=work.lists.all(),
        wishes=work.lists.open_wishes(),
        earlier=(*of_area, *work.cases.of_person(case.requester.email)),
    )
