"""Late entries: of a time that was over, and sealed, when they were made."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import Session

from models.event import Event
from models.item import Item
from models.organisation import Unit
from rules.lifecycle import OPEN, State
from rules.periods import Period
from rules.restating import Late
from rules.rollup import Standing
from services.office import Office


def late_entries(
    session: Session, office: Office, period: Period, cut_off: datetime, *, after: int = 0
) -> Iterator[tuple[Late, Mapping[str, Any]]]:
    """Entries booked at the cut-off or later of what had happened within the period, with their columns.

    `after` narrows to events behind that position.
    """
    words = cast(Event.payload, String)
    query = (
        select(Event.__table__, Item.reference, Unit.code)
        .join(Item, Item.id == Event.item_id)
        .join(Unit, Unit.id == Event.lead_unit_id)
        .where(Event.at >= cut_off, Event.position > after)
        .where(or_(words.like('%"happened_on"%'), words.like('%"clock"%')))
        .order_by(Event.position)
    )
    for row in session.execute(query).mappings():
        happened_on = _happened_on(row["payload"], office)
        if happened_on is not None and period.first_on <= happened_on < period.end_on:
            entry = Late(row["reference"], row["move"], row["position"], row["at"], happened_on, row["note"])
            yield entry, dict(row)


def _happened_on(payload: Mapping[str, Any], office: Office) -> date | None:
    """The day that was said, or else the one that the clock showed."""
    if said := payload.get("happened_on"):
        return date.fromisoformat(said)
    clock = payload.get("clock")
    return office.day(datetime.fromisoformat(clock)) if clock else None


def put_back(item: Standing, entry: Late, columns: Mapping[str, Any]) -> Standing:
    """The standing as the entry left it, on the day on which it happened."""
    state = State(columns["state"])
    has_ended = state not in OPEN and state is not State.DRAFT
    is_new = item.opened_on is None and columns["opened_on"] is not None
    return replace(
        item,
        unit=columns["code"],
        state=state,
        time_limit=columns["time_limit"],
        due_on=columns["due_on"],
        original_due_on=columns["original_due_on"],
        judged_on=columns["judged_on"],
        opened_on=entry.happened_on if is_new else item.opened_on,
        ended_on=entry.happened_on if has_ended else None,
        progress=columns["progress"],
        extensions=columns["extensions"],
    )
