"""Acknowledgements beside the database: known at once, noted once, whatever ends the process."""

import multiprocessing
import os
from pathlib import Path
from threading import Thread

import pytest

from bot.store import Store, StoreDown
from bot.store.sent_journal import SentJournal
from tests.rig.samples import LEASE, NOW, a_notification


def queued(url: str, count: int) -> None:
    with Store.open(url) as store, store.work() as work:
        for number in range(count):
            work.outbox.queue(a_notification(number), NOW)


def acknowledge_and_die(url: str) -> None:
    store = Store(url)
    for mail in store.outbox.due("dying", NOW, 3, LEASE):
        store.outbox.sent(mail.id, NOW)
    os._exit(9)


def test_what_a_killed_process_was_told_is_not_sent_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.db'}"
    queued(url, 5)
    spawn = multiprocessing.get_context("spawn")
    dying = spawn.Process(target=acknowledge_and_die, args=(url,))
    dying.start()
    dying.join(60)
    assert dying.exitcode == 9
    with Store.open(url) as store:
        store.release_dead(lambda worker: False)
        assert [mail.id for mail in store.outbox.due("next", NOW, 10, LEASE)] == [4, 5]
        assert [e.status for e in store.outbox.list()] == ["sent"] * 3 + ["waiting"] * 2


def test_threads_lose_no_entry_to_each_other(tmp_path: Path) -> None:
    journal = SentJournal(tmp_path / "journal")
    noted: list[int] = []

    def acknowledge(first: int) -> None:
        for number in range(first, first + 50):
            journal.add(number, NOW)
            with journal.taken() as entries:
                noted.extend(mail for mail, _ in entries)

    threads = [Thread(target=acknowledge, args=(n,), daemon=True) for n in (0, 100, 200, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(noted) == [*range(50), *range(100, 150), *range(200, 250), *range(300, 350)]
    journal.close()


def test_a_line_that_a_crash_cut_is_none(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = SentJournal(path)
    journal.add(1, NOW)
    journal.add(2, NOW)
    with path.open("ab") as file:
        file.write(b"3 2021-08-1")
    with journal.taken() as entries:
        assert entries == [(1, NOW), (2, NOW)]
    with journal.taken() as entries:
        assert entries == []
    journal.close()


def test_entries_stay_where_they_could_not_be_noted(tmp_path: Path) -> None:
    journal = SentJournal(tmp_path / "journal")
    journal.add(1, NOW)
    with pytest.raises(ZeroDivisionError), journal.taken():
        raise ZeroDivisionError
    with journal.taken() as entries:
        assert entries == [(1, NOW)]
    journal.close()


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "journal").mkdir()
    with pytest.raises(StoreDown, match="journal"):
        SentJournal(tmp_path / "journal").add(1, NOW)
