"""Seals of all histories, each told from the one before: what did not go on is not read again."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, union

from bot.store.tables import CASE, EVENT
from bot.store.verifier import HistoryLine, Seal, ends_of, hundreds_of, seal_of_ends

MANY = 100  # hundreds that went on: for more of them all ends are read

_HASHES = select(EVENT.c.folio, EVENT.c.number, EVENT.c.at, EVENT.c.what, EVENT.c.hash)
_HASHES = _HASHES.order_by(EVENT.c.folio, EVENT.c.number)
_LATER = _HASHES.where(
    EVENT.c.folio.in_(select(EVENT.c.folio).where(EVENT.c.at >= bindparam("until")))
)
_ENDS = select(CASE.c.folio, CASE.c.events, CASE.c.head).where(CASE.c.events > 0)
_SOME_ENDS = _ENDS.where(CASE.c.folio.in_(bindparam("folios", expanding=True)))
_NEWEST = select(func.max(EVENT.c.id))
# Of two finds, each by an index: with OR, SQLite would walk through all events.
_WENT_ON = union(
    select(EVENT.c.folio).where(EVENT.c.at >= bindparam("since")),
    select(EVENT.c.folio).where(EVENT.c.id > bindparam("newest")),
)


def hashes(connection: Connection) -> Iterator[HistoryLine]:
    """What a seal must know of every line, case by case, oldest first."""
    return _known(connection.execute(_HASHES))


class Sealer:
    """Of one store, for one thread: whoever keeps the schedule.

    Of each hundred of cases it knows the seal as of the last moment asked for.
    """

    def __init__(self) -> None:
        self._hundreds: dict[str, Seal] = {}
        self._until = dt.datetime.max.replace(tzinfo=dt.UTC)
        self._newest = 0

    def seal(self, connection: Connection, until: dt.datetime) -> Seal:
        """How all histories ended at a moment, as one hash that bears witness to them.

        Only of cases that went on since are the lines read: there are few, and many of the others.
        """
        newest = connection.scalar(_NEWEST) or 0
        ends = {row.folio: (row.events, row.head) for row in self._ends(connection, until)}
        later = tuple(_known(connection.execute(_LATER, {"until": until})))
        for folio in {line.folio for line in later}:
            ends.pop(folio, None)
        told = hundreds_of(ends | ends_of(later, until))
        self._hundreds |= {name: seal_of_ends(some) for name, some in told.items()}
        self._until, self._newest = until, newest
        return seal_of_ends(self._hundreds)

    def _ends(self, connection: Connection, until: dt.datetime) -> Iterable[Row[Any]]:
        """How histories end, of every hundred of which one went on since the last seal."""
        if until >= self._until:
            since = {"since": self._until, "newest": self._newest}
            went_on = {folio[:-2] for folio in connection.scalars(_WENT_ON, since)}
            if len(went_on) <= MANY:
                folios = [f"{name}{number:02}" for name in went_on for number in range(100)]
                return connection.execute(_SOME_ENDS, {"folios": folios})
        self._hundreds = {}
        return connection.execute(_ENDS)


def _known(rows: Iterable[Row[Any]]) -> Iterator[HistoryLine]:
    for row in rows:
        yield HistoryLine(row.folio, row.number, row.at, row.what, row.hash)
