"""What a seal carries over: the items that later periods count even if nothing more happens to them.

They stand by unit, state, and the days that a later figure still asks for. A day that is over at the cut-off
stands as the day before it: all that later figures ask of it is whether it is over.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from models.base import table
from models.event import Event
from models.period import Carried, Period, Rollup
from rules.lifecycle import OPEN
from rules.periods import midnight
from services.office import Office
from services.standings import position_before
from services.trails import stood_at, trail

CARRIED = table(Carried)
TOLD_APART = ("lead_unit_id", "state", "due_on", "judged_on", "opened_on", "ended_on")
KEPT = (*TOLD_APART, "many", "extensions")


@dataclass(frozen=True, slots=True)
class Base:
    """What a later count may begin with: the items that a seal carries over from the event `position` on."""

    rollup_id: int
    position: int
    end_on: date
    """The first day after the sealed period."""


def base_before(session: Session, office: Office, start: datetime) -> Base | None:
    """The latest seal before `start` that wrote down what it carries over.

    None, too, where the history is another than it was sealed in, or the office's time zone has changed.
    """
    query = (
        select(Rollup.id, Rollup.cut_off_at, Period.end_on)
        .join(Period, Period.id == Rollup.period_id)
        .join(Event, and_(Event.position == Rollup.anchor_position, Event.hash == Rollup.anchor_hash))
        .where(Rollup.cut_off_at <= start, exists().where(CARRIED.c.rollup_id == Rollup.id))
        .order_by(Rollup.cut_off_at.desc(), Rollup.version.desc())
    )
    found = session.execute(query.limit(1)).first()
    if found is None or midnight(found.end_on, office.zone) != found.cut_off_at:
        return None
    return Base(found.id, position_before(session, found.cut_off_at), found.end_on)


def carry_over(session: Session, rollup: Rollup, end_on: date) -> None:
    """Writes down what the seal carries over; once, when it is made."""
    given = _given(session, rollup, end_on).subquery()
    query = select(literal(rollup.id), *given.c)
    session.execute(insert(CARRIED).from_select(["rollup_id", *KEPT], query))


def strays(session: Session, rollup: Rollup, end_on: date) -> bool:
    """Whether the seal carries over other items than the history gives for it.

    A seal that wrote nothing down carries nothing over: later counts do not begin with it.
    """
    stored = select(*(CARRIED.c[name] for name in KEPT)).where(CARRIED.c.rollup_id == rollup.id)
    kept = {tuple(row) for row in session.execute(stored)}
    return bool(kept) and kept != {tuple(row) for row in session.execute(_given(session, rollup, end_on))}


def _given(session: Session, rollup: Rollup, end_on: date) -> Select[Any]:
    """The rows of `KEPT` that the history gives for the seal."""
    position = position_before(session, rollup.cut_off_at)
    items = carried_items(trail(position), position, end_on).subquery()
    apart = [items.c[name] for name in TOLD_APART]
    counts = (func.count().label("many"), func.sum(items.c.extensions).label("extensions"))
    return select(*apart, *counts).group_by(*apart)


def carried_by(base: Base) -> Select[Any]:
    """What the seal wrote down, with how many items each row stands for."""
    kept = [CARRIED.c[name] for name in (*TOLD_APART, "extensions", "many")]
    return select(*kept).where(CARRIED.c.rollup_id == base.rollup_id)


def carried_items(past: CTE, position: int, end_on: date) -> Select[Any]:
    """The items of the trail that count later on, one row each, as they stood at `position`."""
    is_open = past.c.state.in_(OPEN)
    counts_later = or_(is_open, past.c.ended_on >= end_on)
    return select(
        past.c.lead_unit_id,
        past.c.state,
        _day(past.c.due_on, end_on).label("due_on"),
        case((is_open, null()), else_=past.c.judged_on).label("judged_on"),
        _day(past.c.opened_on, end_on).label("opened_on"),
        case((is_open, null()), else_=past.c.ended_on).label("ended_on"),
        past.c.extensions,
    ).where(stood_at(past, position), counts_later)


def _day(column: ColumnElement[date | None], end_on: date) -> ColumnElement[date | None]:
    return case((column < end_on, end_on - timedelta(days=1)), else_=column)
