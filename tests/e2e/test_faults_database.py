"""The database under fault: what cannot be kept is not answered, and is made up for afterwards."""

from __future__ import annotations

import random
import resource
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.rig.books import (
    Books,
    assert_books_balance,
    correspondence,
    expected,
    wait_until_settled,
)
from tests.rig.office import Office
from tests.rig.postgres import Postgres
from tests.rig.system import program, wait_until

SOON = {"bot.runtime.service.RETRY_SECONDS": 0.2}


def wait_for_log(office: Office, words: str, times: int = 1) -> None:
    wait_until(lambda: office.log().count(words) >= times, words, 20)


@pytest.fixture
def office(closed: Office) -> Office:
    closed.pauses = dict(SOON)
    return closed


@pytest.fixture
def on_postgres(office: Office, postgres_url: str) -> Office:
    """Its commits are durable, unlike those of the other tests."""
    office.settings["database"]["url"] = postgres_url
    office.write_config()
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        name = connection.scalar(text("SELECT current_database()"))
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = on"))
    engine.dispose()
    return office


def test_locked_by_another_process(office: Office, kinds: dict[str, Books]) -> None:
    """For longer than the bot waits for a lock."""
    office.pauses["bot.store.engine.BUSY_MS"] = 200
    mails = correspondence(4, "locked")
    office.start()
    with closing(sqlite3.connect(office.folder / "bot.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        office.account.deliver(*(mail.raw for mail in mails))
        wait_for_log(office, "database.trouble", 3)
        assert office.sink.mails == []
        other.execute("COMMIT")
    wait_until_settled(office, mails)
    assert office.stop() == 0
    assert_books_balance(office, expected(kinds, mails))


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[bool], None]]:
    """A file system of 8 MB at `folder`, and what fills it or makes room again."""
    folder.mkdir()
    mount = ["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder]
    done = subprocess.run([program("mount"), *mount], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this machine lets nobody mount a file system")
    ballast = folder / "ballast"

    def fill(full: bool) -> None:
        if not full:
            ballast.unlink()
            return
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))

    try:
        yield fill
    finally:
        subprocess.run([program("umount"), "-l", folder], check=True)


@pytest.mark.soak
def test_disk_full(office: Office, kinds: dict[str, Books]) -> None:
    with small_disk(office.folder / "data") as fill:
        office.settings["database"]["url"] = f"sqlite:///{office.folder / 'data' / 'bot.db'}"
        office.write_config()
        fill_up_and_make_room(office, kinds, fill)


def test_file_too_large(office: Office, kinds: dict[str, Books]) -> None:
    """A limit that any machine can set. It strikes the log, too: that must end nothing."""
    nothing = resource.RLIM_INFINITY

    def limit(full: bool) -> None:
        assert office.process is not None
        size = 512 if full else nothing
        resource.prlimit(office.process.pid, resource.RLIMIT_FSIZE, (size, nothing))

    fill_up_and_make_room(office, kinds, limit)


def fill_up_and_make_room(
    office: Office, kinds: dict[str, Books], fill: Callable[[bool], None]
) -> None:
    mails = correspondence(6, "full")
    office.start()
    office.account.deliver(*(mail.raw for mail in mails[:2]))
    wait_until_settled(office, mails[:2])
    before = len(office.sink.mails)
    fill(True)
    office.account.deliver(*(mail.raw for mail in mails[2:]))
    time.sleep(1.2)  # for several attempts
    fill(False)
    assert len(office.sink.mails) == before
    wait_until_settled(office, mails)
    assert office.stop() == 0
    assert_books_balance(office, expected(kinds, mails))


@pytest.mark.parametrize("mode", [pytest.param("fast", marks=pytest.mark.soak), "immediate"])
def test_postgresql_restarted(
    on_postgres: Office, kinds: dict[str, Books], postgres: Postgres, mode: str
) -> None:
    """In mid-work; `immediate` is a crash. The server that is away is asked, not stormed."""
    office = on_postgres
    mails = correspondence(12, "restarted")
    office.account.deliver(*(mail.raw for mail in mails))
    office.launch()
    wait_for_log(office, "message.settled", 3)
    postgres.stop(mode)
    wait_for_log(office, "database.trouble", 2)
    office.account.deliver(mails[0].raw)  # the same one again, to wake the bot
    time.sleep(0.6)
    assert office.log().count("database.trouble") < 10
    postgres.start()
    wait_until_settled(office, mails)
    assert office.stop() == 0
    # A mail that was taken by its server just then may not have been noted.
    assert_books_balance(office, expected(kinds, mails), losses=1)


def test_connections_terminated(on_postgres: Office, kinds: dict[str, Books]) -> None:
    office, chance = on_postgres, random.Random(8)
    mails = correspondence(16, "terminated")
    office.account.deliver(*(mail.raw for mail in mails))
    office.launch()
    engine = create_engine(office.settings["database"]["url"])
    end = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    wait_for_log(office, "imap.connected")
    for _ in range(4):
        with engine.connect() as connection:
            connection.execute(end)
        time.sleep(chance.uniform(0.05, 0.5))
    engine.dispose()
    wait_until_settled(office, mails)
    assert office.stop() == 0
    assert_books_balance(office, expected(kinds, mails), losses=4)


def test_sigterm_in_mid_work(office: Office, kinds: dict[str, Books]) -> None:
    """It finishes the message in hand and leaves; the rest is done by the next start."""
    mails = correspondence(160, "sigterm")  # four transactions and more
    office.account.deliver(*(mail.raw for mail in mails))
    office.launch()
    wait_for_log(office, "message.settled", 3)
    asked = time.monotonic()
    assert office.stop(signal.SIGTERM) == 0
    assert time.monotonic() - asked < 3
    settled = office.log().count("message.settled")
    assert settled < len(mails)
    office.start()
    wait_until_settled(office, mails)
    assert office.stop() == 0
    assert_books_balance(office, expected(kinds, mails))
