"""What is said of lists alone: one function a mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from bot.lists.register import ListEntry, ListState
from bot.lists.request import ORPHAN, has_new_owner
from bot.lists.validity import days_of_list
from bot.workflow.calendar import plain_date
from bot.workflow.case import Case
from bot.workflow.commands.grants import case_grant
from bot.workflow.commands.registry import offered
from bot.workflow.followers import responsible_apart
from bot.workflow.kinds import ScheduledMail
from bot.workflow.message import Address
from bot.workflow.notification import Notification
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
from bot.workflow.staff import Person


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
