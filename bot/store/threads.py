"""Which Message-IDs belong to which case."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from bot.store.base import insert_new
from bot.store.identity import id_hash
from bot.store.rows import THREAD


def link(connection: Connection, folio: str, ids: Iterable[str], *, own: bool) -> None:
    """Notes that Message-IDs belong to a case."""
    rows = [{"message_id_hash": id_hash(i), "folio": folio, "own": own} for i in ids]
    if not rows:
        return
    insert = insert_new(connection, THREAD)
    keys = ["message_id_hash", "folio"]
    if own:  # what was only referred to may turn out to be the case's own
        insert = insert.on_conflict_do_update(index_elements=keys, set_={"own": True})
    else:
        insert = insert.on_conflict_do_nothing(index_elements=keys)
    connection.execute(insert, rows)
