"""When things fall due: digests, summaries, office hours, over weekends, holidays and closures."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.workflow.calendar import ClosedDays, add_business_days, business_days_since
from bot.workflow.schedule.rules import Timetable
from tests.rig.zone import ZONE

RULES = Timetable()
HOLY_WEEK = frozenset(dt.date(2022, 4, 11) + dt.timedelta(days=n) for n in range(5))
CHRISTMAS = frozenset(dt.date(2021, 12, 20) + dt.timedelta(days=n) for n in range(12))
CLOSED = ClosedDays("MX", HOLY_WEEK | CHRISTMAS)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2021-08-16T08:29:59", False),
        ("2021-08-16T08:30", True),
        ("2021-08-16T08:31", True),
        ("2021-08-16T11:00", True),  # slept through it
        ("2021-08-16T17:59", True),
        ("2021-08-16T18:00", False),  # too late to disturb anybody
        ("2021-08-14T09:00", False),  # Saturday
        ("2021-09-16T09:00", False),  # Independence Day
        ("2021-11-15T09:00", False),  # Revolution Day, moved to Monday
        ("2021-12-24T09:00", False),  # the university is closed
        ("2022-04-14T09:00", False),  # Holy Week
        ("2022-04-18T09:00", True),
        ("2022-04-03T09:00", False),
        ("2022-04-04T08:30", True),  # the day after clocks changed, in those years
    ],
)
def test_digest(now: str, due: bool) -> None:
    found = RULES.digest_due(at(now), CLOSED)
    assert found == (at(now[:10] + "T08:30") if due else None)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2021-08-16T08:29", None),
        ("2021-08-16T08:30", "2021-08-16"),
        ("2021-08-17T08:00", None),  # not before the day's digest either
        ("2021-08-18T12:00", "2021-08-16"),  # slept since Sunday
        ("2021-11-15T10:00", None),  # a holiday on Monday …
        ("2021-11-16T08:30", "2021-11-16"),  # … moves it to Tuesday
        ("2022-04-13T10:00", None),
        ("2022-04-18T08:30", "2022-04-18"),
        ("2021-08-21T10:00", None),
    ],
)
def test_summary(now: str, due: str | None) -> None:
    found = RULES.weekly_due(at(now), CLOSED)
    assert found == (at(f"{due}T08:30") if due else None)


def test_summary_of_a_friday_that_is_a_holiday_comes_on_monday() -> None:
    rules = Timetable(weekly_on=4)
    closed = ClosedDays("MX", frozenset([dt.date(2021, 8, 20)]))
    assert rules.weekly_due(at("2021-08-20T09:00"), closed) is None
    assert rules.weekly_due(at("2021-08-23T09:00"), closed) == at("2021-08-23T08:30")
    assert rules.weekly_due(at("2021-08-27T09:00"), closed) == at("2021-08-27T08:30")


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2021-08-16T08:59", None),
        ("2021-08-16T09:00", "09:00"),
        ("2021-08-16T13:47:12", "13:40"),
        ("2021-08-16T18:00", None),
        ("2021-08-15T12:00", None),
        ("2021-12-28T12:00", None),
    ],
)
def test_reminders_keep_office_hours(now: str, slot: str | None) -> None:
    found = RULES.slot(at(now), CLOSED)
    assert found == (at(f"{now[:10]}T{slot}") if slot else None)


@pytest.mark.parametrize("start", [dt.date(2021, 12, 1) + dt.timedelta(days=n) for n in range(150)])
@pytest.mark.parametrize("days", [1, 3, 7, 15])
def test_business_days_are_counted_as_they_are_added(start: dt.date, days: int) -> None:
    closed = CLOSED
    end = add_business_days(start, days, closed)
    assert business_days_since(start, end, closed) == days
    assert business_days_since(start, end - dt.timedelta(days=1), closed) == days - 1
    assert business_days_since(end, start, closed) == 0


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2021-11-01T08:29", None),
        ("2021-11-01T08:30", "2021-11-01"),
        ("2021-11-19T12:00", "2021-11-01"),  # slept for weeks
        ("2021-08-02T09:00", "2021-08-02"),  # the first was a Sunday
        ("2022-01-01T09:00", None),
        ("2022-01-03T08:30", "2022-01-03"),
        ("2021-12-24T09:00", None),  # closed
    ],
)
def test_monthly(now: str, due: str | None) -> None:
    found = RULES.monthly_due(at(now), CLOSED)
    assert found == (at(f"{due}T08:30") if due else None)
