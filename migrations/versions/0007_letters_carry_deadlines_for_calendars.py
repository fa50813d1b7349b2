"""Letters carry deadlines for calendars."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Letters that wait in the outbox have none: their bytes stay what they were.
    op.add_column("message", sa.Column("calendar", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("message", "calendar")
