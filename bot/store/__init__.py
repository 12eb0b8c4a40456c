"""Everything that is kept: raw mail, cases and their history, the outbox. All SQL is here."""

from bot.store.engine import sqlite_problem
from bot.store.errors import (
    Conflict,
    StoreBusy,
    StoreDown,
    StoreError,
    StoreMissing,
    StoreOutdated,
)
from bot.store.forgetting import Export, Held
from bot.store.leader_lock import LeaderLock
from bot.store.outbox import Outbox
from bot.store.store import Store, UnitOfWork
from bot.store.values import Counters, StoredEvent

__all__ = [
    "Conflict", "Counters", "Export", "Held", "LeaderLock", "Outbox", "Store",
    "StoreBusy", "StoreDown", "StoreError", "StoreMissing", "StoreOutdated", "StoredEvent",
    "UnitOfWork", "sqlite_problem",
]  # fmt: skip
