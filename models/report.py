"""Reports as they came in: the decoded text that every quote points into."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Report(Base):
    """One written report. Never altered; the same file twice is the same report."""

    __tablename__ = "report"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(300))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    period: Mapped[str] = mapped_column(String(16))
    """Key of the period that references are numbered by, such as 2026H1."""
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    """First and last day of the period that the report speaks of, where it says so."""
    text: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    file_name: Mapped[str] = mapped_column(String(255))
    flags: Mapped[list[Any]]
    received_at: Mapped[datetime]
