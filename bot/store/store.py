"""The store: where everything is kept, and the only place with SQL."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, text

from bot.store import forgetting
from bot.store.cases import CaseRepository, count_states
from bot.store.copying import back_up, copy_rows, put_back, put_into
from bot.store.engine import is_missing, open_engine
from bot.store.errors import translated
from bot.store.events import EventRepository
from bot.store.forgetting import Export, Held, KindOf, RetentionRepository
from bot.store.leader_lock import LeaderLock, locked
from bot.store.message_repository import MessageRepository
from bot.store.messages import Messages
from bot.store.migrate import current, require_current, upgrade
from bot.store.outbox import Outbox
from bot.store.outbox_repository import OutboxRepository
from bot.store.records import Records
from bot.store.register import ListRepository, Register
from bot.store.sent_journal import SentJournal
from bot.store.staff import StaffRepository
from bot.store.threads import Threads
from bot.store.timetable import TimetableRepository
from bot.store.tokens import TokenRepository
from bot.store.transactions import Cache, Transaction, Transactional


class UnitOfWork:
    """What is read and written within `Store.work()`; made there, used by one thread."""

    def __init__(self, connection: Connection, cache: Cache) -> None:
        self._transaction = transaction = Transaction(connection, cache)
        threads = Threads(transaction)
        self.events = EventRepository(transaction)
        self.tokens = TokenRepository(transaction)
        self.cases = CaseRepository(transaction, self.events, threads, self.tokens)
        self.lists = ListRepository(transaction, self.cases)
        self.messages = MessageRepository(transaction, threads)
        self.outbox = OutboxRepository(transaction, threads)
        self.staff = StaffRepository(transaction)
        self.timetable = TimetableRepository(transaction)
        self.retention = RetentionRepository(transaction)

    def flush(self) -> None:
        """Writes what was put off to the end."""
        self._transaction.flush()
        count_states(self._transaction.connection, self.cases.moved)

    def abandon(self) -> None:
        """The transaction is undone: what it took in vain is used later."""
        self.cases.return_folios()


class Store(Transactional, AbstractContextManager["Store"]):
    """The database. Threads may share it; each transaction belongs to one.

    `messages` takes mail in, `outbox` delivers it, `records` and `register` read back; `work` is
    for what one message leads to. Everything raises StoreError; Conflict, StoreBusy and StoreDown
    pass by trying again.
    """

    def __init__(self, url: str, password: str = "", *, make: bool = True) -> None:
        """For `database.url`, whose tables are as they were: see `open` and `existing`."""
        self._made = make and is_missing(url)
        engine = open_engine(url, password, make=make)
        super().__init__(engine)
        self.messages = Messages(engine)
        self._journal = _journal_of(engine)
        self.outbox = Outbox(engine, self._journal)
        self.records = Records(engine)
        self.register = Register(engine)
        self._cache = Cache()

    @classmethod
    def open(cls, url: str, password: str = "") -> Self:
        """Opens the database and brings its tables up to date."""
        return cls(url, password)._begun(upgrade)

    @classmethod
    def existing(cls, url: str, password: str = "") -> Self:
        """Opens a database that is there and up to date, and makes nothing.

        Raises StoreMissing, StoreOutdated.
        """
        return cls(url, password, make=False)._begun(require_current)

    def _begun(self, look_at_tables: Callable[[Engine], None]) -> Self:
        try:
            look_at_tables(self._writer)
            self.outbox.note_sent()
        except BaseException:
            self.close()
            raise
        return self

    def release_dead(self, is_alive: Callable[[str], bool]) -> int:
        """Frees what workers held that are no more, before their leases end; how many claims.

        For the start of a process: what a killed one held need not wait.
        """
        both = (self.messages.claims, self.outbox.claims)
        dead = {worker for claims in both for worker in claims.holders() if not is_alive(worker)}
        return sum(claims.release(worker) for claims in both for worker in dead)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other process does the same meanwhile on a SQLite database; a server takes several.

        Raises StoreError where one does.
        """
        if self.is_shared:
            yield
        else:
            with locked(Path(f"{self._writer.url.database}-lock")):
                yield

    def back_up(self, file: Path) -> None:
        """The database whole, in a file of its owner's alone; others may go on with it."""
        self.outbox.note_sent()
        back_up(self._writer, file)

    def copy_to(self, url: str, password: str) -> dict[str, int]:
        """Copies everything into another, empty database; how many rows of each table."""
        with type(self).open(url, password) as target:
            return copy_rows(self._writer, target._writer)

    @classmethod
    def restore(
        cls, file: Path, url: str, password: str = "", *, replace: bool = False
    ) -> Path | None:
        """Puts a backup back; where the SQLite file went that was there before.

        Raises StoreError where the file is no backup, where something works on the database, and
        where a server's holds data that is not to be replaced.
        """
        with cls(url, password) as store:
            if store.is_shared:
                put_into(file, store._writer, replace=replace)
                return None
            database, is_new = Path(str(store._writer.url.database)), store._made
            with store.alone():
                store.close()
                if is_new:
                    database.unlink()  # the empty one that opening made
                return put_back(file, database)

    def held(self, email: str, kind_of: KindOf) -> Held:
        """What is known of a person."""
        with self._reading() as connection:
            return forgetting.held(connection, email, kind_of)

    def export(self, found: Held) -> Export:
        """All of that, for the person."""
        with self._reading() as connection:
            return forgetting.export(connection, found)

    def forget(
        self,
        email: str,
        kind_of: KindOf,
        staff: frozenset[str],
        now: dt.datetime,
        look: Callable[[Held], None] = lambda found: None,
    ) -> Held:
        """Takes a person's data out, free pages and write-ahead log included; what it was.

        `look` is handed what was found, before it is taken out; where it raises, nothing is.
        """
        self.outbox.note_sent()
        with self._writing() as connection:
            found = forgetting.held(connection, email, kind_of)
            look(found)
            forgetting.forget(connection, email, found, kind_of, staff, now)
        self._compact()
        return found

    def _compact(self) -> None:
        """Writes the files anew: a row that was changed may stand in a free page for years."""
        with self._turn(), translated(), self._single.connect() as connection:
            if self.is_shared:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.execute(text("VACUUM FULL"))
            else:
                driver = connection.connection.driver_connection
                for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                    driver.execute(statement).fetchall()  # type: ignore[union-attr]

    def watch(self, name: str) -> LeaderLock:
        """This process's part in the election of who watches what `name` names."""
        return LeaderLock(self._writer, name)

    @property
    def is_shared(self) -> bool:
        """Whether other processes may work on it too, as on a server."""
        return self._journal is None

    def close(self) -> None:
        self._writer.dispose()
        if self._journal is not None:
            self._journal.close()

    def unmake(self) -> None:
        """Closes; a SQLite file goes that was not there before: making it was a mistake."""
        self.close()
        if self._made:
            database = Path(str(self._writer.url.database))
            for ending in ("", "-wal", "-shm", "-sent", "-lock"):
                database.with_name(database.name + ending).unlink(missing_ok=True)

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        """A transaction: committed at the end of the block, undone if it raises."""
        with self._writing() as connection:
            work = UnitOfWork(connection, self._cache)
            try:
                yield work
                work.flush()
            except BaseException:
                work.abandon()
                raise

    def ping(self) -> str:
        """What is at the other end, once it has shown that it can be written to."""
        with self._writing() as connection:
            ask = "sqlite_version()" if connection.dialect.name == "sqlite" else "version()"
            version = str(connection.scalar(text(f"SELECT {ask}")))
            name = "SQLite" if connection.dialect.name == "sqlite" else ""
            told = " ".join([name, *version.split()[:2]]).strip()
            return f"{told}, tables at {current(connection)}"


def _journal_of(engine: Engine) -> SentJournal | None:
    """The file beside a SQLite database; a server takes an acknowledgement while others write."""
    if engine.dialect.name != "sqlite":
        return None
    return SentJournal(Path(f"{engine.url.database}-sent"))
