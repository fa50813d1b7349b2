"""A period's seal as people look at it: what is proposed, every version, what they may do."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from models.item import Decision
from models.period import Period as PeriodRow
from models.period import Rollup as RollupRow
from models.period import SealMatter, SealProposal
from rules.errors import ChangedError
from rules.permissions import TABLE, may
from rules.sealing import Proposed, SealStep, seal_steps
from services import rollups, seals
from services.office import Visit


@dataclass(frozen=True, slots=True)
class Said:
    """What one person did about a seal. Instants are local to the office."""

    by: str
    """Empty where the nightly run did it."""
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is proposed and waits for its second person."""

    number: int
    """Of the proposal; a form that decides it names it."""
    is_lifting: bool
    is_own: bool
    version: int
    sha256: str
    proposed: Said


@dataclass(frozen=True, slots=True)
class Version:
    """One seal of the period, in force or lifted."""

    version: int
    sha256: str
    sealed: Said
    proposed: Said | None
    """None where one person or the nightly run sealed alone."""
    lifting: tuple[Said, Said] | None
    """Who proposed that it be lifted, and who confirmed it."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """All about the seal of one period, for somebody who may see the whole office."""

    waiting: Waiting | None
    versions: tuple[Version, ...]
    """The latest first."""
    steps: tuple[SealStep, ...]


def sealing(visit: Visit, key: str) -> Sealing | None:
    """What the visitor may know and do about the period's seal; None for who may not see the whole office.

    Raises:
        SettingError: the key names no period.
    """
    roles = visit.directory.roles_at_top(visit.actor.id, visit.today)
    if not may("view-rollup", roles):
        return None
    waiting = _waiting(visit, key)
    steps = seal_steps(
        visit.office.policy.seal_by,
        {action for action in TABLE if may(action, roles)},
        is_over=rollups.cut_off_of(visit.office, key) <= visit.now,
        is_sealed=rollups.sealed(visit.session, key, is_bare=True) is not None,
        proposed=Proposed(waiting.is_lifting, waiting.is_own) if waiting else None,
    )
    return Sealing(waiting, tuple(_versions(visit, key)), tuple(steps))


def require_same(session: Session, key: str, number: int | None) -> None:
    """Raises ChangedError unless the proposal of this number is what waits now; None for nothing."""
    found = seals.pending(session, key)
    if (found.id if found else None) != number:
        raise ChangedError("Somebody else has changed this meanwhile; look at it again.")


def _waiting(visit: Visit, key: str) -> Waiting | None:
    found = seals.pending(visit.session, key)
    if found is None:
        return None
    return Waiting(
        found.id,
        found.matter is SealMatter.UNSEAL,
        found.proposed_by_id == visit.actor.id,
        found.version,
        found.sha256,
        _proposed(visit, found),
    )


def _versions(visit: Visit, key: str) -> Iterator[Version]:
    query = (
        select(RollupRow)
        .options(defer(RollupRow.content))
        .join(PeriodRow, PeriodRow.id == RollupRow.period_id)
        .where(PeriodRow.key == key)
        .order_by(RollupRow.version.desc())
    )
    rows = visit.session.scalars(query).all()
    granted = _granted(visit.session, {row.period_id for row in rows})
    for row in rows:
        made = granted.get((SealMatter.SEAL, row.version))
        lifted = granted.get((SealMatter.UNSEAL, row.version))
        note = made.note if made else ""
        yield Version(
            row.version,
            row.sha256,
            _said(visit, row.sealed_by_id, row.sealed_at, note),
            _proposed(visit, made) if made else None,
            (_proposed(visit, lifted), _decided(visit, lifted)) if lifted else None,
        )


def _granted(session: Session, periods: Collection[int]) -> dict[tuple[SealMatter, int], SealProposal]:
    """What two people agreed on: one proposal at most for the seal of a version, one for its lifting."""
    if not periods:
        return {}
    query = select(SealProposal).where(
        SealProposal.period_id.in_(periods), SealProposal.decision == Decision.GRANTED
    )
    return {(one.matter, one.version): one for one in session.scalars(query)}


def _proposed(visit: Visit, row: SealProposal) -> Said:
    return _said(visit, row.proposed_by_id, row.proposed_at, row.reason)


def _decided(visit: Visit, row: SealProposal) -> Said:
    return _said(visit, row.decided_by_id, row.decided_at or row.proposed_at, row.note)


def _said(visit: Visit, by: int | None, at: datetime, why: str) -> Said:
    person = visit.directory.contacts.get(by) if by else None
    return Said(person.name if person else "", at.astimezone(visit.office.zone), why)
