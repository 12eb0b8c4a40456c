"""The notifications that the timetable sends: one function a reply, its values spelled out.

None is `automatic`: they answer no message, and each step is sent once; a cap that held one back
would lose it.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.workflow.calendar import long_date, plain_date
from bot.workflow.case import DECIDED_AT, Case
from bot.workflow.commands import carry_out  # noqa: F401  (fills the table of commands)
from bot.workflow.commands.grants import case_grant, numbered_tokens, rows_grant
from bot.workflow.commands.registry import Offer, offered
from bot.workflow.followers import with_followers
from bot.workflow.lifecycle import OutboxMessage
from bot.workflow.news import CaseNews
from bot.workflow.notification import Notification, Purpose
from bot.workflow.notifications.days import day_promised, day_settled
from bot.workflow.notifications.mails import (
    CommandHint,
    about_kind,
    display_name,
    name_and_address,
    state_words,
    summary,
    to_requester,
    to_staff,
)
from bot.workflow.notifications.present import enumeration, missing_rows
from bot.workflow.notifications.updates import WANTED, on_its_way, what_is_wanted
from bot.workflow.organization import Organization
from bot.workflow.schedule.waiting import days_left, deadline, overdue_by
from bot.workflow.staff import Person, Role

MOST_SHOWN = 12  # cases of a digest with buttons; the others are counted
MOST_NEWS = 20  # cases of a digest of which only is told


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A case of a digest: what it asks of the person, since when, until when, what to answer."""

    folio: str
    task: str
    what: str
    requester: str
    opened_on: str
    due: str
    late: bool
    asked: bool
    commands: tuple[CommandHint, ...]


@dataclass(frozen=True, slots=True)
class NewsLine:
    """A case that others did something with: what it asks for, who did what, how it stands."""

    folio: str
    what: str
    said: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class HistorySeal:
    """How all histories ended at a moment: how many lines there were, their hash."""

    lines: int
    hash: str
    until: str


# --- to the area ------------------------------------------------------------------------------


def area_reminder(organization: Organization, case: Case) -> Notification:
    """Asks again for what is missing, and says until when; or what is wanted at all."""
    if WANTED in case.details:
        return what_is_wanted(organization, case, again=True)
    case = organization.kind(case).as_told(case)
    values = summary(organization, case) | _REMINDER | {
        "to_area": True,
        "missing": missing_rows(organization.kind(case), case),
        "expire_after": organization.timetable.expire_after,
    }  # fmt: skip
    return replace(to_requester("reminder", case, values), with_form=True, automatic=False)


def expired(organization: Organization, case: Case, days: int) -> Notification:
    """Says that the request was closed because nothing came, and how to take it up again."""
    kind = organization.kind(case)
    values: dict[str, object] = {
        "days": days,
        "missing": missing_rows(kind, case),
        "verb": kind.words(case).verb,
        "opened_on": long_date(organization.day(case.opened_at)),
        **about_kind(kind),
    }
    return replace(to_requester("expired", case, values), automatic=False)


def slipped(organization: Organization, case: Case, was: dt.date) -> tuple[Notification, ...]:
    """Owns up to a promise that will not be kept: who has the request, and the new day."""
    unit = organization.unit_of(case)
    new_day = long_date(case.promised) if case.promised else ""
    lines = [
        organization.say("slip.owned_up", day=long_date(was)),
        organization.say("slip.new_day", unit=unit, day=new_day),
    ]
    if case.asked_by:
        lines.append(organization.say("slip.asked"))
    told = on_its_way(case, organization.say("slip.title"), *lines)
    return with_followers(organization, case, told)


# --- to staff ---------------------------------------------------------------------------------


def staff_reminder(
    organization: Organization, case: Case, person: Person, today: dt.date
) -> Notification:
    """Tells who holds a case that its answer is due or overdue, with a live key."""
    values = summary(organization, case) | _REMINDER | {
        "to_area": False,
        "task": _task(organization, case),
        "due": due_words(organization, case, today),
        "late": overdue_by(organization, case, today) > 0,
        "commands": offered(organization, person, case),
        "asked": bool(case.asked_by),
    }  # fmt: skip
    notification = to_staff("reminder", person.address, values, case)
    days = day_promised(organization, case)
    return replace(notification, token=case_grant(organization, person, case), calendar=days)


def escalation(
    organization: Organization,
    case: Case,
    admin: Person,
    people: tuple[Person, ...],
    today: dt.date,
) -> Notification:
    """Tells an administrator of a case that is overdue, and who holds it."""
    names = enumeration([display_name(p.address) for p in people])
    values = summary(organization, case) | {
        "state": state_words(case, organization),
        "due": due_words(organization, case, today),
        "holders": names or organization.say("due.nobody"),
        "commands": offered(organization, admin, case, Offer.LATE),
    }
    notification = to_staff("escalation", admin.address, values, case)
    return replace(notification, token=case_grant(organization, admin, case))


def digest(
    organization: Organization,
    person: Person,
    cases: tuple[Case, ...],
    today: dt.date,
    quarantined: int = 0,
    failed: int = 0,
    seal: HistorySeal | None = None,
    news: tuple[CaseNews, ...] = (),
) -> Notification:
    """What waits for a person this morning, each case with a key of its own, and what others did.

    `seal` bears witness to all histories as they stood when the day began.
    """
    shown = cases[:MOST_SHOWN]
    settled = (day_settled(organization, one.case, person) for one in news)
    values: dict[str, object] = {
        "today": long_date(today),
        "count": len(cases),
        "late": sum(overdue_by(organization, c, today) > 0 for c in cases),
        "cases": tuple(_waiting(organization, person, c, today) for c in shown),
        "more": tuple(c.folio for c in cases[MOST_SHOWN:]),
        "quarantined": quarantined,
        "failed": failed,
        "seal": seal,
        "news": tuple(_news_line(organization, one) for one in news[:MOST_NEWS]),
        "more_news": tuple(one.case.folio for one in news[MOST_NEWS:]),
    }
    notification = to_staff("digest", person.address, values, None)
    return replace(
        notification,
        token=rows_grant(person) if shown else None,
        case_tokens=numbered_tokens(organization, person, enumerate(shown, 1)),
        calendar=tuple(day for days in settled for day in days),
    )


def observed(
    organization: Organization,
    mails: Iterable[tuple[OutboxMessage, str]],
    count: int,
    today: dt.date,
) -> tuple[Notification, ...]:
    """What would have been said since yesterday, to whoever observes, else to the admins; each of
    the `mails` with its subject."""
    shown = tuple(
        {
            "to": mail.recipients[0],
            "what": organization.say(f"mail.{mail.template}"),
            "folio": mail.folio,
            "subject": subject,
        }
        for mail, subject in mails
    )
    admins = tuple(p.address for p in organization.with_role(Role.ADMIN))
    values: dict[str, object] = {
        "today": long_date(today),
        "count": count,
        "mails": shown,
        "more": count - len(shown),
        "pilot": organization.reach.pilot,
    }
    return tuple(
        to_staff("observed", address, values, None, Purpose.OBSERVATION)
        for address in organization.reach.observers or admins
    )


# --- parts ------------------------------------------------------------------------------------


def _task(organization: Organization, case: Case) -> str:
    kind = organization.kind(case)
    if case.state in DECIDED_AT:
        return organization.say(f"due.state.{case.state}")
    return organization.say("due.task", noun=kind.noun.short, verb=kind.words(case).verb)


def due_words(organization: Organization, case: Case, today: dt.date) -> str:
    """How a case stands against its deadline: "vence mañana", "venció hace 2 días hábiles"."""
    due = deadline(organization, case)
    if due is None:
        return organization.say("due.none")
    late = overdue_by(organization, case, today)
    if due < today:
        ago = organization.say("due.one_day" if late == 1 else "due.days", late=late)
        when = {"ago": ago, "long_date": long_date(due)}
        return organization.say("due.overdue_since" if late else "due.overdue", **when)
    if due == today:
        return organization.say("due.today")
    if due - today == dt.timedelta(days=1):
        return organization.say("due.tomorrow")
    left = days_left(organization, case, today)
    next_day = organization.say("due.next_business_day") if left == 1 else ""
    return organization.say("due.on_day", next_day=next_day, long_date=long_date(due))


_REMINDER: dict[str, object] = {
    "missing": (),
    "expire_after": 0,
    "task": "",
    "due": "",
    "late": False,
    "commands": (),
    "asked": False,
}
"""What one of a reminder's two faces says and the other does not."""


def _waiting(organization: Organization, person: Person, case: Case, today: dt.date) -> WaitingLine:
    return WaitingLine(
        folio=case.folio,
        task=_task(organization, case),
        what=_what(organization, case),
        requester=name_and_address(case.requester),
        opened_on=plain_date(organization.day(case.opened_at)),
        due=due_words(organization, case, today),
        late=overdue_by(organization, case, today) > 0,
        asked=bool(case.asked_by),
        commands=offered(organization, person, case, Offer.DIGEST),
    )


def _news_line(organization: Organization, news: CaseNews) -> NewsLine:
    case = news.case
    state = state_words(case, organization)
    return NewsLine(case.folio, _what(organization, case), news.said, state)


def _what(organization: Organization, case: Case) -> str:
    """What a case asks for: "crear la lista avisos-biblioteca para Biblioteca Central"."""
    kind = organization.kind(case)
    words = kind.words(case)
    what = f"{words.verb} {f'{kind.noun.the} {words.name}' if words.name else kind.noun.one}"
    return organization.say("due.waiting", what=what, area=words.area) if words.area else what
