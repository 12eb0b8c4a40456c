"""Incoming mail: taken in once, claimed by one, settled once."""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
import threading
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite

from bot.store import Conflict, Store, StoreError
from bot.store.claims import ORDINARY_BYTES
from bot.store.message_repository import _SAME_ID
from bot.store.messages import LARGE_BYTES
from bot.workflow.lifecycle import FetchedMessage, InboundStatus
from tests.rig.samples import INBOX, LEASE, MINUTE, NOW, fetched, mail, open_case, receive

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]


def take_in(store: Store, count: int) -> list[int]:
    return [message.id for message in receive(store, *map(fetched, range(1, count + 1)))]


# --- receiving --------------------------------------------------------------------------------


def test_new_mail_is_kept_as_it_came(store: Store) -> None:
    raw = bytes(range(256)) * 50
    first, second = receive(store, fetched(4, raw), fetched(9))
    assert first.raw == store.records.raw(first.id) == raw
    kept = store.records.message(second.id)
    assert kept is not None
    assert (kept.message_id, kept.status, kept.size) == ("<m9@upaep.mx>", "received", len(mail(9)))
    assert kept.received_at == NOW
    assert kept.received_at.tzinfo == dt.UTC


def test_the_same_mail_comes_once(store: Store) -> None:
    assert len(receive(store, fetched(1))) == 1
    assert receive(store, fetched(1)) == ()


def test_one_mail_delivered_twice_is_one_at_two_places(store: Store) -> None:
    trace = "Received: from a by b;\r\n\tTue, 10 Aug 2021\r\nX-Gm-State: zz\r\nARC-Seal: i=1\r\n"
    (one,) = receive(store, fetched(1), fetched(2, mail(1, headers=trace)))
    (claimed,) = store.messages.claim("w", NOW, 10, LEASE)
    assert claimed.id == one.id
    with store.work() as work:
        work.messages.finish(claimed.id, "done", "")
    assert store.messages.unflagged(INBOX) == (1, 2)
    store.messages.flagged(INBOX, [1, 2])
    assert store.messages.unflagged(INBOX) == ()


def test_another_mail_with_the_same_message_id_is_another(store: Store) -> None:
    forged = mail(1, text="Otro contenido.")
    assert len(receive(store, fetched(1), fetched(2, forged))) == 2


def test_without_message_id_the_content_decides(store: Store) -> None:
    raws = (b"A: 1\r\n\r\nx", b"A: 1\r\n\r\ny", b"A: 1\n\nx")
    new = receive(store, *(fetched(uid, raw) for uid, raw in enumerate(raws, 1)))
    assert len(new) == 2


def test_what_cannot_be_processed_goes_to_the_quarantine(store: Store) -> None:
    big = FetchedMessage(3, b"Subject: x\r\n", 99, NOW, "muy grande")
    gone = FetchedMessage(4, b"", 0, NOW, "no se pudo leer")
    new = receive(store, big, gone, replace(gone, uid=5))
    assert [message.status for message in new] == ["failed"] * 3
    assert next((m.reason, m.size) for m in store.records.quarantine()) == ("muy grande", 99)
    assert store.messages.claim("w", NOW, 10, LEASE) == ()
    assert store.records.discard(new[0].id) == 1
    assert store.records.retry(new[0].id) == 0
    assert len(store.records.quarantine()) == 2


def test_what_never_came_whole_is_wanted_again(store: Store) -> None:
    """One comes, one does not, one is too big for good, and one lies in no folder."""
    missing = [FetchedMessage(uid, b"", 0, NOW, "no se pudo leer") for uid in (3, 4, 5, 0)]
    first, second, third, fourth = receive(store, *missing)
    assert store.records.retry() == 3
    assert [message.id for message in store.records.quarantine()] == [fourth.id]
    assert set(store.messages.wanted(INBOX)) == {3, 4, 5}
    assert store.messages.wanted(replace(INBOX, uid_validity=8)) == ()
    assert store.messages.claim("w", NOW, 10, LEASE) == ()

    (come,) = receive(store, fetched(3), missing[1])
    assert come.status == "received"
    store.messages.not_to_be_had(INBOX, [5], "ya no está")
    assert store.messages.wanted(INBOX) == ()
    reasons = {message.id: message.reason for message in store.records.quarantine()}
    assert reasons == {
        second.id: "no se pudo leer", third.id: "ya no está", fourth.id: "no se pudo leer",
    }  # fmt: skip
    assert store.records.message(first.id).status == "ignored"  # type: ignore[union-attr]
    (claimed,) = store.messages.claim("w", NOW, 10, LEASE)
    assert claimed.id == come.id
    with store.work() as work:
        work.messages.finish(claimed.id, InboundStatus.DONE, "")
    assert store.messages.unflagged(INBOX) == (3,)


def test_the_position_moves_with_the_mail_and_never_back(store: Store) -> None:
    assert store.messages.last_uid(INBOX) == 0
    receive(store, fetched(5), fetched(3))
    assert store.messages.last_uid(INBOX) == 5
    receive(store, fetched(4))
    assert store.messages.last_uid(INBOX) == 5
    assert store.messages.last_uid(replace(INBOX, uid_validity=8)) == 0


def test_the_position_waits_for_what_is_still_to_be_fetched(store: Store) -> None:
    store.messages.take_in(INBOX, [fetched(3), fetched(5)], NOW, 2)
    assert store.messages.last_uid(INBOX) == 2
    assert store.messages.known_uids(INBOX, 2) == {3, 5}
    assert store.messages.known_uids(INBOX, 3) == {5}
    store.messages.move_to(INBOX, 5)
    store.messages.move_to(INBOX, 4)
    assert store.messages.last_uid(INBOX) == 5


def test_a_batch_that_fails_leaves_nothing(store: Store) -> None:
    naive = dt.datetime(2021, 8, 10)  # noqa: DTZ001
    with pytest.raises(StoreError):
        receive(store, fetched(1), replace(fetched(2), internal_date=naive))
    assert store.messages.last_uid(INBOX) == 0
    assert store.messages.claim("w", NOW, 10, LEASE) == ()


def test_watchers_that_fetch_the_same_mail_keep_it_once(store: Store) -> None:
    """Overlapping fetches of the same folder, in different batches, at the same time."""
    new: list[int] = []

    def fetch(seed: int) -> None:
        uids = list(range(1, 101))
        random.Random(seed).shuffle(uids)
        for start in range(0, 100, 20):
            batch = map(fetched, sorted(uids[start : start + 20]))
            new.extend(message.id for message in receive(store, *batch))

    together(lambda: fetch(1), lambda: fetch(2), lambda: fetch(3))
    assert len(new) == len(set(new)) == 100


# --- claiming ---------------------------------------------------------------------------------


def test_the_oldest_are_claimed_first_and_by_one_only(store: Store) -> None:
    ids = take_in(store, 5)
    first = store.messages.claim("a", NOW, 3, LEASE)
    second = store.messages.claim("b", NOW, 3, LEASE)
    assert [c.id for c in first] == ids[:3]
    assert [c.id for c in second] == ids[3:]
    assert first[0].raw == mail(1)


def of(sender: str, uid: int) -> FetchedMessage:
    return replace(fetched(uid), turn=sender)


def test_senders_take_turns(store: Store) -> None:
    receive(
        store, *(of("flood", n) for n in (1, 2, 3, 4)), of("ana", 5), of("eva", 6), of("ana", 7)
    )
    ids = [c.id for c in store.messages.claim("a", NOW, 4, LEASE)]
    assert ids == [1, 5, 6, 2]
    receive(store, of("luis", 8))
    assert [c.id for c in store.messages.claim("b", NOW, 10, LEASE)] == [3, 7, 8, 4]


def test_what_takes_long_waits_in_a_line_of_its_own_with_its_senders_other_mail(
    store: Store,
) -> None:
    receive(store, of("slow", 1), of("slow", 2), of("ana", 3), of("", 4))
    claimed = store.messages.claim("a", NOW, 10, LEASE)
    assert [c.id for c in claimed] == [1, 3, 4, 2]
    store.messages.put_off([1], "another")  # not theirs
    store.messages.put_off([1], "a")
    store.messages.claims.hand_back([2, 3, 4], "a")
    receive(store, of("slow", 5))
    assert [c.id for c in store.messages.claim("a", NOW, 10, LEASE)] == [3, 4]
    (first,) = store.messages.claim("a", NOW, 1, LEASE, slow=True)
    assert (first.id, first.attempts, first.turn) == (1, 1, "slow")
    with store.work() as work:
        work.messages.finish(1, InboundStatus.DONE, "")
    assert store.messages.claim("a", NOW, 10, LEASE, slow=True) == ()
    assert [c.id for c in store.messages.claim("a", NOW, 10, LEASE)] == [2, 5]


def test_a_large_one_stands_in_the_slow_line_from_the_start(store: Store) -> None:
    large = fetched(1, mail(1, "x" * LARGE_BYTES))
    receive(store, replace(large, turn="ana"), of("ana", 2), of("eva", 3))
    assert [c.id for c in store.messages.claim("a", NOW, 10, LEASE)] == [3]
    assert [c.id for c in store.messages.claim("a", NOW, 1, LEASE, slow=True)] == [1]


def test_in_each_round_the_large_ones_come_last(store: Store) -> None:
    large = mail(1, "x" * ORDINARY_BYTES)
    receive(
        store, replace(fetched(1, large), turn="ana"), of("eva", 2), of("ana", 3), of("luis", 4)
    )
    assert [c.id for c in store.messages.claim("a", NOW, 10, LEASE)] == [2, 4, 1, 3]


def test_messages_are_claimed_by_their_bytes_too(store: Store) -> None:
    sizes = [10, 10, 30, 10, 5]
    receive(store, *(fetched(uid, mail(uid, "x" * size * 1000)) for uid, size in enumerate(sizes)))
    claims = []
    while claimed := store.messages.claim("a", NOW, 10, LEASE, max_bytes=22_000):
        claims.append([round(message.size, -3) // 1000 for message in claimed])
    assert claims == [[10, 10], [30], [10, 5]]


def test_a_lease_that_ended_frees_and_isolates(store: Store) -> None:
    ids = take_in(store, 3)
    store.messages.claim("a", NOW, 3, LEASE)
    assert store.messages.claim("b", NOW + MINUTE, 3, LEASE) == ()
    later = NOW + LEASE
    assert [c.id for c in store.messages.claim("b", later, 3, LEASE)] == ids[:1]
    assert [c.id for c in store.messages.claim("b", later, 3, LEASE)] == ids[1:2]


def test_a_message_that_workers_die_with_comes_alone_and_says_how_often(store: Store) -> None:
    ids = take_in(store, 4)
    killer, settled, told = ids[1], [], []
    for life in range(4):
        store.messages.claims.release()
        while claimed := store.messages.claim("a", NOW, 10, LEASE):
            if any(c.id == killer for c in claimed):
                told.append((len(claimed), claimed[0].attempts))
            if life == 0 or (any(c.id == killer for c in claimed) and life < 3):
                break  # the worker dies here
            with store.work() as work:
                for c in claimed:
                    work.messages.finish(c.id, "failed" if c.id == killer else "done", "")
            settled += [c.id for c in claimed]
    assert told == [(4, 1), (1, 2), (1, 3), (1, 4)]
    assert sorted(settled) == sorted(ids)
    assert [m.id for m in store.records.quarantine()] == [killer]
    assert store.records.retry() == 1
    assert [c.attempts for c in store.messages.claim("a", NOW, 10, LEASE)] == [1]


def test_what_was_not_looked_at_is_handed_back_unblamed(store: Store) -> None:
    ids = take_in(store, 2)
    store.messages.claim("a", NOW, 2, LEASE)
    store.messages.claims.hand_back(ids, "another")  # not theirs
    assert store.messages.claim("b", NOW, 2, LEASE) == ()
    store.messages.claims.hand_back(ids, "a")
    assert [c.attempts for c in store.messages.claim("b", NOW, 2, LEASE)] == [1, 1]


def test_a_worker_that_lives_lets_go_unblamed(store: Store) -> None:
    receive(store, fetched(1), fetched(2))
    store.messages.claim("a", NOW, 1, LEASE)
    store.messages.claim("b", NOW, 1, LEASE)
    assert store.messages.claims.release("a", unblamed=True) == 1
    assert [(c.id, c.attempts) for c in store.messages.claim("c", NOW, 10, LEASE)] == [(1, 1)]


def test_release_frees_what_one_worker_held(store: Store) -> None:
    take_in(store, 2)
    store.messages.claim("a", NOW, 1, LEASE)
    store.messages.claim("b", NOW, 1, LEASE)
    assert store.messages.claims.release("a") == 1
    assert len(store.messages.claim("c", NOW, 9, LEASE)) == 1
    assert store.messages.claims.release() == 2


def test_workers_share_without_overlap(store: Store) -> None:
    take_in(store, 120)
    worked: list[int] = []

    def work(name: str) -> None:
        while claimed := store.messages.claim(name, NOW, 7, LEASE):
            for c in claimed:
                with store.work() as unit:
                    unit.messages.finish(c.id, "done", "")
                worked.append(c.id)

    together(*(lambda n=n: work(f"w{n}") for n in range(4)))
    # A worker may find nothing while others hold the rest: nothing is left, nothing came twice.
    assert Counter(worked).most_common(1)[0][1] == 1
    assert len(worked) == 120


# --- settling ---------------------------------------------------------------------------------


def test_a_message_is_settled_once(store: Store) -> None:
    (number,) = take_in(store, 1)
    folio = open_case(store)
    with store.work() as work:
        work.messages.finish(number, "done", "opened", folio)
    with pytest.raises(Conflict), store.work() as work:
        work.messages.finish(number, "done", "again")
    assert [(m.status, m.reason, m.folio) for m in store.records.messages(folio)] == [
        ("done", "opened", folio)
    ]
    with store.work() as work:
        case = work.cases.by_thread(["<m1@upaep.mx>"])
    assert case is not None
    assert case.folio == folio


def test_reasons_of_any_text_can_be_kept(store: Store) -> None:
    (number,) = take_in(store, 1)
    with store.work() as work:
        work.messages.finish(number, "ignored", "nul \0 y medio par \udc80 y ñ")
    kept = store.records.message(number)
    assert kept is not None
    assert kept.reason == "nul \ufffd y medio par ? y ñ"


def together(*jobs: object) -> None:
    """Runs jobs in threads at once; what one raises is raised here."""
    failures: list[BaseException] = []

    def run(job: object) -> None:
        try:
            job()  # type: ignore[operator]
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def test_messages_of_one_id_are_found_by_the_index_of_ids(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/bot.db"):
        pass
    query = str(_SAME_ID.compile(dialect=sqlite.dialect()))
    with closing(sqlite3.connect(tmp_path / "bot.db")) as database:
        plan = database.execute(f"EXPLAIN QUERY PLAN {query}", [1] * query.count("?")).fetchall()
    assert any("(message_id=?)" in str(step) for step in plan), plan
