"""What is asked for each day is found without walking through the history of years."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_index("ix_case__updated_at", "case_", ["updated_at"])
    op.create_index("ix_event_at", "event", ["at"])
    op.create_index("ix_job_last_run", "job", ["last_run"])
    op.drop_index("ix_list_state", "list")
    op.create_index("ix_list_state_end_date", "list", ["state", "end_date"])
