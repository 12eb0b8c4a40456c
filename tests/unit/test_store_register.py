"""The register in the database, and the cases that a notice tells of, on both engines."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.lists.register import ListEntry, ListState
from bot.store import Store
from bot.store.register import MOST_OPEN, MOST_WITHDRAWN
from bot.workflow.case import State
from tests.rig.samples import a_case, open_case

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]

FULL = ListEntry(
    name="avisos-biblioteca",
    address="avisos-biblioteca@upaep.mx",
    state=ListState.ACTIVE,
    area="Biblioteca Central",
    responsible="Elvira Santoyo Quiroz",
    responsible_email="elvira.santoyo@upaep.mx",
    audience=("faculty", "students"),
    recipients=1850,
    frequency="monthly",
    start_date=dt.date(2021, 9, 1),
    end_date=dt.date(2022, 8, 31),
    folio="CI-2021-0042",
    purpose="difundir las novedades del acervo",
    note="ñ — “comillas”",
)
BARE = ListEntry("Coro Universitario", state=ListState.HISTORICAL)


def test_a_list_comes_back_as_it_was_saved(store: Store) -> None:
    with store.work() as work:
        work.lists.save(FULL)
        work.lists.save(BARE)
    assert store.register.all() == (BARE, FULL)
    with store.work() as work:
        assert work.lists.all() == (BARE, FULL)


def test_the_same_list_is_replaced_and_never_doubled(store: Store) -> None:
    changed = replace(FULL, name="avisos", address=" AVISOS-Biblioteca@upaep.mx", recipients=None)
    with store.work() as work:
        work.lists.save(FULL)
        work.lists.save(changed)
        work.lists.save()
    assert store.register.all() == (replace(changed, address=FULL.address),)


def test_what_a_transaction_that_fails_entered_is_gone(store: Store) -> None:
    def die() -> None:
        with store.work() as work:
            work.lists.save(FULL)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        die()
    assert store.register.all() == ()


ANY_TEXT = st.text(max_size=20).filter(lambda t: "\0" not in t)


@given(name=ANY_TEXT, area=ANY_TEXT, note=ANY_TEXT)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_is_kept(store: Store, name: str, area: str, note: str) -> None:
    with store.work() as work:
        work.lists.save(ListEntry(name, "x@upaep.mx", area=area, note=note))
        (kept,) = work.lists.all()
    assert (kept.name, kept.area, kept.note) == (name, area, note)


def test_cases_around_one(store: Store) -> None:
    first, second = open_case(store), open_case(store)
    elsewhere = open_case(store, area="Rectoría")
    with store.work() as work:
        case = work.cases.get(first)
        assert case is not None
        work.cases.save(replace(case, state=State.REJECTED))
    with store.work() as work:
        assert [c.folio for c in work.cases.newest_open()] == [elsewhere, second]
        assert [(w.folio, w.area) for w in work.lists.open_requests()] == [
            (elsewhere, "Rectoría"), (second, "Biblioteca Central"),
        ]  # fmt: skip
        assert [c.folio for c in work.cases.of_area("biblioteca CENTRAL")] == [second, first]
        assert [c.folio for c in work.cases.of_area("rectoria")] == [elsewhere]
        assert work.cases.of_area("") == ()
        assert work.cases.of_area("Biblioteca") == ()


def test_what_open_cases_ask_for_follows_what_is_written(store: Store) -> None:
    folios = [open_case(store) for _ in range(4)]
    with store.work() as work:
        for folio, state, area in [
            (folios[0], State.REJECTED, "x"), (folios[1], State.APPROVAL, "Rectoría"),
            ("", State.REVIEW, "Deportes"), (folios[2], State.CLOSED, "x"),
            (folios[0], State.REVIEW, "Becas"), ("", State.REVIEW, "Música"),
        ]:  # fmt: skip
            requested = work.lists.open_requests()
            saved = a_case(folio or work.cases.take_folio("CI", 2021), area)
            if folio:
                assert work.cases.get(folio) is not None
            work.cases.save(replace(saved, state=state), opens=not folio)
            assert work.lists.open_requests() != requested
            with_others = {w.folio: w for w in work.lists.open_requests()}
            assert list(with_others) == [c.folio for c in work.cases.newest_open()]
        remembered = work.lists.open_requests()
    with store.work() as work:
        assert work.lists.open_requests() == remembered
        assert [w.area for w in remembered] == [
            "Música",
            "Deportes",
            "Biblioteca Central",
            "Rectoría",
            "Becas",
        ]


def test_a_case_that_changed_is_not_remembered_as_it_was(store: Store) -> None:
    folio = open_case(store)
    with store.work() as work:
        assert [c.assignee for c in work.cases.newest_open()] == [""]
        case = work.cases.get(folio)
        assert case is not None
        work.cases.save(replace(case, assignee="ana@upaep.mx"))
        assert [c.assignee for c in work.cases.newest_open()] == ["ana@upaep.mx"]


def test_the_newest_open_cases_count_however_many_there_are(store: Store) -> None:
    with store.work() as work:
        work.lists.open_requests()
        for _ in range(MOST_OPEN + 2):
            work.cases.save(a_case(work.cases.take_folio("CI", 2021)), opens=True)
        known = work.lists.open_requests()
    with store.work() as work:
        assert work.lists.open_requests() == known
        assert [w.folio for w in known] == [c.folio for c in work.cases.newest_open()]
        assert len(known) == MOST_OPEN


def test_of_lists_long_out_of_use_only_the_last_ones_are_known(store: Store) -> None:
    def gone(number: int) -> ListEntry:
        end = dt.date(2010, 1, 1) + dt.timedelta(days=number)
        return ListEntry(f"l{number}", state=ListState.WITHDRAWN, end_date=end)

    endless = ListEntry("sin fin", state=ListState.WITHDRAWN)
    with store.work() as work:
        work.lists.save(FULL, BARE, endless, *(gone(n) for n in range(MOST_WITHDRAWN + 5)))
        known = set(work.lists.known())
    assert known == {FULL, BARE, *(gone(n) for n in range(5, MOST_WITHDRAWN + 5))}
    assert store.register.all(ListState.ACTIVE) == (FULL,)
