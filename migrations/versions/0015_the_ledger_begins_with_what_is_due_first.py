"""The ledger's usual order, by deadline, is read from an index."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_item_due_on_id", "item", ["due_on", "id"])


def downgrade() -> None:
    op.drop_index("ix_item_due_on_id", "item")
