"""Everything that is kept: raw mail, cases and their history, the outbox. All SQL is here."""

from bot.store.errors import Conflict, StoreBusy, StoreDown, StoreError
from bot.store.leader_lock import LeaderLock
from bot.store.outbox import Outbox
from bot.store.receiving import Prepared
from bot.store.store import Store
from bot.store.unit_of_work import UnitOfWork
from bot.store.values import (
    CaseFilter,
    ClaimedMessage,
    Counters,
    Due,
    ImapLocation,
    InboundMessage,
    ListFilter,
    OutboxEntry,
    OutboxMail,
    Receipt,
    StoredEvent,
    StoredMessage,
)

__all__ = [
    "CaseFilter",
    "ClaimedMessage",
    "Conflict",
    "Counters",
    "Due",
    "ImapLocation",
    "InboundMessage",
    "LeaderLock",
    "ListFilter",
    "Outbox",
    "OutboxEntry",
    "OutboxMail",
    "Prepared",
    "Receipt",
    "Store",
    "StoreBusy",
    "StoreDown",
    "StoreError",
    "StoredEvent",
    "StoredMessage",
    "UnitOfWork",
]
