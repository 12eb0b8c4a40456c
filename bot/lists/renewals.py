"""Before a list's period ends its responsible is asked whether it goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from bot.lists.notifications import renewal
from bot.lists.register import ListEntry, ListState
from bot.workflow.kinds import ScheduledMail
from bot.workflow.organization import Organization


def renewals(
    entries: Iterable[ListEntry], organization: Organization, now: dt.datetime
) -> tuple[ScheduledMail, ...]:
    """The questions that the calendar asks for at `now`, asked or not; only in office hours.

    Of several that a sleeping bot missed only the last one is asked; none once the period ended.
    A new period is a new question.
    """
    if not organization.timetable.is_office_hour(now, organization.closed_on):
        return ()
    found = []
    for entry in entries:
        if entry.state is not ListState.ACTIVE or not entry.end_date:
            continue
        left = (entry.end_date - now.date()).days
        passed = [n for n in organization.timetable.renewal_before_days if left <= n]
        if left >= 0 and passed and entry.responsible_email:
            found.append(_question(organization, entry, entry.end_date, passed[-1], now))
    return tuple(found)


def _question(
    organization: Organization, entry: ListEntry, end: dt.date, before: int, now: dt.datetime
) -> ScheduledMail:
    day = end - dt.timedelta(days=before)
    return ScheduledMail(
        job=f"renewal:{entry.key}:{end}:{before}",
        due=dt.datetime.combine(day, dt.time(), now.tzinfo),
        notification=renewal(organization, entry, now.date()),
        folio=entry.folio,
        event=organization.say("history.renewal_asked", email=entry.responsible_email),
    )
