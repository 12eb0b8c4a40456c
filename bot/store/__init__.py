"""Everything that is kept: raw mail, cases and their history, the outbox. All SQL is here."""

from bot.store.errors import Conflict, StoreBusy, StoreDown, StoreError
from bot.store.leader_lock import Watch
from bot.store.outbox import Outbox
from bot.store.receiving import Prepared
from bot.store.store import Store
from bot.store.unit_of_work import Work
from bot.store.values import (
    CaseFilter,
    Claimed,
    Counters,
    Due,
    ListFilter,
    OutboxEntry,
    OutboxMail,
    Place,
    Receipt,
    Received,
    StoredEvent,
    StoredMessage,
)

__all__ = [
    "CaseFilter",
    "Claimed",
    "Conflict",
    "Counters",
    "Due",
    "ListFilter",
    "Outbox",
    "OutboxEntry",
    "OutboxMail",
    "Place",
    "Prepared",
    "Receipt",
    "Received",
    "Store",
    "StoreBusy",
    "StoreDown",
    "StoreError",
    "StoredEvent",
    "StoredMessage",
    "Watch",
    "Work",
]
