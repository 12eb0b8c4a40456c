"""What a report is made of, read from the database; and the mail that brings it each month."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from bot.lists.register import ListState
from bot.report.figures import MILESTONES, Course, Figures, Group, Milestone, Scope, course, figures
from bot.store import Store
from bot.workflow.calendar import month_of
from bot.workflow.lifecycle import OutboxStatus
from bot.workflow.notification import Notification, Page
from bot.workflow.notifications.mails import to_staff
from bot.workflow.organization import Organization
from bot.workflow.staff import Role

MONTHS = 12  # on the page, the one reported on being the last
DAY = dt.timedelta(days=1)


def courses(store: Store, scope: Scope, organization: Organization) -> list[Course]:
    """The requests opened in the period, oldest first."""
    since = None
    if scope.since:
        since = dt.datetime.combine(scope.since, dt.time(), organization.zone)
    moments = store.records.moments(MILESTONES, since)
    found = [
        course(case, [Milestone(*one) for one in moments.get(case.folio, ())], organization)
        for case in reversed(store.records.cases(since=since))
    ]
    return [one for one in found if one.opened_on <= scope.until]


def counted(store: Store, found: list[Course], scope: Scope) -> Figures:
    """The figures of these requests, and of the register."""
    return figures(found, store.register.all(ListState.ACTIVE), scope.made_on)


def page_of(store: Store, all_of: Figures, scope: Scope, organization: Organization) -> str:
    """The page, self-contained."""
    from bot.report.page import page  # here: plots take a second to load

    sent, observed = map(store.records.mails, (OutboxStatus.SENT, OutboxStatus.OBSERVED))
    done = {**sent, "corrections": len(store.records.corrections())}
    return page(all_of, scope, organization, done, observed)


def monthly_reports(
    store: Store, organization: Organization, today: dt.date
) -> tuple[Notification, ...]:
    """The report of the month before this one, to everybody with the role of a director."""
    directors = organization.with_role(Role.DIRECTOR)
    if not directors:
        return ()
    last = today.replace(day=1) - DAY
    year = last.year * 12 + last.month - MONTHS  # months since year 0, of the first one
    scope = Scope(dt.date(year // 12, year % 12 + 1, 1), last, today)
    all_of = counted(store, courses(store, scope, organization), scope)
    page = Page(f"informe-{last:%Y-%m}.html", page_of(store, all_of, scope, organization))
    values = _values(all_of, last, organization)
    mails = (to_staff("report", person.address, values, None) for person in directors)
    return tuple(replace(mail, page=page) for mail in mails)


def _values(all_of: Figures, last: dt.date, organization: Organization) -> dict[str, object]:
    months = {group.name: group for group in all_of.by_month}
    nothing = Group("", 0, 0, 0, None, None, None)
    now = months.get(f"{last:%Y-%m}", nothing)
    before = months.get(f"{last.replace(day=1) - DAY:%Y-%m}")
    earlier = dict(_shown(before)) if before else {}
    return {
        "month": month_of(last),
        "received": now.received,
        "answered": now.approved + now.rejected,
        "respond_within": organization.respond_within,
        "ending": len(all_of.ending),
        "lines": tuple(
            {
                "label": organization.say(f"report.{key}"),
                "now": told,
                "before": earlier.get(key, ""),
            }
            for key, told in _shown(now)
        ),
    }


def _shown(group: Group) -> Iterator[tuple[str, str]]:
    yield "received", f"{group.received:,}"
    yield "approved", f"{group.approved:,}"
    yield "rejected", f"{group.rejected:,}"
    yield "open", f"{group.open:,}"
    yield "median", "—" if group.median_hours is None else f"{group.median_hours:.1f} h"
    yield "in_time", "—" if group.kept_share is None else f"{group.kept_share:.0%}"
