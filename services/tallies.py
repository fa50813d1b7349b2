"""Figures and movement by unit, counted in the database: no item is read.

The database tells items apart by the questions of rules/kin.py and counts those that give the same answers;
rules/rollup.py says what such an item counts for. After a seal only the items are looked at again to which
something has happened since; the others stand as the seal carries them over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Interval,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from models.event import Event
from models.organisation import Unit
from rules.kin import kin
from rules.lifecycle import OPEN
from rules.movement import Movement, Turn, led_up_to, moved
from rules.periods import Period, shifts, stretch
from rules.rollup import Figures, Standing, UnitRow, count, in_scope, unit_rows
from services.carrying import Base, base_before, carried_by, carried_items
from services.kindred import kindred
from services.office import Office
from services.standings import as_booked, position_before, standings_at, steps_between
from services.trails import begins, ends, stood_at, trail, turns
from services.trees import tree_at


@dataclass(frozen=True, slots=True)
class Tally:
    """A period's figures and movement: unit rows in tree order, and the whole."""

    period: Period
    cut_off_at: datetime
    units: tuple[UnitRow, ...]
    total: Figures
    movement: Movement


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is counted: from which instant up to which other, in which stretch of the history."""

    session: Session
    office: Office
    period: Period
    start: datetime
    cut_off: datetime
    first: int
    """Position of the last event before the start."""
    last: int
    """Position of the last event before the cut-off."""
    base: Base | None
    past: CTE
    """The trails of all items; of those touched after the base, where there is one."""
    codes: Mapping[int, str]

    @property
    def today(self) -> date:
        return self.office.day(self.cut_off)


def tally(session: Session, office: Office, key: str, *, as_of: datetime) -> Tally:
    """The figures of the period `key` as of `as_of` or the period's end, whichever comes first.

    The same as `rollups.compute` gives, without the items.

    Raises:
        SettingError: the key names no period.
    """
    frame = _frame(session, office, stretch(key), as_of)
    own, open_at_end = _figures(frame)
    moves = led_up_to(open_at_end, _moves(frame, own))
    units = unit_rows(tree_at(session, frame.last), own, moves)
    total, movement = sum(own.values(), Figures()), sum(moves.values(), Movement())
    return Tally(frame.period, frame.cut_off, units, total, movement)


def _frame(session: Session, office: Office, period: Period, as_of: datetime) -> _Frame:
    cut_off = min(period.cut_off_at(office.zone), as_of)
    start = min(period.start_at(office.zone), cut_off)
    base = base_before(session, office, start)
    first, last = position_before(session, start), position_before(session, cut_off)
    past = trail(last, touched_after=base.position if base else 0)
    codes = dict(session.execute(select(Unit.id, Unit.code)).tuples().all())
    return _Frame(session, office, period, start, cut_off, first, last, base, past, codes)


def _figures(frame: _Frame) -> tuple[dict[str, Figures], dict[str, int]]:
    """Unit's code -> its own figures, and how many items are open there at the cut-off."""
    own: dict[str, Figures] = {}
    still_open: dict[str, int] = {}
    for one in kindred(frame.session, _items(frame), frame.period, frame.today):
        unit = frame.codes[one.unit_id]
        if one.kin.is_in_scope:
            own[unit] = own.get(unit, Figures()) + count(one.kin, one.many, one.extensions)
        if one.kin.state in OPEN:
            still_open[unit] = still_open.get(unit, 0) + one.many
    return own, still_open


def _items(frame: _Frame) -> Subquery:
    """The items at the cut-off: those touched since the base, and what it carries over but for them."""
    past, base = frame.past, frame.base
    names = ("lead_unit_id", "state", "due_on", "judged_on", "opened_on", "ended_on", "extensions")
    now = select(*(past.c[name] for name in names), literal(1).label("many")).where(
        stood_at(past, frame.last)
    )
    if base is None:
        return now.subquery()
    before = carried_items(past, base.position, base.end_on).subquery()
    less = select(*(before.c[name] for name in names[:-1]), -before.c.extensions, literal(-1))
    return union_all(now, less, carried_by(base)).subquery()


def _moves(frame: _Frame, own: dict[str, Figures]) -> dict[str, Movement]:
    """Unit's code -> its own movement but for what it began with.

    `own` is put right where the history booked an opening or ending on another day than the item says.
    """
    past = frame.past
    made = select(
        past.c.before, past.c.from_unit_id, past.c.state, past.c.lead_unit_id, _is_odd(frame).label("is_odd")
    ).where(past.c.position > frame.first, turns(past))
    told = made.subquery()
    query = select(*told.c, func.count()).group_by(*told.c)
    found: list[tuple[Turn, int]] = []
    has_odd = False
    for before, from_unit, after, unit, is_odd, many in frame.session.execute(query):
        unit_before = frame.codes[from_unit] if from_unit is not None else None
        found.append((Turn(before, unit_before, after, frame.codes[unit]), many))
        has_odd = has_odd or bool(is_odd)
    if has_odd:
        _put_right(frame, own)
    return moved(found)


def _is_odd(frame: _Frame) -> ColumnElement[bool]:
    """Whether a turn was booked on another day than the item says: clocks may be wrong, or set back."""
    past, day = frame.past, _local_day(frame)
    return or_(
        and_(ends(past), day.is_distinct_from(past.c.ended_on)),
        and_(begins(past), day.is_distinct_from(past.c.opened_on)),
    )


def _local_day(frame: _Frame) -> ColumnElement[date]:
    """The office's day of each event between start and cut-off."""
    at = frame.past.c.at
    days = [(until, _day(frame.session, at, ahead)) for until, ahead in _shifts(frame)]
    *changes, (_, last) = days
    return case(*((at < until, day) for until, day in changes), else_=last) if changes else last


def _shifts(frame: _Frame) -> list[tuple[datetime, timedelta]]:
    begun_at = frame.session.scalar(select(func.min(Event.at)))
    start = max(frame.start, begun_at) if begun_at else frame.cut_off
    return shifts(frame.office.zone, start, frame.cut_off)


def _day(session: Session, at: ColumnElement[datetime], ahead: timedelta) -> ColumnElement[date]:
    if session.get_bind().dialect.name == "sqlite":
        return type_coerce(func.date(at, f"{ahead.total_seconds():.0f} seconds"), Date)
    return cast(at + literal(ahead, Interval), Date)


def _put_right(frame: _Frame, own: dict[str, Figures]) -> None:
    """Counts the items with such a turn one by one, as they were booked."""
    past = frame.past
    items = select(past.c.item_id).where(past.c.position > frame.first, turns(past), _is_odd(frame))
    told = standings_at(frame.session, frame.cut_off, among=items)
    steps = steps_between(frame.session, frame.start, frame.cut_off, among=items)
    booked = as_booked(told, steps, frame.office.day)
    for sign, items_then in ((-1, told), (1, booked)):
        for item in items_then:
            if in_scope(item, frame.period):
                own[item.unit] = own.get(item.unit, Figures()) + _signed(item, frame, sign)


def _signed(item: Standing, frame: _Frame, sign: int) -> Figures:
    return count(kin(item, frame.period, frame.today), sign, sign * item.extensions)
