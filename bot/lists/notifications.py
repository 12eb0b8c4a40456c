"""What is said of lists alone: one function a mail; the days of their validity, the summary."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.lists.load import mailings_by_audience, wording
from bot.lists.register import ListEntry, ListState
from bot.lists.request import ORPHAN, has_new_owner, is_removal
from bot.workflow.calendar import plain_date
from bot.workflow.case import Case
from bot.workflow.commands.grants import case_grant
from bot.workflow.commands.registry import offered
from bot.workflow.followers import responsible_apart
from bot.workflow.kinds import ScheduledMail
from bot.workflow.message import Address
from bot.workflow.notification import CalendarEntry, Notification
from bot.workflow.notifications.days import days_of
from bot.workflow.notifications.mails import (
    held,
    name_and_address,
    summary,
    to_requester,
    to_staff,
)
from bot.workflow.notifications.present import missing_rows
from bot.workflow.notifications.updates import noted
from bot.workflow.organization import Organization
from bot.workflow.phrases import Phrases
from bot.workflow.schedule.weekly import Bar, bars
from bot.workflow.staff import Person
from nlp.text.fold import plain
from nlp.types import Form, Intent

ENDING = 30  # days within which a list's period ends
MOST_LISTS = 12


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


def list_ready(organization: Organization, case: Case, address: str) -> Notification:
    """Tells the area that its list exists, and the rules that come with it."""
    values = summary(organization, case) | {"address": address}
    return replace(to_requester("list_ready", case, values), automatic=False)


def responsibility(organization: Organization, case: Case) -> tuple[Notification, ...]:
    """Asks who was named responsible, and may not know of it, for their ACEPTO; with the rules."""
    to = responsible_apart(organization, case)
    if to is None or not has_new_owner(case):
        return ()
    notification = noted(
        case,
        organization.say("responsibility.title"),
        organization.say("responsibility.named", display_name=name_and_address(case.requester)),
        organization.say("responsibility.rules"),
        organization.say("responsibility.accept", guidelines_url=organization.guidelines_url),
    )
    return (held(replace(notification, to=to, calendar=days_of(organization, case)), case),)


def owner_asked(organization: Organization, case: Case) -> Notification:
    """Asks who answers for a list whose responsible has no address any more."""
    told = to_requester("owner_asked", case, _orphaned(organization, case) | {"to_area": True})
    return replace(told, automatic=False)


def owner_unknown(organization: Organization, case: Case, person: Person) -> Notification:
    """The same to staff, where nobody else could tell."""
    values = _orphaned(organization, case) | {
        "to_area": False,
        "commands": offered(organization, person, case),
    }
    told = to_staff("owner_asked", person.address, values, case)
    return replace(told, token=case_grant(organization, person, case))


def _orphaned(organization: Organization, case: Case) -> dict[str, object]:
    words = organization.kind(case).words(case)
    return {
        "gone": str(case.details.get(ORPHAN, "")),
        "name": words.name,
        "area": words.area,
        "list_address": case.form["list_name"].evidence if "list_name" in case.form else "",
        "missing": missing_rows(organization.kind(case), case),
        "commands": (),
    }


def renewal(organization: Organization, entry: ListEntry, today: dt.date) -> Notification:
    """Asks the responsible whether a list goes on after its period."""
    end = entry.end_date or today
    values: dict[str, object] = {
        "list_name": entry.name,
        "list_address": entry.address,
        "area": entry.area,
        "end_date": plain_date(end),
        "days": (end - today).days,
    }
    to = Address(entry.responsible_email, entry.responsible)
    days = days_of_list(organization, entry)
    return Notification("renewal", to, values, automatic=False, calendar=days)


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


def weekly(
    entries: Iterable[ListEntry], organization: Organization, due: dt.date
) -> Mapping[str, object]:
    """The values of the summary; none where no list is in use."""
    active = [entry for entry in entries if entry.state is ListState.ACTIVE]
    if not active:
        return {}
    form = organization.kind_about(Intent.CREATE_LIST).form
    say = organization.say
    return {"loads": _loads(say, active, form), "ending": _ending(say, active, due)}


def _loads(say: Phrases, active: list[ListEntry], form: Form) -> tuple[Bar, ...]:
    """Mailings a week by audience, busiest first."""
    busiest = sorted(mailings_by_audience(active).items(), key=lambda one: -one[1])
    return bars(
        (wording(form, "audience", key), load, say("weekly.per_week", load=load))
        for key, load in busiest
    )


def _ending(say: Phrases, active: list[ListEntry], today: dt.date) -> tuple[str, ...]:
    """Lists whose period ends soon or has ended, soonest first, in words."""
    latest = today + dt.timedelta(days=ENDING)
    dated = [(e.end_date, e.name or e.address) for e in active if e.end_date]
    ending = sorted((end, name) for end, name in dated if end <= latest)
    return tuple(
        say(f"weekly.list.{'ended' if end < today else 'ends'}", name=name, day=plain_date(end))
        for end, name in ending[:MOST_LISTS]
    )
