"""The unit tree as of a place in the history."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.event import Event
from models.organisation import Unit
from rules import rollup
from rules.trees import Founded, Place, Renamed, Shifted, UnitTurn, taken_back

FOUNDING, CHANGING = "add-unit", "change-unit"
SUBJECT = "unit:"


def tree_at(session: Session, position: int, units: Iterable[Unit] | None = None) -> tuple[rollup.Unit, ...]:
    """The units with names and parents as the event at `position` left them, in the order of entering.

    `units` are today's, where they have been read already.
    """
    today = units if units is not None else session.scalars(select(Unit).order_by(Unit.id))
    places = [Place(unit.id, unit.code, unit.name, unit.parent_id) for unit in today]
    return taken_back(places, _turns(session, position))


def _turns(session: Session, position: int) -> Iterator[UnitTurn]:
    """What happened to units after `position`, the latest first."""
    # Without an item, so that the index finds the few among millions.
    query = (
        select(Event.subject, Event.move, Event.payload)
        .where(Event.item_id.is_(None), Event.position > position)
        .where(Event.move.in_((FOUNDING, CHANGING)))
        .order_by(Event.position.desc())
    )
    for subject, move, payload in session.execute(query):
        yield from _told(subject.removeprefix(SUBJECT), move, payload)


def _told(code: str, move: str, payload: dict[str, Any]) -> Iterator[UnitTurn]:
    if move == FOUNDING:
        yield Founded(code)
    if "name" in payload.get("changed", ()):
        yield Renamed(code, payload["name"][0])
    if "parent_id" in payload.get("changed", ()):
        yield Shifted(code, payload["parent_id"][0])
