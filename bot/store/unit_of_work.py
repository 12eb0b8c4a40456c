"""One transaction: everything that one or several messages lead to, or nothing of it."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.store.cases import CaseRepository, count_states
from bot.store.events import EventRepository
from bot.store.forgetting import RetentionRepository
from bot.store.message_repository import MessageRepository
from bot.store.outbox_repository import OutboxRepository
from bot.store.register import ListRepository
from bot.store.staff import StaffRepository
from bot.store.threads import Threads
from bot.store.timetable import TimetableRepository
from bot.store.tokens import TokenRepository
from bot.store.transactions import Cache, Transaction


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
