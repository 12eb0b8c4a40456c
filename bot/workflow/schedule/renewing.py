"""Before a list's period ends its responsible is asked whether it goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from bot.lists.register import ListEntry, ListState
from bot.workflow.organization import Organization


@dataclass(frozen=True, slots=True)
class Renewal:
    """A question to be asked once: of this list, `before` so many days of its period's end.

    `due` is since when it may be asked.
    """

    entry: ListEntry
    before: int
    due: dt.datetime

    @property
    def job(self) -> str:
        """The name it is known by, so that it is asked once; a new period is a new question."""
        return f"renewal:{self.entry.key}:{self.entry.end_date}:{self.before}"


def renewals(
    entries: Iterable[ListEntry], organization: Organization, now: dt.datetime
) -> tuple[Renewal, ...]:
    """The questions that the calendar asks for at `now`, asked or not; only in office hours.

    Of several that a sleeping bot missed only the last one is asked; none once the period ended.
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
            day = entry.end_date - dt.timedelta(days=passed[-1])
            due = dt.datetime.combine(day, dt.time(), now.tzinfo)
            found.append(Renewal(entry, passed[-1], due))
    return tuple(found)
