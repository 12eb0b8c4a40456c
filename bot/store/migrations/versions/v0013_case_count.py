"""Cases are counted as they come and move: each look at /metrics walked through all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "case_count",
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("state", name="pk_case_count"),
    )
    counted = "SELECT state, count(*) FROM case_ GROUP BY state"
    op.execute(f"INSERT INTO case_count (state, count) {counted}")
