"""Messages that wait take turns by sender; what takes long waits in a line of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    turn: sa.Column[str] = sa.Column("turn", sa.String(64), nullable=False, server_default="")
    slow: sa.Column[bool] = sa.Column(
        "slow", sa.Boolean(), nullable=False, server_default=sa.false()
    )
    for column in (turn, slow):
        op.add_column("message", column)
