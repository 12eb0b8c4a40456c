"""Opening the database: SQLite set up for safety, PostgreSQL through psycopg."""

import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.store.errors import StoreBusy, StoreDown, StoreError, StoreMissing

BUSY_MS = 15_000  # how long a writer waits for another one (SQLite)
TURN = "turn"
READS = {"reads": True}
"""Execution options of a transaction that only reads."""


def open_engine(url: str, password: str = "", *, make: bool = True) -> Engine:
    """The engine for `database.url`; makes the folder and file of a SQLite database.

    `password` replaces the one of the URL. Raises StoreError for a URL that is none or names
    another kind of database, StoreDown where the file cannot be made, StoreMissing where there is
    none and `make` is false.
    """
    try:
        parsed = make_url(url)
    except SQLAlchemyError as error:
        raise StoreError("database.url is not a database URL") from error
    if password:
        parsed = parsed.set(password=password)
    match parsed.get_backend_name():
        case "sqlite":
            return _sqlite(parsed, make)
        case "postgresql":
            return _postgresql(parsed)
        case other:
            raise StoreError(f"database.url: {other} is not supported; use sqlite or postgresql")


def _postgresql(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,  # errors must not carry mail or keys into a log
        pool_size=8,
        connect_args={
            "connect_timeout": 10,
            "client_encoding": "utf8",  # told what the server has, it might give bytes
            "application_name": "upaep-list-bot",
            # A server that vanished is noticed within a minute, not after TCP's two hours.
            "keepalives_idle": 20,
            "keepalives_interval": 10,
            "keepalives_count": 4,
            "options": "-c timezone=UTC -c lock_timeout=15s",
        },
    )


def _sqlite(url: URL, make: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise StoreError("database.url: a database in memory keeps nothing; name a file")
    path = Path(url.database)
    if make:
        _make_private(path)
    elif not _is_there(path):
        raise StoreMissing(f"{path} does not exist; `run` or `db create` makes it")
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": BUSY_MS / 1000},
        execution_options={TURN: threading.Lock()},
    )
    event.listen(engine, "connect", partial(_set_up, path.parent))
    event.listen(engine, "begin", _begin)
    return engine


def turn(engine: Engine) -> Callable[[], AbstractContextManager[None]]:
    """What a transaction that writes is begun within.

    The threads of one process wait for each other in a line; left to SQLite they would try again
    after pauses that grow, and the one that comes seldom might never have its turn.
    """
    lock: threading.Lock | None = engine.get_execution_options().get(TURN)
    return nullcontext if lock is None else partial(_in_turn, lock)


@contextmanager
def _in_turn(lock: threading.Lock) -> Iterator[None]:
    if not lock.acquire(timeout=BUSY_MS / 1000):
        raise StoreBusy("another thread has been writing for too long")
    try:
        yield
    finally:
        lock.release()


def sqlite_problem(url: str) -> str:
    """Why the file of a SQLite database could not be made, as far as looking tells; or nothing."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return ""
    folder = Path(parsed.database).parent
    while not folder.exists():
        folder = folder.parent
    writable = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    return "" if writable else f"nothing can be written in {folder}"


def is_missing(url: str) -> bool:
    """Whether this names a SQLite file that is not there; of what is no URL nothing is said."""
    try:
        parsed = make_url(url)
    except SQLAlchemyError:
        return False
    is_file = parsed.get_backend_name() == "sqlite" and bool(parsed.database)
    return is_file and not _is_there(Path(str(parsed.database)))


def _is_there(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreDown(f"{path}: {error.strerror}") from error


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Made before SQLite does it: nobody else reads the mail, not even for a moment. Its -wal
        # and -shm files take the mode of this one. It is not opened: a process that closes any
        # descriptor of a file loses SQLite's locks on it (sqlite.org/howtocorrupt.html, 2.2).
        with suppress(FileExistsError):
            os.mknod(path.resolve(), 0o600)
        path.chmod(0o600)
    except OSError as error:
        raise StoreDown(f"{path}: {error.strerror}") from error


def _set_up(folder: Path, connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours: see _begin
    with closing(connection.cursor()) as cursor:
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "synchronous=FULL",  # a commit survives a power cut
            "foreign_keys=ON",
        ):
            cursor.execute(f"PRAGMA {pragma}").fetchall()
        if cursor.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            # Two that turn a new file to WAL at once do not wait: SQLite refuses one of them,
            # whatever its time to wait is, since each would wait for the other.
            with _one_by_one(folder):
                cursor.execute("PRAGMA journal_mode=WAL").fetchall()


@contextmanager
def _one_by_one(folder: Path) -> Iterator[None]:
    """Threads and processes wait here for each other, as long as a writer waits."""
    give_up = time.monotonic() + BUSY_MS / 1000
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise StoreDown(f"{folder}: {error.strerror}") from error
    try:
        while not _locks(descriptor):
            if time.monotonic() > give_up:
                raise StoreBusy(f"another process has been holding {folder} for too long")
            time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def _locks(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _begin(connection: Connection) -> None:
    # A writer takes the lock at once: two that read first and write later would have to give up.
    only_reads = connection.get_execution_options().get("reads", False)
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")
