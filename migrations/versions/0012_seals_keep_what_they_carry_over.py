"""Seals keep what they carry over, and roll-ups find all that they count of the history in one index."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATE = sa.Enum(
    "draft",
    "assigned",
    "in_progress",
    "submitted",
    "closed",
    "sustained",
    "cancelled",
    name="state",
    native_enum=False,
    create_constraint=True,
    length=32,
)
INDEX = "ix_event_item_id_position"
FOUND = ["item_id", "position"]
COUNTED = ["at", "state", "lead_unit_id", "due_on", "judged_on", "opened_on", "ended_on", "extensions"]


def upgrade() -> None:
    op.drop_index(INDEX, "event")
    op.create_index(INDEX, "event", [*FOUND, *COUNTED], unique=False)
    op.create_table(
        "carried",
        sa.Column("id", ID, nullable=False),
        sa.Column("rollup_id", ID, nullable=False),
        sa.Column("lead_unit_id", ID, nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("judged_on", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("many", ID, nullable=False),
        sa.Column("extensions", ID, nullable=False),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["unit.id"], name=op.f("fk_carried_lead_unit_id_unit")),
        sa.ForeignKeyConstraint(["rollup_id"], ["rollup.id"], name=op.f("fk_carried_rollup_id_rollup")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried")),
    )
    op.create_index(op.f("ix_carried_rollup_id"), "carried", ["rollup_id"], unique=False)
    _refuse_changes("carried")


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
    op.drop_table("carried")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function carried_is_kept()")
    op.drop_index(INDEX, "event")
    op.create_index(INDEX, "event", FOUND, unique=False)
