"""The outbox within the transaction of what one message led to."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.store.claims import GIVEN_BACK
from bot.store.codec import strings_to_json
from bot.store.identity import id_hash
from bot.store.outbox import FAILED, FREE, MOST_IDS, WAITING, message_of
from bot.store.redaction import hidden, known_as
from bot.store.tables import OUTBOX, TALLY
from bot.store.threads import Threads
from bot.store.transactions import Transaction, add_to
from bot.workflow.lifecycle import OutboxMessage, OutboxStatus
from bot.workflow.organization import Caps
from bot.workflow.screening.outbox import DAY, Recent


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

    def last_to(self, recipient: str, folios: Sequence[str]) -> tuple[bytes, ...]:
        """The newest mails to somebody, without their keys, the last one last.

        Those in these cases; where none is given, those that name no case.
        """
        self._transaction.write_waiting(_QUEUE)
        of_case = OUTBOX.c.folio.in_(folios) if folios else func.coalesce(OUTBOX.c.folio, "") == ""
        found = self._connection.scalars(_LAST_TO.where(of_case), {"to": recipient})
        return tuple(reversed(found.all()))

    def count_in_hour(self, what: str, now: dt.datetime) -> int:
        """Counts that something happened; how often it did within this hour, now included."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        row = {"what": hashlib.sha256(what.encode("utf-8", "replace")).hexdigest(), "since": hour}
        statement = add_to(self._transaction.dialect, TALLY.c.count)
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
        return count, tuple(message_of(row, row.raw) for row in rows)

    def turn_back(self, now: dt.datetime, latest: dt.datetime) -> int:
        """Mails that a clock since set back put off beyond `latest` are due now; how many."""
        values = {"now": now, "latest": latest}
        return self._connection.execute(_TURN_BACK, values).rowcount

    def failed(self) -> int:
        """How many mails could not be delivered."""
        return self._connection.scalar(_COUNT_FAILED) or 0


_GOES_OUT = OUTBOX.c.status.in_((OutboxStatus.WAITING, OutboxStatus.SENT, OutboxStatus.FAILED))
_REACHED = select(OUTBOX.c.recipient).where(
    OUTBOX.c.message_id_hash.in_(bindparam("hashes", expanding=True)), _GOES_OUT
)
_LAST_TO = (
    select(OUTBOX.c.raw)
    .where(OUTBOX.c.recipient == bindparam("to"), _GOES_OUT)
    .order_by(OUTBOX.c.created_at.desc(), OUTBOX.c.id.desc())
    .limit(5)
)
_QUEUE = insert(OUTBOX)
_CANCEL = (
    update(OUTBOX)
    .where(
        OUTBOX.c.folio == bindparam("case"),
        WAITING,
        OUTBOX.c.not_before > bindparam("now"),
        OUTBOX.c.held_back.is_(False),
        FREE,
    )
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
    .where(WAITING, OUTBOX.c.next_try_at > bindparam("latest"))
    .values(next_try_at=bindparam("now"))
)
_FORGET_TALLY = delete(TALLY).where(TALLY.c.since < bindparam("before"))
_COUNT_FAILED = select(func.count()).select_from(OUTBOX).where(FAILED)
_SAME = (
    OUTBOX.c.recipient == bindparam("to"),
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
    .where(OUTBOX.c.held_back.is_(True), WAITING, FREE, *_SAME)
    .values(status=OutboxStatus.CANCELLED, secret=None, **GIVEN_BACK)
)
