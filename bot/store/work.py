"""One transaction: everything that a message leads to, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.store.cases import CaseWork
from bot.store.errors import translated
from bot.store.letters import LetterWork
from bot.store.messages import MessageWork
from bot.store.register import RegisterWork
from bot.store.staff import StaffWork
from bot.store.timetable import TimetableWork


class Work(CaseWork, LetterWork, MessageWork, RegisterWork, StaffWork, TimetableWork):
    """What is read and written within `Store.work()`; made there, used by one thread."""

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """One of several messages: what it wrote is undone if the block raises, the rest stays.

        After a Conflict within it the block can be done again with fresh data.
        """
        try:
            self.flush()
            with translated(), self._connection.begin_nested():
                yield
                self.flush()
        except BaseException:
            self.forget()
            raise
