"""Which Message-IDs belong to which case."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, select

from bot.store.base import Unit, insert_missing, insert_new
from bot.store.identity import id_hash
from bot.store.rows import THREAD


class ThreadWork(Unit):
    """Collects the ids of a case's own mail, written together."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._own: list[tuple[str, str]] = []

    def own(self, folio: str, message_id: str) -> None:
        """Notes that a mail, come or sent, is of this case."""
        self._own.append((folio, message_id))

    def flush(self) -> None:
        super().flush()
        own, self._own = dict.fromkeys(self._own), []
        for folio in dict.fromkeys(folio for folio, _ in own):
            ids = [message_id for of, message_id in own if of == folio]
            link(self._connection, folio, self._free(folio, ids), own=True)

    def _free(self, folio: str, message_ids: list[str]) -> list[str]:
        """Those that are no other case's own: whoever copies a Message-ID gains nothing by it."""
        hashes = [id_hash(i) for i in message_ids]
        taken = set(self._connection.scalars(_TAKEN, {"hashes": hashes, "case": folio}))
        return [i for i in message_ids if id_hash(i) not in taken]

    def forget(self) -> None:
        super().forget()
        self._own = []


_TAKEN = select(THREAD.c.message_id_hash).where(
    THREAD.c.message_id_hash.in_(bindparam("hashes", expanding=True)),
    THREAD.c.own.is_(True),
    THREAD.c.folio != bindparam("case"),
)


def link(connection: Connection, folio: str, ids: Iterable[str], *, own: bool) -> None:
    """Notes that Message-IDs belong to a case."""
    rows = [{"message_id_hash": id_hash(i), "folio": folio, "own": own} for i in ids]
    if not rows:
        return
    if not own:
        connection.execute(insert_missing(connection, THREAD), rows)
        return
    # What was only referred to may turn out to be the case's own.
    insert = insert_new(connection, THREAD)
    keys = ["message_id_hash", "folio"]
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_={"own": True}), rows)
