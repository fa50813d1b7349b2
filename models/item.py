"""Items (problems and measures) with their people, links, requests and evidence."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, word
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.permissions import Role


class Item(Base):
    """A problem or a measure on its way from the report to its closing."""

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint("progress between 0 and 100", name="progress_is_a_percentage"),
        Index(
            "ix_item_next_reminder_on",
            "next_reminder_on",
            sqlite_where=text("next_reminder_on is not null"),
            postgresql_where=text("next_reminder_on is not null"),
        ),
        Index("ix_item_state_due_on", "state", "due_on"),
        # In this order the ledger begins; the id keeps items of one day in theirs.
        Index("ix_item_due_on_id", "due_on", "id"),
        Index("ix_item_lead_unit_id_state", "lead_unit_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[Kind] = mapped_column(word(Kind))
    number: Mapped[str] = mapped_column(String(40), default="")
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("report.id"), index=True)
    quote_start: Mapped[int | None]
    quote_end: Mapped[int | None]
    """Code-point range in the report's text, end exclusive."""
    stated_owners: Mapped[list[str]]
    """The owners as the report names them, before anybody is made responsible."""
    stated_due_on: Mapped[date | None]
    plan: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """What was chosen for a draft before it is handed over (services/drafting.py: Plan)."""
    flags: Mapped[list[Any]]
    lead_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    time_limit: Mapped[TimeLimit] = mapped_column(word(TimeLimit))
    due_on: Mapped[date | None]
    original_due_on: Mapped[date | None]
    judged_on: Mapped[date | None]
    """The deadline that decides "on time": a late extension does not move it."""
    deadline_version: Mapped[int] = mapped_column(default=1)
    """Counts every change of deadline or owner; reminders belong to one version."""
    review_on: Mapped[date | None]
    state: Mapped[State] = mapped_column(word(State))
    progress: Mapped[int] = mapped_column(default=0)
    extensions: Mapped[int] = mapped_column(default=0)
    confirmed_on: Mapped[date | None]
    opened_on: Mapped[date | None]
    since_on: Mapped[date | None]
    """The day on which this deadline version began."""
    word_on: Mapped[date | None]
    """The day of the last acknowledgement, progress report or decision."""
    submitted_on: Mapped[date | None]
    submitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_on: Mapped[date | None]
    next_reminder_on: Mapped[date | None]
    resumes_on: Mapped[date | None]
    """The day on which paused reminders go on. Left standing when it has passed."""
    pause_note: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    """Counts every change; two editors of one version collide visibly."""


class Assignment(Base):
    """A person's part in one item."""

    __tablename__ = "assignment"
    __table_args__ = (UniqueConstraint("item_id", "person_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(word(Role))


class Link(Base):
    """A measure answers a problem; either may have several, or none."""

    __tablename__ = "link"

    measure_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, index=True)


class RequestKind(StrEnum):
    """What an owner may ask for."""

    EXTENSION = "extension"
    CANCELLATION = "cancellation"


class Decision(StrEnum):
    """What became of a request."""

    PENDING = "pending"
    GRANTED = "granted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    """The item ended before anybody decided."""


class Request(Base):
    """An extension or a cancellation that somebody other than its maker decides."""

    __tablename__ = "request"
    __table_args__ = (
        Index(
            "uq_request_pending",
            "item_id",
            "kind",
            unique=True,
            sqlite_where=text("decision = 'pending'"),
            postgresql_where=text("decision = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    kind: Mapped[RequestKind] = mapped_column(word(RequestKind))
    reason: Mapped[str] = mapped_column(Text)
    proposed_on: Mapped[date | None]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    decision: Mapped[Decision] = mapped_column(word(Decision), default=Decision.PENDING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")


class Evidence(Base):
    """A file that shows what was done. Withdrawn ones stay in the history."""

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    """Bytes."""
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
