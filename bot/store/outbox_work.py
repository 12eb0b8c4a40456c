"""Outgoing mail and notices within a transaction."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from bot.store.base import add_one
from bot.store.cache import Cache
from bot.store.codec import strings_to_json
from bot.store.errors import Conflict
from bot.store.identity import id_hash
from bot.store.redaction import hidden, known_as
from bot.store.tables import JOB, NOTICE, OUTBOX, TALLY
from bot.store.threads import ThreadWork
from bot.store.values import OutboxMail
from bot.workflow.context import REVOKED, ReplyToken
from nlp.types import Command


class OutboxWork(ThreadWork):
    """The outbox and the capabilities, as one message sees them."""

    def __init__(self, connection: Connection, memory: Cache) -> None:
        super().__init__(connection, memory)
        self._unspent: set[str] = set()

    def queue(self, mail: OutboxMail, now: dt.datetime) -> None:
        """Puts a mail into the outbox. Its Message-ID belongs to its case at once."""
        keys = mail.secret.split()
        raw, secret = hidden(mail.raw, keys)
        row = {
            "folio": mail.folio or None,
            "message": mail.message,
            "template": mail.template,
            "sender": mail.sender,
            "recipient": mail.recipients[0],
            "recipients": strings_to_json(mail.recipients),
            "message_id": known_as(mail.message_id, keys),
            "message_id_hash": id_hash(mail.message_id),
            "raw": raw,
            "secret": secret or None,
            "automatic": mail.automatic,
            "created_at": now,
            "not_before": mail.not_before,
            "status": "waiting",
            "attempts": 0,
            "next_try_at": mail.not_before,
            "last_error": "",
        }
        self.put_off(_QUEUE, row)
        if mail.folio:
            self.sent(mail.folio, mail.message_id)

    def cancel_held(self, folio: str, at: dt.datetime) -> int:
        """Cancels the case's mails that wait for their time and are not being sent; how many."""
        self.write_waiting(_QUEUE)
        return self._connection.execute(_CANCEL, {"case": folio, "now": at}).rowcount

    def save_token(self, token: ReplyToken, now: dt.datetime, message: int | None = None) -> None:
        """Keeps a capability; `message` is the incoming one that led to it."""
        self.put_off(
            _SAVE_NOTICE,
            {
                "key_hash": token.token_hash,
                "folio": token.folio or None,
                "message": message,
                "person": token.person,
                "stage": token.stage,
                "version": token.version,
                "order_name": token.command.name if token.command else None,
                "order_argument": token.command.argument if token.command else None,
                "created_at": now,
                "spent_at": token.consumed_at,
            },
        )

    def token(self, key_hash: str) -> ReplyToken | None:
        """The capability with this hash."""
        self.write_waiting(_SAVE_NOTICE)
        row = self._connection.execute(_NOTICE, {"key": key_hash}).one_or_none()
        if row is None:
            return None
        if row.spent_at is None:
            self._unspent.add(key_hash)
        return ReplyToken(
            token_hash=row.key_hash,
            folio=row.folio or "",
            person=row.person,
            stage=row.stage,
            version=row.version,
            consumed_at=row.spent_at,
            command=Command(row.order_name, row.order_argument) if row.order_name else None,
            message=row.message or 0,
        )

    def revoke(self, key_hash: str) -> None:
        """Makes a capability worth nothing: others have seen its key."""
        self.write_waiting(_SAVE_NOTICE)
        self._connection.execute(_REVOKE, {"key": key_hash})

    def consume(self, key_hash: str, at: dt.datetime) -> None:
        """Marks a capability as used; a second time changes nothing.

        Raises Conflict where somebody used it after it was read unused in this transaction.
        """
        self.write_waiting(_SAVE_NOTICE)
        spent = self._connection.execute(_SPEND, {"key": key_hash, "now": at}).rowcount
        if not spent and key_hash in self._unspent:
            raise Conflict("the notice was answered by another message")

    # --- what the caps count; cancelled mail does not count ---

    def counts(
        self, template: str, to: str, folio: str, day: dt.datetime, hour: dt.datetime
    ) -> tuple[int, int, int]:
        """How many mails there were of a template to an address in a case (none: outside of
        cases) since `day`, how many automatic ones to that address since `hour`, and to anybody
        since `day`."""
        self.write_waiting(_QUEUE)
        values = {"template": template, "to": to, "case": folio, "since": day, "lately": hour}
        same, recent, total = self._connection.execute(_COUNTS, values).one()
        return same, recent, total

    def tally(self, what: str, now: dt.datetime) -> int:
        """Counts that something happened; how often it did within this hour, now included."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        row = {"what": hashlib.sha256(what.encode("utf-8", "replace")).hexdigest(), "since": hour}
        statement = add_one(self._connection.dialect.name, TALLY.c.count)
        count = self._connection.scalar(statement, {**row, "count": 1})
        if self._memory.tallies_from != hour:
            self._connection.execute(_FORGET_TALLY, {"before": hour - dt.timedelta(hours=2)})
            self._memory.tallies_from = hour
        return int(count or 1)

    def take_job(self, name: str, due_at: dt.datetime, now: dt.datetime) -> bool:
        """Whether a job that fell due at `due_at` is ours to run: true once, for one worker."""
        updated = self._connection.execute(_RUN_JOB, {"job": name, "due": due_at, "now": now})
        if updated.rowcount:
            return True
        if self._connection.scalar(_JOB, {"job": name}) is not None:
            return False
        # Two workers here at once: the second one's insert is a Conflict, and it tries again.
        self._connection.execute(insert(JOB), {"name": name, "last_run": now})
        return True


_QUEUE = insert(OUTBOX)
_HELD = (
    OUTBOX.c.status == "waiting",
    OUTBOX.c.not_before > bindparam("now"),
    or_(OUTBOX.c.claimed_until.is_(None), OUTBOX.c.claimed_until <= bindparam("now")),
)
_CANCEL = (
    update(OUTBOX)
    .where(OUTBOX.c.folio == bindparam("case"), *_HELD)
    .values(status="cancelled", claimed_by=None, claimed_until=None, secret=None)
)
_SAVE_NOTICE = insert(NOTICE)
_NOTICE = select(NOTICE).where(NOTICE.c.key_hash == bindparam("key"))
_REVOKE = update(NOTICE).where(NOTICE.c.key_hash == bindparam("key")).values(stage=REVOKED)
_FORGET_TALLY = delete(TALLY).where(TALLY.c.since < bindparam("before"))
_SPEND = (
    update(NOTICE)
    .where(NOTICE.c.key_hash == bindparam("key"), NOTICE.c.spent_at.is_(None))
    .values(spent_at=bindparam("now"))
)
_COUNT = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.status != "cancelled")
_TO = OUTBOX.c.recipient == bindparam("to")
_AUTOMATIC = OUTBOX.c.automatic.is_(True)
_SINCE = OUTBOX.c.created_at >= bindparam("since")
_COUNTS = select(
    _COUNT.where(
        _TO,
        OUTBOX.c.template == bindparam("template"),
        func.coalesce(OUTBOX.c.folio, "") == bindparam("case"),
        _SINCE,
    ).scalar_subquery(),
    _COUNT.where(_TO, _AUTOMATIC, OUTBOX.c.created_at >= bindparam("lately")).scalar_subquery(),
    _COUNT.where(_AUTOMATIC, _SINCE).scalar_subquery(),
)
_JOB = select(JOB.c.last_run).where(JOB.c.name == bindparam("job"))
_RUN_JOB = (
    update(JOB)
    .where(JOB.c.name == bindparam("job"), JOB.c.last_run < bindparam("due"))
    .values(last_run=bindparam("now"))
)
