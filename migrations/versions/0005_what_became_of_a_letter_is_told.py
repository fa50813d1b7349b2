"""What became of a letter is told once, letters can come back, and an address that takes none is known."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
UNTOLD = sa.text("told_at is null and state in ('sent', 'dead')")


def upgrade() -> None:
    # Not in a batch: SQLite would copy the table, and every letter with it.
    op.add_column("message", sa.Column("told_at", INSTANT, nullable=True))
    op.add_column("message", sa.Column("bounced_at", INSTANT, nullable=True))
    op.add_column("message", sa.Column("bounce", sa.String(length=400), server_default="", nullable=False))
    # The first receipt is to tell of what happens from now on, and not of years.
    op.execute("update message set told_at = planned_at where state in ('sent', 'dead')")
    op.create_index("ix_message_untold", "message", ["id"], sqlite_where=UNTOLD, postgresql_where=UNTOLD)
    op.create_table(
        "failing_address",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("since_at", INSTANT, nullable=False),
        sa.Column("said", sa.String(length=400), nullable=False),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_failing_address_person_id_person")
        ),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_failing_address")),
    )


def downgrade() -> None:
    op.drop_table("failing_address")
    op.drop_index("ix_message_untold", table_name="message")
    for column in ("bounce", "bounced_at", "told_at"):
        op.drop_column("message", column)
