"""Outgoing mail within a transaction, and what the caps on it count."""

from __future__ import annotations

import datetime as dt
import hashlib

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from bot.store.base import Transaction, add_one
from bot.store.codec import strings_to_json
from bot.store.identity import id_hash
from bot.store.redaction import hidden, known_as
from bot.store.tables import OUTBOX, TALLY
from bot.store.threads import Threads
from bot.store.values import OutboxMail


class OutboxRepository:
    """The outbox, as one message sees it."""

    def __init__(self, transaction: Transaction, threads: Threads) -> None:
        self._transaction, self._threads = transaction, threads
        self._connection = transaction.connection

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
        self._transaction.put_off(_QUEUE, row)
        if mail.folio:
            self._threads.sent(mail.folio, mail.message_id)

    def cancel_held(self, folio: str, at: dt.datetime) -> int:
        """Cancels the case's mails that wait for their time and are not being sent; how many."""
        self._transaction.write_waiting(_QUEUE)
        return self._connection.execute(_CANCEL, {"case": folio, "now": at}).rowcount

    # --- what the caps count; cancelled mail does not count ---

    def counts(
        self, template: str, to: str, folio: str, day: dt.datetime, hour: dt.datetime
    ) -> tuple[int, int, int]:
        """How many mails there were of a template to an address in a case (none: outside of
        cases) since `day`, how many automatic ones to that address since `hour`, and to anybody
        since `day`."""
        self._transaction.write_waiting(_QUEUE)
        values = {"template": template, "to": to, "case": folio, "since": day, "lately": hour}
        same, recent, total = self._connection.execute(_COUNTS, values).one()
        return same, recent, total

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

    def failed(self) -> int:
        """How many mails could not be delivered."""
        return self._connection.scalar(_FAILED) or 0


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
_FORGET_TALLY = delete(TALLY).where(TALLY.c.since < bindparam("before"))
_FAILED = select(func.count()).select_from(OUTBOX).where(OUTBOX.c.status == "failed")
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
