"""Does what has fallen due: each job in a transaction of its own, once, whoever comes first.

Which jobs are due follows from the clock handed in and from when they last ran, as the database
has it; a bot that was restarted, or slept, or works beside others does each of them once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import structlog

from bot.mail.compose import subject_of
from bot.observability.logs import concerning
from bot.runtime.enqueue import notices_as_mails, post, write_down
from bot.store import Conflict, Store, StoreError, UnitOfWork
from bot.workflow.case import Case, Event
from bot.workflow.kinds import ScheduledMail
from bot.workflow.news import NEWS, CaseNews, news_for
from bot.workflow.notification import Notification
from bot.workflow.organization import Organization, Retention
from bot.workflow.schedule.notifications import HistorySeal, digest, observed
from bot.workflow.schedule.reminding import steps, take, untaken
from bot.workflow.schedule.staffing import caught_up
from bot.workflow.schedule.waiting import here, waiting_for
from bot.workflow.schedule.weekly import weekly_summary, weeks_before
from bot.workflow.staff import Person, Role

SKEW = dt.timedelta(hours=1)  # that clocks of several machines may differ
SETTLING = dt.timedelta(minutes=10)  # until what others wrote is committed, and not taken back
LONGEST_HELD = dt.timedelta(days=2)  # no mail waits longer for its time
MAX_CONFLICTS = 5  # then it is left for the next round
REMINDERS, SUMMARY, CATCH_UP, RETENTION = "reminders", "summary", "catch up", "retention"
REPORT = "report"
AT_ONCE = 200  # mails, or cases, that one transaction empties
OBSERVED, MOST_OBSERVED = "observed", 100
SCHEDULED = "renewal_asked"  # what the history calls a mail of a kind's calendar

log = structlog.get_logger()

Reports = Callable[[Store, Organization, dt.date], Sequence[Notification]]


class Scheduler:
    """The jobs of the timetable over one database; `clock` gives the time in Mexico."""

    def __init__(
        self,
        store: Store,
        organization: Organization,
        clock: Callable[[], dt.datetime],
        reports: Reports = lambda *_: (),
    ) -> None:
        """`reports` are the mails with the figures of the month before a day."""
        self._store, self._organization, self._clock = store, organization, clock
        self._reports = reports

    def begin(self) -> None:
        """For the start of a process: what falls due from now on is ours, also while it is busy.

        Open cases whose people, stage or form changed with the configuration catch up with it.
        """
        self._look(self._clock()).catch_up()

    def run_due(self) -> None:
        """Runs every job that is due. Raises StoreError where the database fails.

        A job that fails otherwise is logged, stops no other, and is tried again next time.
        """
        self._look(self._clock()).run()

    def _look(self, now: dt.datetime) -> _Round:
        with self._store.work() as work:
            _set_right(work, now)
            organization = self._organization.on(now.date(), work.staff.leaves(now.date()))
            last = _last_runs(work, organization, now)
        return _Round(self._store, organization, now, last, self._reports)


def _set_right(work: UnitOfWork, now: dt.datetime) -> None:
    """What ran, or was put off, by a clock that was ahead: else nothing fell due until it came."""
    last = work.timetable.latest()
    if last is None or last <= now + SKEW:
        return
    jobs = work.timetable.turn_back(now)
    mails = work.outbox.turn_back(now, now + LONGEST_HELD)
    advice = "cases and mail of that time keep their dates; look at them by hand"
    log.warning("clock.set_back", was_at=last.isoformat(), jobs=jobs, mails=mails, advice=advice)


def _last_runs(
    work: UnitOfWork, organization: Organization, now: dt.datetime
) -> Mapping[str, dt.datetime]:
    """When each regular job last ran; one never seen is known from now on.

    So that the first start at noon sends no digest of that morning. Reminders look at the cases
    alone: theirs may run at once.
    """
    long_ago = dt.datetime.min.replace(tzinfo=dt.UTC)
    names = {SUMMARY, REPORT, OBSERVED, *(_digest_of(p) for p in organization.staff)}
    known = work.timetable.jobs({REMINDERS, RETENTION, *names})
    if unknown := names - known.keys():
        work.timetable.know(unknown, now)
    return dict.fromkeys((REMINDERS, RETENTION), long_ago) | dict.fromkeys(names, now) | dict(known)


@dataclass(frozen=True, slots=True)
class _Round:
    """One look at the timetable: the organization as it is staffed today, when each job last
    ran."""

    store: Store
    organization: Organization
    now: dt.datetime
    last: Mapping[str, dt.datetime]
    reports: Reports

    def run(self) -> None:
        rules, closed, now = self.organization.timetable, self.organization.closed_on, self.now
        slot = rules.slot(now, closed)
        if slot and self.last[REMINDERS] < slot and self._take_slot(slot):
            self._remind()
            self._send_scheduled()
        due = rules.digest_due(now, closed)
        seal = cache(self._seal)  # the same one for everybody
        for person in self.organization.staff:
            self._once(_digest_of(person), due, partial(self._digest, person, seal))
        if not self.organization.reach.is_whole:
            self._once(OBSERVED, due, self._observed)
        if due := rules.weekly_due(now, closed):
            self._once(SUMMARY, due, partial(self._summary, due.date()))
        if due := rules.monthly_due(now, closed):
            self._once(REPORT, due, partial(self._report, due.date()))
        today, keeps_all = self._begin_of(now.date()), self.organization.retention == Retention()
        is_due = not keeps_all and self.last[RETENTION] < today
        if is_due and self._attempt(RETENTION, self._retain):
            self._attempt(RETENTION, lambda work: work.timetable.take(RETENTION, today, now))

    def _begin_of(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(), self.now.tzinfo)

    def _attempt(self, name: str, do: Callable[[UnitOfWork], bool]) -> bool:
        """Does something in a transaction of its own; whether there was something to do."""
        for _ in range(MAX_CONFLICTS):
            try:
                with self.store.work() as work:
                    return do(work)
            except Conflict as conflict:
                log.info("job.tried_again", job=name, conflict=str(conflict))
            except StoreError:
                raise
            except Exception:
                log.exception("job.failed", job=name)
                return False
        log.warning("job.left_for_later", job=name)
        return False

    def _once(self, name: str, due: dt.datetime | None, do: Callable[[UnitOfWork], object]) -> None:
        """Runs a job that fell due, unless somebody did."""

        def taken(work: UnitOfWork, due: dt.datetime) -> bool:
            return work.timetable.take(name, due, self.now) and bool(do(work))

        if due and self.last[name] < due:
            self._attempt(name, partial(taken, due=due))

    def _retain(self, work: UnitOfWork) -> bool:
        """Empties some of what is too old; whether that was the last of it for today."""
        keep, count = self.organization.retention, 0
        if keep.mail is not None:
            count += work.retention.drop_mail(self.now - keep.mail, AT_ONCE)
        if keep.closed_cases is not None:
            staff = frozenset(p.address.email for p in self.organization.staff) | {"bot"}
            before = self.now - keep.closed_cases
            kind_of = self.organization.kind
            count += work.retention.empty_cases(before, AT_ONCE, kind_of, staff, self.now)
        if count:
            log.info("retention.emptied", count=count)
        return count < AT_ONCE

    # --- a changed configuration ------------------------------------------------------------

    def catch_up(self) -> None:
        """Open cases as the configuration has them now: new holders, lost stages, other fields."""
        with self.store.work() as work:
            cases, asked = work.cases.waiting(), work.tokens.asked()
        for case in cases:
            if not self.organization.reach.includes(case.requester.email):
                continue  # nobody was asked, nobody is
            known = asked.get((case.folio, case.state), set())
            if caught_up(self.organization, case, known, self.now) is not None:
                with concerning(case=case.folio):
                    self._attempt(CATCH_UP, partial(self._catch_up_with, case.folio))

    def _catch_up_with(self, folio: str, work: UnitOfWork) -> bool:
        case = work.cases.get(folio)
        if case is None:
            return False
        asked = work.tokens.asked().get((folio, case.state), set())
        outcome = caught_up(self.organization, case, asked, self.now)
        if outcome is None or outcome.case is None:
            return False
        write_down(work, outcome, self.organization, self.now)
        log.info("case.caught_up", why=outcome.why)
        return True

    # --- reminders ------------------------------------------------------------------------

    def _take_slot(self, slot: dt.datetime) -> bool:
        return self._attempt(REMINDERS, lambda work: work.timetable.take(REMINDERS, slot, self.now))

    def _remind(self) -> None:
        with self.store.work() as work:
            cases = work.cases.waiting()
        for case in cases:
            if steps(case, self.organization, self.now):
                with concerning(case=case.folio):
                    self._attempt(case.folio, partial(self._remind_of, case.folio))

    def _remind_of(self, folio: str, work: UnitOfWork) -> bool:
        """The steps of one case. Saving it is the lock: of two workers one has a Conflict."""
        case = work.cases.get(folio)
        if case is None:
            return False
        done = []
        for step in untaken(steps(case, self.organization, self.now), work.events.history(folio)):
            if taken := take(case, step, self.organization, self.now):
                case = taken.case
                done.append(taken)
        if done:
            work.cases.save(case)
        told: set[str] = set()  # who holds a case and administers gets one mail of it
        for taken in done:
            for event in (taken.event, *taken.events):
                work.events.append(folio, event, self.now)
            asks = notices_as_mails(work, taken.notices, self.organization, self.now)
            said = (*taken.notifications, *asks)
            fresh = tuple(n for n in said if n.to.email not in told)
            told |= {n.to.email for n in fresh}
            post(work, fresh, self.organization, self.now, case)
            log.info("case.reminded", step=taken.event.data["step"])
        return bool(done)

    def _send_scheduled(self) -> None:
        """What kinds of request have a calendar of their own for."""
        for kind in self.organization.kinds:
            with self.store.work() as work:
                due = kind.scheduled(kind.records(work), self.organization, self.now)
                sent = work.timetable.jobs(one.job for one in due)
            for one in due:
                if one.job not in sent:
                    self._attempt(one.job, partial(self._send_one, one))

    def _send_one(self, one: ScheduledMail, work: UnitOfWork) -> bool:
        if not work.timetable.take(one.job, one.due, self.now):
            return False
        case = work.cases.get(one.folio) if one.folio else None
        notification = replace(one.notification, folio=case.folio if case else "")
        if case is not None:
            event = Event(SCHEDULED, "bot", one.event, case.version)
            work.events.append(case.folio, event, self.now)
        post(work, (notification,), self.organization, self.now, case)
        return True

    # --- digests and the summary ----------------------------------------------------------

    def _digest(
        self, person: Person, seal_of_day: Callable[[], HistorySeal], work: UnitOfWork
    ) -> None:
        waiting = self._in_reach(work.cases.waiting())
        cases = waiting_for(self.organization, person, waiting, self.now)
        admins = here(self.organization, self.organization.with_role(Role.ADMIN))
        troubles = (0, 0)
        if person in admins:
            troubles = work.messages.failed(), work.outbox.failed()
        seals = self.organization.seals_to_admins and person in admins
        news = self._news(person, work)
        seal = seal_of_day() if cases or news or any(troubles) or seals else None
        if cases or news or any(troubles) or (seal and seal.lines):
            notification = digest(
                self.organization, person, cases, self.now.date(), *troubles, seal, news
            )
            post(work, (notification,), self.organization, self.now)

    def _news(self, person: Person, work: UnitOfWork) -> tuple[CaseNews, ...]:
        """What others did since this person's last digest, as far as it is surely written."""
        since, until = (at - SETTLING for at in (self.last[_digest_of(person)], self.now))
        happened = work.events.with_data(NEWS, since, until)
        cases = self._in_reach(work.cases.many(happened))
        return news_for(self.organization, person, cases, happened)

    def _in_reach(self, cases: Iterable[Case]) -> Iterator[Case]:
        """Those that a digest speaks of: of people who are written to, or all where it observes."""
        reach = self.organization.reach
        return (c for c in cases if reach.observes or reach.includes(c.requester.email))

    def _observed(self, work: UnitOfWork) -> None:
        count, mails = work.outbox.observed(self.last[OBSERVED], MOST_OBSERVED)
        if count:
            shown = ((mail, subject_of(mail.raw)) for mail in mails)
            told = observed(self.organization, shown, count, self.now.date())
            post(work, told, self.organization, self.now)

    def _seal(self) -> HistorySeal:
        """All histories as they stood when this day began: late enough for every worker's clock."""
        began = self._begin_of(self.now.date())
        lines, digest_ = self.store.records.seal(began)
        return HistorySeal(lines, digest_, began.astimezone(dt.UTC).isoformat())

    def _summary(self, due: dt.date, work: UnitOfWork) -> None:
        cases = work.cases.since(self._begin_of(weeks_before(due)[0].start))
        last = work.events.last("complete", [c.folio for c in cases if c.decision])
        completed = {folio: self.organization.day(at) for folio, at in last.items()}
        kinds = self.organization.kinds
        told = [kind.weekly(kind.records(work), self.organization, due) for kind in kinds]
        of_kinds = {name: value for one in told for name, value in one.items()}
        for person in self.organization.with_role(Role.REVIEWER):
            notification = weekly_summary(
                self.organization, person, cases, completed, of_kinds, due
            )
            if notification is not None:
                post(work, (notification,), self.organization, self.now)

    def _report(self, due: dt.date, work: UnitOfWork) -> None:
        mails = self.reports(self.store, self.organization, due)
        post(work, mails, self.organization, self.now)


def _digest_of(person: Person) -> str:
    return f"digest:{person.address.email}"
