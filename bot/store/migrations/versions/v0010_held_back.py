"""Mail that a cap holds back waits in the outbox, charged to whose mail led to it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    charged: sa.Column[str] = sa.Column("charged", sa.Text(), nullable=False, server_default="")
    held_back: sa.Column[bool] = sa.Column(
        "held_back", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    for column in (charged, held_back):
        op.add_column("outbox", column)
    op.drop_index("ix_outbox_automatic_created_at_status", "outbox")
    op.create_index(
        "ix_outbox_automatic_not_before_status", "outbox", ["automatic", "not_before", "status"]
    )
    op.create_index("ix_outbox_charged_not_before", "outbox", ["charged", "not_before"])
