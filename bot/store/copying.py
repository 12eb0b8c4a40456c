"""The database whole: copied to another engine, kept in a file, put back.

A copy is a SQLite database, whichever engine it was made from: one file that every version of the
bot from then on can read, and any tool can look into.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Integer, delete, func, insert, select, text

from bot.store.engine import open_engine
from bot.store.errors import StoreDown, StoreError, translated
from bot.store.migrate import require_current, upgrade
from bot.store.tables import METADATA

CHUNK = 500  # rows at a time
_ASIDE = ("", "-wal", "-shm", "-sent")


def copy_rows(source: Engine, target: Engine, *, replace: bool = False) -> dict[str, int]:
    """Copies every row, as of one moment, in one transaction; how many of each table.

    The tables of both must be current. Raises StoreError where the target holds something already,
    unless that is to be replaced.
    """
    with translated(), _snapshot(source) as reading, target.begin() as writing:
        for table in reversed(METADATA.sorted_tables):
            if replace:
                writing.execute(delete(table))
            elif writing.execute(select(1).select_from(table).limit(1)).first():
                raise StoreError(f"the target holds data already, in its table {table.name}")
        counts = {}
        for table in METADATA.sorted_tables:
            counts[table.name] = 0
            found = reading.execution_options(yield_per=CHUNK).execute(select(table))
            for rows in found.mappings().partitions():
                writing.execute(insert(table), [dict(row) for row in rows])
                counts[table.name] += len(rows)
        _go_on_numbering(writing)
    return counts


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """One moment of a database, whoever writes meanwhile."""
    options: dict[str, Any] = {"reads": True}
    if engine.dialect.name == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _go_on_numbering(connection: Connection) -> None:
    """PostgreSQL numbers new rows by sequences, which know nothing of rows that were copied."""
    if connection.dialect.name != "postgresql":
        return
    for table in METADATA.sorted_tables:
        column = table.autoincrement_column
        if column is None or not isinstance(column.type, Integer):
            continue
        last = connection.scalar(select(func.max(column)))
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:name, :column)"),
            {"name": table.name, "column": column.name},
        )
        if sequence and last:
            connection.execute(
                text("SELECT setval(:name, :last)"), {"name": sequence, "last": last}
            )


def back_up(source: Engine, file: Path) -> None:
    """Writes the database into a file of its owner's alone; whole or not at all.

    Others may go on writing to the database. Raises StoreDown where the file cannot be written.
    """
    try:
        if file.is_dir():
            raise StoreDown(f"{file}: is a folder; name a file in it")
        if file.exists() and source.dialect.name == "sqlite" and file.samefile(_place(source)):
            raise StoreError(f"{file}: is the database itself; name another file")
        handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)  # mode 0600
        os.close(handle)
        part = Path(name)
        try:
            _write(source, part)
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(file)
        finally:
            for ending in _ASIDE:
                part.with_name(part.name + ending).unlink(missing_ok=True)
    except (OSError, sqlite3.Error) as error:
        raise StoreDown(f"{file}: cannot be written: {_why(error)}") from error


def _place(engine: Engine) -> Path:
    return Path(str(engine.url.database))


def _write(source: Engine, file: Path) -> None:
    if source.dialect.name == "sqlite":
        with closing(_connected(_place(source))) as old, closing(sqlite3.connect(file)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")  # one file, complete by itself
        return
    file.unlink()  # an empty one is no database
    with _opened(file, make=True) as target:
        upgrade(target)
        copy_rows(source, target)
    with closing(sqlite3.connect(file)) as new:
        new.execute("PRAGMA journal_mode=DELETE")


def put_back(file: Path, database: Path) -> Path | None:
    """Puts a backup where a SQLite database belongs; where the old one was moved, if there was one.

    Nothing may work on it meanwhile. Raises StoreError where the file is no whole backup.
    """
    _require_whole(file)
    aside = None
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{database.name}-", dir=database.parent)
        os.close(handle)
        with closing(_connected(file)) as source, closing(sqlite3.connect(name)) as target:
            source.backup(target)
        if database.exists():
            aside = _free_name(database)
            for ending in _ASIDE:
                beside = database.with_name(database.name + ending)
                if beside.exists():
                    beside.replace(aside.with_name(aside.name + ending))
        Path(name).replace(database)
    except (OSError, sqlite3.Error) as error:
        raise StoreDown(f"{database}: cannot be written: {_why(error)}") from error
    return aside


def put_into(file: Path, target: Engine, *, replace: bool) -> dict[str, int]:
    """Puts a backup into a database server, whose tables are made where there are none."""
    _require_whole(file)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "backup.db")  # an older version's is upgraded, and the backup stays
        with closing(_connected(file)) as source, closing(sqlite3.connect(copy)) as new:
            source.backup(new)
        with _opened(copy, make=False) as source_engine:
            upgrade(source_engine)
            upgrade(target)
            require_current(target)
            return copy_rows(source_engine, target, replace=replace)


def _require_whole(file: Path) -> None:
    try:
        with closing(_connected(file)) as backup:
            (verdict,) = backup.execute("PRAGMA integrity_check(1)").fetchone()
            version = backup.execute("SELECT version_num FROM alembic_version").fetchone()
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{file}: is no backup of the bot's: {_why(error)}") from error
    if verdict != "ok" or not version:
        raise StoreError(f"{file}: is damaged: {verdict}")


def _connected(file: Path) -> sqlite3.Connection:
    """A SQLite file that must be there; nothing is made."""
    if not file.is_file():
        raise FileNotFoundError(2, "there is no such file")
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True)


@contextmanager
def _opened(file: Path, *, make: bool) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{file}", make=make)
    try:
        yield engine
    finally:
        engine.dispose()


def _free_name(database: Path) -> Path:
    number = 1
    while (name := database.with_name(f"{database.name}-before-restore-{number}")).exists():
        number += 1
    return name


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
