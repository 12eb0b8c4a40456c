"""Business days of a country and an institution, and dates as people read them."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from replies.phrases import say


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The days off: the public holidays of a country (ISO 3166, "MX") and an institution's own."""

    country: str
    own: frozenset[dt.date] = frozenset()

    def __contains__(self, day: dt.date) -> bool:
        return day in self.own or day in _public_holidays(self.country, day.year)


@lru_cache(maxsize=64)
def _public_holidays(country: str, year: int) -> frozenset[dt.date]:
    import holidays  # here: no command that only shows something asks for it

    return frozenset(holidays.country_holidays(country, years=year))


def is_business_day(day: dt.date, closed_on: ClosedDays) -> bool:
    """Whether people work on this day: no weekend and no day off."""
    return day.weekday() < 5 and day not in closed_on


def add_business_days(start: dt.date, days: int, closed_on: ClosedDays) -> dt.date:
    """The day `days` business days after `start` (which itself does not count)."""
    day = start
    while days > 0:
        day += dt.timedelta(days=1)
        if is_business_day(day, closed_on):
            days -= 1
    return day


def business_days_since(start: dt.date, end: dt.date, closed_on: ClosedDays) -> int:
    """How many business days passed from `start` (which does not count) to `end`; 0 if earlier."""
    days = range(1, (end - start).days + 1)
    return sum(is_business_day(start + dt.timedelta(days=n), closed_on) for n in days)


def business_hours_between(
    start: dt.datetime, end: dt.datetime, hours: tuple[dt.time, dt.time], closed_on: ClosedDays
) -> float:
    """How many hours an office was open between two moments of its own zone; 0 if in reverse."""
    spent = dt.timedelta()
    for number in range((end.date() - start.date()).days + 1):
        day = start.date() + dt.timedelta(days=number)
        if is_business_day(day, closed_on):
            opens, closes = (dt.datetime.combine(day, one, start.tzinfo) for one in hours)
            spent += max(min(end, closes) - max(start, opens), dt.timedelta())
    return spent / dt.timedelta(hours=1)


def long_date(day: dt.date) -> str:
    """A date in words: "lunes 16 de agosto de 2021"."""
    return f"{say('calendar.weekdays').split()[day.weekday()]} {plain_date(day)}"


def plain_date(day: dt.date) -> str:
    """A date in words, without the weekday: "16 de agosto de 2021"."""
    return say("calendar.date", day=day.day, month=month_of(day))


def month_of(day: dt.date) -> str:
    """A month in words: "agosto de 2021"."""
    return say("calendar.month", month=_month(day), year=day.year)


def short_date(day: dt.date) -> str:
    """A date in a word or two, of this year or the next: "16 ago"."""
    return f"{day.day} {_month(day)[:3]}"


def _month(day: dt.date) -> str:
    return say("calendar.months").split()[day.month - 1]


def clock_time(moment: dt.datetime) -> str:
    """A time of day as written in Mexico: "14:05 h"."""
    return f"{moment:%H:%M} h"
