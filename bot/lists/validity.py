"""How long a list is authorised, as days for a calendar: when that ends, and when it is asked."""

from __future__ import annotations

import datetime as dt
import hashlib

from bot.lists.register import ListEntry
from bot.lists.request import is_removal
from bot.workflow.case import Case
from bot.workflow.notification import CalendarEntry
from bot.workflow.organization import Organization
from nlp.text.fold import plain


def days_of_case(organization: Organization, case: Case) -> tuple[CalendarEntry, ...]:
    """The days of the list that a case is about; taken out again where it is withdrawn."""
    name, end = case.form.get("list_name"), case.form.get("end_date")
    if name is None or end is None or not isinstance(end.value, dt.date):
        return ()
    return _days(organization, str(name.value), end.value, cancelled=is_removal(case))


def days_of_list(organization: Organization, entry: ListEntry) -> tuple[CalendarEntry, ...]:
    """The days of a list of the register."""
    if entry.end_date is None or not organization.calendar_for_area:
        return ()
    return _days(organization, entry.name or entry.address, entry.end_date, cancelled=False)


def _days(
    organization: Organization, name: str, end: dt.date, *, cancelled: bool
) -> tuple[CalendarEntry, ...]:
    # The name is what a list keeps through its renewals; the address is not there yet at first.
    key = hashlib.sha256(plain(name.partition("@")[0]).encode()).hexdigest()[:16]
    before = max(organization.timetable.renewal_before_days, default=0)
    ends = CalendarEntry(
        f"vigencia-{key}",
        organization.say("in_calendar.ends", name=name),
        end,
        end,
        organization.say("in_calendar.ends_text"),
        cancelled,
    )
    if not before:
        return (ends,)
    first, last = end - dt.timedelta(days=before), end - dt.timedelta(days=1)
    window = CalendarEntry(
        f"renovacion-{key}",
        organization.say("in_calendar.window", name=name),
        first,
        last,
        organization.say("in_calendar.window_text"),
        cancelled,
    )
    return (ends, window)
