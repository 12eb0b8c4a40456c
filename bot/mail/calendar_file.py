"""Days for a calendar program, as files (RFC 5545; RFC 5546, sections 3.2.1 and 3.2.5).

They are published, not asked for: nobody is invited, and nothing waits for an answer.
"""

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

from icalendar import Calendar, Event, vCalAddress

from bot.mail.mime import File
from bot.workflow.message import Address
from bot.workflow.notification import CalendarEntry
from nlp.text.fold import UNSEEN

_CONTROL = re.compile(f"[{UNSEEN}\t]+")
_SINCE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_FILES = {False: ("PUBLISH", "calendario.ics"), True: ("CANCEL", "calendario-cancelado.ics")}


@lru_cache(maxsize=32)  # colleagues get the same one, and the library takes a millisecond
def calendar_files(
    entries: tuple[CalendarEntry, ...], organizer: Address, now: dt.datetime
) -> tuple[File, ...]:
    """One file of what is new or changed, one of what is cancelled, where there is such."""
    ordered = sorted(entries, key=lambda entry: entry.cancelled)
    groups = groupby(ordered, key=lambda entry: entry.cancelled)
    return tuple(
        _file(tuple(some), organizer, now, *_FILES[cancelled]) for cancelled, some in groups
    )


def _file(
    entries: Sequence[CalendarEntry], organizer: Address, now: dt.datetime, method: str, name: str
) -> File:
    calendar = Calendar()
    calendar.add("prodid", "-//upaep-list-bot//ES")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for entry in entries:
        calendar.add_component(_event(entry, organizer, now))
    kind = f"text/calendar; charset=utf-8; method={method}"
    return File(name, kind, calendar.to_ical())


def _event(entry: CalendarEntry, organizer: Address, now: dt.datetime) -> Event:
    by = vCalAddress(f"mailto:{organizer.email}")
    by.params["CN"] = organizer.name
    event = Event()
    event.add("uid", f"{entry.key}@{organizer.domain}")
    # What is said later counts more; a clock needs no counter of its own to be kept.
    event.add("sequence", int((now - _SINCE).total_seconds()))
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("organizer", by)
    event.add("summary", _CONTROL.sub(" ", entry.title).replace("\n", " "))
    event.add("dtstart", entry.first)
    event.add("dtend", entry.last + dt.timedelta(days=1))  # the day after the last (3.6.1)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # nobody is busy all that day
    if entry.text:
        event.add("description", _CONTROL.sub(" ", entry.text))
    return event
