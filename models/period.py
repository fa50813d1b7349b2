"""Periods, their sealed roll-ups, and what two people agree on about seals."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, word
from models.item import Decision
from rules.lifecycle import State


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
    """Canonical JSON of item rows, figures and unit rows; empty where it lies in pieces. The hash is over all
    its UTF-8 bytes.
    """
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[datetime]
    sealed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    anchor_position: Mapped[int]
    anchor_hash: Mapped[str] = mapped_column(String(64))
    """The last event of the chain when it was sealed."""


class SealPiece(Base):
    """A stretch of the content of a seal that is too long for one row. Triggers refuse update and delete.

    The pieces are written before the row of their seal, which names their hash; they belong to its period and
    version.
    """

    __tablename__ = "seal_piece"
    __table_args__ = (UniqueConstraint("period_id", "version", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"))
    version: Mapped[int]
    number: Mapped[int]
    """0, 1, 2 ... from the beginning; the last piece holds what stands behind the items."""
    content: Mapped[str] = mapped_column(Text)


class Carried(Base):
    """What a seal carries over into later periods: so many items that those cannot tell apart.

    Written once with the seal, from the history, so that the next roll-up need not begin at the beginning
    (services/carrying.py says how days that no longer matter are told). Triggers refuse update and delete.
    """

    __tablename__ = "carried"

    id: Mapped[int] = mapped_column(primary_key=True)
    rollup_id: Mapped[int] = mapped_column(ForeignKey("rollup.id"), index=True)
    lead_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[State] = mapped_column(word(State))
    due_on: Mapped[date | None]
    judged_on: Mapped[date | None]
    opened_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    many: Mapped[int]
    extensions: Mapped[int]
    """Of all of them together."""


class SealMatter(StrEnum):
    """What is proposed: that a period be sealed, or that its seal be lifted."""

    SEAL = "seal"
    UNSEAL = "unseal"


class SealProposal(Base):
    """What one person (or the flow) proposes about a seal and another one confirms."""

    __tablename__ = "seal_proposal"
    __table_args__ = (
        Index(
            "uq_seal_proposal_pending",
            "period_id",
            unique=True,
            sqlite_where=text("decision = 'pending'"),
            postgresql_where=text("decision = 'pending'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("period.id"), index=True)
    matter: Mapped[SealMatter] = mapped_column(word(SealMatter, "matter"))
    version: Mapped[int]
    """The version that the seal would be, or the one that would be lifted."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the content that was proposed, or of the seal that would be lifted."""
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    """None where the flow proposed it."""
    proposed_at: Mapped[datetime]
    decision: Mapped[Decision] = mapped_column(word(Decision), default=Decision.PENDING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(Text, default="")
