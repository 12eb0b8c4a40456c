"""A reply token of a mail that numbers cases tells which tokens its rows have."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    rows: sa.Column[str] = sa.Column("rows", sa.Text(), nullable=True)
    op.add_column("notice", rows)
