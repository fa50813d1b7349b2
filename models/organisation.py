"""Units in their tree, people, and the roles that people hold on units."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from models.base import Base, word
from rules.permissions import Role


class Unit(Base):
    """A committee, office or branch."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    aliases: Mapped[list[str]]
    kind: Mapped[str] = mapped_column(String(32))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    head_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", use_alter=True, name="fk_unit_head_id_person")
    )
    active: Mapped[bool] = mapped_column(default=True)


class Person(Base):
    """Somebody who owns, decides or reads. The address is lower-case and unique."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    locale: Mapped[str] = mapped_column(String(8), default="zh_CN")
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    link_epoch: Mapped[int] = mapped_column(default=0)
    """Raised to make all links of the person void that letters carried before."""

    left_at: Mapped[datetime | None]
    """When they left, if they have."""
    masked_at: Mapped[datetime | None]
    """When what was known of them was masked: name and address are none of theirs since."""

    @validates("active", "email")
    def _ends_links(self, name: str, value: object) -> object:
        """Who leaves or moves to another address does not find old links alive when they come back."""
        before = getattr(self, name)
        if (name == "active" and before and not value) or (name == "email" and before and before != value):
            self.link_epoch = (self.link_epoch or 0) + 1
        return value


class Grant(Base):
    """A role on a unit and everything below it; deputies hold it between two dates."""

    __tablename__ = "grant"
    __table_args__ = (Index("ix_grant_person_id_unit_id", "person_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role] = mapped_column(word(Role))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    """The last day of the role, included."""
