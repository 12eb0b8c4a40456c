"""When things fall due: the organization's timetable, as configured."""

import datetime as dt
from dataclasses import dataclass

from bot.workflow.calendar import ClosedDays, is_business_day

EVENING = dt.timedelta(hours=2)  # before the office closes
SLOT = dt.timedelta(minutes=10)  # how often reminders are looked for within office hours


@dataclass(frozen=True, slots=True)
class Timetable:
    """Days are business days, but for `renewal_before_days`, which are days of the calendar.

    `slip_days` is by how many the area is told that an answer is late, before it is; 0: it is not.

    `weekly_on` counts from Monday, 0. `area_reminders` rise, `renewal_before_days` fall.
    """

    digest_at: dt.time = dt.time(8, 30)
    weekly_on: int = 0
    area_reminders: tuple[int, ...] = (3, 7)
    expire_after: int = 15
    remind_staff_before: int = 1
    escalate_after: int = 2
    slip_days: int = 3
    office_hours: tuple[dt.time, dt.time] = (dt.time(9), dt.time(18))
    renewal_before_days: tuple[int, ...] = (30, 7)

    def is_office_hour(self, now: dt.datetime, closed_on: ClosedDays) -> bool:
        """Whether people may be reminded now."""
        start, end = self.office_hours
        return is_business_day(now.date(), closed_on) and start <= now.time() < end

    def slot(self, now: dt.datetime, closed_on: ClosedDays) -> dt.datetime | None:
        """Since when reminders are to be looked for, at this moment; None outside office hours."""
        if not self.is_office_hour(now, closed_on):
            return None
        return now - (now - now.replace(hour=0, minute=0, second=0, microsecond=0)) % SLOT

    def evening(self, day: dt.date, closed_on: ClosedDays) -> dt.datetime:
        """The last hours of an office day; of the one before where that day is off."""
        while not is_business_day(day, closed_on):
            day -= dt.timedelta(days=1)
        start, end = (dt.datetime.combine(day, one) for one in self.office_hours)
        return max(start, end - EVENING)

    def digest_due(self, now: dt.datetime, closed_on: ClosedDays) -> dt.datetime | None:
        """When today's digest fell due; None before that, after hours, and on days off."""
        due = dt.datetime.combine(now.date(), self.digest_at, now.tzinfo)
        if not is_business_day(now.date(), closed_on) or now < due or self._is_late(now):
            return None
        return due

    def weekly_due(self, now: dt.datetime, closed_on: ClosedDays) -> dt.datetime | None:
        """When the last weekly summary fell due: on its day, or the first business day after it.

        A bot that slept through that day sends it on a later one, until the next falls due.
        """
        today = now.date()
        since = today - dt.timedelta(days=(today.weekday() - self.weekly_on) % 7)
        return self._due_since(since, now, closed_on)

    def monthly_due(self, now: dt.datetime, closed_on: ClosedDays) -> dt.datetime | None:
        """When the last monthly report fell due: on the first business day of the month, or later,
        as `weekly_due`."""
        return self._due_since(now.date().replace(day=1), now, closed_on)

    def _due_since(
        self, day: dt.date, now: dt.datetime, closed_on: ClosedDays
    ) -> dt.datetime | None:
        today = now.date()
        while day <= today and not is_business_day(day, closed_on):
            day += dt.timedelta(days=1)
        due = dt.datetime.combine(day, self.digest_at, now.tzinfo)
        if not is_business_day(today, closed_on) or now < due or self._is_late(now):
            return None
        # On a later day not before that day's work begins either.
        return due if now.time() >= self.digest_at else None

    def _is_late(self, now: dt.datetime) -> bool:
        end = self.office_hours[1]
        return self.digest_at < end <= now.time()
