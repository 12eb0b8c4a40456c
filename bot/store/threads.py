"""Which Message-IDs belong to which case."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, select

from bot.store.base import Unit, insert_for, insert_missing
from bot.store.cache import Cache
from bot.store.identity import id_hash
from bot.store.tables import THREAD


class ThreadWork(Unit):
    """Collects the ids of cases' mail, written together."""

    def __init__(self, connection: Connection, memory: Cache) -> None:
        super().__init__(connection, memory)
        self._came: dict[str, str] = {}  # the hashes of ids that others chose, and whose they are

    def sent(self, folio: str, message_id: str) -> None:
        """Notes that a mail of ours is of this case."""
        self.put_off(_insert_own(self._connection.dialect.name), _row(folio, id_hash(message_id)))

    def came(self, folio: str, message_id: str) -> None:
        """Notes that a mail that came is of this case, unless its id is another case's own.

        Whoever copies a Message-ID gains nothing by it.
        """
        self._came.setdefault(id_hash(message_id), folio)

    def refer(self, folio: str, message_ids: Iterable[str]) -> None:
        """Notes that mail of this case referred to these ids."""
        statement = insert_missing(self._connection, THREAD)
        self.put_off(statement, *(_row(folio, id_hash(i), own=False) for i in message_ids))

    def flush(self) -> None:
        super().flush()
        came, self._came = self._came, {}
        if not came:
            return
        owners = self._connection.execute(_OWNERS, {"hashes": list(came)}).all()
        taken = {row.message_id_hash for row in owners if row.folio != came[row.message_id_hash]}
        rows = [_row(folio, hashed) for hashed, folio in came.items() if hashed not in taken]
        if rows:
            self._connection.execute(_insert_own(self._connection.dialect.name), rows)


def _row(folio: str, hashed: str, *, own: bool = True) -> dict[str, Any]:
    return {"message_id_hash": hashed, "folio": folio, "own": own}


@cache
def _insert_own(dialect: str) -> Insert:
    # What was only referred to may turn out to be the case's own.
    statement: Insert = insert_for(dialect, THREAD).on_conflict_do_update(
        index_elements=["message_id_hash", "folio"], set_={"own": True}
    )
    return statement


_OWNERS = select(THREAD.c.message_id_hash, THREAD.c.folio).where(
    THREAD.c.message_id_hash.in_(bindparam("hashes", expanding=True)), THREAD.c.own.is_(True)
)
