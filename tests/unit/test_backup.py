"""`backup`, `restore`, `db copy`: the database whole, on each engine."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from click.testing import Result
from sqlalchemy import select
from typer.testing import CliRunner

from bot.cli.app import app
from bot.store import Store, StoreError
from bot.store.tables import METADATA
from tests.rig.postgres import Postgres
from tests.rig.samples import NOW, a_notification, fetched, open_case, receive

pytest_plugins = ["tests.rig.fixtures", "tests.rig.store"]

STAFF = [
    {"name": "R", "email": "r@upaep.mx", "roles": ["reviewer", "approver", "provisioner", "admin"]}
]


@pytest.fixture
def bot(tmp_path: Path, database_url: str) -> Callable[..., Result]:
    config = tmp_path / "config.yaml"

    def run(*arguments: str, url: str = database_url) -> Result:
        settings = {"database": {"url": url}, "staff": STAFF}
        config.write_text(yaml.safe_dump(settings), "utf-8")
        return CliRunner().invoke(app, ["--config", str(config), *arguments])

    return run


def fill(store: Store) -> None:
    for _ in range(3):
        folio = open_case(store)
        with store.work() as work:
            work.outbox.queue(a_notification(int(folio[-1]), folio), NOW)
    receive(store, fetched(1), fetched(2, b"From: x\r\n\r\n\xff\xfe"))
    store.outbox.sent(1, NOW)
    store.outbox.note_sent()


def rows(store: Store) -> dict[str, list[Any]]:
    with store._reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(
                select(table).order_by(*table.primary_key))]
            for table in METADATA.sorted_tables
        }  # fmt: skip


def test_a_backup_is_the_whole_database_and_its_owners_alone(
    store: Store, database_url: str, bot: Callable[..., Result], tmp_path: Path
) -> None:
    fill(store)
    file = tmp_path / "copy.db"
    before = rows(store)
    with store.alone(), store.work() as work:  # a service, in the midst of a transaction
        work.timetable.know(["not yet committed"], NOW)
        done = bot("backup", str(file))
    assert done.exit_code == 0, done.output
    assert file.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir() if "copy" in p.name] == ["copy.db"]
    with Store.existing(f"sqlite:///{file}") as kept:
        assert rows(kept) == before

    with store.work() as work:  # what came after the backup
        work.outbox.queue(a_notification(9), NOW)
    store.close()
    done = bot("restore", str(file), *(["--replace"] if store.is_shared else []))
    assert done.exit_code == 0, done.output
    with Store.existing(database_url) as restored:
        assert rows(restored) == before
        assert open_case(restored) == "CI-2021-0004"  # it goes on counting
        receive(restored, fetched(3))


def test_a_disk_that_was_lost(store: Store, bot: Callable[..., Result], tmp_path: Path) -> None:
    fill(store)
    file = tmp_path / "copy.db"
    assert bot("backup", str(file)).exit_code == 0
    other = f"sqlite:///{tmp_path}/elsewhere/new.db"
    assert bot("restore", str(file), url=other).exit_code == 0
    with Store.existing(other) as restored:
        assert rows(restored) == rows(store)
        assert restored.records.verify("CI-2021-0001") == ()


def test_an_old_database_is_kept_beside_and_one_in_use_is_refused(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path}/bot.db", tmp_path / "copy.db"
    with Store.open(url) as store:
        store.back_up(file)
        fill(store)
        with store.alone(), pytest.raises(StoreError, match="another `run` works on"):
            Store.restore(file, url)
        filled = rows(store)
    aside = Store.restore(file, url)
    assert aside is not None
    with Store.existing(f"sqlite:///{aside}") as kept:
        assert rows(kept) == filled


@pytest.mark.parametrize("what", ["missing", "text", "cut", "another"])
def test_what_is_no_backup_is_refused_and_changes_nothing(tmp_path: Path, what: str) -> None:
    url, file = f"sqlite:///{tmp_path}/bot.db", tmp_path / "copy.db"
    with Store.open(url) as store:
        fill(store)
        before = rows(store)
        if what == "text":
            file.write_text("no database")
        elif what == "cut":
            store.back_up(file)
            file.write_bytes(file.read_bytes()[:20_000])
        elif what == "another":
            with closing(sqlite3.connect(file)) as other:
                other.execute("CREATE TABLE t (a)")
    with pytest.raises(StoreError, match=r"copy\.db"):
        Store.restore(file, url)
    with Store.existing(url) as store:
        assert rows(store) == before


@pytest.mark.parametrize("where", [".", "missing/copy.db", "/proc/copy.db"])
def test_where_nothing_can_be_written_is_a_sentence(tmp_path: Path, where: str) -> None:
    with Store.open(f"sqlite:///{tmp_path}/bot.db") as store, pytest.raises(StoreError):
        store.back_up(tmp_path / where)


def test_the_database_is_not_its_own_backup(bot: Callable[..., Result], tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/bot.db"
    with Store.open(url):  # a service: a file in its place would lose what it still writes
        done = bot("backup", str(tmp_path / "bot.db"), url=url)
    assert done.exit_code == 1
    assert "is the database itself" in str(done.exception)


@pytest.mark.parametrize("wrong", ["postgresql+psycopg://bot:secret@host/bot", "copy.db"])
def test_a_copy_goes_nowhere_but_to_a_database(bot: Callable[..., Result], wrong: str) -> None:
    done = bot("db", "copy", wrong)
    assert done.exit_code == 2
    assert "secret" not in done.output


def test_a_copy_lies_where_the_url_will_be_looked_for(
    tmp_path: Path, bot: Callable[..., Result]
) -> None:
    first = f"sqlite:///{tmp_path}/a.db"
    Store.open(first).close()
    done = bot("db", "copy", "sqlite:///b.db", url=first)
    assert f"now set database.url to sqlite:///{tmp_path}/b.db" in done.output
    assert bot("cases", url="sqlite:///b.db").exit_code == 0


def test_sqlite_moves_to_postgresql_and_back(
    tmp_path: Path, postgres_url: str, bot: Callable[..., Result]
) -> None:
    first, back = f"sqlite:///{tmp_path}/a.db", f"sqlite:///{tmp_path}/b.db"
    with Store.open(first) as store:
        fill(store)
        before = rows(store)
    assert "3 case_" in bot("db", "copy", postgres_url, url=first).output
    with Store.existing(postgres_url) as store:
        assert rows(store) == before
        assert open_case(store) == "CI-2021-0004"
        receive(store, fetched(3))
    again = bot("db", "copy", postgres_url, url=first)
    assert again.exit_code == 1
    assert "holds data already" in str(again.exception)
    assert bot("db", "copy", back, url=postgres_url).exit_code == 0
    with Store.existing(back) as store:
        assert len(rows(store)["case_"]) == 4


# --- a server that is not as it should be -----------------------------------------------------


def execute(postgres: Postgres, *statements: str) -> None:
    with psycopg.connect(postgres.url().replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


def test_a_database_of_another_encoding_is_told_in_a_sentence(postgres: Postgres) -> None:
    name = f"ascii{dt.datetime.now(dt.UTC):%H%M%S%f}"
    execute(
        postgres, f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C'"
    )
    with pytest.raises(StoreError, match="its encoding is SQL_ASCII, and it should be UTF8"):
        Store.open(postgres.url(name))
    execute(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def test_missing_rights_are_told_in_a_sentence(postgres: Postgres, postgres_url: str) -> None:
    name = postgres_url.rpartition("/")[2]
    role = f"guest_{name}"
    execute(postgres, f"CREATE ROLE {role} LOGIN")
    own = postgres.url(name).replace("bot@", f"{role}@")
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    with pytest.raises(StoreError, match=r"permission denied .*: the role needs to make"):
        Store.open(own)
    execute(postgres, f"DROP ROLE {role}")
