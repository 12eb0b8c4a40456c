"""Delivery: what is due, claimed by one worker at a time, and what became of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine, bindparam, case, func, or_, select, update

from bot.store.base import LEASE, Part
from bot.store.identity import id_hash
from bot.store.redaction import shown
from bot.store.sent_journal import Entry, SentJournal
from bot.store.tables import OUTBOX
from bot.store.values import Due, OutboxEntry


class Outbox(Part):
    """The outgoing mail. A sent mail stays, without the key it carried."""

    def __init__(self, engine: Engine, journal: SentJournal | None = None) -> None:
        """`journal` keeps acknowledgements where the database cannot note each at once."""
        super().__init__(engine)
        self._journal = journal

    def due(
        self, worker: str, now: dt.datetime, limit: int, lease: dt.timedelta = LEASE
    ) -> tuple[Due, ...]:
        """Mails whose time has come, longest due first, for this worker until the lease ends."""
        self.note_sent()
        with self._writing() as connection:
            ids = connection.scalars(_PICK, {"now": now, "limit": limit}).all()
            if not ids:
                return ()
            claim = {"ids": ids, "worker": worker, "until": now + lease}
            rows = {row.id: row for row in connection.execute(_CLAIM, claim)}
        return tuple(
            Due(
                id=row.id,
                folio=row.folio or "",
                template=row.template,
                sender=row.sender,
                recipients=tuple(json.loads(row.recipients)),
                raw=shown(row.raw, row.secret or ""),
                attempts=row.attempts,
                created_at=row.created_at,
            )
            for row in (rows[i] for i in ids)
        )

    def sent(self, mail: int, at: dt.datetime) -> None:
        """The server took it; from now on it is not sent again."""
        if self._journal is not None:
            self._journal.add(mail, at)
        else:
            self._note([(mail, at)])

    def note_sent(self) -> None:
        """Notes in the database what only the journal knows as sent."""
        if self._journal is not None:
            with self._journal.taken() as entries:
                self._note(entries)

    def _note(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        with self._writing_once() as connection:
            connection.execute(_SENT, [{"number": mail, "now": at} for mail, at in entries])

    def deferred(self, mail: int, at: dt.datetime, reason: str, next_try: dt.datetime) -> None:
        """Not now: it is tried again."""
        values = {"number": mail, "why": f"{at:%Y-%m-%d %H:%M} {reason}", "next": next_try}
        with self._writing_once() as connection:
            connection.execute(_DEFERRED, values)

    def hand_back(self, mails: Sequence[int], worker: str, next_try: dt.datetime) -> None:
        """Gives back mails that were claimed but not tried, as if never claimed."""
        values = {"ids": list(mails), "worker": worker, "next": next_try}
        with self._writing() as connection:
            connection.execute(_HAND_BACK, values)

    def failed(self, mail: int, at: dt.datetime, reason: str) -> None:
        """Never, unless a person says `retry`."""
        values = {"number": mail, "why": f"{at:%Y-%m-%d %H:%M} {reason}"}
        with self._writing() as connection:
            connection.execute(_FAILED, values)

    def release(self, worker: str = "", *, unblamed: bool = False) -> int:
        """Frees what a worker (all where none is named) held when it died; how many.

        `unblamed`: the worker lives, and what it held is given back as if never claimed.
        """
        free = update(OUTBOX).where(
            OUTBOX.c.status == "waiting", OUTBOX.c.claimed_by.is_not(None)
        )  # fmt: skip
        if worker:
            free = free.where(OUTBOX.c.claimed_by == worker)
        if unblamed:
            free = free.values(attempts=OUTBOX.c.attempts - 1)
        with self._writing() as connection:
            return connection.execute(free.values(claimed_by=None, claimed_until=None)).rowcount

    def holders(self) -> tuple[str, ...]:
        """Workers that hold claims, dead or alive."""
        with self._reading() as connection:
            return tuple(connection.scalars(_HOLDERS))

    def next_due(self, now: dt.datetime) -> dt.datetime | None:
        """When there is something to do: `now` or earlier where it is due; None for never."""
        self.note_sent()
        with self._reading() as connection:
            when: dt.datetime | None = connection.scalar(_NEXT, {"now": now})
        return when

    def overdue_since(self, now: dt.datetime) -> dt.datetime | None:
        """Since when the mail that waits longest should have gone out; None where none is late."""
        with self._reading() as connection:
            since: dt.datetime | None = connection.scalar(_OVERDUE, {"now": now})
        return since

    def retry(self, now: dt.datetime, mail: int | None = None) -> int:
        """Puts a failed mail (all of them where none is named) back into line; how many."""
        again = update(OUTBOX).where(OUTBOX.c.status == "failed")
        if mail is not None:
            again = again.where(OUTBOX.c.id == mail)
        again = again.values(status="waiting", attempts=0, next_try_at=now)
        with self._writing() as connection:
            return connection.execute(again).rowcount

    def list(self, status: str = "", folio: str = "", limit: int = 0) -> tuple[OutboxEntry, ...]:
        """Mails with their fate, oldest first."""
        self.note_sent()
        find = select(*_ENTRY).order_by(OUTBOX.c.id)
        if status:
            find = find.where(OUTBOX.c.status == status)
        if folio:
            find = find.where(OUTBOX.c.folio == folio)
        if limit:
            find = find.limit(limit)
        with self._reading() as connection:
            rows = connection.execute(find).all()
        return tuple(
            OutboxEntry(
                id=r.id,
                folio=r.folio or "",
                template=r.template,
                recipients=tuple(json.loads(r.recipients)),
                status=r.status,
                attempts=r.attempts,
                created_at=r.created_at,
                not_before=r.not_before,
                next_try_at=r.next_try_at,
                sent_at=r.sent_at,
                last_error=r.last_error,
            )
            for r in rows
        )

    def by_message_id(self, message_ids: Iterable[str]) -> bytes | None:
        """The mail that one of these ids names, without its keys; the newest where several do."""
        hashes = [id_hash(i) for i in message_ids][:200]
        if not hashes:
            return None
        with self._reading() as connection:
            found: bytes | None = connection.scalar(_BY_ID, {"hashes": hashes})
        return found

    def raw(self, mail: int) -> bytes | None:
        """A mail as rendered, without its keys."""
        self.note_sent()
        with self._reading() as connection:
            found: bytes | None = connection.scalar(_RAW, {"number": mail})
        return found


_BY_ID = (
    select(OUTBOX.c.raw)
    .where(OUTBOX.c.message_id_hash.in_(bindparam("hashes", expanding=True)))
    .order_by(OUTBOX.c.id.desc())
    .limit(1)
)
_ENTRY = [
    OUTBOX.c[name]
    for name in (
        "id", "folio", "template", "recipients", "status", "attempts", "created_at", "not_before",
        "next_try_at", "sent_at", "last_error",
    )
]  # fmt: skip
_WAITING = OUTBOX.c.status == "waiting"
_FREE = or_(OUTBOX.c.claimed_until.is_(None), OUTBOX.c.claimed_until <= bindparam("now"))
_PICK = (
    select(OUTBOX.c.id)
    .where(_WAITING, OUTBOX.c.next_try_at <= bindparam("now"), _FREE)
    .order_by(OUTBOX.c.next_try_at, OUTBOX.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        claimed_by=bindparam("worker"),
        claimed_until=bindparam("until"),
        attempts=OUTBOX.c.attempts + 1,
    )
    .returning(OUTBOX)
)
_SENT = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("number"), OUTBOX.c.status != "sent")
    .values(
        status="sent", sent_at=bindparam("now"), claimed_by=None, claimed_until=None, secret=None
    )
)
_HAND_BACK = (
    update(OUTBOX)
    .where(
        OUTBOX.c.id.in_(bindparam("ids", expanding=True)),
        _WAITING,
        OUTBOX.c.claimed_by == bindparam("worker"),
    )
    .values(
        claimed_by=None,
        claimed_until=None,
        attempts=OUTBOX.c.attempts - 1,
        next_try_at=bindparam("next"),
    )
)
_FREED: dict[str, Any] = {"claimed_by": None, "claimed_until": None, "last_error": bindparam("why")}
_ONE_WAITING = (OUTBOX.c.id == bindparam("number"), _WAITING)
_DEFERRED = update(OUTBOX).where(*_ONE_WAITING).values(next_try_at=bindparam("next"), **_FREED)
_FAILED = update(OUTBOX).where(*_ONE_WAITING).values(status="failed", **_FREED)
_HOLDERS = select(OUTBOX.c.claimed_by).where(_WAITING, OUTBOX.c.claimed_by.is_not(None)).distinct()
_NEXT = select(
    func.min(
        case(
            (OUTBOX.c.claimed_until > OUTBOX.c.next_try_at, OUTBOX.c.claimed_until),
            else_=OUTBOX.c.next_try_at,
        )
    )
).where(_WAITING)
_OVERDUE = select(func.min(OUTBOX.c.not_before)).where(
    _WAITING, OUTBOX.c.not_before <= bindparam("now")
)
_RAW = select(OUTBOX.c.raw).where(OUTBOX.c.id == bindparam("number"))
