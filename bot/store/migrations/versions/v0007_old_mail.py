"""Where in a folder a database begins: what was there before it may be left alone."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    old_below: sa.Column[int] = sa.Column("old_below", number, nullable=False, server_default="0")
    since: sa.Column[object] = sa.Column("since", sa.DateTime(timezone=True), nullable=True)
    for column in (old_below, since):
        op.add_column("position", column)
