"""The weekly summary: what came, what was answered and how fast, what waits."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from bot.workflow.calendar import business_days_since, plain_date
from bot.workflow.case import FINAL, LIVE, Case, Move
from bot.workflow.notification import Notification
from bot.workflow.notifications.mails import to_staff
from bot.workflow.organization import Organization
from bot.workflow.phrases import Phrases
from bot.workflow.reasons import reason_counts
from bot.workflow.schedule.waiting import overdue_by
from bot.workflow.staff import Person

DAY = dt.timedelta(days=1)
WEEKS = 6  # shown in the plot, the last one being reported on
BAR = 20  # characters of the longest bar in the plain text


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a plot: its label, its amount in words, its length of 100 and as blocks."""

    label: str
    shown: str
    percent: int
    blocks: str


@dataclass(frozen=True, slots=True)
class Week:
    """A week: from its first day up to the next one's."""

    start: dt.date
    end: dt.date

    def has(self, day: dt.date) -> bool:
        return self.start <= day < self.end

    def words(self, say: Phrases) -> str:
        """The week as people write it: "02/08 al 08/08"."""
        last = self.end - DAY
        return say("weekly.days", start=self.start, last=last)


def weeks_before(due: dt.date) -> tuple[Week, ...]:
    """The last whole weeks (Monday to Sunday) before a day, oldest first."""
    monday = due - dt.timedelta(days=due.weekday())
    starts = [monday - dt.timedelta(weeks=n) for n in range(WEEKS, 0, -1)]
    return tuple(Week(start, start + dt.timedelta(weeks=1)) for start in starts)


def weekly_summary(
    organization: Organization,
    person: Person,
    cases: Iterable[Case],
    completed: Mapping[str, dt.date],
    of_kinds: Mapping[str, object],
    due: dt.date,
) -> Notification | None:
    """The summary of the week before `due`, or None where there is nothing to tell.

    `cases` are those open, and those opened or decided since the first week of the plot;
    `completed` tells when a case was complete, from which its answer counts; `of_kinds` are the
    values that kinds of request add.
    """
    cases = tuple(cases)
    weeks = weeks_before(due)
    week = weeks[-1]
    received = [c for c in cases if week.has(organization.day(c.opened_at))]
    answered = [c for c in cases if _answered_in(organization, c, week)]
    waiting = [c for c in cases if c.state not in FINAL]
    if not (received or answered or waiting or of_kinds):
        return None
    moves = [c.decision.move for c in answered if c.decision]
    first, last = plain_date(week.start), plain_date(week.end - DAY)
    values: dict[str, object] = {
        "week": organization.say("weekly.of_days", plain_date=first, plain_date_2=last),
        "received": len(received),
        "answered": len(answered),
        "approved": moves.count(Move.APPROVED),
        "rejected": moves.count(Move.REJECTED),
        "days_to_answer": _median_words(answered, completed, organization),
        "respond_within": organization.respond_within,
        "waiting": len(waiting),
        "late": sum(overdue_by(organization, c, due) > 0 for c in waiting),
        "by_state": _by_state(organization.say, waiting),
        "by_week": _by_week(organization, cases, weeks),
        "by_reason": _by_reason(organization, answered),
        **of_kinds,
    }
    return to_staff("summary", person.address, values, None)


def _answered_in(organization: Organization, case: Case, week: Week) -> bool:
    decision = case.decision
    decided = decision is not None and decision.move in (Move.APPROVED, Move.REJECTED)
    return decided and decision is not None and week.has(organization.day(decision.at))


def _median_words(
    answered: list[Case], completed: Mapping[str, dt.date], organization: Organization
) -> str:
    days = [
        business_days_since(
            completed.get(c.folio, organization.day(c.opened_at)),
            organization.day(c.decision.at),
            organization.closed_on,
        )
        for c in answered
        if c.decision
    ]
    if not days:
        return ""
    middle = median(days)
    return organization.say(f"weekly.business_days.{_number(middle)}", days=middle)


def _by_state(say: Phrases, waiting: list[Case]) -> tuple[Bar, ...]:
    counts = {
        say(f"weekly.state.{state}"): sum(c.state is state for c in waiting) for state in LIVE
    }
    return bars((words, count, str(count)) for words, count in counts.items())


def _by_reason(organization: Organization, answered: list[Case]) -> tuple[Bar, ...]:
    """How often each reason was given, the free ones last; nothing where there is no catalogue."""
    given = [c.decision.reason_key for c in answered
             if c.decision and c.decision.move is Move.REJECTED]  # fmt: skip
    if not organization.reasons or not given:
        return ()
    counts = list(reason_counts(organization.reasons, given))
    if free := given.count(""):
        counts.append((organization.say("weekly.free_reason"), free))
    return bars((name, count, str(count)) for name, count in counts)


def _by_week(
    organization: Organization, cases: tuple[Case, ...], weeks: tuple[Week, ...]
) -> tuple[Bar, ...]:
    lines = []
    for week in weeks:
        came = sum(week.has(organization.day(c.opened_at)) for c in cases)
        went = sum(_answered_in(organization, c, week) for c in cases)
        counts = [organization.say(f"weekly.came.{_number(came)}", count=came)]
        counts.append(organization.say(f"weekly.answered.{_number(went)}", count=went))
        lines.append((week.words(organization.say), came, ", ".join(counts)))
    return bars(lines)


def _number(count: float) -> str:
    return "one" if count == 1 else "many"


def bars(lines: Iterable[tuple[str, float, str]]) -> tuple[Bar, ...]:
    """A plot of labels with their amounts, each as a number and in words."""
    lines = tuple(lines)
    most = max((amount for _, amount, _ in lines), default=0) or 1
    return tuple(
        Bar(label, shown, round(100 * amount / most), "█" * round(BAR * amount / most))
        for label, amount, shown in lines
    )
