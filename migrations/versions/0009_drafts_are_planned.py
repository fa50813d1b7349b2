"""Drafts are planned: unit, owner, co-owners and deadline that were chosen before anything is handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would copy the table, and every item with it.
    op.add_column("item", sa.Column("plan", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("item", "plan")
