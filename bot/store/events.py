"""The history of a case: append-only, each line bearing the hash of the one before.

The case row keeps the length and the last hash, so that a cut-off tail is noticed too. The chain
shows an edit by accident or by hand; whoever can rewrite all rows and the case can forge it.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from bot.store.codec import strings_to_json
from bot.store.columns import clean
from bot.store.errors import StoreError
from bot.store.tables import CASE, EVENT
from bot.store.transactions import Transaction
from bot.store.values import StoredEvent
from bot.store.verifier import START, hash_of
from bot.workflow.case import Event


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The end of a chain: how long it is, and its last hash."""

    length: int = 0
    hash: str = START


class EventRepository:
    """Histories of cases within a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._heads: dict[str, ChainHead] = {}

    def append(self, folio: str, event: Event, at: dt.datetime) -> None:
        """Adds a line to the case's history. Raises StoreError where there is no such case."""
        head = self._heads.get(folio) or self._lock(folio)
        row = _row(folio, head, event, at)
        self._heads[folio] = ChainHead(row["number"], row["hash"])
        self._transaction.put_off(_INSERT, row)
        end = {"case": folio, "length": row["number"], "last": row["hash"]}
        self._transaction.put_off(_SET_HEAD, end)

    def end_at(self, folio: str, head: ChainHead) -> None:
        """Where a history ends, told by who has just locked the case.

        Lines of ours that still wait to be written are not known to the case's row.
        """
        self._heads.setdefault(folio, head)

    def history(self, folio: str) -> tuple[Event, ...]:
        """What happened in a case, oldest first."""
        self._transaction.flush()
        return tuple(line.event for line in history(self._transaction.connection, folio))

    def last(self, what: str, folios: Iterable[str]) -> Mapping[str, dt.datetime]:
        """When the last event of a kind came in each of these cases."""
        self._transaction.flush()
        values = {"event": what, "folios": list(folios)}
        rows = self._transaction.connection.execute(_LAST, values)
        return {row.folio: row.last for row in rows}

    def with_data(
        self, key: str, since: dt.datetime, until: dt.datetime
    ) -> Mapping[str, tuple[Event, ...]]:
        """The events from `since` on and before `until` whose data have this key, by case, oldest
        first."""
        self._transaction.flush()
        found: dict[str, tuple[Event, ...]] = {}
        values = {"since": since, "until": until}
        for row in self._transaction.connection.execute(_BETWEEN, values):
            if key in (event := _event(row)).data:
                found[row.folio] = (*found.get(row.folio, ()), event)
        return found

    def _lock(self, folio: str) -> ChainHead:
        # The case row is the lock: nobody else appends until this transaction ends.
        found = self._transaction.connection.execute(_HEAD, {"case": folio}).one_or_none()
        if found is None:
            raise StoreError(f"there is no case {folio}")
        return ChainHead(found.events, found.head)


_INSERT = insert(EVENT)
_HEAD = select(CASE.c.events, CASE.c.head).where(CASE.c.folio == bindparam("case"))
_HEAD = _HEAD.with_for_update()
_SET_HEAD = (
    update(CASE)
    .where(CASE.c.folio == bindparam("case"))
    .values(events=bindparam("length"), head=bindparam("last"))
)
_LAST = (
    select(EVENT.c.folio, func.max(EVENT.c.at).label("last"))
    .where(
        EVENT.c.folio.in_(bindparam("folios", expanding=True)), EVENT.c.what == bindparam("event")
    )
    .group_by(EVENT.c.folio)
)
_BETWEEN = (
    select(EVENT)
    .where(EVENT.c.at >= bindparam("since"), EVENT.c.at < bindparam("until"), EVENT.c.data != "{}")
    .order_by(EVENT.c.folio, EVENT.c.number)
)
_ALL = select(EVENT).where(EVENT.c.folio == bindparam("case")).order_by(EVENT.c.number)


def history(connection: Connection, folio: str) -> tuple[StoredEvent, ...]:
    """The lines of a case, oldest first."""
    return tuple(
        StoredEvent(number=r.number, at=r.at, event=_event(r), hash=r.hash)
        for r in connection.execute(_ALL, {"case": folio})
    )


def _event(row: Row[Any]) -> Event:
    return Event(
        what=row.what,
        actor=row.actor,
        text=row.text,
        version=row.version,
        message_id=row.message_id,
        data=MappingProxyType(json.loads(row.data)),
    )


def lines(connection: Connection, folio: str) -> Iterator[dict[str, Any]]:
    """The lines of a case as they are hashed, with their hashes, oldest first."""
    for row in connection.execute(_ALL, {"case": folio}).mappings():
        yield {name: value for name, value in row.items() if name != "id"}


def write(connection: Connection, folio: str, lines: Iterable[tuple[Event, dt.datetime]]) -> None:
    """Writes a history that has no lines yet, and where it ends."""
    head = ChainHead()
    for event, at in lines:
        row = _row(folio, head, event, at)
        connection.execute(_INSERT, row)
        head = ChainHead(row["number"], row["hash"])
    connection.execute(_SET_HEAD, {"case": folio, "length": head.length, "last": head.hash})


def problems(connection: Connection, folio: str) -> tuple[str, ...]:
    """What is wrong with a case's history, a line each; nothing where it is whole."""
    # Locked, so that an event added meanwhile does not look like one too many.
    end = connection.execute(_HEAD, {"case": folio}).one_or_none()
    if end is None:
        return (f"there is no case {folio}",)
    found: list[str] = []
    before = ChainHead()
    for row in connection.execute(_ALL, {"case": folio}).mappings():
        found += _problems_of(dict(row), before)
        before = ChainHead(row["number"], row["hash"])
    if before.length < end.events:
        found.append(f"events {before.length + 1} to {end.events} are missing at the end")
    elif before != ChainHead(end.events, end.head):
        found.append(f"the history does not end with event {end.events} as the case says")
    return tuple(found)


def _problems_of(row: dict[str, Any], before: ChainHead) -> Sequence[str]:
    number, found = row["number"], []
    if number != before.length + 1:
        found.append(f"event {number} follows event {before.length}")
    elif row["prev_hash"] != before.hash:
        found.append(f"event {number} does not follow from the one before")
    if row["hash"] != hash_of(row):
        found.append(f"event {number} was changed")
    return found


def _row(folio: str, head: ChainHead, event: Event, at: dt.datetime) -> dict[str, Any]:
    row = {
        "folio": folio,
        "number": head.length + 1,
        "at": at,
        "what": clean(event.what),
        "actor": clean(event.actor),
        "text": clean(event.text),
        "version": event.version,
        "message_id": clean(event.message_id),
        "data": strings_to_json(event.data),
        "prev_hash": head.hash,
    }
    return row | {"hash": hash_of(row)}
