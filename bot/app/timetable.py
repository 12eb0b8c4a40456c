"""Does what has fallen due: each job in a transaction of its own, once, whoever comes first.

Which jobs are due follows from the clock handed in and from when they last ran, as the database
has it; a bot that was restarted, or slept, or works beside others does each of them once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import structlog

from bot.app.posting import post
from bot.core.case import Event
from bot.core.house import House, Person, Role
from bot.core.timetable.letters import digest, renewal
from bot.core.timetable.reminding import steps, take, untaken
from bot.core.timetable.renewing import Renewal, renewals
from bot.core.timetable.waiting import waiting_for
from bot.core.timetable.weekly import summary_letter, weeks_before
from bot.store import Conflict, Store, StoreError, Work

MAX_CONFLICTS = 5  # then it is left for the next round
REMINDERS, SUMMARY = "reminders", "summary"

log = structlog.get_logger()


class Timekeeper:
    """The jobs of the timetable over one database; `clock` gives the time in Mexico."""

    def __init__(self, store: Store, house: House, clock: Callable[[], dt.datetime]) -> None:
        self._store, self._house, self._clock = store, house, clock

    def run_due(self) -> None:
        """Runs every job that is due. Raises StoreError where the database fails.

        A job that fails otherwise is logged, stops no other, and is tried again next time.
        """
        now, rules, closed = self._clock(), self._house.timetable, self._house.closed_on
        last = self._last_runs(now)
        slot = rules.slot(now, closed)
        if slot and last[REMINDERS] < slot and self._take(REMINDERS, slot, now):
            self._remind(now)
            self._ask_renewals(now)
        digest_due = rules.digest_due(now, closed)
        for person in self._house.staff:
            name = _digest_of(person)
            if digest_due and last[name] < digest_due:
                self._attempt(name, partial(self._digest, person, digest_due, now))
        weekly_due = rules.weekly_due(now, closed)
        if weekly_due and last[SUMMARY] < weekly_due:
            self._attempt(SUMMARY, partial(self._summary, weekly_due, now))

    def _last_runs(self, now: dt.datetime) -> dict[str, dt.datetime]:
        """When each regular job last ran; one never seen is known from now on.

        So that the first start at noon sends no digest of that morning. Reminders look at the
        cases alone: theirs may run at once.
        """
        long_ago = dt.datetime.min.replace(tzinfo=dt.UTC)
        names = {SUMMARY, *(_digest_of(p) for p in self._house.staff)}
        with self._store.work() as work:
            known = work.jobs()
            if unknown := names - known.keys():
                work.know_jobs(unknown, now)
        return {REMINDERS: long_ago} | dict.fromkeys(names, now) | dict(known)

    def _take(self, name: str, due: dt.datetime, now: dt.datetime) -> bool:
        return self._attempt(name, lambda work: work.take_job(name, due, now))

    def _attempt(self, name: str, do: Callable[[Work], bool]) -> bool:
        """Does something in a transaction of its own; whether there was something to do."""
        for _ in range(MAX_CONFLICTS):
            try:
                with self._store.work() as work:
                    return do(work)
            except Conflict as conflict:
                log.info("tried again", job=name, conflict=str(conflict))
            except StoreError:
                raise
            except Exception:
                log.exception("a job of the timetable failed", job=name)
                return False
        log.warning("left for later", job=name)
        return False

    # --- reminders ------------------------------------------------------------------------

    def _remind(self, now: dt.datetime) -> None:
        with self._store.work() as work:
            cases = work.waiting_cases()
        for case in cases:
            if steps(case, self._house, now):
                self._attempt(case.folio, partial(self._remind_of, case.folio, now))

    def _remind_of(self, folio: str, now: dt.datetime, work: Work) -> bool:
        """The steps of one case. Saving it is the lock: of two workers one has a Conflict."""
        case, some = work.case(folio), False
        if case is None:
            return False
        for step in untaken(steps(case, self._house, now), work.history(folio)):
            taken = take(case, step, self._house, now)
            if taken is None:
                continue
            case = taken.case
            work.save_case(case)
            work.append(folio, taken.event, now)
            post(work, taken.letters, self._house, now, case)
            log.info("reminded", case=folio, step=step.name)
            some = True
        return some

    def _ask_renewals(self, now: dt.datetime) -> None:
        with self._store.work() as work:
            asked = work.jobs()
            due = renewals(work.lists(), self._house, now)
        for one in due:
            if one.job not in asked:
                self._attempt(one.job, partial(self._ask_renewal, one, now))

    def _ask_renewal(self, one: Renewal, now: dt.datetime, work: Work) -> bool:
        if not work.take_job(one.job, now, now):
            return False
        case = work.case(one.entry.folio) if one.entry.folio else None
        letter = renewal(one.entry, now.date(), case.folio if case else "")
        if case is not None:
            text = f"preguntó a {letter.to.email} si la lista continúa"
            work.append(case.folio, Event("renewal_asked", "bot", text, case.version), now)
        post(work, (letter,), self._house, now, case)
        return True

    # --- digests and the summary ----------------------------------------------------------

    def _digest(self, person: Person, due: dt.datetime, now: dt.datetime, work: Work) -> bool:
        if not work.take_job(_digest_of(person), due, now):
            return False
        cases = waiting_for(self._house, person, work.waiting_cases(), now)
        troubles = work.troubles() if Role.ADMIN in person.roles else (0, 0)
        if cases or any(troubles):
            letter = digest(self._house, person, cases, now.date(), *troubles)
            post(work, (letter,), self._house, now)
        return True

    def _summary(self, due: dt.datetime, now: dt.datetime, work: Work) -> bool:
        if not work.take_job(SUMMARY, due, now):
            return False
        first = weeks_before(due.date())[0].start
        cases = work.cases_since(dt.datetime.combine(first, dt.time(), now.tzinfo))
        completed = work.last_days("complete", [c.folio for c in cases if c.ruling])
        lists = work.lists()
        for person in self._house.with_role(Role.REVIEWER):
            letter = summary_letter(self._house, person, cases, completed, lists, due.date())
            if letter is not None:
                post(work, (letter,), self._house, now)
        return True


def _digest_of(person: Person) -> str:
    return f"digest:{person.address.email}"
