"""The words of letters lie in a table of their own, and reminders that wait beside each other by letter."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

WORDS = ("html", "text", "calendar")
"""The longest first: SQLite writes every row anew for each column that goes."""


def upgrade() -> None:
    op.create_table(
        "wording",
        sa.Column("message_id", ID, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_wording_message_id_message")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_wording")),
    )
    op.execute(
        "insert into wording (message_id, text, html, calendar) "
        "select id, text, html, calendar from message order by id"
    )
    for name in WORDS:
        op.drop_column("message", name)
    _planned_by("message_id", "item_id")


def _planned_by(*columns: str) -> None:
    op.drop_index("ix_reminder_planned", "reminder")
    is_planned = sa.text("outcome = 'planned'")
    op.create_index(
        "ix_reminder_planned", "reminder", columns, sqlite_where=is_planned, postgresql_where=is_planned
    )


def downgrade() -> None:
    _planned_by("item_id")
    for name in reversed(WORDS):
        op.add_column("message", sa.Column(name, sa.Text(), server_default="", nullable=False))
    op.execute(
        "update message set text = wording.text, html = wording.html, calendar = wording.calendar "
        "from wording where wording.message_id = message.id"
    )
    op.drop_table("wording")
