"""A reply token tells which commands its mail offered, and that it is void since its case moved."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# What the mails of earlier versions offered at each stage, and what could be said besides.
DESK = "answer approve ask assign classify correct merge note reject"
OFFERED = {
    "incomplete": "answer ask assign classify correct merge note",
    "review": DESK,
    "approval": f"{DESK} undo",
    "provisioning": "answer ask assign done note undo",
    "closed": "answer note reopen",
    "rejected": "answer note reopen undo",
    "withdrawn": "answer note reopen",
    "expired": "answer note reopen",
    "remark": "answer classify",
}
NOTICE = sa.table(
    "notice",
    *(sa.column(name) for name in ("folio", "stage", "order_name", "commands")),
    sa.column("void_at", sa.DateTime(timezone=True)),
)
CASE = sa.table("case_", sa.column("folio"), sa.column("state"))


def upgrade() -> None:
    commands: sa.Column[str] = sa.Column("commands", sa.Text(), nullable=False, server_default="")
    void_at: sa.Column[object] = sa.Column("void_at", sa.DateTime(timezone=True), nullable=True)
    for column in (commands, void_at):
        op.add_column("notice", column)
    connection = op.get_bind()
    for stage, offered in OFFERED.items():
        of_stage = sa.update(NOTICE).where(NOTICE.c.stage == stage, NOTICE.c.order_name.is_(None))
        connection.execute(of_stage.values(commands=offered))
    connection.execute(
        sa.update(NOTICE).where(NOTICE.c.order_name.is_not(None)).values(commands="confirm")
    )
    state = sa.select(CASE.c.state).where(CASE.c.folio == NOTICE.c.folio).scalar_subquery()
    moved_on = (NOTICE.c.folio.is_not(None), NOTICE.c.stage != "remark", NOTICE.c.stage != state)
    connection.execute(sa.update(NOTICE).where(*moved_on).values(void_at=dt.datetime.now(dt.UTC)))
