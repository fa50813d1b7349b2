"""The numbers of supervision orders (督办单) and circulars (通报). What each says stands in its event."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Numbered:
    """What the office issues under a number of the year, in a series of its own."""

    year: Mapped[int]
    number: Mapped[int]
    issued_on: Mapped[date]

    @property
    def key(self) -> str:
        """Year and number, such as `2026-3`."""
        return f"{self.year}-{self.number}"


class SupervisionOrder(Numbered, Base):
    """One order about one item, numbered within the office's year."""

    __tablename__ = "supervision_order"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("number > 0", name="numbers_begin_at_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    answer_on: Mapped[date | None]
    """The day by which an answer is asked for."""


class Circular(Numbered, Base):
    """One circular about several items, numbered within the office's year."""

    __tablename__ = "circular"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("number > 0", name="numbers_begin_at_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    """The lowest unit above all that it names: whoever oversees that one may read it."""
    title: Mapped[str] = mapped_column(String(200))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.position"))
    """The event that says all of it."""
