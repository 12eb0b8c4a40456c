"""How long a list is authorised, as days for a calendar: when that ends, and when it is asked."""

from __future__ import annotations

import datetime as dt
import hashlib

from bot.lists.register import ListEntry
from bot.lists.request import is_removal
from bot.workflow.case import Case
from bot.workflow.notification import CalendarEntry
from bot.workflow.organization import Organization
from bot.workflow.phrases import Phrases
from nlp.text.fold import plain


def days_of_case(organization: Organization, case: Case) -> tuple[CalendarEntry, ...]:
    """The days of the list that a case is about; taken out again where it is withdrawn."""
    name, end = case.text("list_name"), case.value("end_date", dt.date)
    if not name or end is None:
        return ()
    return _days(organization, name, end, cancelled=is_removal(case))


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
    first, last = end - dt.timedelta(days=before), end - dt.timedelta(days=1)
    say: Phrases = organization.say
    title, text = say("in_calendar.ends", name=name), say("in_calendar.ends_text")
    ends = CalendarEntry(f"vigencia-{key}", title, end, end, text, cancelled)
    if not before:
        return (ends,)
    title, text = say("in_calendar.window", name=name), say("in_calendar.window_text")
    return (ends, CalendarEntry(f"renovacion-{key}", title, first, last, text, cancelled))
