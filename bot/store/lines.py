"""The two lines in which messages wait: slow ones apart, with all else that their senders wrote."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, func, not_, or_, select

from bot.store.claims import is_free
from bot.store.tables import MESSAGE
from bot.workflow.lifecycle import InboundStatus

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
