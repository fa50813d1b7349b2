"""Roll-ups: figures of a period from events alone, and their seal."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from models.event import Event
from models.item import Decision
from models.organisation import Person
from models.period import Period as PeriodRow
from models.period import Rollup as RollupRow
from models.period import SealMatter, SealProposal
from rules import rollup
from rules.errors import WrongMoveError
from rules.movement import movements
from rules.periods import Period, is_range, stretch
from rules.rollup import RULE_VERSION, Rollup, Standing, dated, roll_up
from rules.sealing import SealBy
from services import history
from services.access import require
from services.carrying import carry_over
from services.contents import as_sealed, content_of
from services.counts import Count
from services.late import late_entries
from services.office import Office, Visit
from services.organisation import root
from services.recounts import recounted
from services.seal_pieces import hash_of, keep, pieces_of, read, read_units
from services.standings import as_booked, open_units, position_before, standings_at, steps_between
from services.trees import tree_at


@dataclass(frozen=True, slots=True)
class Computed:
    """A roll-up, the instant that it looks back from, and the version of the rules that made it."""

    rollup: Rollup
    cut_off_at: datetime
    rule_version: int

    @property
    def content(self) -> str:
        """As canonical JSON: made when asked for, as it takes as much memory as the items."""
        return content_of(self.rollup, self.cut_off_at, self.rule_version)

    @property
    def sha256(self) -> str:
        """Of the content's UTF-8 bytes."""
        return sha256(self.content.encode()).hexdigest()


def compute(
    session: Session,
    office: Office,
    key: str,
    *,
    as_of: datetime,
    rule_version: int = RULE_VERSION,
    tree: Iterable[rollup.Unit] | None = None,
) -> Computed:
    """The figures of the period `key` as of `as_of` or the period's end, whichever comes first.

    An older `rule_version` counts as a seal of that version did; `tree` are other units than those of the
    cut-off, such as the sealed ones.

    Raises:
        SettingError: the key names no period.
    """
    period = stretch(key)
    cut_off = min(period.cut_off_at(office.zone), as_of)
    units = tuple(tree) if tree is not None else tree_at(session, position_before(session, cut_off))
    items = standings(session, cut_off)
    found = rolled(session, office, period, cut_off, items, units, rule_version=rule_version)
    return Computed(found, cut_off, rule_version)


def rolled(
    session: Session,
    office: Office,
    period: Period,
    cut_off: datetime,
    items: list[Standing],
    units: tuple[rollup.Unit, ...],
    *,
    rule_version: int = RULE_VERSION,
) -> Rollup:
    """The roll-up of `items` as they stood at `cut_off`, on the tree of `units`."""
    start, today = min(period.start_at(office.zone), cut_off), office.day(cut_off)
    moved = None
    if rule_version > 1:
        steps = steps_between(session, start, cut_off)
        moved = movements(open_units(session, start), steps)
        items = [dated(item, today, office.calendar) for item in as_booked(items, steps, office.day)]
    return roll_up(items, units, period, today, moved)


def standings(session: Session, cut_off: datetime, *, touched_after: int | None = None) -> list[Standing]:
    """Every item as its last event before `cut_off` left it.

    `touched_after` narrows to the items that have an event, of whatever time, after that position.
    """
    return standings_at(session, cut_off, touched_after=touched_after)


def sealed(session: Session, key: str, *, is_bare: bool = False) -> RollupRow | None:
    """The seal of the period that is in force: its latest version, unless that was lifted.

    `is_bare` reads its content only when asked for: it may be megabytes, and a page often wants the hash.
    """
    found = latest(session, key, is_bare=is_bare)
    return None if found is None or _is_lifted(session, found) else found


def seals(session: Session, keys: Collection[str]) -> dict[str, RollupRow]:
    """As `sealed` with `is_bare`, for several periods at once: the seals in force, by the period's key."""
    query = (
        select(PeriodRow.key, RollupRow)
        .join(PeriodRow, PeriodRow.id == RollupRow.period_id)
        .where(PeriodRow.key.in_(keys))
        .order_by(RollupRow.version)
        .options(defer(RollupRow.content))
    )
    found = dict(session.execute(query).tuples().all())
    return {key: row for key, row in found.items() if not _is_lifted(session, row)}


def latest(session: Session, key: str, *, is_bare: bool = False) -> RollupRow | None:
    """The period's latest seal, in force or lifted; `is_bare` as in `sealed`."""
    query = select(RollupRow).join(PeriodRow, PeriodRow.id == RollupRow.period_id).where(PeriodRow.key == key)
    if is_bare:
        query = query.options(defer(RollupRow.content))
    return session.scalars(query.order_by(RollupRow.version.desc()).limit(1)).first()


def _is_lifted(session: Session, row: RollupRow) -> bool:
    lifted = select(SealProposal.id).where(
        SealProposal.period_id == row.period_id,
        SealProposal.matter == SealMatter.UNSEAL,
        SealProposal.version == row.version,
        SealProposal.decision == Decision.GRANTED,
    )
    return session.scalar(lifted.limit(1)) is not None


@dataclass(frozen=True, slots=True)
class Stand:
    """What is known of a period: its seal where there is one, else the figures of the moment."""

    rollup: Rollup
    cut_off_at: datetime
    sha256: str
    version: int
    """0 while nothing is sealed."""
    restated: bool | None
    """Whether late entries belong to it, or the history no longer gives what was sealed; None where nobody
    looked."""
    rule_version: int = RULE_VERSION


def stand(
    session: Session,
    office: Office,
    key: str,
    *,
    as_of: datetime,
    is_asked: bool = False,
    is_compared: bool = True,
) -> Stand:
    """The period's seal, compared with what the events say now unless that is not asked for.

    `is_asked` ignores the seal.

    Raises:
        SettingError: the key names no period.
    """
    found = None if is_asked else sealed(session, key)
    if found is None:
        computed = compute(session, office, key, as_of=as_of)
        return Stand(
            computed.rollup, computed.cut_off_at.astimezone(office.zone), computed.sha256, 0, restated=False
        )
    return Stand(
        read(found),
        found.cut_off_at.astimezone(office.zone),
        found.sha256,
        found.version,
        is_restated(session, office, found) if is_compared else None,
        found.rule_version,
    )


def is_restated(session: Session, office: Office, row: RollupRow) -> bool:
    """Whether late entries belong to the seal's period, or the history no longer gives what was sealed."""
    late = late_entries(session, office, read_units(row).period, row.cut_off_at)
    return any(late) or recounted(session, office, row).has_strayed


def seal_by(visit: Visit, key: str) -> RollupRow:
    """As `seal`, by one person who may; for offices whose policy leaves sealing to the flow.

    Raises:
        NotAllowedError: the visitor neither coordinates nor leads the whole organisation.
        WrongMoveError: the policy asks for two people.
    """
    require(visit.directory, "seal", visit.actor, root(visit.session), visit.today)
    if visit.office.policy.seal_by is SealBy.FOUR_EYES:
        raise WrongMoveError(
            "Two people seal here: a coordinator proposes %(key)s, and a supervising leader confirms it.",
            key=key,
        )
    return seal(visit.session, visit.office, key, by=visit.actor, now=visit.now, door=visit.door)


def seal(
    session: Session,
    office: Office,
    key: str,
    *,
    by: Person | None,
    now: datetime,
    door: str = "command",
    beside: Mapping[str, Any] | None = None,
) -> RollupRow:
    """Seals the figures of a period that has ended; one whose seal is in force keeps that.

    Once a seal was lifted, the next one is a new version beside it. `beside` goes into the event.

    Raises:
        WrongMoveError: the period has not ended yet, or is somebody's own range of days.
    """
    history.lock(session)
    count = sealable(session, office, key, now)
    if found := sealed(session, key):
        return found
    row = _row(session, count, by, now)
    session.add(row)
    session.flush()
    carry_over(session, row, count.period.end_on)
    payload = {"sha256": row.sha256, "version": row.version, "anchor": row.anchor_hash, **(beside or {})}
    actor = by.id if by else None
    history.record(session, history.Entry(now, actor, door, f"period:{key}", "seal", payload=payload))
    return row


def _row(session: Session, count: Count, by: Person | None, now: datetime) -> RollupRow:
    before = latest(session, count.period.key, is_bare=True)
    period_id, version = period_row(session, count.period).id, before.version + 1 if before else 1
    position, chain, _ = history.head(session)
    content, digest = keep(session, period_id, version, count.pieces())
    return RollupRow(
        period_id=period_id,
        version=version,
        rule_version=RULE_VERSION,
        cut_off_at=count.cut_off,
        content=content,
        sha256=digest,
        sealed_at=now,
        sealed_by_id=by.id if by else None,
        anchor_position=position,
        anchor_hash=chain,
    )


def sealable(session: Session, office: Office, key: str, now: datetime) -> Count:
    """The count of what a seal of the period would hold now.

    Raises:
        WrongMoveError: the period has not ended yet, or is somebody's own range of days.
    """
    period = stretch(key)
    if is_range(period):
        raise WrongMoveError(
            "%(key)s is an own range of days; a month, quarter, half or year is sealed.", key=key
        )
    cut_off = period.cut_off_at(office.zone)
    if now < cut_off:
        raise WrongMoveError(
            "The period %(key)s runs until %(last)s; it can be sealed after that day.",
            key=key,
            last=period.last_on,
        )
    return Count(session, office, period, cut_off)


def period_row(session: Session, period: Period) -> PeriodRow:
    """The period's row, made where there is none yet."""
    found = session.scalars(select(PeriodRow).where(PeriodRow.key == period.key)).first()
    if found is None:
        found = PeriodRow(key=period.key, first_on=period.first_on, end_on=period.end_on)
        session.add(found)
        session.flush()
    return found


def cut_off_of(office: Office, key: str) -> datetime:
    """The instant at which the period has ended."""
    return stretch(key).cut_off_at(office.zone)


def unsealed(session: Session, periods: Iterable[Period]) -> list[Period]:
    """Those of `periods` that were never sealed; one whose seal was lifted is left to people."""
    done = set(session.scalars(select(PeriodRow.key).join(RollupRow, RollupRow.period_id == PeriodRow.id)))
    return [period for period in periods if period.key not in done]


def recount(session: Session, office: Office, row: RollupRow, sealed: Rollup) -> Rollup:
    """What the history gives today for a seal, by the rules and the unit tree that it was made with."""
    tree = [line.unit for line in sealed.units]
    again = compute(
        session,
        office,
        sealed.period.key,
        as_of=row.cut_off_at,
        rule_version=row.rule_version,
        tree=tree,
    )
    items = tuple(as_sealed(item, row.rule_version) for item in again.rollup.items)
    return replace(again.rollup, items=items)


def is_whole(row: RollupRow) -> bool:
    """Whether the sealed content is the one that was hashed."""
    return hash_of(pieces_of(row)) == row.sha256


def is_anchored(session: Session, row: RollupRow) -> bool:
    """Whether the history still holds the event that was its last one when the seal was made."""
    anchor = session.scalar(select(Event.hash).where(Event.position == row.anchor_position))
    return bool((anchor or history.GENESIS) == row.anchor_hash)
