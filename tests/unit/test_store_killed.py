"""kill -9 at any moment leaves whole transactions: nothing lost, nothing twice, nothing torn."""

from __future__ import annotations

import multiprocessing
import random
import time
from pathlib import Path

import pytest

from bot.store import Conflict, Store
from bot.workflow.case import Event
from tests.rig.samples import INBOX, LEASE, NOW, a_case, a_notification, fetched, receive

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]

MAILS, LIVES = 120, 6
EVENT = Event("opened", "ana@upaep.mx", "pide", 1)


def live(url: str, worker: str) -> None:
    """What a worker does until it is killed: take in, settle, send."""
    with Store(url) as store:
        for start in range(1, MAILS + 1, 20):
            receive(store, *map(fetched, range(start, start + 20)))
        while claimed := store.messages.claim(worker, NOW, 10, LEASE):
            for message in claimed:
                settle(store, message.id)
            for due in store.outbox.due(worker, NOW, 10, LEASE):
                store.outbox.sent(due.id, NOW)


def settle(store: Store, message: int) -> None:
    while True:
        try:
            with store.work() as work:
                folio = work.cases.take_folio("CI", 2021)
                work.cases.save(a_case(folio), opens=True)
                work.events.append(folio, EVENT, NOW)
                work.events.append(folio, EVENT, NOW)
                work.outbox.queue(
                    a_notification(message, folio, key="k" * 16 + f"{message:04d}"), NOW
                )
                work.messages.finish(message, "done", "", folio)
            return
        except Conflict:
            continue


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_killed_at_random_lose_and_double_nothing(
    database_url: str, tmp_path: Path, workers: int
) -> None:
    Store.open(database_url).close()
    # A server that has no threads to fork, with the imports already done.
    spawn, chance = multiprocessing.get_context("forkserver"), random.Random(7)
    spawn.set_forkserver_preload([__name__])
    for life in range(LIVES):
        processes = [
            spawn.Process(target=live, args=(database_url, f"{life}-{n}")) for n in range(workers)
        ]
        for process in processes:
            process.start()
        time.sleep(0.05 + chance.random() * 0.2)
        for process in processes:
            process.kill()
            process.join()
        with Store.open(database_url) as store:
            store.release_dead(lambda _: False)
    live(database_url, "last")
    with Store.open(database_url) as store:
        folios = sorted(c.folio for c in store.records.cases())
        counters = store.records.counters().flat()
        put_aside = counters.get("messages_failed", 0)  # killed three times with the same one
        assert counters["messages_done"] + put_aside == MAILS
        assert put_aside <= workers
        assert len(set(folios)) == MAILS - put_aside
        lost = workers * LIVES if store.is_shared else 0  # a folio each, taken and not yet used
        assert folios[-1] <= f"CI-2021-{len(folios) + lost:04d}"
        assert sum(n for name, n in counters.items() if name.startswith("outbox")) == (
            MAILS - put_aside
        )
        for folio in folios:
            assert store.records.verify(folio) == ()
            assert len(store.records.events(folio)) == 2
            assert len(store.records.messages(folio)) == 1
        assert store.messages.last_uid(INBOX) == MAILS
