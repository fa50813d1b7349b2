"""The questions of rules/kin.py, asked of many items at once by a select."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import ColumnElement, FromClause, case, func, select
from sqlalchemy.orm import Session

from rules.kin import Kin
from rules.lifecycle import State
from rules.periods import Period

ANSWERS = tuple(field.name for field in fields(Kin) if field.name != "state")
MOST = 1 << len(ANSWERS)
"""How many ways there are to answer."""


@dataclass(frozen=True, slots=True)
class Kindred:
    """So many items of one unit that give the same answers, and how often they were extended in all."""

    unit_id: int
    kin: Kin
    many: int
    extensions: int


def kindred(session: Session, items: FromClause, period: Period, today: date) -> Iterator[Kindred]:
    """The items of `items` by unit and answers.

    `items` has the columns `lead_unit_id`, `state`, `due_on`, `judged_on`, `opened_on` and `ended_on`, and
    beside them `many` and `extensions`: a row may stand for several items, or take some back.
    """
    answers = _answers(items, period, today)
    bits = (case((answers[name], 1 << bit), else_=0) for bit, name in enumerate(ANSWERS))
    key = sum(bits, start=items.c.lead_unit_id * MOST)
    # One number, and behind an offset: PostgreSQL would expect as many groups as items, and sort them all.
    told = select(key.label("key"), items.c.state, items.c.many, items.c.extensions).offset(0).subquery()
    sides = (told.c.key, told.c.state)
    query = select(*sides, func.sum(told.c.many), func.sum(told.c.extensions)).group_by(*sides)
    for number, state, many, extensions in session.execute(query):
        unit, code = divmod(number, MOST)
        yield Kindred(unit, _kin(state, code), int(many), int(extensions))


def _answers(of: FromClause, period: Period, today: date) -> dict[str, ColumnElement[bool]]:
    """Name of each answer of a Kin -> when it is yes; a missing day is no."""
    return {
        "is_handed_over": of.c.opened_on < period.end_on,
        "is_new": of.c.opened_on >= period.first_on,
        "is_recent": of.c.ended_on >= period.first_on,
        "is_dated": of.c.due_on.is_not(None),
        "is_past_due": of.c.due_on < today,
        "is_judged": of.c.judged_on < today,
        "is_punctual": of.c.ended_on <= of.c.judged_on,
    }


def _kin(state: State, code: int) -> Kin:
    return Kin(state, **{name: bool(code >> bit & 1) for bit, name in enumerate(ANSWERS)})
