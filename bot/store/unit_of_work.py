"""One transaction: everything that one or several messages lead to, or nothing of it."""

from __future__ import annotations

from bot.store.messages import MessageWork
from bot.store.outbox_work import OutboxWork
from bot.store.register import RegisterWork
from bot.store.staff import StaffWork
from bot.store.timetable import TimetableWork


class UnitOfWork(RegisterWork, OutboxWork, MessageWork, StaffWork, TimetableWork):
    """What is read and written within `Store.work()`; made there, used by one thread."""
