"""Which steps a case asks for, told by its dates and its history, day after day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.mail.compose import write
from bot.workflow.calendar import ClosedDays, add_business_days, is_business_day
from bot.workflow.case import Case, Decision, Event, Move, State
from bot.workflow.notification import Notification
from bot.workflow.organization import Organization
from bot.workflow.schedule.reminding import Kind, steps, take, untaken
from bot.workflow.schedule.waiting import holders, waiting_for
from tests.builders import (
    ADMIN,
    ANA,
    APPROVER,
    ORGANIZATION,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    case,
    full_form,
)
from tests.rig.zone import ZONE

DAY = dt.timedelta(days=1)
CLOSED = ClosedDays(
    "MX",
    frozenset(dt.date(2021, 12, 20) + n * DAY for n in range(12))
    | frozenset(dt.date(2022, 4, 11) + n * DAY for n in range(5)),
)
UNIVERSITY = replace(ORGANIZATION, closed_on=CLOSED)
STARTS = [dt.date(2021, 8, 16) + dt.timedelta(days=17 * n) for n in range(16)]


def moment(day: dt.date, hour: int = 10) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), ZONE)


def incomplete(day: dt.date) -> Case:
    at = moment(day, 16)
    return case(State.INCOMPLETE, form=full_form("position"), opened_at=at, updated_at=at)


def lived(
    start: Case, organization: Organization, days: int, hours: tuple[int, ...] = (8, 9, 14, 18)
) -> list[tuple[dt.datetime, str, tuple[Notification, ...]]]:
    """All that happens to a case when it is looked at day after day, several times a day."""
    done: list[tuple[dt.datetime, str, tuple[Notification, ...]]] = []
    history: list[Event] = []
    now_case = start
    for n in range(days):
        for hour in hours:
            now = moment(start.updated_at.date() + n * DAY, hour)
            if now < start.updated_at:
                continue
            for step in untaken(steps(now_case, organization, now), history):
                taken = take(now_case, step, organization, now)
                if taken is not None:
                    now_case = taken.case
                    history.append(taken.event)
                    done.append((now, step.name, taken.notifications))
    return done


@pytest.mark.parametrize("day", STARTS, ids=str)
def test_area_is_reminded_twice_and_then_the_case_expires(day: dt.date) -> None:
    done = lived(incomplete(day), UNIVERSITY, 60)
    assert [name for _, name, _ in done] == ["area-3", "area-7", "expire"]
    wanted = [add_business_days(day, n, CLOSED) for n in (3, 7, 15)]
    assert [now.date() for now, _, _ in done] == wanted
    assert all(now.hour == 9 and is_business_day(now.date(), CLOSED) for now, _, _ in done)
    templates = [
        notification.template for _, _, notifications in done for notification in notifications
    ]
    assert templates == ["reminder", "reminder", "expired"]


def test_a_reminder_has_the_missing_lines_ready_to_fill() -> None:
    (_, _, (notification,)), *_ = lived(incomplete(dt.date(2021, 8, 16)), ORGANIZATION, 10)
    raw = write(notification, ORGANIZATION, moment(dt.date(2021, 8, 19))).raw.decode()
    assert notification.to == ANA
    assert notification.in_reply_to == "<m0@upaep.mx>"
    assert "\r\nCargo:=20\r\n" in raw
    assert "formato-CI-2021-0042.docx" in raw


def test_a_bot_that_slept_sends_only_the_last_reminder() -> None:
    waiting = incomplete(dt.date(2021, 8, 16))
    (step,) = steps(waiting, ORGANIZATION, moment(dt.date(2021, 8, 27)))
    assert step.name == "area-7"


def test_an_answer_starts_the_count_anew() -> None:
    first = incomplete(dt.date(2021, 8, 16))
    history = [Event("reminded", "bot", "", 1, data={"step": "area-3", "since": "2021-08-16"})]
    later = replace(first, updated_at=moment(dt.date(2021, 8, 20)))
    assert not steps(later, ORGANIZATION, moment(dt.date(2021, 8, 24)))
    due = steps(later, ORGANIZATION, moment(dt.date(2021, 8, 25)))
    assert [s.name for s in untaken(due, history)] == ["area-3"]


def test_expiry_is_a_move_of_the_table_and_says_how_to_resume() -> None:
    now = moment(dt.date(2021, 9, 6))
    waiting = incomplete(dt.date(2021, 8, 16))
    (step,) = steps(waiting, ORGANIZATION, now)
    taken = take(waiting, step, ORGANIZATION, now)
    assert taken is not None
    assert taken.case.state is State.EXPIRED
    assert "la retomamos" in write(taken.notifications[0], ORGANIZATION, now).raw.decode()
    assert not steps(taken.case, ORGANIZATION, now + 30 * DAY)


@pytest.mark.parametrize("day", STARTS, ids=str)
@pytest.mark.parametrize("state", [State.REVIEW, State.APPROVAL])
def test_staff_are_reminded_and_admins_told_every_week(day: dt.date, state: State) -> None:
    due = add_business_days(day, 5, CLOSED)
    waiting = case(state, opened_at=moment(day, 16), updated_at=moment(day, 16), due_on=due)
    done = [(now, name) for now, name, _ in lived(waiting, UNIVERSITY, 45) if name != "slip"]
    days = [now.date() for now, _ in done]
    names = [name for _, name in done]
    assert names[:4] == [f"{state}-due", f"{state}-overdue", "escalation-1", "escalation-2"]
    assert days[0] == add_business_days(day, 4, CLOSED)
    assert days[1:3] == [add_business_days(due, n, CLOSED) for n in (1, 2)]
    assert days[3] == add_business_days(due, 7, CLOSED)
    assert len(names) == len(set(names))


def test_who_holds_a_case_is_who_hears_of_it() -> None:
    due = dt.date(2021, 8, 23)
    waiting = case(due_on=due)

    def told(one: Case, kind: Kind) -> list[str]:
        now = moment(dt.date(2021, 8, 25))
        found = [
            take(one, s, ORGANIZATION, now) for s in steps(one, ORGANIZATION, now) if s.kind is kind
        ]
        return [notification.to.email for t in found if t for notification in t.notifications]

    assert told(waiting, Kind.OVERDUE) == [REVIEWER.address.email, REVIEWER_2.address.email]
    mine = replace(waiting, assignee=REVIEWER_2.address.email)
    assert told(mine, Kind.OVERDUE) == [REVIEWER_2.address.email]
    own = replace(waiting, requester=REVIEWER.address, people=(REVIEWER.address,))
    assert told(own, Kind.OVERDUE) == [REVIEWER_2.address.email]
    gone = replace(waiting, assignee="quien.ya.no@upaep.mx")
    assert len(told(gone, Kind.OVERDUE)) == 2
    recommended = replace(mine, state=State.APPROVAL)  # whom it was assigned to cannot approve
    assert told(recommended, Kind.OVERDUE) == [APPROVER.address.email]
    assert told(waiting, Kind.ESCALATE) == [ADMIN.address.email]


def test_reminders_to_staff_carry_a_live_key() -> None:
    now = moment(dt.date(2021, 8, 25))
    waiting = case(due_on=dt.date(2021, 8, 23))
    for step in steps(waiting, ORGANIZATION, now):
        if step.kind is Kind.SLIP:  # that one goes to the area
            continue
        taken = take(waiting, step, ORGANIZATION, now)
        assert taken is not None
        for notification in taken.notifications:
            assert notification.token is not None
            assert notification.token.person == notification.to.email
            assert (notification.token.stage, notification.token.version) == (State.REVIEW, 1)


def test_nobody_is_reminded_on_the_day_a_case_came_to_them() -> None:
    now = moment(dt.date(2021, 8, 23))
    waiting = case(State.APPROVAL, updated_at=now - dt.timedelta(hours=1), due_on=now.date())
    assert not steps(waiting, ORGANIZATION, now)
    names = [s.name for s in steps(waiting, ORGANIZATION, now + DAY)]
    assert names == ["slip", "approval-overdue"]


def test_a_list_to_be_created_has_a_deadline_of_its_own() -> None:
    at = moment(dt.date(2021, 8, 16))
    decision = Decision(Move.APPROVED, "x@upaep.mx", at, at + dt.timedelta(hours=1), State.APPROVAL)
    waiting = case(State.PROVISIONING, decision=decision, due_on=dt.date(2021, 8, 10))
    assert not waiting_for(ORGANIZATION, PROVISIONER, [waiting], at)  # it can still be undone
    assert waiting_for(ORGANIZATION, PROVISIONER, [waiting], at + DAY) == (waiting,)
    assert not steps(waiting, ORGANIZATION, at + DAY)
    due = steps(waiting, ORGANIZATION, moment(dt.date(2021, 8, 24)))
    assert [s.name for s in due] == ["provisioning-overdue"]


def test_what_waits_is_listed_oldest_first_and_for_its_holder_only() -> None:
    cases = [
        case(folio=f"CI-2021-000{n}", opened_at=moment(dt.date(2021, 8, 20 - n))) for n in range(4)
    ]
    cases.append(case(State.INCOMPLETE))
    now = moment(dt.date(2021, 8, 25))
    assert [c.folio[-1] for c in waiting_for(ORGANIZATION, REVIEWER, cases, now)] == list("3210")
    assert waiting_for(ORGANIZATION, APPROVER, cases, now) == ()
    assert holders(ORGANIZATION, case(State.INCOMPLETE)) == ()
