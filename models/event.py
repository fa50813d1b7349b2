"""The append-only history: one row for every change, each bound to the one before it by a hash."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, word
from rules.deadlines import TimeLimit
from rules.lifecycle import State


class Event(Base):
    """Who did what when, and how the item stood after it. Triggers refuse update and delete."""

    __tablename__ = "event"
    __table_args__ = (
        # All that roll-ups count stands in it, so that they need not touch the wide rows themselves.
        Index(
            "ix_event_item_id_position",
            "item_id",
            "position",
            "at",
            "state",
            "lead_unit_id",
            "due_on",
            "judged_on",
            "opened_on",
            "ended_on",
            "extensions",
        ),
        Index("ix_event_at", "at"),
    )

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 ... without a gap."""
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    door: Mapped[str] = mapped_column(String(16))
    """Through which door it came: command, page, link, flow, import."""
    subject: Mapped[str] = mapped_column(String(80))
    """What it is about, such as item:2026H1-P01, report:7 or period:2026H2."""
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    move: Mapped[str] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text, default="")
    payload: Mapped[dict[str, Any]]
    state_before: Mapped[State | None] = mapped_column(word(State, "state_before"))
    state: Mapped[State | None] = mapped_column(word(State))
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    time_limit: Mapped[TimeLimit | None] = mapped_column(word(TimeLimit))
    due_on: Mapped[date | None]
    original_due_on: Mapped[date | None]
    judged_on: Mapped[date | None]
    opened_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    progress: Mapped[int | None]
    extensions: Mapped[int | None]
    owners: Mapped[list[int] | None]
    """Ids of the owners after the change; ids, so that a person who left can be masked without a break."""
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
