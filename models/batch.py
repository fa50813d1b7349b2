"""A day's planning in parts, while it is under way."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, word


class BatchState(StrEnum):
    """Where a batch is on its way."""

    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"


class Batch(Base):
    """The people, from the first id to the last, for whom one worker plans at a time.

    The rows of a day go away together, once it is planned.
    """

    __tablename__ = "batch"
    __table_args__ = (UniqueConstraint("day", "first_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    at: Mapped[datetime]
    """The instant that the run was for."""
    first_id: Mapped[int]
    last_id: Mapped[int]
    held: Mapped[bool]
    """Whether the flood guard holds the day's letters back."""
    flow_run_id: Mapped[str] = mapped_column(String(64), default="")
    """The run that began the day."""
    state: Mapped[BatchState] = mapped_column(word(BatchState), default=BatchState.WAITING)
    leased_by: Mapped[str] = mapped_column(String(64), default="")
    lease_until: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]]
    """What was planned; empty until then."""
