"""A seal of many items lies in pieces, so that none has to be in memory whole."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "seal_piece",
        sa.Column("id", ID, nullable=False),
        sa.Column("period_id", ID, nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["period_id"], ["period.id"], name=op.f("fk_seal_piece_period_id_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal_piece")),
        sa.UniqueConstraint(
            "period_id", "version", "number", name=op.f("uq_seal_piece_period_id_version_number")
        ),
    )
    _refuse_changes("seal_piece")


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for change in ("update", "delete"):
            op.execute(
                f"create trigger {table}_refuses_{change} before {change} on {table} "
                f"begin select raise(abort, 'rows of {table} are written once'); end"
            )
        return
    op.execute(
        f"create function {table}_is_kept() returns trigger language plpgsql as "
        f"$$ begin raise exception 'rows of {table} are written once'; end $$"
    )
    op.execute(
        f"create trigger {table}_refuses_change before update or delete on {table} "
        f"for each row execute function {table}_is_kept()"
    )
    op.execute(
        f"create trigger {table}_refuses_truncate before truncate on {table} "
        f"for each statement execute function {table}_is_kept()"
    )


def downgrade() -> None:
    op.drop_table("seal_piece")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function seal_piece_is_kept()")
