"""Mails that wait no longer hold their keys, which stand beside them (`bot/store/redaction.py`)."""

import sqlalchemy as sa
from alembic import op

from bot.store.columns import Packed
from bot.store.redaction import hidden, known_as

revision = "0005"
down_revision = "0004"

OUTBOX = sa.table(
    "outbox",
    sa.column("id", sa.Integer),
    sa.column("message_id", sa.Text),
    sa.column("secret", sa.Text),
    sa.column("raw", Packed),
)


def upgrade() -> None:
    connection = op.get_bind()
    for row in connection.execute(sa.select(OUTBOX).where(OUTBOX.c.secret.is_not(None))).all():
        keys = row.secret.split()
        raw, secret = hidden(row.raw, keys)
        values = {"raw": raw, "secret": secret, "message_id": known_as(row.message_id, keys)}
        connection.execute(sa.update(OUTBOX).where(OUTBOX.c.id == row.id).values(values))
