"""When somebody left, and when what was known of them was masked."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("masked_at", sa.DateTime(timezone=True), nullable=True))
    # Of those who left before, the last change of their entry is the latest day on which they can have left.
    op.execute(
        "update person set left_at = (select max(at) from event where subject = 'person:' || person.id)"
        " where not active"
    )


def downgrade() -> None:
    op.drop_column("person", "masked_at")
    op.drop_column("person", "left_at")
