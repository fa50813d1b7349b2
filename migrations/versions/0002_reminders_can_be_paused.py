"""Reminders can be paused: until which day, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would copy the table, and every item with it.
    op.add_column("item", sa.Column("resumes_on", sa.Date(), nullable=True))
    op.add_column("item", sa.Column("pause_note", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("item", "pause_note")
    op.drop_column("item", "resumes_on")
