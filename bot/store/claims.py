"""Claims: what one worker, and nobody else, works on until its lease ends.

A row of such a table has `claimed_by`, `claimed_until` and `attempts`. Messages wait in two lines:
slow ones apart, with all else that their senders wrote.
"""

import datetime as dt
import os
import socket
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    update,
)

from bot.store.tables import MESSAGE
from bot.store.transactions import Transactional
from bot.workflow.lifecycle import InboundStatus

LEASE = dt.timedelta(minutes=5)
"""How long a worker may hold what it claimed; longer than any message or batch of mail takes."""
GIVEN_BACK: dict[str, Any] = {"claimed_by": None, "claimed_until": None}


def is_free(table: Table) -> ColumnElement[bool]:
    """Whether nobody holds a row at the time `now`."""
    until = table.c.claimed_until
    return or_(until.is_(None), until <= bindparam("now"))


class Claims(Transactional):
    """The claims on one table, of whose rows `waiting` tells which can be claimed."""

    def __init__(self, engine: Engine, table: Table, waiting: ColumnElement[bool]) -> None:
        super().__init__(engine)
        self._table, self._held = table, and_(waiting, table.c.claimed_by.is_not(None))
        self._take = (
            update(table)
            .where(table.c.id.in_(bindparam("ids", expanding=True)))
            .values(
                claimed_by=bindparam("worker"),
                claimed_until=bindparam("until"),
                attempts=table.c.attempts + 1,
            )
            .returning(table)
        )

    def take(
        self, connection: Connection, ids: Sequence[int], worker: str, until: dt.datetime
    ) -> list[Row[Any]]:
        """Claims rows that are free, in a transaction that has locked them; in this order."""
        claim = {"ids": list(ids), "worker": worker, "until": until}
        rows = {row.id: row for row in connection.execute(self._take, claim)}
        return [rows[number] for number in ids]

    def release(self, worker: str = "", *, unblamed: bool = False) -> int:
        """Frees what a worker (all workers where none is named) held when it died; how many.

        For a process that knows that nobody works under that name. `unblamed`: the worker lives,
        and what it held is given back as if never claimed.
        """
        free = update(self._table).where(self._held)
        if worker:
            free = free.where(self._table.c.claimed_by == worker)
        if unblamed:
            free = free.values(attempts=self._table.c.attempts - 1)
        return self._change(free.values(**GIVEN_BACK))

    def holders(self) -> set[str]:
        """Workers that hold claims, dead or alive."""
        return {row[0] for row in self._rows(select(self._table.c.claimed_by).where(self._held))}

    def hand_back(self, ids: Sequence[int], worker: str, **changes: Any) -> None:
        """Gives back what was claimed but not worked on, as if never claimed, with `changes`."""
        back = update(self._table).where(
            self._held, self._table.c.id.in_(ids), self._table.c.claimed_by == worker
        )
        values = {**GIVEN_BACK, "attempts": self._table.c.attempts - 1, **changes}
        self._change(back.values(**values))


def own_name() -> str:
    """The name that this process claims under: host and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"


def is_alive(worker: str) -> bool:
    """Whether a worker may still be at it; one on another host always may: its lease tells.

    This process's own name, found before it has claimed anything, is that of a dead one that had
    the same process id.
    """
    host, _, pid = worker.rpartition(":")
    if host != socket.gethostname() or not pid.isdigit():
        return True
    if worker == own_name():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


RECEIVED = MESSAGE.c.status == InboundStatus.RECEIVED
_FREE = is_free(MESSAGE)
_SLOW = MESSAGE.alias("slow")
_STANDS_BEHIND = exists().where(
    _SLOW.c.status == InboundStatus.RECEIVED,
    _SLOW.c.slow.is_(True),
    _SLOW.c.turn == MESSAGE.c.turn,
    MESSAGE.c.turn != "",
)
_IN_LINE = or_(MESSAGE.c.slow, _STANDS_BEHIND)
ORDINARY_BYTES = 2**16
"""Larger messages come after the others of their round: as a rule they take longer to read."""


def _picking(in_line: ColumnElement[bool]) -> Select[Any]:
    place = func.row_number().over(partition_by=MESSAGE.c.turn, order_by=MESSAGE.c.id)
    waiting = select(MESSAGE.c.id, place.label("place")).where(RECEIVED, _FREE, in_line).subquery()
    return (
        select(MESSAGE.c.id, MESSAGE.c.attempts, MESSAGE.c.size)
        .join(waiting, waiting.c.id == MESSAGE.c.id)
        .where(RECEIVED, _FREE)
        .order_by(waiting.c.place, MESSAGE.c.size > ORDINARY_BYTES, MESSAGE.c.id)
        .limit(bindparam("limit"))
        # SQLite, where writers stand in line, has no such clause.
        .with_for_update(skip_locked=True, of=MESSAGE)
    )


_PICK = {True: _picking(_IN_LINE), False: _picking(not_(_IN_LINE))}
"""By whether the slow ones are wanted."""


def pick(
    connection: Connection, now: dt.datetime, limit: int, max_bytes: int, *, slow: bool
) -> list[int]:
    """The ids to claim: a message that was claimed before alone, others together."""
    ids: list[int] = []
    held = 0
    for row in connection.execute(_PICK[slow], {"now": now, "limit": limit}).all():
        held += row.size
        if ids and (row.attempts or held > max_bytes):
            break
        ids.append(row.id)
        if row.attempts:
            break
    return ids
