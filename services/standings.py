"""How items stood at an instant, and what moved them between two: read from the history alone.

Times in the history never run backwards, so what lay before an instant is what stands up to one position.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, collate, func, select
from sqlalchemy.orm import Session, aliased

from models.event import Event
from models.item import Evidence, Item
from models.organisation import Person, Unit
from models.report import Report
from rules.lifecycle import OPEN, Move, State
from rules.movement import Step
from rules.rollup import Standing
from services.trails import Among, trail, turns

PORTION = 1000
"""Items that are read at a time where not all of them may lie in memory at once."""


def position_before(session: Session, at: datetime) -> int:
    """The position of the last event before `at`; 0 where there is none."""
    query = select(Event.position).where(Event.at < at).order_by(Event.at.desc(), Event.position.desc())
    return session.scalar(query.limit(1)) or 0


def standings_at(
    session: Session,
    cut_off: datetime,
    *,
    touched_after: int | None = None,
    among: Among | None = None,
) -> list[Standing]:
    """Every item as its last event before `cut_off` left it, by reference.

    `touched_after` narrows to the items that have an event, of whatever time, after that position; `among`
    to those with these ids.
    """
    if touched_after is not None:
        touched = select(Event.item_id).where(Event.position > touched_after, Event.item_id.is_not(None))
        among = touched if among is None else touched.where(Event.item_id.in_(among))
    return _Sight.of(session, cut_off).standings(among)


def portions_at(
    session: Session, cut_off: datetime, size: int = PORTION
) -> Iterator[tuple[list[int], list[Standing]]]:
    """As `standings_at`, so many items at a time with their ids, by the code points of their references."""
    sight = _Sight.of(session, cut_off)
    # The order of a database's own language is another one in the next database.
    order = Item.reference if sight.is_sqlite else collate(Item.reference, "C")
    query = select(Item.id).order_by(order).execution_options(yield_per=size)
    for ids in session.scalars(query).partitions():
        yield list(ids), sorted(sight.standings(ids), key=lambda item: item.reference)


@dataclass(frozen=True, slots=True)
class _Sight:
    """The history as it can be seen before an instant."""

    session: Session
    cut_off: datetime
    position: int
    names: Mapping[int, str]

    @classmethod
    def of(cls, session: Session, cut_off: datetime) -> "_Sight":
        names = dict(session.execute(select(Person.id, Person.name)).tuples().all())
        return cls(session, cut_off, position_before(session, cut_off), names)

    @property
    def is_sqlite(self) -> bool:
        return self.session.get_bind().dialect.name == "sqlite"

    def standings(self, among: Among | None) -> list[Standing]:
        """The items with these ids, or all."""
        last = _last(self.position)
        if among is not None:
            last = last.where(Event.item_id.in_(among))
        query = (
            select(
                Event.__table__,
                Item.reference,
                Item.kind,
                Item.title,
                Unit.code,
                Report.title.label("report"),
            )
            .join(Item, Item.id == Event.item_id)
            .join(Unit, Unit.id == Event.lead_unit_id)
            .outerjoin(Report, Report.id == Item.report_id)
            .where(Event.position.in_(last))
            .order_by(Item.reference)
            .execution_options(yield_per=1000)  # all rows at once would cost three times the memory
        )
        evidence, granted = self._evidence(among), self._granted_days(among)
        return [
            _standing(row, self.names, evidence.get(row["item_id"], 0), granted.get(row["item_id"], 0))
            for row in self.session.execute(query).mappings()
        ]

    def _evidence(self, among: Among | None) -> dict[int, int]:
        """Item id -> how many files stood as its evidence."""
        kept = Evidence.withdrawn_at.is_(None) | (Evidence.withdrawn_at >= self.cut_off)
        query = select(Evidence.item_id, func.count()).where(Evidence.added_at < self.cut_off, kept)
        if among is not None:
            query = query.where(Evidence.item_id.in_(among))
        return dict(self.session.execute(query.group_by(Evidence.item_id)).tuples().all())

    def _granted_days(self, among: Among | None) -> dict[int, int]:
        """Item id -> by how many calendar days extensions on request moved its deadline, all in all."""
        earlier = aliased(Event)
        before = (
            select(earlier.due_on)
            .where(earlier.item_id == Event.item_id, earlier.position < Event.position)
            .order_by(earlier.position.desc())
            .limit(1)
            .scalar_subquery()
        )
        query = select(Event.item_id, Event.due_on, before).where(
            Event.move == Move.GRANT_EXTENSION, Event.position <= self.position
        )
        if among is not None:
            query = query.where(Event.item_id.in_(among))
        found: dict[int, int] = {}
        for item, after_on, before_on in self.session.execute(query):
            if after_on is not None and before_on is not None:
                found[item] = found.get(item, 0) + (after_on - before_on).days
        return found


def _last(position: int) -> Select[tuple[int]]:
    """The position of each item's last event up to `position`."""
    return (
        select(func.max(Event.position))
        .where(Event.item_id.is_not(None), Event.position <= position)
        .group_by(Event.item_id)
    )


def _standing(row: Mapping[Any, Any], names: Mapping[int, str], evidence: int, granted: int) -> Standing:
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
        evidence=evidence,
        extension_days=granted,
    )


def open_units(session: Session, at: datetime) -> dict[str, int]:
    """The code of each unit -> how many items that it led were open at `at`."""
    query = (
        select(Unit.code, func.count())
        .join(Event, Event.lead_unit_id == Unit.id)
        .where(Event.position.in_(_last(position_before(session, at))), Event.state.in_(OPEN))
        .group_by(Unit.code)
    )
    return dict(session.execute(query).tuples().all())


def steps_between(
    session: Session, start: datetime, end: datetime, *, among: Among | None = None
) -> list[Step]:
    """What opened, ended or moved items from `start` up to but not including `end`, in order of time.

    `among` narrows to the items with these ids.
    """
    first, last = position_before(session, start), position_before(session, end)
    past = trail(last, among=among)
    earlier, later = aliased(Unit), aliased(Unit)
    query = (
        select(Item.reference, past, earlier.code.label("unit_before"), later.code.label("unit"))
        .join(Item, Item.id == past.c.item_id)
        .outerjoin(earlier, earlier.id == past.c.from_unit_id)
        .join(later, later.id == past.c.lead_unit_id)
        .where(past.c.position > first, turns(past))
        .order_by(past.c.position)
    )
    return [
        Step(row.before, row.unit_before, row.state, row.unit, row.reference, row.at)
        for row in session.execute(query)
    ]


def as_booked(
    standings: Iterable[Standing], steps: Iterable[Step], day: Callable[[datetime], date]
) -> list[Standing]:
    """The standings with the days on which the history booked their opening and ending.

    A clock that was wrong, or set back, may have dated a change into a time that was over when it was made.
    `day` gives the local day of an instant.
    """
    opened: dict[str, date] = {}
    ended: dict[str, date] = {}
    for step in steps:
        if step.ends:
            ended[step.reference] = day(step.at)
        elif step.opens and step.before is not State.CLOSED:
            opened[step.reference] = day(step.at)
    return [
        replace(
            item,
            opened_on=opened.get(item.reference, item.opened_on) if item.opened_on else None,
            ended_on=ended.get(item.reference, item.ended_on) if item.ended_on else None,
        )
        for item in standings
    ]
