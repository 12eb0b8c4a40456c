"""What staff told the bot: who is away, who stands in, what a message really asks for."""

import datetime as dt
from dataclasses import asdict, fields

from sqlalchemy import Connection, bindparam, insert, select

from bot.store.tables import CORRECTION, LEAVE
from bot.store.transactions import Transaction, insert_new
from bot.workflow.message import Address
from bot.workflow.outcome import Correction
from bot.workflow.staff import Leave


class StaffRepository:
    """Leaves and corrections within a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    def leaves(self, day: dt.date) -> tuple[Leave, ...]:
        """Who is away on a day, and whom they let act for them."""
        return tuple(
            Leave(r.person, r.first, r.last, Address(r.delegate, r.name) if r.delegate else None)
            for r in self._connection.execute(_LEAVES, {"day": day})
        )

    def save_leave(self, leave: Leave) -> None:
        """Keeps a leave in the place of what was known of the same person and delegate."""
        to = leave.delegate or Address("")
        row = {
            "person": leave.person, "delegate": to.email, "name": to.name,
            "first": leave.first, "last": leave.last,
        }  # fmt: skip
        statement = insert_new(self._transaction.dialect, LEAVE)
        changes = {name: statement.excluded[name] for name in ("name", "first", "last")}
        keys = ["person", "delegate"]
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=keys, set_=changes), row
        )

    def save_correction(self, correction: Correction, at: dt.datetime) -> None:
        """Keeps what a message really asks for. Conflict where somebody was faster."""
        self._connection.execute(_CORRECT, asdict(correction) | {"at": at})

    def corrected_by(self, message: int) -> str:
        """Who told what a message really asks for; empty where nobody did."""
        return self._connection.scalar(_CORRECTED_BY, {"number": message}) or ""


def all_corrections(connection: Connection) -> tuple[Correction, ...]:
    """Everything that was corrected, oldest message first."""
    return tuple(Correction(**row) for row in connection.execute(_CORRECTIONS).mappings())


_LEAVES = (
    select(LEAVE)
    .where(LEAVE.c.last >= bindparam("day"), LEAVE.c.first <= bindparam("day"))
    .order_by(LEAVE.c.person, LEAVE.c.delegate)
)
_CORRECT = insert(CORRECTION)
_CORRECTIONS = select(*(CORRECTION.c[field.name] for field in fields(Correction)))
_CORRECTIONS = _CORRECTIONS.order_by(CORRECTION.c.message)
_CORRECTED_BY = select(CORRECTION.c.by).where(CORRECTION.c.message == bindparam("number"))
