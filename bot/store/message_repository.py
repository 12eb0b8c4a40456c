"""Messages within the transaction of what one of them led to."""

import datetime as dt

from sqlalchemy import bindparam, func, select, update

from bot.store.claims import GIVEN_BACK
from bot.store.columns import unpacked
from bot.store.errors import Conflict
from bot.store.tables import MESSAGE
from bot.store.threads import Threads
from bot.store.transactions import Transaction
from bot.workflow.lifecycle import InboundStatus


class MessageRepository:
    """What a message asks of the others, and its end."""

    def __init__(self, transaction: Transaction, threads: Threads) -> None:
        self._connection, self._threads = transaction.connection, threads

    def finish(
        self,
        message: int,
        status: InboundStatus,
        reason: str,
        folio: str | None = None,
        *,
        by_stranger: bool = False,
    ) -> None:
        """Settles a message: done, ignored or failed. Its Message-ID then belongs to the case.

        Not that of somebody `by_stranger` to the case, who may have taken it from another's mail.

        Raises Conflict where it is settled already (a lease ended too soon).
        """
        values = {"message": message, "to": str(status), "why": reason, "case": folio or None}
        message_id = self._connection.execute(_FINISH, values).scalar()
        if message_id is None:
            raise Conflict(f"message {message} is settled already")
        if folio and message_id and not by_stranger:
            self._threads.came(folio, message_id)

    def raw(self, message: int) -> tuple[bytes, dt.datetime] | None:
        """A message as it came, and when; None where only its beginning was ever had."""
        row = self._connection.execute(_RAW, {"number": message}).one_or_none()
        return (unpacked(row.raw), row.received_at) if row else None

    def of_same_id(self, message: int) -> tuple[int, ...]:
        """The numbers of messages that came before this one under its Message-ID and were done."""
        return tuple(self._connection.scalars(_SAME_ID, {"number": message}))

    def first_of(self, folio: str) -> int:
        """The number of the message that opened a case; 0 where none is known."""
        return self._connection.scalar(_FIRST, {"case": folio}) or 0

    def failed(self) -> int:
        """How many messages are in quarantine."""
        return self._connection.scalar(_FAILED) or 0


_FINISH = (
    update(MESSAGE)
    .where(MESSAGE.c.id == bindparam("message"), MESSAGE.c.status == InboundStatus.RECEIVED)
    .values(status=bindparam("to"), reason=bindparam("why"), folio=bindparam("case"), **GIVEN_BACK)
    .returning(MESSAGE.c.message_id)
)
_RAW = select(MESSAGE.c.raw, MESSAGE.c.received_at).where(
    MESSAGE.c.id == bindparam("number"), MESSAGE.c.whole.is_(True)
)
_EARLIER = MESSAGE.alias()
_SAME_ID = (
    select(_EARLIER.c.id)
    .join(MESSAGE, MESSAGE.c.message_id == _EARLIER.c.message_id)
    .where(
        MESSAGE.c.id == bindparam("number"),
        MESSAGE.c.message_id != "",
        _EARLIER.c.id < MESSAGE.c.id,
        # Hidden from SQLite, which would go through all that is done instead of the few of one id.
        func.coalesce(_EARLIER.c.status, "") == InboundStatus.DONE,
    )
    .order_by(_EARLIER.c.id)
    .limit(3)
)
_FIRST = (
    select(MESSAGE.c.id).where(MESSAGE.c.folio == bindparam("case")).order_by(MESSAGE.c.id).limit(1)
)
_FAILED = select(func.count()).select_from(MESSAGE).where(MESSAGE.c.status == InboundStatus.FAILED)
