"""Who holds a case, until when, and what waits for a person."""

import datetime as dt
from collections.abc import Iterable

from bot.workflow.calendar import add_business_days, business_days_since
from bot.workflow.case import DECIDED_AT, Case, State
from bot.workflow.organization import Organization
from bot.workflow.staff import Person


def holders(organization: Organization, case: Case) -> tuple[Person, ...]:
    """Who is waited for: whom the case is assigned to, where they may act, else all who may.

    Nobody where the area is waited for, never whoever made the request, and of several only those
    who are not away.
    """
    if organization.stage(case) is None:
        return ()
    assigned = organization.person(case.assignee) if case.assignee else None
    if assigned and organization.may_act(assigned, case) and _is_here(organization, assigned):
        return (assigned,)
    return here(organization, organization.who_may_act(case))


def here(organization: Organization, people: tuple[Person, ...]) -> tuple[Person, ...]:
    """Those of them who are not away today; all of them where everybody is."""
    return tuple(p for p in people if _is_here(organization, p)) or people


def _is_here(organization: Organization, person: Person) -> bool:
    return organization.away_until(person.address.email) is None


def deadline(organization: Organization, case: Case) -> dt.date | None:
    """Until when somebody must act: the answer's day, or that of the work once it was approved."""
    if case.state in DECIDED_AT:
        return case.due_on
    if case.state is State.PROVISIONING and case.decision is not None:
        approved = organization.day(case.decision.goes_out_at)
        return add_business_days(approved, organization.respond_within, organization.closed_on)
    return None


def waits(organization: Organization, case: Case, now: dt.datetime) -> bool:
    """Whether somebody of the organization can act now; not on what may still be undone."""
    held = case.state is State.PROVISIONING and case.decision and case.decision.goes_out_at > now
    return organization.stage(case) is not None and not held


def waiting_for(
    organization: Organization, person: Person, cases: Iterable[Case], now: dt.datetime
) -> tuple[Case, ...]:
    """The cases that wait for a person, oldest first."""
    own = (c for c in cases if waits(organization, c, now) and person in holders(organization, c))
    return tuple(sorted(own, key=lambda c: (c.opened_at, c.folio)))


def overdue_by(organization: Organization, case: Case, today: dt.date) -> int:
    """Business days since the deadline; 0 where it has not passed."""
    due = deadline(organization, case)
    return business_days_since(due, today, organization.closed_on) if due else 0


def days_left(organization: Organization, case: Case, today: dt.date) -> int:
    """Business days until the deadline; 0 on the day itself and after it."""
    due = deadline(organization, case)
    return business_days_since(today, due, organization.closed_on) if due else 0
