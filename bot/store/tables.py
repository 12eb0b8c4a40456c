"""The tables. Private to the store: everything outside sees the frozen values of `values.py`.

States are plain strings without a CHECK, so that a new one needs no migration. A change here needs
one in `migrations/versions`; a test compares the two.
"""

from typing import Any, Literal

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from bot.store.columns import CleanText, Id, Packed, UtcTime

Folio = String(40)
Hash = String(64)
Word = String(40)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def column(
    name: str,
    kind: TypeEngine[Any] | type[TypeEngine[Any]],
    *references: ForeignKey,
    primary_key: bool = False,
    autoincrement: Literal["auto"] | bool = "auto",
    nullable: bool = False,
) -> Column[Any]:
    """A column that has a value in every row, unless said otherwise."""
    return Column(
        name, kind, *references,
        primary_key=primary_key, autoincrement=autoincrement, nullable=nullable,
    )  # fmt: skip


CASE = Table(
    "case_",
    METADATA,
    column("folio", Folio, primary_key=True),
    column("state", Word),
    column("requester", CleanText),
    column("intent", Word),
    column("area", CleanText),  # folded: lower case, no accents
    column("opened_at", UtcTime),
    column("updated_at", UtcTime),
    column("due_on", Date, nullable=True),
    column("body", CleanText),
    column("revision", Integer),
    column("events", Integer),
    column("head", Hash),
    Index(None, "state", "opened_at"),
    Index(None, "opened_at"),
    Index(None, "updated_at"),
    Index(None, "area", "opened_at"),
)
"""A case; `body` is the whole of it as JSON, the other columns are for finding it.

`revision` grows with every change (optimistic lock); `events` and `head` are the length and
the last hash of its history, so that a cut-off tail is noticed.
"""

CASE_COUNT = Table(
    "case_count", METADATA, column("state", Word, primary_key=True), column("count", Integer)
)
"""How many cases are in a state: years of them are not counted anew for each look."""

PARTICIPANT = Table(
    "participant",
    METADATA,
    column("folio", Folio, ForeignKey("case_.folio"), primary_key=True),
    column("email", CleanText, primary_key=True),
    Index(None, "email"),
)
"""Who takes part in a case, by address."""

THREAD = Table(
    "thread",
    METADATA,
    column("message_id_hash", Hash, primary_key=True),
    column("folio", Folio, ForeignKey("case_.folio"), primary_key=True),
    column("own", Boolean),
)
"""Message-IDs (hashed) that belong to a case: of its incoming and its outgoing mail.

Not `own` are the ids that mail of the case refers to, such as an announcement that many
people answer: they link only for those who take part in the case.
"""

EVENT = Table(
    "event",
    METADATA,
    column("id", Id, primary_key=True),
    column("folio", Folio, ForeignKey("case_.folio")),
    column("number", Integer),
    column("at", UtcTime),
    column("what", CleanText),
    column("actor", CleanText),
    column("text", CleanText),
    column("version", Integer),
    column("message_id", CleanText),
    column("data", CleanText),
    column("prev_hash", Hash),
    column("hash", Hash),
    UniqueConstraint("folio", "number"),
    Index(None, "at"),
)
"""One line of a case's history, chained to the one before by its hash."""

MESSAGE = Table(
    "message",
    METADATA,
    column("id", Id, primary_key=True),
    column("message_id", CleanText),
    column("content_hash", Hash),
    column("size", Integer),
    column("whole", Boolean),  # else `raw` is a beginning: it can be shown, or fetched again
    column("received_at", UtcTime),
    column("status", Word),
    column("reason", CleanText),
    column("attempts", Integer),
    column("folio", Folio, ForeignKey("case_.folio"), nullable=True),
    column("claimed_by", CleanText, nullable=True),
    column("claimed_until", UtcTime, nullable=True),
    column("turn", Hash),  # whose turn it takes among those that wait
    column("slow", Boolean),  # it waits for the reader that has all the time
    # Last, so that SQLite finds the columns above without walking through it. Compressed.
    column("raw", LargeBinary),
    UniqueConstraint("message_id", "content_hash"),
    Index(None, "status", "id"),
    Index(None, "folio"),
)
"""A mail that came in: received, then done, ignored or failed (the quarantine).

`wanted` is one of the quarantine that somebody wants fetched again.
"""

TALLY = Table(
    "tally",
    METADATA,
    column("what", Hash, primary_key=True),
    column("since", UtcTime, primary_key=True),
    column("count", Integer),
)
"""How often something happened within an hour; `what` is a hash, for it may name a person."""

PLACE = Table(
    "place",
    METADATA,
    column("mailbox", CleanText, primary_key=True),
    column("folder", CleanText, primary_key=True),
    column("uidvalidity", Id, primary_key=True, autoincrement=False),
    column("uid", Id, primary_key=True, autoincrement=False),
    column("message", Id, ForeignKey("message.id")),
    column("flagged", Boolean),
    Index(None, "flagged"),
    Index(None, "message"),
)
"""Where a message lies on the IMAP server; one mail may lie at several.

`flagged` tells that the server was told it is done: a courtesy, never a state.
"""

POSITION = Table(
    "position",
    METADATA,
    column("mailbox", CleanText, primary_key=True),
    column("folder", CleanText, primary_key=True),
    column("uidvalidity", Id, primary_key=True, autoincrement=False),
    column("last_uid", Id),
    column("old_below", Id),
    column("since", UtcTime, nullable=True),
)
"""Up to which UID a folder was taken in, and what of it is this database's business.

UIDs below `old_below` were there when it was first looked at: of those only what came `since` then.
A row with UIDVALIDITY 0, which IMAP does not know, says that `db create` meant the folder.
"""

OUTBOX = Table(
    "outbox",
    METADATA,
    column("id", Id, primary_key=True),
    column("folio", Folio, ForeignKey("case_.folio"), nullable=True),
    column("message", Id, ForeignKey("message.id"), nullable=True),
    column("template", Word),
    column("sender", CleanText),
    column("recipient", CleanText),  # the first of `recipients`: the one that caps count
    column("recipients", CleanText),  # JSON
    column("message_id", CleanText),
    column("message_id_hash", Hash),
    column("secret", CleanText, nullable=True),
    column("automatic", Boolean),
    column("alarm", Boolean),
    column("created_at", UtcTime),
    column("not_before", UtcTime),
    column("status", Word),
    column("attempts", Integer),
    column("next_try_at", UtcTime),
    column("last_error", CleanText),
    column("sent_at", UtcTime, nullable=True),
    column("claimed_by", CleanText, nullable=True),
    column("claimed_until", UtcTime, nullable=True),
    column("charged", CleanText),  # to whom the caps charge it
    column("held_back", Boolean),  # by a cap, until `not_before`
    column("raw", Packed),  # last, as above
    Index(None, "status", "next_try_at"),
    Index(None, "recipient", "created_at"),
    Index(None, "automatic", "not_before", "status"),  # whole: the cap goes by it alone
    Index(None, "charged", "not_before"),
    Index(None, "folio"),
    UniqueConstraint("message_id_hash"),
)
"""A mail to send, rendered. `secret` are the keys it carries, until it is sent."""

NOTICE = Table(
    "notice",
    METADATA,
    column("key_hash", Hash, primary_key=True),
    column("folio", Folio, ForeignKey("case_.folio"), nullable=True),
    column("message", Id, ForeignKey("message.id"), nullable=True),
    column("person", CleanText),
    column("stage", Word),
    column("version", Integer),
    column("order_name", Word, nullable=True),
    column("order_argument", CleanText, nullable=True),
    column("created_at", UtcTime),
    column("spent_at", UtcTime, nullable=True),
    column("commands", CleanText),
    column("void_at", UtcTime, nullable=True),
    column("rows", CleanText, nullable=True),
    Index(None, "folio"),
)
"""A capability; the key itself is nowhere, only its hash."""

FOLIO = Table(
    "folio_counter",
    METADATA,
    column("prefix", String(8), primary_key=True),
    column("year", Integer, primary_key=True, autoincrement=False),
    column("last", Integer),
)
"""The last number given in a year."""

LIST = Table(
    "list",
    METADATA,
    column("key", CleanText, primary_key=True),
    column("name", CleanText),
    column("address", CleanText),
    column("state", Word),
    column("area", CleanText),
    column("responsible", CleanText),
    column("responsible_email", CleanText),
    column("audience", CleanText),  # JSON
    column("recipients", Integer, nullable=True),
    column("frequency", CleanText),
    column("start_date", Date, nullable=True),
    column("end_date", Date, nullable=True),
    column("folio", Folio),  # not a foreign key: imported ones have none
    column("purpose", CleanText),
    column("note", CleanText),
    Index(None, "address"),
    Index(None, "state", "end_date"),
)
"""A list of the register. `key` is its address, or its folded name where it has none."""

JOB = Table(
    "job",
    METADATA,
    column("name", CleanText, primary_key=True),
    column("last_run", UtcTime),
    Index(None, "last_run"),
)
"""When a job of the timetable last ran."""

LEAVE = Table(
    "leave_",
    METADATA,
    column("person", CleanText, primary_key=True),
    column("delegate", CleanText, primary_key=True),
    column("name", CleanText),  # of the delegate
    column("first", Date),
    column("last", Date),
    Index(None, "last"),
)
"""Days on which a member of staff is away; `delegate` (an address, or empty) acts for them."""

CORRECTION = Table(
    "correction",
    METADATA,
    column("message", Id, ForeignKey("message.id"), primary_key=True, autoincrement=False),
    column("was", Word),
    column("confidence", Double),
    column("intent", Word),
    column("by", CleanText),
    column("at", UtcTime),
    column("sender", CleanText),
    column("subject", CleanText),
    column("text", CleanText),
    column("sent_on", Date),
)
"""What a person says that a message asks for; one a message."""
