"""The tables. Private to the store: everything outside sees the frozen values of `values.py`.

States are plain strings without a CHECK, so that a new one needs no migration. A change here needs
one in `migrations/versions`; a test compares the two.
"""

from __future__ import annotations

import datetime as dt
from typing import cast

from sqlalchemy import (
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.store.columns import CleanText, Id, Packed, UtcTime

Folio = String(40)
Hash = String(64)
Word = String(40)


class Row(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: CleanText, dt.datetime: UtcTime}  # noqa: RUF012


class CaseRow(Row):
    """A case; `body` is the whole of it as JSON, the other columns are for finding it.

    `revision` grows with every change (optimistic lock); `events` and `head` are the length and
    the last hash of its history, so that a cut-off tail is noticed.
    """

    __tablename__ = "case_"
    __table_args__ = (
        Index(None, "state", "opened_at"),
        Index(None, "opened_at"),
        Index(None, "area", "opened_at"),
    )

    folio: Mapped[str] = mapped_column(Folio, primary_key=True)
    state: Mapped[str] = mapped_column(Word)
    requester: Mapped[str]
    intent: Mapped[str] = mapped_column(Word)
    area: Mapped[str]  # folded: lower case, no accents
    opened_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    due_on: Mapped[dt.date | None]
    body: Mapped[str]
    revision: Mapped[int]
    events: Mapped[int]
    head: Mapped[str] = mapped_column(Hash)


class ParticipantRow(Row):
    """Who takes part in a case, by address."""

    __tablename__ = "participant"
    __table_args__ = (Index(None, "email"),)

    folio: Mapped[str] = mapped_column(ForeignKey("case_.folio"), primary_key=True)
    email: Mapped[str] = mapped_column(primary_key=True)


class ThreadRow(Row):
    """Message-IDs (hashed) that belong to a case: of its incoming and its outgoing mail.

    Not `own` are the ids that mail of the case refers to, such as an announcement that many
    people answer: they link only for those who take part in the case.
    """

    __tablename__ = "thread"

    message_id_hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    folio: Mapped[str] = mapped_column(ForeignKey("case_.folio"), primary_key=True)
    own: Mapped[bool]


class EventRow(Row):
    """One line of a case's history, chained to the one before by its hash."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("folio", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    folio: Mapped[str] = mapped_column(ForeignKey("case_.folio"))
    number: Mapped[int]
    at: Mapped[dt.datetime]
    what: Mapped[str]
    actor: Mapped[str]
    text: Mapped[str]
    version: Mapped[int]
    message_id: Mapped[str]
    data: Mapped[str]
    prev_hash: Mapped[str] = mapped_column(Hash)
    hash: Mapped[str] = mapped_column(Hash)


class MessageRow(Row):
    """A mail that came in: received, then done, ignored or failed (the quarantine)."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("message_id", "content_hash"),
        Index(None, "status", "id"),
        Index(None, "folio"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    message_id: Mapped[str]
    content_hash: Mapped[str] = mapped_column(Hash)
    size: Mapped[int]
    whole: Mapped[bool]  # False: `raw` is a beginning; such a mail can be shown, never processed
    received_at: Mapped[dt.datetime]
    status: Mapped[str] = mapped_column(Word)
    reason: Mapped[str]
    attempts: Mapped[int]
    folio: Mapped[str | None] = mapped_column(ForeignKey("case_.folio"))
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[dt.datetime | None]
    # Last, so that SQLite finds the columns above without walking through it. Compressed.
    raw: Mapped[bytes] = mapped_column(LargeBinary)


class TallyRow(Row):
    """How often something happened within an hour; `what` is a hash, for it may name a person."""

    __tablename__ = "tally"

    what: Mapped[str] = mapped_column(Hash, primary_key=True)
    since: Mapped[dt.datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


class PlaceRow(Row):
    """Where a message lies on the IMAP server; one mail may lie at several.

    `flagged` tells that the server was told it is done: a courtesy, never a state.
    """

    __tablename__ = "place"
    __table_args__ = (Index(None, "flagged"), Index(None, "message"))

    mailbox: Mapped[str] = mapped_column(primary_key=True)
    folder: Mapped[str] = mapped_column(primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    uid: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    message: Mapped[int] = mapped_column(Id, ForeignKey("message.id"))
    flagged: Mapped[bool]


class PositionRow(Row):
    """Up to which UID a folder was taken in."""

    __tablename__ = "position"

    mailbox: Mapped[str] = mapped_column(primary_key=True)
    folder: Mapped[str] = mapped_column(primary_key=True)
    uidvalidity: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    last_uid: Mapped[int] = mapped_column(Id)


class OutboxRow(Row):
    """A mail to send, rendered. `secret` are the keys it carries, until it is sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "status", "next_try_at"),
        Index(None, "recipient", "created_at"),
        Index(None, "automatic", "created_at", "status"),  # whole: the cap counts on it alone
        Index(None, "folio"),
        UniqueConstraint("message_id_hash"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    folio: Mapped[str | None] = mapped_column(ForeignKey("case_.folio"))
    message: Mapped[int | None] = mapped_column(Id, ForeignKey("message.id"))
    template: Mapped[str] = mapped_column(Word)
    sender: Mapped[str]
    recipient: Mapped[str]  # the first of `recipients`: the one that caps count
    recipients: Mapped[str]  # JSON
    message_id: Mapped[str]
    message_id_hash: Mapped[str] = mapped_column(Hash)
    secret: Mapped[str | None]
    automatic: Mapped[bool]
    created_at: Mapped[dt.datetime]
    not_before: Mapped[dt.datetime]
    status: Mapped[str] = mapped_column(Word)
    attempts: Mapped[int]
    next_try_at: Mapped[dt.datetime]
    last_error: Mapped[str]
    sent_at: Mapped[dt.datetime | None]
    claimed_by: Mapped[str | None]
    claimed_until: Mapped[dt.datetime | None]
    raw: Mapped[bytes] = mapped_column(Packed)  # last, as above


class NoticeRow(Row):
    """A capability; the key itself is nowhere, only its hash."""

    __tablename__ = "notice"
    __table_args__ = (Index(None, "folio"),)

    key_hash: Mapped[str] = mapped_column(Hash, primary_key=True)
    folio: Mapped[str | None] = mapped_column(ForeignKey("case_.folio"))
    message: Mapped[int | None] = mapped_column(Id, ForeignKey("message.id"))
    person: Mapped[str]
    stage: Mapped[str] = mapped_column(Word)
    version: Mapped[int]
    order_name: Mapped[str | None] = mapped_column(Word)
    order_argument: Mapped[str | None]
    created_at: Mapped[dt.datetime]
    spent_at: Mapped[dt.datetime | None]


class FolioRow(Row):
    """The last number given in a year."""

    __tablename__ = "folio_counter"

    prefix: Mapped[str] = mapped_column(String(8), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class ListRow(Row):
    """A list of the register. `key` is its address, or its folded name where it has none."""

    __tablename__ = "list"
    __table_args__ = (Index(None, "address"), Index(None, "state"))

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    address: Mapped[str]
    state: Mapped[str] = mapped_column(Word)
    area: Mapped[str]
    responsible: Mapped[str]
    responsible_email: Mapped[str]
    audience: Mapped[str]  # JSON
    recipients: Mapped[int | None]
    frequency: Mapped[str]
    start_date: Mapped[dt.date | None]
    end_date: Mapped[dt.date | None]
    folio: Mapped[str] = mapped_column(Folio)  # not a foreign key: imported ones have none
    purpose: Mapped[str]
    note: Mapped[str]


class JobRow(Row):
    """When a job of the timetable last ran."""

    __tablename__ = "job"

    name: Mapped[str] = mapped_column(primary_key=True)
    last_run: Mapped[dt.datetime]


class LeaveRow(Row):
    """Days on which a member of staff is away; `delegate` (an address, or empty) acts for them."""

    __tablename__ = "leave_"
    __table_args__ = (Index(None, "last"),)

    person: Mapped[str] = mapped_column(primary_key=True)
    delegate: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]  # of the delegate
    first: Mapped[dt.date]
    last: Mapped[dt.date]


class CorrectionRow(Row):
    """What a person says that a message asks for; one a message."""

    __tablename__ = "correction"

    message: Mapped[int] = mapped_column(
        Id, ForeignKey("message.id"), primary_key=True, autoincrement=False
    )
    was: Mapped[str] = mapped_column(Word)
    confidence: Mapped[float] = mapped_column(Double)
    intent: Mapped[str] = mapped_column(Word)
    by: Mapped[str]
    at: Mapped[dt.datetime]
    sender: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    sent_on: Mapped[dt.date]


def _table(row: type[Row]) -> Table:
    return cast("Table", row.__table__)


CASE, PARTICIPANT, THREAD = _table(CaseRow), _table(ParticipantRow), _table(ThreadRow)
EVENT, NOTICE, FOLIO = _table(EventRow), _table(NoticeRow), _table(FolioRow)
MESSAGE, PLACE, POSITION = _table(MessageRow), _table(PlaceRow), _table(PositionRow)
OUTBOX, JOB, LIST = _table(OutboxRow), _table(JobRow), _table(ListRow)
LEAVE, CORRECTION = _table(LeaveRow), _table(CorrectionRow)
TALLY = _table(TallyRow)
