"""Business days in Mexico, and dates as people read them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays

_WEEKDAYS = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[dt.date]:
    return frozenset(holidays.country_holidays("MX", years=year))


def is_business_day(day: dt.date, closed_on: frozenset[dt.date] = frozenset()) -> bool:
    """Whether people work on this day: no weekend, no holiday of Mexico or of the university."""
    return day.weekday() < 5 and day not in closed_on and day not in _public_holidays(day.year)


def add_business_days(
    start: dt.date, days: int, closed_on: frozenset[dt.date] = frozenset()
) -> dt.date:
    """The day `days` business days after `start` (which itself does not count)."""
    day = start
    while days > 0:
        day += dt.timedelta(days=1)
        if is_business_day(day, closed_on):
            days -= 1
    return day


def business_days_since(
    start: dt.date, end: dt.date, closed_on: frozenset[dt.date] = frozenset()
) -> int:
    """How many business days passed from `start` (which does not count) to `end`; 0 if earlier."""
    days = range(1, (end - start).days + 1)
    return sum(is_business_day(start + dt.timedelta(days=n), closed_on) for n in days)


def long_date(day: dt.date) -> str:
    """A date in words: "lunes 16 de agosto de 2021"."""
    return f"{_WEEKDAYS[day.weekday()]} {plain_date(day)}"


def plain_date(day: dt.date) -> str:
    """A date in words, without the weekday: "16 de agosto de 2021"."""
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"


def clock_time(moment: dt.datetime) -> str:
    """A time of day as written in Mexico: "14:05 h"."""
    return f"{moment:%H:%M} h"
