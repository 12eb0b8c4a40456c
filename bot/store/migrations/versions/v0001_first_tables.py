"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UTC_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _case()
    _folio_counter()
    _job()
    _position()
    _event()
    _message()
    _participant()
    _thread()
    _notice()
    _outbox()
    _place()


def _case() -> None:
    op.create_table(
        "case_",
        sa.Column("folio", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("intent", sa.String(length=40), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("opened_at", UTC_TIME, nullable=False),
        sa.Column("updated_at", UTC_TIME, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("folio", name="pk_case_"),
    )
    op.create_index("ix_case__opened_at", "case_", ["opened_at"])
    op.create_index("ix_case__state_opened_at", "case_", ["state", "opened_at"])


def _folio_counter() -> None:
    op.create_table(
        "folio_counter",
        sa.Column("prefix", sa.String(length=8), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name="pk_folio_counter"),
    )


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last_run", UTC_TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_job"),
    )


def _position() -> None:
    op.create_table(
        "position",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("uidvalidity", ID, autoincrement=False, nullable=False),
        sa.Column("last_uid", ID, nullable=False),
        sa.PrimaryKeyConstraint("mailbox", "folder", "uidvalidity", name="pk_position"),
    )


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", ID, nullable=False),
        sa.Column("folio", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UTC_TIME, nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["folio"], ["case_.folio"], name="fk_event_folio"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("folio", "number", name="uq_event_folio_number"),
    )


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("id", ID, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("received_at", UTC_TIME, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("folio", sa.String(length=40), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_until", UTC_TIME, nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["folio"], ["case_.folio"], name="fk_message_folio"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint(
            "message_id", "content_hash", name="uq_message_message_id_content_hash"
        ),
    )
    op.create_index("ix_message_folio", "message", ["folio"])
    op.create_index("ix_message_status_id", "message", ["status", "id"])


def _participant() -> None:
    op.create_table(
        "participant",
        sa.Column("folio", sa.String(length=40), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["folio"], ["case_.folio"], name="fk_participant_folio"),
        sa.PrimaryKeyConstraint("folio", "email", name="pk_participant"),
    )
    op.create_index("ix_participant_email", "participant", ["email"])


def _thread() -> None:
    op.create_table(
        "thread",
        sa.Column("message_id_hash", sa.String(length=64), nullable=False),
        sa.Column("folio", sa.String(length=40), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["folio"], ["case_.folio"], name="fk_thread_folio"),
        sa.PrimaryKeyConstraint("message_id_hash", "folio", name="pk_thread"),
    )


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("folio", sa.String(length=40), nullable=True),
        sa.Column("message", ID, nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("order_name", sa.String(length=40), nullable=True),
        sa.Column("order_argument", sa.Text(), nullable=True),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("spent_at", UTC_TIME, nullable=True),
        sa.ForeignKeyConstraint(["folio"], ["case_.folio"], name="fk_notice_folio"),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_notice_message"),
        sa.PrimaryKeyConstraint("key_hash", name="pk_notice"),
    )
    op.create_index("ix_notice_folio", "notice", ["folio"])


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("folio", sa.String(length=40), nullable=True),
        sa.Column("message", ID, nullable=True),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("message_id_hash", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTC_TIME, nullable=False),
        sa.Column("not_before", UTC_TIME, nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UTC_TIME, nullable=False),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("sent_at", UTC_TIME, nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_until", UTC_TIME, nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["folio"], ["case_.folio"], name="fk_outbox_folio"),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_outbox_message"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("message_id_hash", name="uq_outbox_message_id_hash"),
    )
    op.create_index(
        "ix_outbox_automatic_created_at_status",
        "outbox",
        ["automatic", "created_at", "status"],
        unique=False,
    )
    op.create_index("ix_outbox_folio", "outbox", ["folio"])
    op.create_index("ix_outbox_recipient_created_at", "outbox", ["recipient", "created_at"])
    op.create_index("ix_outbox_status_next_try_at", "outbox", ["status", "next_try_at"])


def _place() -> None:
    op.create_table(
        "place",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("uidvalidity", ID, autoincrement=False, nullable=False),
        sa.Column("uid", ID, autoincrement=False, nullable=False),
        sa.Column("message", ID, nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["message"], ["message.id"], name="fk_place_message"),
        sa.PrimaryKeyConstraint("mailbox", "folder", "uidvalidity", "uid", name="pk_place"),
    )
    op.create_index("ix_place_flagged", "place", ["flagged"])
    op.create_index("ix_place_message", "place", ["message"])
