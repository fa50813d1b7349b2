"""Circulars are numbered within the office's year, in a series of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "circular",
        sa.Column("id", ID, nullable=False),
        sa.Column("unit_id", ID, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("year", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_circular_numbers_begin_at_one")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_circular_unit_id_unit")),
        sa.ForeignKeyConstraint(["event_id"], ["event.position"], name=op.f("fk_circular_event_id_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_circular_year_number")),
    )
    op.create_index(op.f("ix_circular_unit_id"), "circular", ["unit_id"], unique=False)


def downgrade() -> None:
    op.drop_table("circular")
