"""Cases in a transaction: numbered without gaps, found, saved by one at a time."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from bot.store import Conflict, Store, StoreError
from bot.store.cases import OWN_CASES
from bot.workflow.case import Event, Move, State
from bot.workflow.context import ReplyToken
from bot.workflow.message import Address
from nlp.types import Command
from tests.rig.samples import ANA, MINUTE, NOW, a_case, a_notification, fetched, open_case, receive

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]

EVENT = Event("remark", "ana@upaep.mx", "algo", 1)


# --- folios -----------------------------------------------------------------------------------


def test_a_folio_is_used_up_only_by_opening(store: Store) -> None:
    with store.work() as work:
        assert work.cases.likely_folios("CI", 2021, 1) == ("CI-2021-0001",)
    assert open_case(store) == "CI-2021-0001"
    assert open_case(store) == "CI-2021-0002"
    assert open_case(store, year=2022) == "CI-2022-0001"
    with store.work() as work:
        assert work.cases.likely_folios("CI", 2021, 1) == ("CI-2021-0003",)


def test_the_likely_folios_are_those_that_are_taken(store: Store) -> None:
    def die() -> None:
        with store.work() as work:
            work.cases.take_folio("CI", 2021)
            work.cases.take_folio("CI", 2021)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        die()
    with store.work() as work:
        likely = work.cases.likely_folios("CI", 2021, 3)
        assert likely == tuple(work.cases.take_folio("CI", 2021) for _ in range(3))


def test_a_transaction_that_fails_leaves_no_gap(store: Store) -> None:
    def die() -> None:
        with store.work() as work:
            work.cases.save(a_case(work.cases.take_folio("CI", 2021)), opens=True)
            work.cases.save(a_case(work.cases.take_folio("CI", 2021)), opens=True)
            raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            die()
    with store.work() as work:
        assert work.cases.likely_folios("CI", 2021, 1) == ("CI-2021-0001",)
    assert [open_case(store) for _ in range(3)] == [f"CI-2021-{n:04d}" for n in (1, 2, 3)]


def test_whoever_opens_a_case_keeps_no_other_worker_waiting(store: Store) -> None:
    if not store.is_shared:
        pytest.skip("SQLite has one writer at a time")
    with store.work() as work:
        first = work.cases.take_folio("CI", 2021)
        work.cases.save(a_case(first), opens=True)
        assert open_case(store) == "CI-2021-0002"


def test_workers_that_open_at_once_get_folios_without_gap_or_twin(store: Store) -> None:
    opened: list[str] = []
    conflicts: list[Conflict] = []

    def opening() -> None:
        for _ in range(15):
            while True:
                try:
                    opened.append(open_case(store))
                    break
                except Conflict as conflict:
                    conflicts.append(conflict)

    threads = [threading.Thread(target=opening) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == [f"CI-2021-{n:04d}" for n in range(1, 61)]
    assert len(conflicts) < 60


# --- finding ----------------------------------------------------------------------------------


def test_a_case_comes_back_as_it_was_saved(store: Store) -> None:
    folio = open_case(store)
    assert store.records.case(folio) == a_case(folio)
    assert store.records.case("CI-2021-0099") is None


def test_a_person_finds_own_cases_newest_first(store: Store) -> None:
    first, second = open_case(store), open_case(store)
    with store.work() as work:
        case = work.cases.get(first)
        assert case is not None
        work.cases.save(replace(case, people=(ANA, Address("eva@upaep.mx"))))
    with store.work() as work:
        assert [c.folio for c in work.cases.of_person("ana@upaep.mx")] == [second, first]
        assert [c.folio for c in work.cases.of_person("eva@upaep.mx")] == [first]
        assert [c.folio for c in work.cases.of_person("luis@upaep.mx")] == [second]
        assert work.cases.of_person("nadie@upaep.mx") == []


def test_cases_that_others_put_them_in_copy_of_hide_none_of_their_own(store: Store) -> None:
    eva, (own, *later) = Address("eva@upaep.mx"), [open_case(store) for _ in range(OWN_CASES + 1)]
    with store.work() as work:
        for folio in (own, *later):
            case = work.cases.get(folio)
            assert case is not None
            asks = eva if folio == own else ANA
            work.cases.save(replace(case, requester=asks, people=(asks, eva)))
    with store.work() as work:
        folios = [c.folio for c in work.cases.of_person(eva.email)]
    assert folios == [*sorted(later, reverse=True)[: OWN_CASES - 1], own]


def test_a_reply_finds_its_case_by_the_nearest_message_id(store: Store) -> None:
    one, other = open_case(store), open_case(store)
    (message,) = receive(store, fetched(1))
    with store.work() as work:
        work.messages.finish(message.id, "done", "", one)
        work.outbox.queue(a_notification(5, other), NOW)
    with store.work() as work:
        for ids, expected in (
            (["<o5.bot@upaep.mx>", "<m1@upaep.mx>"], other),
            (["<unknown@x>", "<m1@upaep.mx>", "<o5.bot@upaep.mx>"], one),
        ):
            found = work.cases.by_thread(ids)
            assert found is not None
            assert found.folio == expected
        assert work.cases.by_thread(["<unknown@x>"]) is None
        assert work.cases.by_thread([]) is None


def test_an_announcement_that_many_answer_links_only_those_of_the_case(store: Store) -> None:
    with store.work() as work:
        folio = work.cases.take_folio("CI", 2021)
        work.cases.save(a_case(folio, thread=("<aviso@upaep.mx>",)), opens=True)
    with store.work() as work:
        assert work.cases.by_thread(["<aviso@upaep.mx>"]) is None
        assert work.cases.by_thread(["<aviso@upaep.mx>"], "otra@upaep.mx") is None
        found = work.cases.by_thread(["<aviso@upaep.mx>"], "luis@upaep.mx")
        assert found is not None
        assert found.folio == folio


def test_cases_are_filtered(store: Store) -> None:
    open_case(store, area="Biblioteca Central")
    open_case(store, area="Dirección de Ética_1")
    with store.work() as work:
        case = work.cases.get("CI-2021-0001")
        assert case is not None
        work.cases.save(case.moved(Move.TO_REVIEW, NOW + MINUTE))

    def folios(**only: object) -> list[str]:
        return [c.folio for c in store.records.cases(**only)]  # type: ignore[arg-type]

    assert folios() == ["CI-2021-0002", "CI-2021-0001"]
    assert folios(state="review") == ["CI-2021-0001"]
    assert folios(area="etica") == ["CI-2021-0002"]
    assert folios(area="%") == []
    assert folios(since=NOW + MINUTE) == []
    assert store.records.counters().flat() == {"cases_incomplete": 1, "cases_review": 1}


# --- saving -----------------------------------------------------------------------------------


def test_of_two_decisions_in_the_same_second_one_counts(store: Store) -> None:
    folio = open_case(store)
    read, outcomes = threading.Barrier(2), []

    def decide(who: str) -> None:
        waits = "postgresql" in repr(store._writer.url)  # SQLite lets only one in at a time
        for attempt in range(2):
            try:
                with store.work() as work:
                    case = work.cases.get(folio)
                    assert case is not None
                    if waits and attempt == 0:
                        read.wait(10)
                    if case.assignee:
                        outcomes.append(f"{who} saw {case.assignee}")
                        return
                    work.cases.save(replace(case, assignee=who))
                outcomes.append(f"{who} decided")
                return
            except Conflict:
                outcomes.append("conflict")

    threads = [threading.Thread(target=decide, args=(who,)) for who in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([o for o in outcomes if o.endswith("decided")]) == 1
    assert len([o for o in outcomes if " saw " in o]) == 1


def test_a_case_must_have_been_read(store: Store) -> None:
    folio = open_case(store)
    with pytest.raises(StoreError, match="not read"), store.work() as work:
        work.cases.save(a_case(folio))
    with pytest.raises(StoreError, match="no case"), store.work() as work:
        work.events.append("CI-2021-0077", EVENT, NOW)


def test_history_goes_on_through_several_messages_of_one_transaction(store: Store) -> None:
    folio = open_case(store)
    with store.work() as work:
        for number in (1, 2):
            case = work.cases.get(folio)
            assert case is not None
            work.cases.save(replace(case, assignee=f"{number}"))
            work.events.append(folio, replace(EVENT, text=f"{number}"), NOW)
        assert [e.text for e in work.events.history(folio)] == ["1", "2"]
    assert store.records.verify(folio) == ()


def test_each_case_of_a_transaction_has_its_folio(store: Store) -> None:
    with store.work() as work:
        for number in (1, 2):
            folio = work.cases.take_folio("CI", 2021)
            assert folio == f"CI-2021-{number:04d}"
            work.cases.save(a_case(folio), opens=True)


# --- notices ----------------------------------------------------------------------------------


def test_a_notice_is_known_by_the_hash_of_its_key_and_spent_once(store: Store) -> None:
    folio = open_case(store)
    notice = ReplyToken(
        "a" * 64, folio, "jefa@upaep.mx", "review", 1, frozenset({"confirm", "note"}), NOW,
        waiting=(Command("correct", "frecuencia: mensual"), Command("reject", "no")),
    )  # fmt: skip
    with store.work() as work:
        work.tokens.save(notice)
        assert work.tokens.get("b" * 64) is None
        assert work.tokens.get("a" * 64) == notice
        work.tokens.consume("a" * 64, NOW)
    with store.work() as work:
        assert work.tokens.get("a" * 64) == replace(notice, consumed_at=NOW)
        work.tokens.consume("a" * 64, NOW + MINUTE)  # nothing new
        assert work.tokens.get("a" * 64) == replace(notice, consumed_at=NOW)


def test_the_tokens_of_a_case_are_void_when_it_moves_and_those_of_a_person_on_command(
    store: Store,
) -> None:
    folio = open_case(store)
    made = ReplyToken("a" * 64, folio, "jefa@upaep.mx", "review", 1, frozenset({"note"}), NOW)
    with store.work() as work:
        case = work.cases.get(folio)
        assert case is not None
        work.tokens.save(made)
        work.cases.save(replace(case, version=2))
        assert work.tokens.get("a" * 64) == made
        work.cases.save(replace(case, state=State.WITHDRAWN))
        assert work.tokens.get("a" * 64) == replace(made, void=True)
        work.tokens.save(replace(made, token_hash="b" * 64, stage="withdrawn"))
        other = replace(made, token_hash="c" * 64, person="otra@upaep.mx")
        work.tokens.save(other)
    with store.work() as work:
        assert work.tokens.void_of_person("jefa@upaep.mx", NOW) == 1
        assert work.tokens.void_of_person("jefa@upaep.mx", NOW) == 0
    with store.work() as work:
        assert work.tokens.get("b" * 64) == replace(
            made, token_hash="b" * 64, stage="withdrawn", void=True
        )
        assert work.tokens.get("c" * 64) == other


def test_a_job_of_the_timetable_runs_once(store: Store) -> None:
    with store.work() as work:
        assert work.timetable.take("digest", NOW, NOW)
    for due, expected in ((NOW, False), (NOW + MINUTE, True), (NOW + MINUTE, False)):
        with store.work() as work:
            assert work.timetable.take("digest", due, NOW + MINUTE) is expected
