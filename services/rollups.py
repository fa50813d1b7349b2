"""Roll-ups: figures of a period from events alone, and their seal."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from models.event import Event
from models.item import Item
from models.organisation import Person, Unit
from models.period import Period as PeriodRow
from models.period import Rollup as RollupRow
from models.report import Report
from rules import rollup
from rules.deadlines import TimeLimit
from rules.errors import WrongMoveError
from rules.lifecycle import Kind, State
from rules.periods import Period, parse
from rules.rollup import RULE_VERSION, Figures, Rollup, Standing, UnitRow, roll_up
from services import history
from services.access import require
from services.office import Office, Visit
from services.organisation import root


@dataclass(frozen=True, slots=True)
class Computed:
    """A roll-up, the instant that it looks back from, and its canonical content."""

    rollup: Rollup
    cut_off_at: datetime
    content: str

    @property
    def sha256(self) -> str:
        """Of the content's UTF-8 bytes."""
        return sha256(self.content.encode()).hexdigest()


def compute(session: Session, office: Office, key: str, *, as_of: datetime) -> Computed:
    """The figures of the period `key` as of `as_of` or the period's end, whichever comes first.

    Raises:
        SettingError: the key names no period.
    """
    period = parse(key)
    cut_off = min(period.cut_off_at(office.zone), as_of)
    units = [_unit(unit, by_id) for by_id in [_units(session)] for unit in by_id.values()]
    found = roll_up(standings(session, cut_off), units, period, office.day(cut_off))
    return Computed(found, cut_off, content_of(found, cut_off))


def _units(session: Session) -> dict[int, Unit]:
    return {unit.id: unit for unit in session.scalars(select(Unit).order_by(Unit.id))}


def _unit(unit: Unit, by_id: Mapping[int, Unit]) -> rollup.Unit:
    parent = by_id[unit.parent_id].code if unit.parent_id is not None else None
    return rollup.Unit(unit.code, unit.name, parent)


def standings(session: Session, cut_off: datetime, *, touched_after: int | None = None) -> list[Standing]:
    """Every item as its last event before `cut_off` left it.

    `touched_after` narrows to the items that have an event, of whatever time, after that position.
    """
    last = (
        select(func.max(Event.position))
        .where(Event.item_id.is_not(None), Event.at < cut_off)
        .group_by(Event.item_id)
    )
    if touched_after is not None:
        last = last.where(Event.item_id.in_(select(Event.item_id).where(Event.position > touched_after)))
    query = (
        select(
            Event.__table__, Item.reference, Item.kind, Item.title, Unit.code, Report.title.label("report")
        )
        .join(Item, Item.id == Event.item_id)
        .join(Unit, Unit.id == Event.lead_unit_id)
        .outerjoin(Report, Report.id == Item.report_id)
        .where(Event.position.in_(last))
        .order_by(Item.reference)
        .execution_options(yield_per=1000)  # all rows at once would cost three times the memory
    )
    names = {person.id: person.name for person in session.scalars(select(Person))}
    return [_standing(row, names) for row in session.execute(query).mappings()]


def _standing(row: Mapping[Any, Any], names: Mapping[int, str]) -> Standing:
    return Standing(
        reference=row["reference"],
        kind=row["kind"],
        title=row["title"],
        unit=row["code"],
        state=row["state"],
        time_limit=row["time_limit"],
        due_on=row["due_on"],
        original_due_on=row["original_due_on"],
        judged_on=row["judged_on"],
        opened_on=row["opened_on"],
        ended_on=row["ended_on"],
        progress=row["progress"],
        extensions=row["extensions"],
        owners=tuple(names[person] for person in row["owners"]),
        report=row["report"] or "",
    )


def content_of(found: Rollup, cut_off: datetime) -> str:
    """The canonical JSON that is sealed: the same figures, the same characters."""
    return history.canonical(
        {
            "rule_version": RULE_VERSION,
            "period": found.period.key,
            "cut_off": cut_off,
            "total": asdict(found.total),
            "units": [asdict(row) for row in found.units],
            "items": [asdict(item) for item in found.items],
        }
    )


def read_content(content: str) -> Rollup:
    """The roll-up that sealed content holds."""
    plain = json.loads(content)
    return Rollup(
        period=parse(plain["period"]),
        units=tuple(_unit_row(row) for row in plain["units"]),
        items=tuple(_item_row(row) for row in plain["items"]),
        total=Figures(**plain["total"]),
    )


def _unit_row(row: Mapping[str, Any]) -> UnitRow:
    own, total = Figures(**row["own"]), Figures(**row["total"])
    return UnitRow(rollup.Unit(**row["unit"]), row["depth"], own, total)


def _item_row(row: dict[str, Any]) -> Standing:
    days = ("due_on", "original_due_on", "judged_on", "opened_on", "ended_on")
    dates = {name: date.fromisoformat(row[name]) if row[name] else None for name in days}
    kinds = {"kind": Kind(row["kind"]), "state": State(row["state"])}
    limit = {"time_limit": TimeLimit(row["time_limit"]), "owners": tuple(row["owners"])}
    return Standing(**(row | dates | kinds | limit))


def sealed(session: Session, key: str, *, is_bare: bool = False) -> RollupRow | None:
    """The latest seal of the period, if there is one; `is_bare` reads its content only when it is asked for.

    The content may be megabytes, and a page often wants no more than the hash.
    """
    query = select(RollupRow).join(PeriodRow, PeriodRow.id == RollupRow.period_id).where(PeriodRow.key == key)
    if is_bare:
        query = query.options(defer(RollupRow.content))
    return session.scalars(query.order_by(RollupRow.version.desc()).limit(1)).first()


@dataclass(frozen=True, slots=True)
class Stand:
    """What is known of a period: its seal where there is one, else the figures of the moment."""

    rollup: Rollup
    cut_off_at: datetime
    sha256: str
    version: int
    """0 while nothing is sealed."""
    restated: bool
    """Whether the same period, computed now, differs from its seal."""


def stand(session: Session, office: Office, key: str, *, as_of: datetime, is_asked: bool = False) -> Stand:
    """The period's seal, compared with what the events say now; `is_asked` ignores the seal.

    Raises:
        SettingError: the key names no period.
    """
    found = None if is_asked else sealed(session, key)
    computed = compute(session, office, key, as_of=found.cut_off_at if found else as_of)
    cut_off = computed.cut_off_at.astimezone(office.zone)
    if found is None:
        return Stand(computed.rollup, cut_off, computed.sha256, 0, restated=False)
    restated = computed.sha256 != found.sha256
    return Stand(read_content(found.content), cut_off, found.sha256, found.version, restated)


def seal_by(visit: Visit, key: str) -> RollupRow:
    """As `seal`, by a person who may.

    Raises:
        NotAllowedError: the visitor neither coordinates nor leads the whole organisation.
    """
    require(visit.directory, "seal", visit.actor, root(visit.session), visit.today)
    return seal(visit.session, visit.office, key, by=visit.actor, now=visit.now, door=visit.door)


def seal(
    session: Session, office: Office, key: str, *, by: Person | None, now: datetime, door: str = "command"
) -> RollupRow:
    """Seals the figures of a period that has ended; a sealed one keeps its first seal.

    Raises:
        WrongMoveError: the period has not ended yet.
    """
    history.lock(session)
    period = parse(key)
    cut_off = period.cut_off_at(office.zone)
    if now < cut_off:
        raise WrongMoveError(
            "The period %(key)s runs until %(last)s; it can be sealed after that day.",
            key=key,
            last=period.last_on,
        )
    if found := sealed(session, key):
        return found
    computed = compute(session, office, key, as_of=cut_off)
    position, chain, _ = history.head(session)
    row = RollupRow(
        period_id=_period_row(session, period).id,
        version=1,
        rule_version=RULE_VERSION,
        cut_off_at=cut_off,
        content=computed.content,
        sha256=computed.sha256,
        sealed_at=now,
        sealed_by_id=by.id if by else None,
        anchor_position=position,
        anchor_hash=chain,
    )
    session.add(row)
    session.flush()
    payload = {"sha256": row.sha256, "version": row.version, "anchor": chain}
    actor = by.id if by else None
    history.record(session, history.Entry(now, actor, door, f"period:{key}", "seal", payload=payload))
    return row


def _period_row(session: Session, period: Period) -> PeriodRow:
    found = session.scalars(select(PeriodRow).where(PeriodRow.key == period.key)).first()
    if found is None:
        found = PeriodRow(key=period.key, first_on=period.first_on, end_on=period.end_on)
        session.add(found)
        session.flush()
    return found


def cut_off_of(office: Office, key: str) -> datetime:
    """The instant at which the period has ended."""
    return parse(key).cut_off_at(office.zone)


def unsealed(session: Session, periods: Iterable[Period]) -> list[Period]:
    """Those of `periods` that bear no seal yet."""
    done = set(session.scalars(select(PeriodRow.key).join(RollupRow, RollupRow.period_id == PeriodRow.id)))
    return [period for period in periods if period.key not in done]


def broken_seal(session: Session) -> str | None:
    """The key of the first period whose sealed content does not match its hash, or whose anchor is gone."""
    query = select(RollupRow, PeriodRow.key).join(PeriodRow, PeriodRow.id == RollupRow.period_id)
    for row, key in session.execute(query.order_by(RollupRow.id)):
        anchor = session.scalar(select(Event.hash).where(Event.position == row.anchor_position))
        whole = sha256(row.content.encode()).hexdigest() == row.sha256
        if not whole or (anchor or history.GENESIS) != row.anchor_hash:
            return str(key)
    return None
