"""The section `timetable`: when reminders, digests and summaries are sent."""

import datetime as dt
import re
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.config.settings import Section, as_value
from bot.workflow.schedule.rules import Timetable

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


def _time_of_day(value: object) -> object:
    """A time such as "08:30"; YAML reads 18:00 without quotes as a number of minutes."""
    if isinstance(value, int) and 0 <= value < 24 * 60:
        return dt.time(value // 60, value % 60)
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        return dt.time(int(found[1]), int(found[2]))
    if isinstance(value, dt.time):
        return value
    raise ValueError('should be a time of day such as "08:30"')


TimeOfDay = Annotated[dt.time, BeforeValidator(_time_of_day)]
Days = Annotated[int, Field(ge=1, le=365)]


class TimetableSettings(Section):
    """When the bot writes by itself; days are business days unless said otherwise."""

    digest_at: TimeOfDay = dt.time(8, 30)
    weekly_on: Literal["monday", "tuesday", "wednesday", "thursday", "friday"] = "monday"
    area_reminders: tuple[Days, ...] = (3, 7)  # days without the form
    expire_after: Days = 15
    remind_staff_before: Annotated[int, Field(ge=0, le=60)] = 1
    escalate_after: Days = 2
    slip_days: Annotated[int, Field(ge=0, le=60)] = 3  # the new date of a late answer; 0: not told
    office_hours: tuple[TimeOfDay, TimeOfDay] = (dt.time(9), dt.time(18))
    renewal_before_days: tuple[Days, ...] = (30, 7)  # days of the calendar

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if list(self.area_reminders) != sorted(set(self.area_reminders)):
            raise ValueError("area_reminders should rise, such as [3, 7]")
        if self.area_reminders and self.area_reminders[-1] >= self.expire_after:
            raise ValueError("expire_after should be later than the last of area_reminders")
        if list(self.renewal_before_days) != sorted(set(self.renewal_before_days), reverse=True):
            raise ValueError("renewal_before_days should fall, such as [30, 7]")
        if self.office_hours[0] >= self.office_hours[1]:
            raise ValueError('office_hours should be in order, such as ["09:00", "18:00"]')
        return self


def to_timetable(settings: TimetableSettings) -> Timetable:
    """What the core must know of it."""
    return as_value(Timetable, settings, weekly_on=WEEKDAYS.index(settings.weekly_on))
