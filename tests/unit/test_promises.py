"""A promise kept or owned up to, once a slip; and how far a request is."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest

from bot.store.codec import case_from_json, case_to_json
from bot.workflow.calendar import add_business_days, is_business_day
from bot.workflow.case import Case, Decision, Event, Move, State
from bot.workflow.context import Link
from bot.workflow.inbound import decide
from bot.workflow.notification import Notification
from bot.workflow.notifications.status import progress, status
from bot.workflow.organization import Organization
from bot.workflow.schedule.reminding import Kind, Taken, steps, take, untaken
from nlp.types import Command, ParsedCommands
from tests.builders import ANA, NOW, ORGANIZATION, REVIEWER, case, context, mail, notice

DUE = dt.date(2021, 8, 23)  # a Monday


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=NOW.tzinfo)


def slips(
    about: Case, history: list[Event], now: dt.datetime, organization: Organization = ORGANIZATION
) -> list[Taken]:
    """The slips that are told at a moment; the history grows by them."""
    due = [one for one in steps(about, organization, now) if one.kind is Kind.SLIP]
    taken = [take(about, step, organization, now) for step in untaken(due, history)]
    found = [one for one in taken if one is not None]
    history += [one.event for one in found]
    return found


def test_the_area_hears_the_evening_before_and_gets_a_new_date_once() -> None:
    about, history = case(due_on=DUE), list[Event]()
    assert slips(about, history, at("2021-08-23 15:59")) == []
    (slip,) = slips(about, history, at("2021-08-23 16:00"))
    (told,) = slip.notifications
    assert told.to == ANA
    assert told.values["title"] == "Su respuesta tardará más"
    assert told.values["lines"] == (
        "Le ofrecimos una respuesta a más tardar el lunes 23 de agosto de 2021 y no alcanzaremos a"
        " dársela. Le pedimos una disculpa.",
        "La tiene Comunicación Interna; la nueva fecha es el jueves 26 de agosto de 2021.",
    )
    assert slip.case.answer_by == dt.date(2021, 8, 26)
    assert slip.case.due_on == DUE  # staff are measured by the first promise
    for now in ("2021-08-23 17:50", "2021-08-24 09:00", "2021-08-26 15:00"):
        assert slips(slip.case, history, at(now)) == []
    (again,) = slips(slip.case, history, at("2021-08-26 16:30"))
    assert again.case.answer_by == dt.date(2021, 8, 31)


def test_who_owes_an_answer_is_reminded_of_it() -> None:
    (slip,) = slips(case(due_on=DUE, asked_by="rodrigo@upaep.mx"), [], at("2021-08-23 16:00"))
    lines = slip.notifications[0].values["lines"]
    assert isinstance(lines, tuple)
    assert "sigue pendiente su respuesta" in lines[-1]


@pytest.mark.parametrize("state", [s for s in State if s not in (State.REVIEW, State.APPROVAL)])
def test_nobody_is_told_where_no_answer_is_owed(state: State) -> None:
    assert slips(case(state, due_on=DUE), [], at("2021-08-23 17:00")) == []


def test_it_can_be_switched_off() -> None:
    rules = replace(ORGANIZATION.timetable, slip_days=0)
    organization = replace(ORGANIZATION, timetable=rules)
    assert slips(case(due_on=DUE), [], at("2021-08-23 17:00"), organization) == []


def test_a_quarter_every_slip_is_told_before_it_comes_and_none_twice() -> None:
    """200 requests over 13 weeks, half of them late, looked at four times a day."""
    chance, closed = random.Random(17), ORGANIZATION.closed_on
    days = [dt.date(2021, 8, 16) + dt.timedelta(days=n) for n in range(91)]
    moments = [dt.datetime.combine(day, hour, NOW.tzinfo) for day in days
               for hour in (dt.time(9), dt.time(12), dt.time(16, 10), dt.time(17, 50))]  # fmt: skip
    told, overdue = 0, 0
    for _ in range(200):
        opened = chance.choice([d for d in days[:60] if is_business_day(d, closed)])
        due = add_business_days(opened, 5, closed)
        answered = add_business_days(opened, chance.randrange(1, 14), closed)
        about, history, promises = case(due_on=due), list[Event](), [due]
        for now in moments:
            answered_at = dt.datetime.combine(answered, dt.time(13), NOW.tzinfo)
            if now.date() <= opened or now >= answered_at:
                continue
            for slip in slips(about, history, now):
                assert now.date() == promises[-1]
                assert slip.case.promised is not None
                promises.append(slip.case.promised)
                about, told = slip.case, told + 1
        overdue += sum(promise < answered for promise in promises)
        assert promises[-1] >= answered
    assert told == overdue > 100


# --- how far a request is ---------------------------------------------------------------------


def words(about: Case, now: dt.datetime = NOW) -> str:
    marks = progress(ORGANIZATION, about, now)
    return " ".join(
        f"{'●' if m.day else '○'}{'*' * m.current}{m.label} {m.day}".strip() for m in marks
    )


def test_the_steps_of_a_request_with_their_dates() -> None:
    about = case(State.INCOMPLETE)
    assert words(about) == "●*Recibida 16 ago ○Revisión ○Aprobación ○Lista"
    about = about.moved(Move.TO_REVIEW, at("2021-08-17 10:00"))
    assert words(about) == "●Recibida 16 ago ●*Revisión 17 ago ○Aprobación ○Lista"
    about = about.moved(Move.TO_APPROVAL, at("2021-08-19 10:00"))
    assert words(about) == "●Recibida 16 ago ●Revisión 17 ago ●*Aprobación 19 ago ○Lista"
    approved = about.moved(Move.APPROVED, at("2021-08-20 10:00"))
    assert words(approved) == "●Recibida 16 ago ●Revisión 17 ago ●*Aprobación 19 ago ○Lista"
    closed = approved.moved(Move.PROVISIONED, at("2021-08-23 10:00"))
    assert words(closed).endswith("●Aprobación 19 ago ●*Lista 23 ago")
    rejected = about.moved(Move.REJECTED, at("2021-08-20 10:00"))
    assert words(rejected).endswith("●Aprobación 19 ago ●*No aceptada 20 ago")
    assert case_from_json(case_to_json(rejected)) == rejected


def test_who_asks_how_a_request_goes_sees_its_steps() -> None:
    about = case(State.INCOMPLETE).moved(Move.TO_REVIEW, at("2021-08-17 10:00"))
    now = at("2021-08-18 10:00")
    told = status(ORGANIZATION, mail(), (about,), now)
    assert told.values["progress"] == progress(ORGANIZATION, about, now)
    assert "progress" not in status(ORGANIZATION, mail(), (about, about), now).values


def test_what_can_still_be_undone_is_not_told() -> None:
    decided_at = at("2021-08-20 10:00")
    out = decided_at + dt.timedelta(minutes=10)
    decision = Decision(Move.REJECTED, "x@upaep.mx", decided_at, out, State.REVIEW, "No.")
    about = case(decision=decision).moved(Move.REJECTED, decided_at)
    assert "No aceptada" not in words(about, decided_at)
    assert "No aceptada" in words(about, out)


def recommended(organization: Organization) -> tuple[Notification, ...]:
    given = context(
        mail(senders=(REVIEWER.address,)), organization=organization, case=case(due_on=DUE),
        link=Link.TOKEN, token=notice(REVIEWER),
        staff_commands=ParsedCommands((Command("approve"),)),
    )  # fmt: skip
    return tuple(n for n in decide(given).notifications if n.to == ANA)


def test_a_change_of_stage_is_told_once_it_cannot_be_undone() -> None:
    (told,) = recommended(ORGANIZATION)
    assert told.hold_until == NOW + ORGANIZATION.undo
    assert told.values["lines"] == (
        "La revisó Comunicación Interna y ahora la tiene Dirección General, que da la respuesta.",
        "Recibirá respuesta a más tardar el lunes 23 de agosto de 2021.",
    )
    assert recommended(replace(ORGANIZATION, tell_stages=False)) == ()
