"""Which of several processes watches the mailbox: at most one, by a lock of PostgreSQL's.

A session-level advisory lock lives and dies with its session (PostgreSQL 13.3.5), so it has a
connection of its own: while that answers, the lock is held. Two watchers for a moment, one of
which has not yet noticed that it lost its connection, are harmless: a mail is kept once.

On SQLite one process works: it locks a file beside the database. Not the database's own: closing
that one would end SQLite's locks on it, too. The lock ends with its process, however that ends.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import structlog
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.store.errors import StoreDown, StoreError, translated

if TYPE_CHECKING:  # only PostgreSQL needs it
    import psycopg

NEWS = "upaep_list_bot_received"
"""The channel on which others hear that there is work."""

log = structlog.get_logger()


class LeaderLock(AbstractContextManager["LeaderLock"]):
    """This process's part in the election. SQLite is for a single process, which always watches.

    Needs a session of its own: a pooler between the bot and PostgreSQL must not share sessions.
    """

    def __init__(self, engine: Engine, name: str) -> None:
        """`name` tells what is watched: processes that give the same one stand for election."""
        self._engine = engine
        self._key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        self._session: Connection | None = None
        self._driver: psycopg.Connection[Any] | None = None
        self._held: bool | None = None  # not known before it was asked

    def __exit__(self, *_: object) -> None:
        self.close()

    def held(self) -> bool:
        """Whether this process watches; from now on it does, if nobody else did.

        Raises StoreError where the database cannot be asked; then it does not.
        """
        if self._engine.dialect.name != "postgresql":
            return True
        try:
            held = self._asked()
        except StoreError:  # the connection was lost: on a new one the election may be won again
            self.close()
            held = self._asked()
        if held is not self._held:
            log.info("watch.won" if held else "watch.another_process_has_it")
        self._held = held
        return held

    def fileno(self) -> int:
        """A file that can be read from as soon as there is news; -1 where there is no session."""
        if self._session is None or self._session.closed:
            return -1
        return -1 if self._driver is None else self._driver.fileno()

    def close(self) -> None:
        """Ends the session and with it the watch."""
        session, self._session, self._held = self._session, None, None
        if session is not None:
            with suppress(SQLAlchemyError):  # it may be broken already
                session.close()
        if self._driver is not None:
            self._driver.close()  # SQLAlchemy lets go of a detached one that broke, still open
            self._driver = None

    def _asked(self) -> bool:
        try:
            with translated():
                if self._session is None:
                    self._session = self._opened()
                elif self._held:
                    self._session.execute(text("SELECT 1"))
                    return True
                lock = text("SELECT pg_try_advisory_lock(:key)")
                return bool(self._session.scalar(lock, {"key": self._key}))
        except StoreError:
            self.close()
            raise

    def _opened(self) -> Connection:
        session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            session.detach()  # back in a pool it would keep the lock
            # A machine that vanished gives the watch up within a minute, not after TCP's two hours.
            for setting in ("idle = 20", "interval = 10", "count = 4"):
                session.execute(text(f"SET tcp_keepalives_{setting}"))
            session.execute(text(f"LISTEN {NEWS}"))
            driver = cast("psycopg.Connection[Any]", session.connection.dbapi_connection)
            driver.add_notify_handler(_ignored)
            self._driver = driver
        except BaseException:
            session.close()
            raise
        return session


def tell(connection: Connection) -> None:
    """With the commit of this transaction, wakes those who do not watch."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"NOTIFY {NEWS}"))


def _ignored(_: object) -> None:
    """What was heard is not kept: that something came is all there is to know."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds the lock while the block lasts; raises StoreError where another process has it."""
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreDown(f"{path}: {error.strerror}") from error
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(file, 20, 0).decode("ascii", "replace").strip()
            database = path.with_name(path.name.removesuffix("-lock"))
            raise StoreError(
                f"another `run` works on {database} (process {holder or 'unknown'}): stop it "
                "first; SQLite is for one, PostgreSQL for several"
            ) from None
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(file)
