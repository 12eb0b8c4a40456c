"""What came, how it was decided and how fast: counted from cases, their histories and the register.

Pure. Every case counts in the month in which it was opened; its decision is the last one that
nobody took back.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from bot.lists.load import mailings_by_audience
from bot.lists.register import ListEntry, ListState
from bot.workflow.calendar import business_days_since, business_hours_between
from bot.workflow.case import TAKEN_BACK, Case
from bot.workflow.organization import Organization
from nlp.text.fold import fold

DECISIONS = ("approved", "rejected")
_TAKEN_BACK = (TAKEN_BACK, "reopened")
MILESTONES = ("complete", *DECISIONS, *_TAKEN_BACK, "provisioned")
"""What of a history is counted."""

ENDING = dt.timedelta(days=90)
_YEAR = 12  # months of load that are shown


@dataclass(frozen=True, slots=True)
class Milestone:
    """One line of a case's history that is counted."""

    what: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Course:
    """How one request went. `hours` are those of the office, from complete to decided."""

    folio: str
    area: str
    audience: tuple[str, ...]
    opened_on: dt.date
    decision: str  # one of DECISIONS, or empty
    reason: str
    hours: float | None
    kept: bool | None  # whether it was answered within what is promised; None: not answered
    is_done: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Requests that have something in common, and what became of them."""

    name: str
    received: int
    approved: int
    rejected: int
    median_hours: float | None
    slow_hours: float | None  # nine of ten were answered faster
    kept_share: float | None  # of those answered

    @property
    def open(self) -> int:
        return self.received - self.approved - self.rejected


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report is of."""

    since: dt.date | None
    until: dt.date
    made_on: dt.date


@dataclass(frozen=True, slots=True)
class Figures:
    """All of a report."""

    total: Group
    by_month: tuple[Group, ...]
    by_area: tuple[Group, ...]
    by_audience: tuple[Group, ...]
    by_reason: tuple[tuple[str, int], ...]
    load: tuple[tuple[str, Mapping[str, float]], ...]  # mails a week by audience, month by month
    ending: tuple[ListEntry, ...]


def course(case: Case, history: Sequence[Milestone], organization: Organization) -> Course:
    """How a case went, by its history (oldest first)."""
    asked, decided = _decision(history)
    kind = organization.kind(case)
    rejected = decided is not None and decided.what == "rejected"
    start = organization.local(asked or case.opened_at)
    hours = kept = None
    if decided:
        end = organization.local(decided.at)
        days = business_days_since(start.date(), end.date(), organization.closed_on)
        open_at = organization.timetable.office_hours
        hours = business_hours_between(start, end, open_at, organization.closed_on)
        kept = days <= organization.respond_within
    return Course(
        folio=case.folio,
        area=kind.words(case).area,
        audience=case.value(kind.reaches, tuple) or (),
        opened_on=organization.day(case.opened_at),
        decision=decided.what if decided else "",
        reason=_reason(case, organization) if rejected else "",
        hours=hours,
        kept=kept,
        is_done=decided is not None
        and any(line.what == "provisioned" and line.at >= decided.at for line in history),
    )


def _reason(case: Case, organization: Organization) -> str:
    """The reason of a rejection: that of the catalogue by its name, any other to the letter."""
    decision = case.decision
    if decision is None:
        return ""
    key = decision.reason_key
    names = {reason.key: reason.name for reason in organization.reasons}
    return names.get(key, key) or decision.reason


def _decision(history: Sequence[Milestone]) -> tuple[dt.datetime | None, Milestone | None]:
    """The last decision that nobody took back, and since when the request was complete then."""
    complete: dt.datetime | None = None
    asked: dt.datetime | None = None
    decided: Milestone | None = None
    for line in history:
        if line.what == "complete":
            complete = line.at
        elif line.what in DECISIONS:
            decided, asked = line, complete
        elif line.what in _TAKEN_BACK:
            decided = None
    return asked, decided


def figures(courses: Sequence[Course], lists: Iterable[ListEntry], today: dt.date) -> Figures:
    """Counts them; groups that grow are ordered by time, the others by how many they hold."""
    lists = tuple(lists)
    return Figures(
        total=_group("", courses),
        by_month=_groups(courses, lambda one: (f"{one.opened_on:%Y-%m}",), by_name=True),
        by_area=_groups(courses, lambda one: (one.area,)),
        by_audience=_groups(courses, lambda one: one.audience),
        by_reason=_reasons(courses),
        load=tuple((f"{month:%Y-%m}", _load(lists, month)) for month in _months(today)),
        ending=_ending(lists, today),
    )


def _groups(
    courses: Sequence[Course], names: Callable[[Course], Iterable[str]], *, by_name: bool = False
) -> tuple[Group, ...]:
    """Those of one name together, however it is spelled; the first spelling is shown."""
    members: dict[str, list[Course]] = {}
    shown: dict[str, str] = {}
    for one in courses:
        for name in names(one):
            members.setdefault(fold(name), []).append(one)
            shown.setdefault(fold(name), name)
    found = [_group(shown[key], them) for key, them in members.items()]
    return tuple(sorted(found, key=lambda g: (0 if by_name else -g.received, g.name)))


def _group(name: str, courses: Sequence[Course]) -> Group:
    decisions = Counter(one.decision for one in courses)
    hours = [one.hours for one in courses if one.hours is not None]
    kept = [one.kept for one in courses if one.kept is not None]
    return Group(
        name=name,
        received=len(courses),
        approved=decisions["approved"],
        rejected=decisions["rejected"],
        median_hours=median(hours) if hours else None,
        slow_hours=_ninth_tenth(hours),
        kept_share=sum(kept) / len(kept) if kept else None,
    )


def _ninth_tenth(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return values[0] if values else None
    return quantiles(values, n=10, method="inclusive")[-1]


def _reasons(courses: Sequence[Course]) -> tuple[tuple[str, int], ...]:
    shown: dict[str, str] = {}
    for one in courses:
        if one.reason:
            shown.setdefault(fold(one.reason), one.reason)
    counted = Counter(fold(one.reason) for one in courses if one.reason)
    return tuple((shown[key], count) for key, count in counted.most_common())


def _months(today: dt.date) -> list[dt.date]:
    """The first days of the last twelve months, this one last."""
    numbers = range(today.year * 12 + today.month - _YEAR, today.year * 12 + today.month)
    return [dt.date(number // 12, number % 12 + 1, 1) for number in numbers]


def _load(lists: Sequence[ListEntry], month: dt.date) -> Mapping[str, float]:
    """Mails a week by audience, of the lists now active whose period holds a month's first day."""
    return mailings_by_audience(
        entry
        for entry in lists
        if entry.state is ListState.ACTIVE
        and (entry.start_date or month) <= month <= (entry.end_date or month)
    )


def _ending(lists: Sequence[ListEntry], today: dt.date) -> tuple[ListEntry, ...]:
    dated = [
        (entry.end_date, entry.key, entry)
        for entry in lists
        if entry.state is ListState.ACTIVE and entry.end_date and entry.end_date <= today + ENDING
    ]
    return tuple(entry for _, _, entry in sorted(dated, key=lambda one: one[:2]))
