"""The migrations make the tables that the models describe, on both engines."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text, update

from bot.store import Store, StoreDown, StoreError
from bot.store.engine import open_engine
from bot.store.migrate import upgrade
from bot.store.migrations.versions import v0005_keys_apart, v0013_case_count
from bot.store.tables import METADATA, OUTBOX
from tests.rig.samples import LEASE, NOW, a_notification, open_case

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]


def run_six(start: Callable[[], None]) -> None:
    """Six threads at once, to their end."""
    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_models_and_migrations_agree(database_url: str) -> None:
    engine = open_engine(database_url)
    upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, METADATA)
    engine.dispose()
    assert differences == []


def test_upgrading_twice_changes_nothing(database_url: str) -> None:
    for _ in range(2):
        with Store.open(database_url) as store:
            assert store.ping().endswith("tables at 0013")


def test_keys_leave_the_mails_that_wait(database_url: str) -> None:
    """As version 0004 kept them: within the mail, and beside it."""
    notification = a_notification(1, key="k7qabcdefghijklmnop2")
    with Store.open(database_url) as store:
        with store.work() as work:
            work.outbox.queue(notification, NOW)
        old = {
            "raw": notification.raw,
            "secret": notification.keys[0],
            "message_id": notification.message_id,
        }
        with store._writing() as connection:
            connection.execute(update(OUTBOX).values(old))
            with Operations.context(MigrationContext.configure(connection)):
                v0005_keys_apart.upgrade()
        kept = store.outbox.raw(1)
        assert kept is not None
        assert notification.keys[0].encode() not in kept
        (due,) = store.outbox.due("a", NOW, 1, LEASE)
        assert due.raw == notification.raw


def test_cases_from_before_they_were_counted_are_counted(database_url: str) -> None:
    with Store.open(database_url) as store:
        for _ in range(2):
            open_case(store)
        with store._writing() as connection:
            connection.execute(text("DROP TABLE case_count"))
            with Operations.context(MigrationContext.configure(connection)):
                v0013_case_count.upgrade()
        open_case(store)
        assert store.records.counters().flat() == {"cases_incomplete": 3}


def test_a_new_file_takes_all_who_come_at_once(tmp_path: Path) -> None:
    """SQLite refuses, without waiting, one of two that turn a file to WAL together."""
    failures: list[BaseException] = []
    together = threading.Barrier(6)

    def start() -> None:
        for n in range(40):
            together.wait()
            try:
                engine = open_engine(f"sqlite:///{tmp_path}/{n}.db")
                engine.connect().close()
                engine.dispose()
            except BaseException as error:
                failures.append(error)

    run_six(start)
    assert failures == []


def test_the_file_may_be_named_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "real.db")
    with Store.open(f"sqlite:///{tmp_path}/link.db") as store:
        assert store.ping().endswith("tables at 0013")
    assert (tmp_path / "real.db").exists()


def test_who_holds_the_folder_does_not_stop_a_database_that_is_there(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.db"
    Store.open(url).close()
    holder = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX)
        Store.open(url).close()
    finally:
        os.close(holder)


def test_processes_that_start_together_upgrade_once(database_url: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            Store.open(database_url).close()
        except BaseException as error:
            failures.append(error)

    run_six(start)
    assert failures == []


def test_a_migration_that_fails_leaves_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:  # in the way of the last table of the first step
        connection.execute(text("CREATE TABLE place (x INTEGER)"))
    with pytest.raises(StoreError, match="place"):
        upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE place"))
    upgrade(engine)
    engine.dispose()


def test_a_database_of_a_newer_bot_is_refused(database_url: str) -> None:
    with Store.open(database_url) as store, store._writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer version"):
        Store.open(database_url)


def test_the_file_is_private_and_its_folder_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "bot.db"
    with Store.open(f"sqlite:///{path}"):
        files = sorted(path.parent.iterdir())
        assert [f.name for f in files] == ["bot.db", "bot.db-shm", "bot.db-wal"]
        assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}


def test_sqlite_is_set_up_for_safety(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as store, store._reading() as connection:

        def pragma(name: str) -> object:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2
        assert pragma("foreign_keys") == 1
        assert pragma("busy_timeout") == 15_000


@pytest.mark.parametrize(
    ("url", "error", "says"),
    [
        ("nonsense", StoreError, "not a database URL"),
        ("mysql://x/y", StoreError, "not supported"),
        ("sqlite://", StoreError, "in memory"),
        ("sqlite:////proc/nowhere/bot.db", StoreDown, "/proc/nowhere"),
        ("postgresql+psycopg://bot@127.0.0.1:9/none", StoreDown, "127.0.0.1"),
    ],
)
def test_what_is_wrong_with_a_url_is_told(url: str, error: type[StoreError], says: str) -> None:
    with pytest.raises(error, match=says):
        Store.open(url)
