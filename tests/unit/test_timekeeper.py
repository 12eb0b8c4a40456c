"""The timetable over a real database: all of it once, whatever restarts, sleeps, works beside."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.lists.register import ListEntry
from bot.runtime import scheduler as timetable
from bot.runtime.scheduler import Scheduler
from bot.store import Store
from bot.workflow.calendar import is_business_day
from bot.workflow.case import Case, Decision, Move, State
from bot.workflow.lifecycle import OutboxMessage
from bot.workflow.message import Address
from bot.workflow.staff import Leave, Person, Role
from bot.workflow.tokens import digest
from tests.builders import ADMIN, APPROVER, ORGANIZATION, REVIEWER, REVIEWER_2, case, full_form
from tests.rig.samples import a_notification
from tests.rig.zone import ZONE

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]

MONDAY = dt.datetime(2021, 8, 16, 10, 0, tzinfo=ZONE)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TUESDAY = MONDAY.replace(day=17, hour=8, minute=30)


def run(store: Store, *moments: dt.datetime) -> None:
    """A bot that looks at its timetable at these moments, restarted before each."""
    for moment in moments:
        Scheduler(store, ORGANIZATION, lambda now=moment: now).run_due()


def keep(store: Store, *cases: Case) -> None:
    with store.work() as work:
        for one in cases:
            number = int(one.folio[-4:])
            assert work.cases.take_folio("CI", 2021) == f"CI-2021-{number:04d}"
            work.cases.save(one, opens=True)


def waiting(number: int = 1, **changes: object) -> Case:
    """A case that the reviewers hold since Monday."""
    usual = {"opened_at": MONDAY, "updated_at": MONDAY, "due_on": dt.date(2021, 8, 23)}
    return case(folio=f"CI-2021-{number:04d}", **{**usual, **changes})


def sent(store: Store, template: str = "") -> list[OutboxMessage]:
    return [e for e in store.outbox.list() if template in ("", e.template)]


def told(store: Store, template: str) -> list[str]:
    return [e.recipients[0] for e in sent(store, template)]


BOTH_REVIEWERS = [REVIEWER.address.email, REVIEWER_2.address.email]


# --- digests ----------------------------------------------------------------------------------


def test_a_digest_goes_to_whom_something_waits_for_and_to_nobody_else(store: Store) -> None:
    run(store, MONDAY)
    keep(store, waiting(1), waiting(2))
    run(store, TUESDAY - HOUR, TUESDAY)
    assert told(store, "digest") == BOTH_REVIEWERS


def test_restarted_at_8_31_it_sends_no_second_one(store: Store) -> None:
    run(store, MONDAY)
    keep(store, waiting())
    run(store, *(TUESDAY + n * dt.timedelta(minutes=1) for n in range(30)))
    assert told(store, "digest") == BOTH_REVIEWERS


def test_having_slept_through_several_it_sends_one(store: Store) -> None:
    run(store, MONDAY)
    keep(store, waiting())
    thursday = MONDAY + 3 * DAY + HOUR
    run(store, thursday, thursday + HOUR, thursday + 8 * HOUR)
    assert told(store, "digest") == BOTH_REVIEWERS


def test_the_first_start_ever_sends_none_of_that_morning(store: Store) -> None:
    keep(store, waiting())
    run(store, MONDAY, MONDAY + HOUR)
    assert sent(store) == []
    run(store, TUESDAY)
    assert told(store, "digest") == BOTH_REVIEWERS


def test_each_button_of_a_digest_carries_a_live_key_of_its_own(store: Store) -> None:
    run(store, MONDAY)
    keep(store, waiting(1), waiting(2))
    run(store, TUESDAY)
    mine = sent(store, "digest")[0]
    (raw,) = (due.raw for due in store.outbox.due("w", TUESDAY, 50) if due.id == mine.id)
    keys = tokens_in(raw)
    assert len(keys) == 2
    with store.work() as work:
        notices = [work.tokens.get(digest(key)) for key in keys]
        assert [n.folio for n in notices if n] == ["CI-2021-0001", "CI-2021-0002"]
        assert {n.person for n in notices if n} == {REVIEWER.address.email}
        assert {n.stage for n in notices if n} == {State.REVIEW}
    kept = store.outbox.raw(mine.id)
    assert kept is not None
    assert not tokens_in(kept)


def tokens_in(raw: bytes) -> list[str]:
    text = raw.replace(b"=\r\n", b"").decode()
    return list(dict.fromkeys(re.findall(r"\+ci-2021-\d{4}\.([a-z2-7]{20})@", text)))


def test_admins_hear_of_what_is_stuck(store: Store) -> None:
    run(store, MONDAY)
    with store.work() as work:
        work.outbox.queue(a_notification(1), MONDAY)
    store.outbox.failed(1, MONDAY, "no existe")
    run(store, TUESDAY)
    assert told(store, "digest") == [ADMIN.address.email]


def test_a_clock_set_back_by_two_months_is_back_in_step_the_same_day(store: Store) -> None:
    run(store, MONDAY)
    keep(store, waiting())
    ahead = MONDAY + 63 * DAY
    run(store, ahead, ahead + DAY)
    before = len(told(store, "digest"))
    with store.work() as work:  # deferred by the wrong clock
        work.outbox.queue(a_notification(9), ahead)
    (mail,) = (m for m in sent(store) if m.template == "form")
    store.outbox.deferred(mail.id, ahead, "luego", ahead + HOUR)
    run(store, TUESDAY - HOUR, TUESDAY, TUESDAY + HOUR)
    assert told(store, "digest")[before:] == BOTH_REVIEWERS
    assert mail.id in {m.id for m in store.outbox.due("w", TUESDAY + HOUR, 50)}


def test_clocks_that_differ_a_little_send_nothing_twice(store: Store) -> None:
    run(store, MONDAY)
    keep(store, waiting())
    minute = dt.timedelta(minutes=1)
    run(store, TUESDAY + 20 * minute, TUESDAY, TUESDAY - 10 * minute, TUESDAY + 5 * minute)
    assert told(store, "digest") == BOTH_REVIEWERS


# --- who is away ------------------------------------------------------------------------------


def leave(store: Store, person: Person, days: int, delegate: Address | None = None) -> None:
    """Away from Monday on, for so many days."""
    email, last = person.address.email, MONDAY + (days - 1) * DAY
    with store.work() as work:
        work.staff.save_leave(Leave(email, MONDAY.date(), last.date(), delegate))


def test_what_falls_due_goes_to_who_is_here(store: Store) -> None:
    run(store, MONDAY)
    keep(store, waiting(1), waiting(2, assignee=REVIEWER.address.email))
    leave(store, REVIEWER, 14)
    leave(store, ADMIN, 14)
    run(store, TUESDAY, MONDAY + 4 * DAY, MONDAY + 8 * DAY)
    assert {"digest", "reminder"} <= {e.template for e in sent(store)}
    assert set(told(store, "digest") + told(store, "reminder")) == {REVIEWER_2.address.email}
    run(store, MONDAY + 10 * DAY)
    assert set(told(store, "escalation")) == {ADMIN.address.email}  # nobody else could hear of it


def test_what_falls_due_goes_to_the_delegate_until_the_absent_is_back(store: Store) -> None:
    run(store, MONDAY)
    keep(store, waiting(state=State.APPROVAL))
    deputy = Address("sofia@upaep.mx", "Sofía Luna")
    leave(store, APPROVER, 5, deputy)
    run(store, MONDAY, TUESDAY, MONDAY + 4 * DAY)
    assert set(told(store, "digest") + told(store, "reminder")) == {deputy.email}
    assert {e.template for e in sent(store)} == {"digest", "reminder"}
    run(store, TUESDAY + 6 * DAY)
    assert told(store, "digest")[-1] == APPROVER.address.email
    assert told(store, "digest").count(APPROVER.address.email) == 1


def test_of_two_admins_the_one_who_is_here_hears_what_is_stuck(store: Store) -> None:
    second = Person(Address("guardia2@upaep.mx"), frozenset({Role.ADMIN}))
    organization = replace(ORGANIZATION, staff=(*ORGANIZATION.staff, second))
    Scheduler(store, organization, lambda: MONDAY).run_due()
    keep(store, waiting())
    leave(store, ADMIN, 14)
    with store.work() as work:
        work.outbox.queue(a_notification(1), MONDAY)
    store.outbox.failed(1, MONDAY, "no existe")
    for moment in TUESDAY, MONDAY + 10 * DAY:
        Scheduler(store, organization, lambda now=moment: now).run_due()
    assert second.address.email in told(store, "digest")
    assert set(told(store, "escalation")) == {second.address.email}
    assert ADMIN.address.email not in told(store, "digest")


# --- reminders --------------------------------------------------------------------------------


def test_an_area_is_reminded_and_its_case_expires(store: Store) -> None:
    keep(store, waiting(state=State.INCOMPLETE, form=full_form("position"), due_on=None))
    run(store, *(MONDAY + n * 4 * HOUR for n in range(6 * 30)))
    told_requester = [e.template for e in sent(store) if e.folio]
    assert told_requester == ["reminder", "reminder", "expired"]
    expired = store.records.case("CI-2021-0001")
    assert expired is not None
    assert expired.state is State.EXPIRED
    history = [line.event.data["step"] for line in store.records.events("CI-2021-0001")]
    assert history == ["area-3", "area-7", "expire"]
    assert store.records.verify("CI-2021-0001") == ()


def test_one_case_that_fails_stops_no_other(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(store, waiting(1), waiting(2))
    usual: Callable[..., object] = timetable.take

    def fails(one: Case, *rest: object) -> object:
        if one.folio == "CI-2021-0001":
            raise ZeroDivisionError
        return usual(one, *rest)

    monkeypatch.setattr(timetable, "take", fails)
    run(store, MONDAY + 7 * DAY)
    assert {e.folio for e in sent(store, "reminder")} == {"CI-2021-0002"}


def test_a_case_changed_meanwhile_is_looked_at_again(store: Store) -> None:
    keep(store, waiting(assignee=REVIEWER.address.email))
    run(store, MONDAY + 7 * DAY)
    assert told(store, "reminder") == [REVIEWER.address.email]
    with store.work() as work:
        again = work.cases.get("CI-2021-0001")
        assert again is not None
        work.cases.save(again.moved(Move.TO_APPROVAL, MONDAY + 7 * DAY))
    run(store, MONDAY + 8 * DAY)
    assert told(store, "reminder")[1:] == [APPROVER.address.email]


# --- renewals and the summary -----------------------------------------------------------------


def entry(**changes: object) -> ListEntry:
    made = ListEntry(
        "avisos", "avisos@upaep.mx", area="Biblioteca", responsible="Elvira Santoyo",
        responsible_email="elvira@upaep.mx", end_date=dt.date(2021, 9, 20),
        audience=("students",), frequency="weekly",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_responsible_is_asked_twice_before_the_period_ends(store: Store) -> None:
    with store.work() as work:
        work.lists.save(entry())
        work.lists.save(entry(name="otra", address="o@upaep.mx", end_date=None))
        work.lists.save(entry(name="sin", address="s@upaep.mx", responsible_email=""))
    run(store, *(MONDAY + n * 12 * HOUR for n in range(2 * 60)))
    assert told(store, "renewal") == ["elvira@upaep.mx"] * 2
    asked = [e.created_at.date() for e in sent(store, "renewal")]
    # 30 days before is a Saturday, so it is asked on Monday.
    assert asked == [dt.date(2021, 8, 23), dt.date(2021, 9, 13)]
    with store.work() as work:
        work.lists.save(entry(end_date=dt.date(2022, 9, 20)))  # renewed
    run(store, MONDAY.replace(year=2022, month=9, day=14))
    assert len(told(store, "renewal")) == 3


def test_who_answers_for_many_lists_is_asked_about_each(store: Store) -> None:
    with store.work() as work:
        for n in range(12):
            work.lists.save(entry(name=f"lista {n}", address=f"l{n}@upaep.mx"))
    run(store, MONDAY + 7 * DAY)
    assert len(told(store, "renewal")) == 12


def test_the_summary_comes_once_a_week_with_its_figures(store: Store) -> None:
    run(store, MONDAY)
    decision = Decision(
        Move.REJECTED, APPROVER.address.email, MONDAY + 2 * DAY, MONDAY, State.APPROVAL
    )
    keep(store, waiting(1), waiting(2, state=State.REJECTED, decision=decision))
    with store.work() as work:
        work.lists.save(entry())
    run(store, *(MONDAY + n * HOUR for n in range(24 * 10)))
    assert told(store, "summary") == BOTH_REVIEWERS
    one = sent(store, "summary")[0]
    assert one.created_at.date() == dt.date(2021, 8, 23)
    raw = store.outbox.raw(one.id)
    assert raw is not None
    assert b"Subject: Resumen de la semana: 2 recibidas, 1 respondida" in raw


# --- whatever happens -------------------------------------------------------------------------


def test_two_workers_at_once_send_everything_once(store: Store) -> None:
    run(store, MONDAY)
    keep(store, *(waiting(n) for n in range(1, 9)))
    with store.work() as work:
        work.lists.save(entry(end_date=dt.date(2021, 8, 30)))
    now = MONDAY + 10 * DAY - HOUR
    ready = threading.Barrier(3)
    problems: list[Exception] = []

    def work_along() -> None:
        keeper = Scheduler(store, ORGANIZATION, lambda: now)
        ready.wait()
        try:
            for _ in range(3):
                keeper.run_due()
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work_along) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    counts = Counter((e.template, e.folio, e.recipients) for e in sent(store))
    assert set(counts.values()) == {1}
    assert Counter(e.template for e in sent(store)) == {
        "digest": 2, "reminder": 16, "escalation": 8, "summary": 2, "renewal": 1,
        "progress": 8,
    }  # fmt: skip


@pytest.fixture(scope="module")
def numbered() -> Iterator[Callable[[], Store]]:
    """Makes an empty store, a file of its own for each."""
    numbers = itertools.count()
    with tempfile.TemporaryDirectory() as folder:
        yield lambda: Store.open(f"sqlite:///{Path(folder) / f'{next(numbers)}.db'}")


ticks = st.lists(st.integers(0, 21 * 24 * 4), min_size=1, max_size=60, unique=True).map(sorted)


@settings(max_examples=30, deadline=None)
@given(ticks)
@example([767, 860])  # two reminders within 24 hours
def test_any_ticks_and_restarts(numbered: Callable[[], Store], quarters: list[int]) -> None:
    """At most once for each due time; at least once if there was a tick in its window."""
    moments = [MONDAY + n * dt.timedelta(minutes=15) for n in quarters]
    with numbered() as store:
        run(store, MONDAY - DAY)
        keep(store, waiting(1), waiting(2, state=State.INCOMPLETE, due_on=None))
        run(store, *moments)
        for recipient in BOTH_REVIEWERS:
            days = [e.created_at for e in sent(store, "digest") if e.recipients[0] == recipient]
            assert [d.date() for d in days] == sorted(
                {m.date() for m in moments if _in_digest_window(m)}
            )
        for template in ("reminder", "expired", "escalation", "summary"):
            every = Counter(
                (e.folio, e.recipients, e.created_at.date()) for e in sent(store, template)
            )
            assert set(every.values()) <= {1}
        steps = [line.event.data["step"] for line in store.records.events("CI-2021-0002")]
        assert len(steps) == len(set(steps))
        wanted = {_area_step(m) for m in moments if _in_office(m)} - {""}
        assert set(steps) == wanted
        assert len([e for e in sent(store) if e.folio == "CI-2021-0002"]) == len(steps)


def _in_digest_window(m: dt.datetime) -> bool:
    return is_business_day(m.date(), ORGANIZATION.closed_on) and dt.time(
        8, 30
    ) <= m.time() < dt.time(18)


def _in_office(m: dt.datetime) -> bool:
    return is_business_day(m.date(), ORGANIZATION.closed_on) and dt.time(9) <= m.time() < dt.time(
        18
    )


def _area_step(m: dt.datetime) -> str:
    for first, name in (
        ("2021-09-06", "expire"),
        ("2021-08-25", "area-7"),
        ("2021-08-19", "area-3"),
    ):
        if m.date() >= dt.date.fromisoformat(first):
            return name
    return ""


def test_an_organization_without_admins_or_reviewers_is_no_trouble(store: Store) -> None:
    lone = replace(ORGANIZATION, staff=(Person(APPROVER.address, frozenset({Role.APPROVER})),))
    keep(store, waiting())
    for n in range(10):
        Scheduler(store, lone, lambda n=n: MONDAY + n * DAY).run_due()
    assert {e.template for e in sent(store)} <= {"progress"}  # the area hears that it takes longer


def test_who_has_every_role_gets_each_mail_once(store: Store) -> None:
    one = Person(REVIEWER.address, frozenset(Role))
    alone = replace(ORGANIZATION, staff=(one,))
    keep(store, waiting())
    for n in range(15):
        Scheduler(store, alone, lambda n=n: MONDAY + n * DAY + 2 * HOUR).run_due()
    got = Counter(
        (e.template, e.folio, e.created_at.date())
        for e in sent(store)
        if e.created_at and e.recipients == (one.address.email,)
    )
    assert {template for template, _, _ in got} >= {"digest", "reminder", "escalation", "summary"}
    assert set(got.values()) == {1}
