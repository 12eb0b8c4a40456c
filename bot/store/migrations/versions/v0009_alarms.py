"""A mail tells whether it is an alarm: what becomes of one is told to nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

OUTBOX = sa.table("outbox", sa.column("template"), sa.column("alarm", sa.Boolean()))


def upgrade() -> None:
    alarm: sa.Column[bool] = sa.Column(
        "alarm", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    op.add_column("outbox", alarm)
    op.get_bind().execute(sa.update(OUTBOX).where(OUTBOX.c.template == "alarm").values(alarm=True))
