"""What colleagues did is read once a day, in the digest, by those who need not act on it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest

from bot.runtime.scheduler import SETTLING, Scheduler
from bot.store import Store
from bot.workflow.case import Event, State
from bot.workflow.news import as_news, news_for
from bot.workflow.staff import Person, Role
from tests.builders import (
    ANA,
    APPROVER,
    NOW,
    ORGANIZATION,
    PROVISIONER,
    REVIEWER,
    REVIEWER_2,
    case,
)
from tests.rig.zone import ZONE

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]

DESK = (Role.REVIEWER, Role.APPROVER)
OVER = case(State.REJECTED)
MONDAY = dt.datetime(2021, 8, 16, 10, 0, tzinfo=ZONE)
TUESDAY = MONDAY.replace(day=17, hour=8, minute=30)


def did(what: str, person: Person, text: str) -> Event:
    return as_news(Event(what, person.address.email, text, 1), DESK)


RECOMMENDED = as_news(
    Event("to_approval", REVIEWER.address.email, "recomendó la solicitud", 1), (Role.REVIEWER,)
)
REJECTED = did("rejected", APPROVER, "rechazó la solicitud: ya existe")
NOTED = Event("noted", PROVISIONER.address.email, "anotó: algo", 1)


@pytest.mark.parametrize(
    ("person", "said"),
    [
        (REVIEWER, ["Nancy Olvera rechazó la solicitud: ya existe"]),
        (REVIEWER_2, ["Rodrigo Espino recomendó la solicitud",
                      "Nancy Olvera rechazó la solicitud: ya existe"]),
        (APPROVER, []),  # she did what came last, and knew of what was before
        (PROVISIONER, []),
    ],
    ids=["who began", "who did nothing", "who ended it", "another role"],
)  # fmt: skip
def test_each_reads_what_others_did_since_they_did_something(
    person: Person, said: list[str]
) -> None:
    happened = {OVER.folio: (RECOMMENDED, NOTED, REJECTED)}
    news = news_for(ORGANIZATION, person, (OVER,), happened)
    assert [line for one in news for line in one.said] == said


def test_what_was_taken_back_is_no_news() -> None:
    happened = {OVER.folio: (RECOMMENDED, did("undone", REVIEWER, "deshizo su decisión"))}
    assert news_for(ORGANIZATION, REVIEWER_2, (OVER,), happened) == ()


def test_what_waits_for_somebody_and_their_own_request_is_no_news() -> None:
    happened = {OVER.folio: (RECOMMENDED,)}
    assert news_for(ORGANIZATION, REVIEWER_2, (OVER,), happened) != ()
    assert news_for(ORGANIZATION, REVIEWER_2, (case(State.REVIEW),), happened) == ()
    own = replace(OVER, requester=REVIEWER_2.address)
    assert news_for(ORGANIZATION, REVIEWER_2, (own,), happened) == ()


def test_who_is_not_of_the_staff_is_named_with_their_address() -> None:
    cancelled = as_news(Event("withdrawn", ANA.email, "canceló la solicitud", 1), DESK)
    (news,) = news_for(ORGANIZATION, REVIEWER, (OVER,), {OVER.folio: (cancelled,)})
    assert news.said == (f"{ANA.name} ({ANA.email}) canceló la solicitud",)


def digests(store: Store, *moments: dt.datetime) -> list[str]:
    """Who got a digest when a bot looked at its timetable at these moments."""
    before = len(store.outbox.list())
    for moment in moments:
        Scheduler(store, ORGANIZATION, lambda now=moment: now).run_due()
    return [one.recipients[0] for one in store.outbox.list()[before:] if one.template == "digest"]


def test_news_alone_are_sent_once_and_what_is_not_settled_yet_the_next_time(store: Store) -> None:
    digests(store, MONDAY)
    with store.work() as work:
        folio = work.cases.take_folio("CI", 2021)
        work.cases.save(case(State.REJECTED, folio=folio, opened_at=MONDAY), opens=True)
        work.events.append(folio, RECOMMENDED, MONDAY)
        work.events.append(folio, REJECTED, TUESDAY - SETTLING / 2)
    assert digests(store, TUESDAY) == [REVIEWER_2.address.email]
    wednesday = TUESDAY + dt.timedelta(days=1)
    both = [REVIEWER.address.email, REVIEWER_2.address.email]
    assert digests(store, wednesday, wednesday + dt.timedelta(hours=1)) == both
    assert digests(store, wednesday + dt.timedelta(days=1)) == []


def test_the_day_promised_leaves_the_calendar_with_the_news(store: Store) -> None:
    entered = MappingProxyType({"review": NOW})
    digests(store, MONDAY)
    with store.work() as work:
        folio = work.cases.take_folio("CI", 2021)
        over = case(State.REJECTED, folio=folio, due_on=dt.date(2021, 8, 23), entered=entered)
        work.cases.save(over, opens=True)
        work.events.append(folio, REJECTED, MONDAY)
    assert set(digests(store, TUESDAY)) == {REVIEWER.address.email, REVIEWER_2.address.email}
    raws = [store.outbox.raw(one.id) or b"" for one in store.outbox.list()]
    assert all(b"calendario-cancelado.ics" in raw for raw in raws)
