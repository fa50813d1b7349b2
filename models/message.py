"""Reminders, the outbox of letters, and the traces that runs leave."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, ScalarSelect, String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import InstrumentedAttribute, Mapped, MappedColumn, column_property, mapped_column

from models.base import Base, word


class ReminderOutcome(StrEnum):
    """What became of one rung for one person."""

    PLANNED = "planned"
    SENT = "sent"
    SUPERSEDED = "superseded"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


class Reminder(Base):
    """One rung of one item for one person under one deadline: planned once, with one outcome."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("item_id", "person_id", "rung", "deadline_version"),
        Index("ix_reminder_message_id", "message_id"),
        Index(
            "ix_reminder_planned",
            "message_id",
            "item_id",
            sqlite_where=text("outcome = 'planned'"),
            postgresql_where=text("outcome = 'planned'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    rung: Mapped[str] = mapped_column(String(40))
    deadline_version: Mapped[int]
    role: Mapped[str] = mapped_column(String(16))
    rung_on: Mapped[date]
    planned_on: Mapped[date]
    outcome: Mapped[ReminderOutcome] = mapped_column(word(ReminderOutcome))
    reason: Mapped[str] = mapped_column(String(300), default="")
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))


class MessageState(StrEnum):
    """Where a letter is on its way out."""

    PLANNED = "planned"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"
    CANCELLED = "cancelled"


UNSENT = (MessageState.PLANNED, MessageState.LEASED, MessageState.FAILED)

IS_UNSENT = text("state in ('planned', 'leased', 'failed')")
"""The condition of the partial index, word for word: with bound values no planner would know it again."""


IS_UNTOLD = text("told_at is null and state in ('sent', 'dead')")
"""Letters whose end no receipt has told yet; word for word the condition of their partial index."""


class Wording(Base):
    """The words of one letter, written and changed in the same transaction as its row.

    SQLite writes the whole row at each change, and a letter changes its state at each step on its way out.
    """

    __tablename__ = "wording"

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str] = mapped_column(Text)
    """The deadlines it tells as iCalendar text; empty when it tells none."""


_NUMBER: MappedColumn[int] = mapped_column(primary_key=True)


def _words(column: InstrumentedAttribute[str]) -> ScalarSelect[str]:
    return select(column).where(Wording.message_id == _NUMBER).correlate_except(Wording).scalar_subquery()


class Message(Base):
    """One letter to one person, rendered; the key makes a second one impossible."""

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_waiting",
            "id",
            sqlite_where=IS_UNSENT,
            postgresql_where=IS_UNSENT,
        ),
        Index("ix_message_untold", "id", sqlite_where=IS_UNTOLD, postgresql_where=IS_UNTOLD),
        Index("ix_message_person_id_day", "person_id", "day"),
    )

    id: Mapped[int] = _NUMBER
    key: Mapped[str] = mapped_column(String(120), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    address: Mapped[str] = mapped_column(String(254))
    letter: Mapped[str] = mapped_column(String(32))
    locale: Mapped[str] = mapped_column(String(8))
    day: Mapped[date]
    """The office's day that the letter speaks of."""
    subject: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = column_property(_words(Wording.text))
    html: Mapped[str] = column_property(_words(Wording.html))
    calendar: Mapped[str] = column_property(_words(Wording.calendar))
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the whole message as it goes over the wire."""
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[MessageState] = mapped_column(word(MessageState), default=MessageState.PLANNED)
    held: Mapped[bool] = mapped_column(default=False)
    """Kept back by the flood guard until a coordinator releases it."""
    attempts: Mapped[int] = mapped_column(default=0)
    planned_at: Mapped[datetime]
    first_tried_at: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    leased_by: Mapped[str] = mapped_column(String(64), default="")
    sent_at: Mapped[datetime | None]
    last_answer: Mapped[str] = mapped_column(String(400), default="")
    told_at: Mapped[datetime | None]
    """When a receipt told coordinators what became of it."""
    bounced_at: Mapped[datetime | None]
    """When a delivery report was read that says that it reached nobody, although the server had taken it."""
    bounce: Mapped[str] = mapped_column(String(400), default="", server_default="")
    """The report's own words."""


class FailingAddress(Base):
    """An address at which letters end: refused by the server for good, given up, or sent back."""

    __tablename__ = "failing_address"

    address: Mapped[str] = mapped_column(String(254), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    since_at: Mapped[datetime]
    said: Mapped[str] = mapped_column(String(400))
    """The last words about it."""
    told_at: Mapped[datetime | None]
    """When an alarm named it."""


RESTORE = "restore"
"""The heartbeat of a restored database: begun when it was restored, succeeded when sending was resumed."""


class Heartbeat(Base):
    """When a loop last began, last succeeded, and what went wrong last."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    started_at: Mapped[datetime]
    succeeded_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Text, default="")


class Run(Base):
    """One pass of a loop, as a coordinator reads it; Prefect's own record may be pruned."""

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_name_started_at", "name", "started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    day: Mapped[date | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    sentence: Mapped[str] = mapped_column(Text, default="")
    counts: Mapped[dict[str, Any]]
    flow_run_id: Mapped[str] = mapped_column(String(64), default="")
    error: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What stopped it, in an English sentence; empty where nothing did."""
