"""Links in letters can be made void, person by person."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # Not in a batch: SQLite would copy the table, which half of the others refer to.
    op.add_column("person", sa.Column("link_epoch", ID, server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("person", "link_epoch")
