"""Reminders of a case, its expiry and its escalation: each step once, told by the history.

Which steps are due follows from the case's own dates and from `now`; which were taken, from its
events. Nothing is remembered elsewhere, so that restarts and other workers change nothing.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from bot.workflow.calendar import add_business_days, business_days_since, plain_date
from bot.workflow.case import DECIDED_AT, Case, Event, Inquiry, Move, State
from bot.workflow.consents import given_up
from bot.workflow.inquiries import inquiry_mail
from bot.workflow.notification import Notification, StageNotice
from bot.workflow.notifications.mails import display_name
from bot.workflow.notifications.notices import unheard
from bot.workflow.notifications.present import enumeration
from bot.workflow.notifications.updates import WANTED
from bot.workflow.organization import Organization
from bot.workflow.schedule import notifications
from bot.workflow.schedule.waiting import days_left, deadline, here, holders, overdue_by, waits
from bot.workflow.staff import Role

REMINDED = "reminded"
WEEK = 5  # business days between two escalations


class Kind(StrEnum):
    """What a step does."""

    AREA = "area"  # the area is asked again for what is missing
    EXPIRE = "expire"
    DUE = "due"  # who holds the case hears that the answer is due
    OVERDUE = "overdue"
    SLIP = "slip"  # the area hears that its answer will be late, before it is
    INQUIRY = "inquiry"  # who was asked about the case is asked again
    SILENCE = "silence"  # who holds the case hears that an answer is waited for no more
    ESCALATE = "escalate"  # the administrators hear of it
    OWN = "own"  # what the kind of request has of its own


@dataclass(frozen=True, slots=True)
class ReminderStep:
    """One thing to be done once. `name` and `since` tell it from all others of its case.

    `since` is what the days are counted from: whatever sets that anew starts again. `days` is how
    many business days were counted.
    """

    kind: Kind
    name: str
    since: dt.date
    days: int

    @property
    def mark(self) -> Mapping[str, str]:
        """What its event bears."""
        return MappingProxyType({"step": self.name, "since": self.since.isoformat()})


@dataclass(frozen=True, slots=True)
class Taken:
    """A step as carried out: the case after it, what the history says, whom it was told.

    `events` are what else the history says, `notices` who is to act.
    """

    case: Case
    event: Event
    notifications: tuple[Notification, ...]
    events: tuple[Event, ...] = ()
    notices: tuple[StageNotice, ...] = ()


def steps(case: Case, organization: Organization, now: dt.datetime) -> tuple[ReminderStep, ...]:
    """The steps that the calendar asks for at `now`, taken or not; none outside office hours."""
    if not organization.timetable.is_office_hour(now, organization.closed_on):
        return ()
    if case.state is State.INCOMPLETE:
        own = organization.kind(case).own_steps(case, organization, now)
        return _for_area(case, organization, now.date()) if own is None else own
    if not waits(organization, case, now):
        return ()
    return (
        *_for_inquiries(case, organization, now.date()),
        *_for_promise(case, organization, now),
        *_for_staff(case, organization, now.date()),
    )


def untaken(due: Iterable[ReminderStep], history: Iterable[Event]) -> tuple[ReminderStep, ...]:
    """Those steps that the case's history does not tell of."""
    marks = [event.data for event in history if event.what == REMINDED]
    return tuple(step for step in due if step.mark not in marks)


def take(
    case: Case, step: ReminderStep, organization: Organization, now: dt.datetime
) -> Taken | None:
    """What a step does; None where there is nobody to be told."""
    match step.kind:
        case Kind.AREA:
            return _remind_area(case, step, organization)
        case Kind.EXPIRE:
            return _expire(case, step, organization, now)
        case Kind.DUE | Kind.OVERDUE:
            return _remind_staff(case, step, organization, now)
        case Kind.SLIP:
            return _slip(case, step, organization, now)
        case Kind.INQUIRY:
            return _ask_again(case, step, organization)
        case Kind.SILENCE:
            return _without_answer(case, step, organization, now)
        case Kind.ESCALATE:
            return _escalate(case, step, organization, now)
        case Kind.OWN:
            return organization.kind(case).take_step(case, step, organization, now)


def _for_area(case: Case, organization: Organization, today: dt.date) -> tuple[ReminderStep, ...]:
    since, rules = organization.day(case.updated_at), organization.timetable
    days = business_days_since(since, today, organization.closed_on)
    if days >= rules.expire_after:
        return (ReminderStep(Kind.EXPIRE, "expire", since, days),)
    # Of several that a sleeping bot missed only the last one is still of use.
    passed = [n for n in rules.area_reminders if n <= days]
    return (ReminderStep(Kind.AREA, f"area-{passed[-1]}", since, days),) if passed else ()


def _for_staff(case: Case, organization: Organization, today: dt.date) -> tuple[ReminderStep, ...]:
    due = deadline(organization, case)
    if due is None:
        return ()
    rules, late = organization.timetable, overdue_by(organization, case, today)
    found = []
    # Whoever got the notice today need not be reminded of it today.
    fresh = organization.day(case.updated_at) >= today
    if today > due and not fresh:
        found.append(ReminderStep(Kind.OVERDUE, f"{case.state}-overdue", due, late))
    left = days_left(organization, case, today)
    if today <= due and left <= rules.remind_staff_before and not fresh:
        found.append(ReminderStep(Kind.DUE, f"{case.state}-due", due, left))
    if late >= rules.escalate_after:
        week = (late - rules.escalate_after) // WEEK
        found.append(ReminderStep(Kind.ESCALATE, f"escalation-{week + 1}", due, late))
    return tuple(found)


def _for_promise(
    case: Case, organization: Organization, now: dt.datetime
) -> tuple[ReminderStep, ...]:
    """The evening before what the area was promised passes, and it has no answer."""
    promised, rules = case.answer_by, organization.timetable
    if promised is None or not rules.slip_days or case.state not in DECIDED_AT:
        return ()
    if now.replace(tzinfo=None) < rules.evening(promised, organization.closed_on):
        return ()
    return (ReminderStep(Kind.SLIP, "slip", promised, 0),)


def _for_inquiries(
    case: Case, organization: Organization, today: dt.date
) -> tuple[ReminderStep, ...]:
    """Who has not answered, by the day on which they were asked; as often as an area is."""
    if case.state not in DECIDED_AT:
        return ()  # it was decided: no answer is of use any more
    found = []
    for since in sorted({organization.day(one.asked_at) for one in _unheard(case)}):
        days = business_days_since(since, today, organization.closed_on)
        passed = [n for n in organization.timetable.area_reminders if n <= days]
        if passed:
            found.append(ReminderStep(Kind.INQUIRY, f"inquiry-{passed[-1]}", since, days))
    if silent := given_up(organization, case, today):
        since = max(organization.day(one.asked_at) for one in silent)
        found.append(ReminderStep(Kind.SILENCE, "silence", since, 0))
    return tuple(found)


def _without_answer(
    case: Case, step: ReminderStep, organization: Organization, now: dt.datetime
) -> Taken:
    """Who holds the case may decide, and sees once more who did not answer."""
    silent = given_up(organization, case, now.date())
    names = enumeration([one.who for one in silent])
    note = organization.say("inquiry.silent", names=names)
    asks = tuple(StageNotice(case, one, note=note) for one in holders(organization, case))
    text = organization.say("inquiry.given_up", names=names)
    return Taken(case, step_taken(case, step, text), (), notices=asks)


def _unheard(case: Case) -> tuple[Inquiry, ...]:
    return tuple(one for one in case.inquiries if one.reply is None)


def _ask_again(case: Case, step: ReminderStep, organization: Organization) -> Taken:
    people = [one for one in _unheard(case) if organization.day(one.asked_at) == step.since]
    note = organization.say("inquiry.again")
    told = tuple(inquiry_mail(organization, case, one, note) for one in people)
    names = enumeration([one.who for one in people])
    text = organization.say("history.staff", names=names, what=organization.say("inquiry.what"))
    return Taken(case, step_taken(case, step, text), told)


def _slip(case: Case, step: ReminderStep, organization: Organization, now: dt.datetime) -> Taken:
    days, closed = organization.timetable.slip_days, organization.closed_on
    new_day = add_business_days(max(step.since, now.date()), days, closed)
    case = replace(case, promised=new_day)
    told = notifications.slipped(organization, case, step.since)
    text = organization.say("slip.history", day=plain_date(new_day))
    return Taken(case, step_taken(case, step, text), told)


def _remind_area(case: Case, step: ReminderStep, organization: Organization) -> Taken:
    text = organization.say("history.area", days=step.days)
    told = notifications.area_reminder(organization, case)
    return Taken(case, step_taken(case, step, text), (told,))


def _expire(case: Case, step: ReminderStep, organization: Organization, now: dt.datetime) -> Taken:
    wanted = str(case.details.get(WANTED, ""))
    told: tuple[Notification, ...] = (notifications.expired(organization, case, step.days),)
    case = case.moved(Move.EXPIRED, now)
    if wanted:
        why = organization.say("triage.unheard", days=step.days)
        told = unheard(organization, case, wanted, why)
    text = organization.say("history.expired", days=step.days)
    return Taken(case, step_taken(case, step, text), told)


def _remind_staff(
    case: Case, step: ReminderStep, organization: Organization, now: dt.datetime
) -> Taken | None:
    people = holders(organization, case)
    if not people:
        return None
    told = tuple(notifications.staff_reminder(organization, case, p, now.date()) for p in people)
    names = enumeration([display_name(p.address) for p in people])
    late = step.kind is Kind.OVERDUE
    what = organization.say("reminder.overdue" if late else "reminder.due_soon")
    text = organization.say("history.staff", names=names, what=what)
    return Taken(case, step_taken(case, step, text), told)


def _escalate(
    case: Case, step: ReminderStep, organization: Organization, now: dt.datetime
) -> Taken | None:
    admins = here(organization, organization.with_role(Role.ADMIN))
    if not admins:
        return None
    people = holders(organization, case)
    told = tuple(
        notifications.escalation(organization, case, p, people, now.date()) for p in admins
    )
    one = step.days == 1
    days = organization.say("reminder.one_day" if one else "reminder.days", days=step.days)
    unit = organization.unit_of(case)
    text = organization.say("history.escalated", days=days, unit=unit)
    return Taken(case, step_taken(case, step, text), told)


def step_taken(case: Case, step: ReminderStep, text: str) -> Event:
    """The line of the history that tells of a step, so that it is not taken again."""
    return Event(REMINDED, "bot", text, case.version, data=step.mark)
