"""Two people seal a period, and lift its seal: what was proposed, by whom, and who decided."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "seal_proposal",
        sa.Column("id", ID, nullable=False),
        sa.Column("period_id", ID, nullable=False),
        sa.Column(
            "matter",
            sa.Enum("seal", "unseal", name="matter", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("version", ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", ID, nullable=True),
        sa.Column("proposed_at", INSTANT, nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                *("pending", "granted", "refused", "lapsed"),
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_seal_proposal_period_id_period")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_seal_proposal_proposed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_seal_proposal_decided_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_proposal")),
    )
    op.create_index(op.f("ix_seal_proposal_period_id"), "seal_proposal", ["period_id"], unique=False)
    op.create_index(
        "uq_seal_proposal_pending",
        "seal_proposal",
        ["period_id"],
        unique=True,
        sqlite_where=sa.text("decision = 'pending'"),
        postgresql_where=sa.text("decision = 'pending'"),
    )


def downgrade() -> None:
    op.drop_table("seal_proposal")
