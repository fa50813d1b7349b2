"""Periods and their sealed roll-ups."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Period(Base):
    """A reporting period that has been rolled up; half-open."""

    __tablename__ = "period"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    first_on: Mapped[date]
    end_on: Mapped[date]


class Rollup(Base):
    """The figures of a period as they were sealed. Triggers refuse update and delete; versions add up."""

    __tablename__ = "rollup"
    __table_args__ = (UniqueConstraint("period_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    version: Mapped[int]
    rule_version: Mapped[int]
    cut_off_at: Mapped[datetime]
    content: Mapped[str] = mapped_column(Text)
    """Canonical JSON of figures, unit rows and item rows; the hash is over its UTF-8 bytes."""
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]
    sealed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    anchor_position: Mapped[int]
    anchor_hash: Mapped[str] = mapped_column(String(64))
    """The last event of the chain when it was sealed."""
