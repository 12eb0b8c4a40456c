"""Which Message-IDs belong to which case."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import String, bindparam, exists, literal, select

from bot.store.identity import id_hash
from bot.store.tables import THREAD
from bot.store.transactions import Transaction, insert_missing, insert_new


class Threads:
    """Collects the ids of cases' mail, written together at the end of a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def sent(self, folio: str, message_id: str) -> None:
        """Notes that a mail of ours is of this case."""
        statement = _insert_own(self._transaction.dialect)
        self._transaction.put_off(statement, _row(folio, message_id, own=True))

    def came(self, folio: str, message_id: str) -> None:
        """Notes that a mail that came is of this case, unless its id is another case's own.

        Whoever copies a Message-ID gains nothing by it.
        """
        statement = _insert_unless_owned(self._transaction.dialect)
        self._transaction.put_off(statement, {"hashed": id_hash(message_id), "case": folio})

    def refer(self, folio: str, message_ids: Iterable[str]) -> None:
        """Notes that mail of this case referred to these ids."""
        statement = insert_missing(self._transaction.dialect, THREAD)
        rows = (_row(folio, message_id, own=False) for message_id in message_ids)
        self._transaction.put_off(statement, *rows)


def _row(folio: str, message_id: str, *, own: bool) -> dict[str, Any]:
    return {"message_id_hash": id_hash(message_id), "folio": folio, "own": own}


@cache
def _insert_own(dialect: str) -> Any:
    # What was only referred to may turn out to be the case's own.
    return insert_new(dialect, THREAD).on_conflict_do_update(
        index_elements=["message_id_hash", "folio"], set_={"own": True}
    )


@cache
def _insert_unless_owned(dialect: str) -> Any:
    hashed, folio = bindparam("hashed", type_=String), bindparam("case", type_=String)
    owned = exists().where(
        THREAD.c.message_id_hash == hashed, THREAD.c.folio != folio, THREAD.c.own.is_(True)
    )
    row = select(hashed, folio, literal(True)).where(~owned)
    return (
        insert_new(dialect, THREAD)
        .from_select(["message_id_hash", "folio", "own"], row)
        .on_conflict_do_update(index_elements=["message_id_hash", "folio"], set_={"own": True})
    )
