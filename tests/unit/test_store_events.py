"""A case's history shows every change made to it behind the bot's back."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from sqlalchemy import text

from bot.store import Store, events, seals
from bot.store.verifier import seal_of
from bot.workflow.case import Event
from tests.builders import case
from tests.rig.samples import MINUTE, NOW, open_case

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]


@pytest.fixture
def folio(store: Store) -> str:
    """A case with four events."""
    folio = open_case(store)
    with store.work() as work:
        for number in range(1, 5):
            data = MappingProxyType({"ñ": str(number)})
            event = Event("note", "ana@upaep.mx", f"línea {number}\0", number, "<m@x>", data)
            work.events.append(folio, event, NOW + number * MINUTE)
    return folio


def tamper(store: Store, sql: str) -> None:
    with store._writing() as connection:
        connection.execute(text(sql))


def test_a_history_is_whole_and_comes_back(store: Store, folio: str) -> None:
    assert store.records.verify(folio) == ()
    events = store.records.events(folio)
    assert [e.number for e in events] == [1, 2, 3, 4]
    assert events[1].at == NOW + 2 * MINUTE
    assert events[1].event == Event("note", "ana@upaep.mx", "línea 2\ufffd", 2, "<m@x>", {"ñ": "2"})


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        ("UPDATE event SET text = 'aprobado' WHERE number = 2", "event 2 was changed"),
        ("UPDATE event SET actor = 'x@upaep.mx' WHERE number = 4", "event 4 was changed"),
        ("UPDATE event SET at = '2021-01-01 00:00:00' WHERE number = 1", "event 1 was changed"),
        ("UPDATE event SET data = '{}' WHERE number = 3", "event 3 was changed"),
        ("DELETE FROM event WHERE number = 2", "event 3 follows event 1"),
        ("DELETE FROM event WHERE number = 1", "event 2 follows event 0"),
        ("DELETE FROM event WHERE number > 2", "events 3 to 4 are missing at the end"),
        ("DELETE FROM event", "events 1 to 4 are missing at the end"),
        ("UPDATE event SET number = 9 WHERE number = 3", "event 4 follows event 2"),
        (
            "INSERT INTO event (folio, number, at, what, actor, text, version, message_id, data,"
            " prev_hash, hash) SELECT folio, 5, at, what, actor, text, version, message_id, data,"
            " hash, hash FROM event WHERE number = 4",
            "event 5 was changed",
        ),
        ("UPDATE case_ SET head = 'x'", "does not end with event 4"),
    ],
)
def test_tampering_is_found(store: Store, folio: str, sql: str, finding: str) -> None:
    tamper(store, sql)
    assert finding in "; ".join(store.records.verify(folio))


def test_an_unknown_case_has_no_history(store: Store) -> None:
    assert store.records.events("CI-2021-0001") == ()
    assert store.records.verify("CI-2021-0001") == ("there is no case CI-2021-0001",)


def test_a_seal_is_that_of_all_lines(store: Store, folio: str) -> None:
    """Though most are not read: also where a case goes on, or was taken in, after the moment."""
    other, taken_in = open_case(store), open_case(store)
    with store.work() as work:
        for of, what, minutes in (
            (other, "note", 2), (folio, "note", 30), (taken_in, "note", -900),
            (taken_in, "imported", 20), (taken_in, "note", 40),
        ):  # fmt: skip
            event = Event(what, "bot", "línea", 1)
            work.events.append(of, event, NOW + minutes * MINUTE)
    lines = store.records.hashes()
    for minutes in (-901, 0, 2, 3, 19, 20, 21, 30, 31, 40, 41):
        until = NOW + minutes * MINUTE
        assert store.records.seal(until) == seal_of(lines, until)


FOLIOS = ("CI-2021-0098", "CI-2021-0099", "CI-2021-0100", "CI-2021-12345", "CI-2022-0098")


@pytest.mark.parametrize("many", [seals.MANY, 1])
def test_a_seal_that_goes_on_from_the_one_before_is_that_of_all_lines(
    store: Store, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """Whatever is written meanwhile: on a new case or an old one, with a clock that was set back,
    or a history anew, as forgetting does; and for an earlier moment, too."""
    monkeypatch.setattr(seals, "MANY", many)
    written = iter([
        ("CI-2021-0098", 1), ("CI-2021-0100", 2), ("CI-2021-0098", 2), ("CI-2022-0098", 3),
        ("CI-2021-0099", -60), ("CI-2021-12345", 5), ("CI-2021-0100", 1), ("CI-2021-0098", 6),
    ])  # fmt: skip
    for folio in FOLIOS:
        with store.work() as work:
            work.cases.save(case(folio=folio), opens=True)
    for minutes in (1, 2, 2, 3, 3, 6, 4, 9):
        folio, at = next(written)
        with store.work() as work:
            work.events.append(folio, Event("note", "bot", "línea", 1), NOW + at * MINUTE)
        if minutes == 6:
            rewritten = [(line.event, line.at) for line in store.records.events("CI-2021-0098")]
            with store._writing() as connection:
                connection.execute(text("DELETE FROM event WHERE folio = 'CI-2021-0098'"))
                again = [*rewritten, (Event("forgotten", "bot", "", 1), NOW + 4 * MINUTE)]
                events.write(connection, "CI-2021-0098", again)
        until = NOW + minutes * MINUTE
        assert store.records.seal(until) == seal_of(store.records.hashes(), until)
        assert store.records.seal(until) == seal_of(store.records.hashes(), until)
