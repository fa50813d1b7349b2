"""Supervision orders (督办单): the numbers that are given away. What each says stands in its event."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class SupervisionOrder(Base):
    """One order about one item, numbered within the office's year."""

    __tablename__ = "supervision_order"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("number > 0", name="numbers_begin_at_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    issued_on: Mapped[date]
    answer_on: Mapped[date | None]
    """The day by which an answer is asked for."""

    @property
    def key(self) -> str:
        """Year and number, such as `2026-3`."""
        return f"{self.year}-{self.number}"
