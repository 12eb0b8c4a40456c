"""The outbox: filled within a transaction; delivered by one worker at a time."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine, Row, bindparam, case, func, select, update

from bot.store.claims import GIVEN_BACK, LEASE, Claims, is_free
from bot.store.identity import id_hash
from bot.store.redaction import shown
from bot.store.sent_journal import Entry, SentJournal
from bot.store.tables import OUTBOX
from bot.store.transactions import Transactional
from bot.workflow.lifecycle import OutboxMessage, OutboxStatus

MOST_IDS = 200  # of one message that are looked up


class Outbox(Transactional):
    """The outgoing mail. A sent mail stays, without the key it carried."""

    def __init__(self, engine: Engine, journal: SentJournal | None = None) -> None:
        """`journal` keeps acknowledgements where the database cannot note each at once."""
        super().__init__(engine)
        self._journal = journal
        self.claims = Claims(engine, OUTBOX, WAITING)

    def due(
        self,
        worker: str,
        now: dt.datetime,
        limit: int,
        lease: dt.timedelta = LEASE,
        *,
        alarms: bool = False,
    ) -> tuple[OutboxMessage, ...]:
        """Mails whose time has come, longest due first, for this worker until the lease ends.

        `alarms`: those alone.
        """
        pick = _PICK_ALARMS if alarms else _PICK
        self.note_sent()
        with self._writing() as connection:
            ids = connection.scalars(pick, {"now": now, "limit": limit}).all()
            rows = self.claims.take(connection, ids, worker, now + lease) if ids else []
        return tuple(message_of(row, shown(row.raw, row.secret or "")) for row in rows)

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

    def failed(self, mail: int, at: dt.datetime, reason: str) -> None:
        """Never, unless a person says `retry`."""
        values = {"number": mail, "why": f"{at:%Y-%m-%d %H:%M} {reason}"}
        self._change(_FAILED, values)

    def next_due(self, now: dt.datetime) -> dt.datetime | None:
        """When there is something to do: `now` or earlier where it is due; None for never."""
        self.note_sent()
        return self._value(_NEXT, {"now": now})

    def overdue_since(self, now: dt.datetime) -> dt.datetime | None:
        """Since when the mail that waits longest should have gone out; None where none is late."""
        return self._value(_OVERDUE, {"now": now})

    def late(self, now: dt.datetime) -> int:
        """How many mails should have gone out by now and wait still."""
        return self._value(_LATE, {"now": now}) or 0

    def untried_since(self, now: dt.datetime) -> dt.datetime | None:
        """The same for the next attempt at a mail, which a trouble of its own may have put off."""
        return self._value(_UNTRIED, {"now": now})

    def retry(self, now: dt.datetime, mail: int | None = None) -> int:
        """Puts a failed mail (all of them where none is named) back into line; how many."""
        again = update(OUTBOX).where(FAILED)
        if mail is not None:
            again = again.where(OUTBOX.c.id == mail)
        again = again.values(status=OutboxStatus.WAITING, attempts=0, next_try_at=now)
        return self._change(again)

    def discard(self, mail: int, now: dt.datetime) -> int:
        """Cancels a mail that waits, or failed, and is not being sent; 1, or 0 where it is none."""
        return self._change(_DISCARD, {"number": mail, "now": now})

    def list(
        self, status: OutboxStatus | None = None, folio: str = ""
    ) -> tuple[OutboxMessage, ...]:
        """Mails with their fate, oldest first."""
        self.note_sent()
        find = _LISTED
        if status:
            find = find.where(OUTBOX.c.status == status)
        if folio:
            find = find.where(OUTBOX.c.folio == folio)
        return tuple(map(message_of, self._rows(find)))

    def by_message_id(self, message_ids: Iterable[str]) -> bytes | None:
        """The mail that one of these ids names, without its keys; the newest where several do."""
        hashes = [id_hash(i) for i in message_ids][:MOST_IDS]
        if not hashes:
            return None
        return self._value(_BY_ID, {"hashes": hashes})

    def raw(self, mail: int) -> bytes | None:
        """A mail as rendered, without its keys."""
        self.note_sent()
        return self._value(_RAW, {"number": mail})


def message_of(row: Row[Any], raw: bytes = b"") -> OutboxMessage:
    return OutboxMessage(
        id=row.id,
        folio=row.folio or "",
        template=row.template,
        sender=row.sender,
        recipients=tuple(json.loads(row.recipients)),
        message_id=row.message_id,
        raw=raw,
        not_before=row.not_before,
        automatic=row.automatic,
        alarm=row.alarm,
        inbound=row.message,
        charged=row.charged,
        held_back=row.held_back,
        status=OutboxStatus(row.status),
        attempts=row.attempts,
        created_at=row.created_at,
        sent_at=row.sent_at,
        last_error=row.last_error,
    )


# --- statements -------------------------------------------------------------------------------

_BY_ID = (
    select(OUTBOX.c.raw)
    .where(OUTBOX.c.message_id_hash.in_(bindparam("hashes", expanding=True)))
    .order_by(OUTBOX.c.id.desc())
    .limit(1)
)
_LISTED = select(*(c for c in OUTBOX.c if c.name not in ("raw", "secret"))).order_by(OUTBOX.c.id)
WAITING = OUTBOX.c.status == OutboxStatus.WAITING
FAILED = OUTBOX.c.status == OutboxStatus.FAILED
FREE = is_free(OUTBOX)
_PICK = (
    select(OUTBOX.c.id)
    .where(WAITING, OUTBOX.c.next_try_at <= bindparam("now"), FREE)
    .order_by(OUTBOX.c.next_try_at, OUTBOX.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_PICK_ALARMS = _PICK.where(OUTBOX.c.alarm.is_(True))
_SENT = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("number"), OUTBOX.c.status != OutboxStatus.SENT)
    .values(status=OutboxStatus.SENT, sent_at=bindparam("now"), secret=None, **GIVEN_BACK)
)
_FREED = {**GIVEN_BACK, "last_error": bindparam("why")}
_ONE_WAITING = (OUTBOX.c.id == bindparam("number"), WAITING)
_DEFERRED = update(OUTBOX).where(*_ONE_WAITING).values(next_try_at=bindparam("next"), **_FREED)
_FAILED = update(OUTBOX).where(*_ONE_WAITING).values(status=OutboxStatus.FAILED, **_FREED)
_NEXT = select(
    func.min(
        case(
            (OUTBOX.c.claimed_until > OUTBOX.c.next_try_at, OUTBOX.c.claimed_until),
            else_=OUTBOX.c.next_try_at,
        )
    )
).where(WAITING)
_IS_LATE = (WAITING, OUTBOX.c.not_before <= bindparam("now"))
_OVERDUE = select(func.min(OUTBOX.c.not_before)).where(*_IS_LATE)
_LATE = select(func.count()).select_from(OUTBOX).where(*_IS_LATE)
_UNTRIED = select(func.min(OUTBOX.c.next_try_at)).where(
    WAITING, OUTBOX.c.next_try_at <= bindparam("now")
)
_RAW = select(OUTBOX.c.raw).where(OUTBOX.c.id == bindparam("number"))
_DISCARD = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("number"), FAILED | (WAITING & FREE))
    .values(status=OutboxStatus.CANCELLED, secret=None, **GIVEN_BACK)
)
