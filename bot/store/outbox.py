"""The outbox: filled within a transaction; delivered by one worker at a time."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine, Row, bindparam, case, delete, func, insert, select, update

from bot.store.claims import GIVEN_BACK, LEASE, Claims, is_free
from bot.store.codec import strings_to_json
from bot.store.identity import id_hash
from bot.store.redaction import hidden, known_as, shown
from bot.store.sent_journal import Entry, SentJournal
from bot.store.tables import OUTBOX, TALLY
from bot.store.threads import Threads
from bot.store.transactions import Part, Transaction, add_one
from bot.workflow.lifecycle import OutboxMessage, OutboxStatus
from bot.workflow.organization import Caps
from bot.workflow.screening.outbox import DAY, Recent

MOST_IDS = 200  # of one message that are looked up


class Outbox(Part):
    """The outgoing mail. A sent mail stays, without the key it carried."""

    def __init__(self, engine: Engine, journal: SentJournal | None = None) -> None:
        """`journal` keeps acknowledgements where the database cannot note each at once."""
        super().__init__(engine)
        self._journal = journal
        self.claims = Claims(engine, OUTBOX, _WAITING)

    def due(
        self, worker: str, now: dt.datetime, limit: int, lease: dt.timedelta = LEASE
    ) -> tuple[OutboxMessage, ...]:
        """Mails whose time has come, longest due first, for this worker until the lease ends."""
        self.note_sent()
        with self._writing() as connection:
            ids = connection.scalars(_PICK, {"now": now, "limit": limit}).all()
            rows = self.claims.take(connection, ids, worker, now + lease) if ids else []
        return tuple(_message(row, shown(row.raw, row.secret or "")) for row in rows)

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
        with self._writing() as connection:
            connection.execute(_FAILED, values)

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

    def late(self, now: dt.datetime) -> int:
        """How many mails should have gone out by now and wait still."""
        with self._reading() as connection:
            return connection.scalar(_LATE, {"now": now}) or 0

    def untried_since(self, now: dt.datetime) -> dt.datetime | None:
        """The same for the next attempt at a mail, which a trouble of its own may have put off."""
        with self._reading() as connection:
            since: dt.datetime | None = connection.scalar(_UNTRIED, {"now": now})
        return since

    def retry(self, now: dt.datetime, mail: int | None = None) -> int:
        """Puts a failed mail (all of them where none is named) back into line; how many."""
        again = update(OUTBOX).where(_FAILED_ONES)
        if mail is not None:
            again = again.where(OUTBOX.c.id == mail)
        again = again.values(status=OutboxStatus.WAITING, attempts=0, next_try_at=now)
        with self._writing() as connection:
            return connection.execute(again).rowcount

    def discard(self, mail: int, now: dt.datetime) -> int:
        """Cancels a mail that waits, or failed, and is not being sent; 1, or 0 where it is none."""
        with self._writing() as connection:
            return connection.execute(_DISCARD, {"number": mail, "now": now}).rowcount

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
        with self._reading() as connection:
            rows = connection.execute(find).all()
        return tuple(map(_message, rows))

    def by_message_id(self, message_ids: Iterable[str]) -> bytes | None:
        """The mail that one of these ids names, without its keys; the newest where several do."""
        hashes = [id_hash(i) for i in message_ids][:MOST_IDS]
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


class OutboxRepository:
    """The outbox, as one message sees it."""

    def __init__(self, transaction: Transaction, threads: Threads) -> None:
        self._transaction, self._threads = transaction, threads
        self._connection = transaction.connection

    def queue(self, mail: OutboxMessage, now: dt.datetime) -> None:
        """Puts a mail into the outbox, or notes one that is `observed`, whose keys are forgotten.

        Its Message-ID belongs to its case at once.
        """
        raw, secret = hidden(mail.raw, mail.keys)
        row = {
            "folio": mail.folio or None,
            "message": mail.inbound,
            "template": mail.template,
            "sender": mail.sender,
            "recipient": mail.recipients[0],
            "recipients": strings_to_json(mail.recipients),
            "message_id": known_as(mail.message_id, mail.keys),
            "message_id_hash": id_hash(mail.message_id),
            "raw": raw,
            "secret": (secret or None) if mail.status is OutboxStatus.WAITING else None,
            "automatic": mail.automatic,
            "alarm": mail.alarm,
            "created_at": now,
            "not_before": mail.not_before,
            "status": str(mail.status),
            "attempts": 0,
            "next_try_at": mail.not_before,
            "last_error": mail.last_error,
            "charged": mail.charged,
            "held_back": mail.held_back,
        }
        self._transaction.put_off(_QUEUE, row)
        if mail.folio:
            self._threads.sent(mail.folio, mail.message_id)

    def cancel_held(self, folio: str, at: dt.datetime) -> int:
        """Cancels the case's mails that wait for their time and are not being sent; how many."""
        self._transaction.write_waiting(_QUEUE)
        return self._connection.execute(_CANCEL, {"case": folio, "now": at}).rowcount

    # --- what the caps go by; cancelled mail does not count ---

    def recent(self, mail: OutboxMessage, caps: Caps, now: dt.datetime) -> Recent:
        """The newest automatic mails beside which this one is one more."""
        self._transaction.write_waiting(_QUEUE)
        values = {
            "kind": mail.template, "to": mail.recipients[0], "case": mail.folio,
            "payer": mail.charged, "day_ago": now - DAY,
            "most_same": caps.same_reply_per_day - 1, "most_charged": caps.replies_per_hour - 1,
            "most_anybody": caps.replies_per_day_total - 1,
        }  # fmt: skip
        of_case, *times = self._connection.execute(_RECENT, values).one()
        return Recent(bool(mail.folio) and of_case is None, *times)

    def supersede(self, mail: OutboxMessage, now: dt.datetime) -> None:
        """Cancels what a cap holds back of the same kind to the same address: this is newer."""
        values = {
            "kind": mail.template, "to": mail.recipients[0], "case": mail.folio, "now": now,
        }  # fmt: skip
        self._connection.execute(_SUPERSEDE, values)

    def reached(self, message_ids: Iterable[str]) -> frozenset[str]:
        """Whom the mails went to, or are going to, that these ids name."""
        hashes = list(dict.fromkeys(id_hash(i) for i in message_ids))[:MOST_IDS]
        if not hashes:
            return frozenset()
        self._transaction.write_waiting(_QUEUE)
        return frozenset(self._connection.scalars(_REACHED, {"hashes": hashes}))

    def count_in_hour(self, what: str, now: dt.datetime) -> int:
        """Counts that something happened; how often it did within this hour, now included."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        row = {"what": hashlib.sha256(what.encode("utf-8", "replace")).hexdigest(), "since": hour}
        statement = add_one(self._transaction.dialect, TALLY.c.count)
        count = self._connection.scalar(statement, {**row, "count": 1})
        if self._transaction.cache.tallies_from != hour:
            self._connection.execute(_FORGET_TALLY, {"before": hour - dt.timedelta(hours=2)})
            self._transaction.cache.tallies_from = hour
        return int(count or 1)

    def observed(self, since: dt.datetime, limit: int) -> tuple[int, tuple[OutboxMessage, ...]]:
        """What would have been sent since then: how many mails, and the first of them."""
        self._transaction.write_waiting(_QUEUE)
        values = {"since": since, "limit": limit}
        rows = self._connection.execute(_OBSERVED, values).all()
        count = self._connection.scalar(_COUNT_OBSERVED, values) or 0
        return count, tuple(_message(row, row.raw) for row in rows)

    def turn_back(self, now: dt.datetime, latest: dt.datetime) -> int:
        """Mails that a clock since set back put off beyond `latest` are due now; how many."""
        values = {"now": now, "latest": latest}
        return self._connection.execute(_TURN_BACK, values).rowcount

    def failed(self) -> int:
        """How many mails could not be delivered."""
        return self._connection.scalar(_COUNT_FAILED) or 0


def _message(row: Row[Any], raw: bytes = b"") -> OutboxMessage:
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
_REACHED = select(OUTBOX.c.recipient).where(
    OUTBOX.c.message_id_hash.in_(bindparam("hashes", expanding=True)),
    OUTBOX.c.status.in_((OutboxStatus.WAITING, OutboxStatus.SENT, OutboxStatus.FAILED)),
)
_LISTED = select(*(c for c in OUTBOX.c if c.name not in ("raw", "secret"))).order_by(OUTBOX.c.id)
_WAITING = OUTBOX.c.status == OutboxStatus.WAITING
_FAILED_ONES = OUTBOX.c.status == OutboxStatus.FAILED
_FREE = is_free(OUTBOX)
_PICK = (
    select(OUTBOX.c.id)
    .where(_WAITING, OUTBOX.c.next_try_at <= bindparam("now"), _FREE)
    .order_by(OUTBOX.c.next_try_at, OUTBOX.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_SENT = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("number"), OUTBOX.c.status != OutboxStatus.SENT)
    .values(
        status=OutboxStatus.SENT,
        sent_at=bindparam("now"),
        secret=None,
        **GIVEN_BACK,
    )
)
_FREED = {**GIVEN_BACK, "last_error": bindparam("why")}
_ONE_WAITING = (OUTBOX.c.id == bindparam("number"), _WAITING)
_DEFERRED = update(OUTBOX).where(*_ONE_WAITING).values(next_try_at=bindparam("next"), **_FREED)
_FAILED = update(OUTBOX).where(*_ONE_WAITING).values(status=OutboxStatus.FAILED, **_FREED)
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
_LATE = (
    select(func.count())
    .select_from(OUTBOX)
    .where(_WAITING, OUTBOX.c.not_before <= bindparam("now"))
)
_UNTRIED = select(func.min(OUTBOX.c.next_try_at)).where(
    _WAITING, OUTBOX.c.next_try_at <= bindparam("now")
)
_RAW = select(OUTBOX.c.raw).where(OUTBOX.c.id == bindparam("number"))
_QUEUE = insert(OUTBOX)
_CANCEL = (
    update(OUTBOX)
    .where(
        OUTBOX.c.folio == bindparam("case"),
        _WAITING,
        OUTBOX.c.not_before > bindparam("now"),
        OUTBOX.c.held_back.is_(False),
        _FREE,
    )
    .values(status=OutboxStatus.CANCELLED, secret=None, **GIVEN_BACK)
)
_DISCARD = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("number"), _FAILED_ONES | (_WAITING & _FREE))
    .values(status=OutboxStatus.CANCELLED, secret=None, **GIVEN_BACK)
)
_IS_OBSERVED = (
    OUTBOX.c.status == OutboxStatus.OBSERVED,
    OUTBOX.c.created_at > bindparam("since"),
)
_OBSERVED = select(OUTBOX).where(*_IS_OBSERVED).order_by(OUTBOX.c.id).limit(bindparam("limit"))
_COUNT_OBSERVED = select(func.count()).select_from(OUTBOX).where(*_IS_OBSERVED)
_TURN_BACK = (
    update(OUTBOX)
    .where(_WAITING, OUTBOX.c.next_try_at > bindparam("latest"))
    .values(next_try_at=bindparam("now"))
)
_FORGET_TALLY = delete(TALLY).where(TALLY.c.since < bindparam("before"))
_COUNT_FAILED = select(func.count()).select_from(OUTBOX).where(_FAILED_ONES)
_TO = OUTBOX.c.recipient == bindparam("to")
_SAME = (
    _TO,
    OUTBOX.c.template == bindparam("kind"),
    func.coalesce(OUTBOX.c.folio, "") == bindparam("case"),
)
_AUTOMATIC = OUTBOX.c.automatic.is_(True)
_CHARGED = OUTBOX.c.charged == bindparam("payer")


def _newest(back: str, *only: Any) -> Any:
    """When the mail goes out that is so many `back` among the newest automatic ones."""
    return (
        select(OUTBOX.c.not_before)
        .where(
            _AUTOMATIC,
            OUTBOX.c.status != OutboxStatus.CANCELLED,
            OUTBOX.c.not_before > bindparam("day_ago"),
            *only,
        )
        .order_by(OUTBOX.c.not_before.desc())
        .limit(1)
        .offset(bindparam(back))
        .scalar_subquery()
    )


_RECENT = select(
    select(OUTBOX.c.id)
    .where(OUTBOX.c.folio == bindparam("case"), _AUTOMATIC)
    .limit(1)
    .scalar_subquery(),
    _newest("most_same", _CHARGED, *_SAME),
    _newest("most_charged", _CHARGED),
    _newest("most_anybody"),
)
_SUPERSEDE = (
    update(OUTBOX)
    .where(OUTBOX.c.held_back.is_(True), _WAITING, _FREE, *_SAME)
    .values(status=OutboxStatus.CANCELLED, secret=None, **GIVEN_BACK)
)
