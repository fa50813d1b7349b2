"""Supervision orders are numbered within the office's year."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "supervision_order",
        sa.Column("id", ID, nullable=False),
        sa.Column("year", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("answer_on", sa.Date(), nullable=True),
        sa.CheckConstraint("number > 0", name=op.f("ck_supervision_order_numbers_begin_at_one")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name=op.f("fk_supervision_order_item_id_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_order")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_supervision_order_year_number")),
    )
    op.create_index(op.f("ix_supervision_order_item_id"), "supervision_order", ["item_id"], unique=False)


def downgrade() -> None:
    op.drop_table("supervision_order")
