"""The trails of items through the history, as selects that read nothing but one index of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, FunctionElement, Over, Select, and_, func, or_, over, select

from models.base import table
from models.event import Event
from rules.lifecycle import OPEN, State

EVENT = table(Event)


Among = Select[Any] | Sequence[int]
"""Ids of items: as they are, or as a select of them."""


def trail(last: int, *, touched_after: int = 0, among: Among | None = None) -> CTE:
    """Each item's events up to the position `last`, beside what was before and where the next one stands.

    Where none follows, `next` is the position after `last`; of nulls PostgreSQL would expect next to none.
    `touched_after` narrows to the items that have an event after that position, with all their events;
    `among` to those with these ids.
    """
    query = select(
        EVENT.c.item_id,
        EVENT.c.position,
        EVENT.c.at,
        EVENT.c.state,
        EVENT.c.lead_unit_id,
        EVENT.c.due_on,
        EVENT.c.judged_on,
        EVENT.c.opened_on,
        EVENT.c.ended_on,
        EVENT.c.extensions,
        _along(func.lag(EVENT.c.state, type_=EVENT.c.state.type)).label("before"),
        _along(func.lag(EVENT.c.lead_unit_id)).label("from_unit_id"),
        _along(func.lead(EVENT.c.position, 1, last + 1)).label("next"),
    ).where(EVENT.c.item_id.is_not(None), EVENT.c.position <= last)
    if touched_after:
        touched = select(EVENT.c.item_id).where(
            EVENT.c.item_id.is_not(None), EVENT.c.position.between(touched_after + 1, last)
        )
        query = query.where(EVENT.c.item_id.in_(touched))
    if among is not None:
        query = query.where(EVENT.c.item_id.in_(among))
    return query.cte()


def _along(value: FunctionElement[Any]) -> Over[Any]:
    """The value as each item's trail runs."""
    return over(value, partition_by=EVENT.c.item_id, order_by=EVENT.c.position)


def stood_at(of: CTE, position: int) -> ColumnElement[bool]:
    """Each item's last event up to the position, which lies within the trail or at its end."""
    return and_(of.c.position <= position, of.c.next > position)


def opens(of: CTE) -> ColumnElement[bool]:
    """Where work on an item begins, or begins again."""
    return and_(of.c.state.in_(OPEN), or_(of.c.before.is_(None), of.c.before.not_in(OPEN)))


def begins(of: CTE) -> ColumnElement[bool]:
    """Where an item is handed over: it opens, and was not closed before."""
    return and_(opens(of), of.c.before.is_distinct_from(State.CLOSED))


def ends(of: CTE) -> ColumnElement[bool]:
    """Where an item is finished with."""
    return and_(of.c.state.not_in(OPEN), of.c.before.in_(OPEN))


def turns(of: CTE) -> ColumnElement[bool]:
    """Where an item begins or ends to be open, or, being open, goes to another unit."""
    moves = and_(of.c.state.in_(OPEN), of.c.before.in_(OPEN), of.c.from_unit_id != of.c.lead_unit_id)
    return or_(opens(of), ends(of), moves)
