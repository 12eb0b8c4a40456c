"""Incoming messages: taken in once, claimed by one worker at a time, settled for good."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, and_, bindparam, func, or_, select, update

from bot.store import receiving
from bot.store.base import LEASE, Part, Transaction
from bot.store.errors import Conflict
from bot.store.leader_lock import tell
from bot.store.packing import unpacked
from bot.store.receiving import Key, Prepared, Row, key
from bot.store.tables import MESSAGE, PLACE, POSITION
from bot.store.threads import Threads
from bot.store.values import ClaimedMessage, ImapLocation, InboundMessage, Receipt


class Messages(Part):
    """The inbox as the database knows it."""

    def prepare(self, batch: Sequence[InboundMessage]) -> Prepared:
        """Fetched messages, made ready for `take_in`; needs no database, any thread may do it."""
        return Prepared(tuple(batch), tuple(receiving.new_row(received) for received in batch))

    def take_in(self, prepared: Prepared, last_uid: int = 0) -> tuple[Receipt, ...]:
        """Takes messages in, with their places and the position, in one transaction.

        A mail that is known already is told so and not kept again; its new place is. The position
        moves to the highest uid of the batch, or to `last_uid` where that is higher (what
        disappeared before it was fetched). Gives a receipt for each, in order.
        """
        batch, rows = prepared.batch, prepared.rows
        if not batch:
            return ()
        with self._writing() as connection:
            new = receiving.insert(connection, rows)
            ids = new | receiving.known(connection, [key(r) for r in rows if key(r) not in new])
            receiving.insert_places(connection, batch, [ids[key(row)] for row in rows])
            receiving.advance(connection, batch, last_uid)
            if new:
                tell(connection)
        receipts, seen = [], set[Key]()
        for received, row in zip(batch, rows, strict=True):
            mail = key(row)
            receipts.append(Receipt(ids[mail], received.uid, mail in new and mail not in seen))
            seen.add(mail)
        return tuple(receipts)

    def last_uid(self, mailbox: str, folder: str, uid_validity: int) -> int:
        """Up to which UID this folder was taken in; 0 where nothing was."""
        with self._reading() as connection:
            found = connection.scalar(_LAST_UID, _where(mailbox, folder, uid_validity))
        return found or 0

    def claim(
        self, worker: str, now: dt.datetime, limit: int, lease: dt.timedelta = LEASE
    ) -> tuple[ClaimedMessage, ...]:
        """Messages that wait, oldest first, for this worker alone until the lease ends.

        A message that a worker died with comes alone, so that the ones claimed beside it are not
        blamed; `attempts` tells how often it was claimed, this time included.
        """
        claim = {"worker": worker, "until": now + lease}
        with self._writing() as connection:
            ids = _pick(connection, now, limit)
            if not ids:
                return ()
            rows = connection.execute(_CLAIM, {**claim, "ids": ids}).all()
            places = _places(connection, ids)
        claimed = (
            ClaimedMessage(
                r.id,
                unpacked(r.raw),
                r.received_at,
                r.attempts,
                places.get(r.id, ()),
                r.message_id,
            )
            for r in rows
        )
        return tuple(sorted(claimed, key=lambda c: c.id))

    def release(self, worker: str = "", *, unblamed: bool = False) -> int:
        """Frees what a worker (all workers where none is named) held when it died; how many.

        For a process that knows that nobody works under that name. `unblamed`: the worker lives,
        and what it held is given back as if never claimed.
        """
        free = update(MESSAGE).where(
            MESSAGE.c.status == "received", MESSAGE.c.claimed_by.is_not(None)
        )
        if worker:
            free = free.where(MESSAGE.c.claimed_by == worker)
        if unblamed:
            free = free.values(attempts=MESSAGE.c.attempts - 1)
        with self._writing() as connection:
            return connection.execute(free.values(claimed_by=None, claimed_until=None)).rowcount

    def holders(self) -> tuple[str, ...]:
        """Workers that hold claims, dead or alive."""
        with self._reading() as connection:
            return tuple(connection.scalars(_HOLDERS))

    def hand_back(self, ids: Sequence[int], worker: str) -> None:
        """Gives back messages that were claimed but not looked at, as if never claimed."""
        with self._writing() as connection:
            connection.execute(_HAND_BACK, {"ids": list(ids), "worker": worker})

    def unflagged(
        self, mailbox: str, folder: str, uid_validity: int, limit: int = 1000
    ) -> tuple[int, ...]:
        """UIDs of settled messages whose flag on the server is still to be set."""
        values = {**_where(mailbox, folder, uid_validity), "limit": limit}
        with self._reading() as connection:
            return tuple(connection.scalars(_UNFLAGGED, values))

    def flagged(self, mailbox: str, folder: str, uid_validity: int, uids: Iterable[int]) -> None:
        """Notes that the server was told of these."""
        values = {**_where(mailbox, folder, uid_validity), "uids": list(uids)}
        with self._writing() as connection:
            connection.execute(_FLAG, values)


class MessageRepository:
    """Messages within the transaction of what one of them led to."""

    def __init__(self, transaction: Transaction, threads: Threads) -> None:
        self._connection, self._threads = transaction.connection, threads

    def finish(self, message: int, status: str, reason: str, folio: str | None = None) -> None:
        """Settles a message: done, ignored or failed. Its Message-ID then belongs to the case.

        Raises Conflict where it is settled already (a lease ended too soon).
        """
        values = {"message": message, "to": status, "why": reason, "case": folio or None}
        message_id = self._connection.execute(_FINISH, values).scalar()
        if message_id is None:
            raise Conflict(f"message {message} is settled already")
        if folio and message_id:
            self._threads.came(folio, message_id)

    def raw(self, message: int) -> tuple[bytes, dt.datetime] | None:
        """A message as it came, and when; None where only its beginning was ever had."""
        row = self._connection.execute(_RAW, {"number": message}).one_or_none()
        return (unpacked(row.raw), row.received_at) if row else None

    def first_of(self, folio: str) -> int:
        """The number of the message that opened a case; 0 where none is known."""
        return self._connection.scalar(_FIRST, {"case": folio}) or 0

    def failed(self) -> int:
        """How many messages are in quarantine."""
        return self._connection.scalar(_FAILED) or 0


# --- statements -------------------------------------------------------------------------------

_HERE = and_(
    PLACE.c.mailbox == bindparam("in_mailbox"),
    PLACE.c.folder == bindparam("in_folder"),
    PLACE.c.uidvalidity == bindparam("in_uidvalidity"),
)
_LAST_UID = select(POSITION.c.last_uid).where(
    POSITION.c.mailbox == bindparam("in_mailbox"),
    POSITION.c.folder == bindparam("in_folder"),
    POSITION.c.uidvalidity == bindparam("in_uidvalidity"),
)
_PICK = (
    select(MESSAGE.c.id, MESSAGE.c.attempts)
    .where(
        MESSAGE.c.status == "received",
        or_(MESSAGE.c.claimed_until.is_(None), MESSAGE.c.claimed_until <= bindparam("now")),
    )
    .order_by(MESSAGE.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)  # SQLite, where writers stand in line, has no such clause
)
_IN_IDS = MESSAGE.c.id.in_(bindparam("ids", expanding=True))
_CLAIM = (
    update(MESSAGE)
    .where(_IN_IDS)
    .values(
        claimed_by=bindparam("worker"),
        claimed_until=bindparam("until"),
        attempts=MESSAGE.c.attempts + 1,
    )
    .returning(
        MESSAGE.c.id,
        MESSAGE.c.raw,
        MESSAGE.c.received_at,
        MESSAGE.c.attempts,
        MESSAGE.c.message_id,
    )
)
_HOLDERS = (
    select(MESSAGE.c.claimed_by)
    .where(MESSAGE.c.status == "received", MESSAGE.c.claimed_by.is_not(None))
    .distinct()
)
_HAND_BACK = (
    update(MESSAGE)
    .where(
        _IN_IDS, MESSAGE.c.status == "received", MESSAGE.c.claimed_by == bindparam("worker")
    )
    .values(claimed_by=None, claimed_until=None, attempts=MESSAGE.c.attempts - 1)
)  # fmt: skip
_FINISH = (
    update(MESSAGE)
    .where(MESSAGE.c.id == bindparam("message"), MESSAGE.c.status == "received")
    .values(
        status=bindparam("to"),
        reason=bindparam("why"),
        folio=bindparam("case"),
        claimed_by=None,
        claimed_until=None,
    )
    .returning(MESSAGE.c.message_id)
)
_RAW = select(MESSAGE.c.raw, MESSAGE.c.received_at).where(
    MESSAGE.c.id == bindparam("number"), MESSAGE.c.whole.is_(True)
)
_FIRST = (
    select(MESSAGE.c.id).where(MESSAGE.c.folio == bindparam("case")).order_by(MESSAGE.c.id).limit(1)
)
_FAILED = select(func.count()).select_from(MESSAGE).where(MESSAGE.c.status == "failed")
_PLACES = select(PLACE).where(PLACE.c.message.in_(bindparam("ids", expanding=True)))
_UNFLAGGED = (
    select(PLACE.c.uid)
    .join(MESSAGE, MESSAGE.c.id == PLACE.c.message)
    .where(_HERE, PLACE.c.flagged.is_(False), MESSAGE.c.status.in_(["done", "ignored"]))
    .order_by(PLACE.c.uid)
    .limit(bindparam("limit"))
)
_FLAG = (
    update(PLACE)
    .where(_HERE, PLACE.c.uid.in_(bindparam("uids", expanding=True)))
    .values(flagged=True)
)


def _where(mailbox: str, folder: str, uid_validity: int) -> Row:
    return {"in_mailbox": mailbox, "in_folder": folder, "in_uidvalidity": uid_validity}


def _pick(connection: Connection, now: dt.datetime, limit: int) -> list[int]:
    """The ids to claim: a message that was claimed before alone, others together."""
    waiting = connection.execute(_PICK, {"now": now, "limit": limit}).all()
    if waiting and waiting[0].attempts:
        return [waiting[0].id]
    ids = []
    for row in waiting:
        if row.attempts:
            break
        ids.append(row.id)
    return ids


def _places(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[ImapLocation, ...]]:
    found: dict[int, tuple[ImapLocation, ...]] = {}
    for r in connection.execute(_PLACES, {"ids": list(ids)}):
        place = ImapLocation(r.mailbox, r.folder, r.uidvalidity, r.uid)
        found[r.message] = (*found.get(r.message, ()), place)
    return found
