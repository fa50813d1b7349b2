"""The history as auditors read it: events by filter, the newest first, within what one may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal, or_, select, true
from sqlalchemy.orm import aliased

from models.event import Event
from models.item import Evidence, Item
from models.organisation import Person
from models.report import Report
from rules.errors import UnreadableError
from rules.periods import midnight
from services import history
from services.dossiers import Happening, happening
from services.office import Visit
from services.seal_checks import SealFinding, check_seals
from services.visibility import items_for, reports_for, units_for

BATCH = 500
"""Events that are read at once for a file."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are looked for; what is left empty does not narrow."""

    first_on: date | None = None
    last_on: date | None = None
    who: str = ""
    """A part of a name or address."""
    move: str = ""
    about: str = ""
    """A part of an item's reference, or of what else the event is about."""
    unit: str = ""
    """A unit's code: the lead unit after the event, or one above it."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event, with the item that it is about in the words of today."""

    position: int
    subject: str
    reference: str
    """Of the item; empty where the event is about something else."""
    title: str
    unit: str
    door: str
    hash: str
    details: tuple[tuple[str, str], ...]
    """What else an event about no item keeps: name and value."""
    what: Happening


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking the whole history gave: its first fault, or what is wrong with the seals."""

    events: int
    fault: history.Fault | None
    seals: tuple[SealFinding, ...]


def count(visit: Visit, wanted: Wanted) -> int:
    """How many events the filter finds for the visitor."""
    query = select(func.count()).select_from(Event).where(*_conditions(visit, wanted))
    return visit.session.scalar(query) or 0


def find(visit: Visit, wanted: Wanted, *, start: int = 0, most: int = 50) -> list[Recorded]:
    """The events of the filter, the newest first, from number `start` on (0 is the first).

    Raises:
        UnreadableError: an event was changed so that it cannot be read.
    """
    query = select(Event).where(*_conditions(visit, wanted)).order_by(Event.position.desc())
    try:
        events = visit.session.scalars(query.offset(start).limit(most)).all()
        return list(_recorded(visit, events))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        # A changed byte may leave a word that there is not, no JSON, or JSON of another shape.
        raise UnreadableError(
            "An event in this list cannot be read: it was changed. Check the history to find which one."
        ) from error


def every(visit: Visit, wanted: Wanted) -> Iterator[Recorded]:
    """All events of the filter, the newest first; raises as `find`."""
    start = 0
    while batch := find(visit, wanted, start=start, most=BATCH):
        yield from batch
        start += BATCH


def check(visit: Visit) -> Checked:
    """Recomputes the whole history and each seal from it: time grows with the number of events."""
    verdict = history.verify(visit.session)
    seals = () if verdict.fault else check_seals(visit.session, visit.office).findings
    return Checked(verdict.events, verdict.fault, seals)


def sees_all(visit: Visit) -> bool:
    """Whether the visitor may read the events of the whole organisation."""
    return len(units_for(visit, "view-audit")) == len(visit.directory.units)


def _conditions(visit: Visit, wanted: Wanted) -> list[ColumnElement[bool]]:
    zone, directory = visit.office.zone, visit.directory
    found = [_seen(visit)]
    if wanted.first_on:
        found.append(Event.at >= midnight(wanted.first_on, zone))
    if wanted.last_on:
        found.append(Event.at < midnight(wanted.last_on + timedelta(days=1), zone))
    if wanted.who:
        found.append(Event.actor_id.in_(_people(visit, wanted.who)))
    if wanted.move:
        found.append(Event.move == wanted.move)
    if wanted.about:
        found.append(Event.subject.icontains(wanted.about, autoescape=True))
    if wanted.unit:
        units = [unit.id for unit in directory.units.values() if unit.code == wanted.unit]
        below = {key for unit in units for key in directory.below(unit)}
        found.append(Event.lead_unit_id.in_(sorted(below)))
    return found


def _seen(visit: Visit) -> ColumnElement[bool]:
    """The events about items, reports and people of one's units; what is about the whole, to who sees all."""
    if sees_all(visit):
        return true()
    units = sorted(units_for(visit, "view-audit"))
    reports = select(literal("report:") + cast(Report.id, String)).where(reports_for(visit, "view-audit"))
    people = select(literal("person:") + cast(Person.id, String)).where(Person.unit_id.in_(units))
    return or_(
        Event.item_id.in_(select(Item.id).where(items_for(visit, "view-audit"))),
        Event.subject.in_(reports),
        Event.subject.in_(people),
    )


def _people(visit: Visit, words: str) -> list[int]:
    said = words.casefold()
    return [
        key
        for key, person in visit.directory.contacts.items()
        if said in person.name.casefold() or said in person.email.casefold()
    ]


def _recorded(visit: Visit, events: Sequence[Event]) -> Iterator[Recorded]:
    earlier = _earlier(visit, events)
    keys = {event.item_id for event in events if event.item_id}
    items = {item.id: item for item in visit.session.scalars(select(Item).where(Item.id.in_(keys)))}
    files = _files(visit, keys)
    units = visit.directory.units
    for event in events:
        item = items.get(event.item_id) if event.item_id else None
        yield Recorded(
            position=event.position,
            subject=event.subject,
            reference=item.reference if item else "",
            title=item.title if item else "",
            unit=units[event.lead_unit_id].name if event.lead_unit_id in units else "",
            door=event.door,
            hash=event.hash,
            details=() if item else tuple(_details(event.payload)),
            what=happening(visit, earlier.get(event.position), event, files),
        )


def _earlier(visit: Visit, events: Sequence[Event]) -> dict[int, Event]:
    """Position of each event -> the event before it on the same item."""
    before = aliased(Event)
    last = (
        select(func.max(before.position))
        .where(before.item_id == Event.item_id, before.position < Event.position)
        .scalar_subquery()
    )
    positions = [event.position for event in events if event.item_id]
    query = select(Event.position, last).where(Event.position.in_(positions))
    pairs = {position: at for position, at in visit.session.execute(query) if at}
    found = visit.session.scalars(select(Event).where(Event.position.in_(pairs.values())))
    by_position = {event.position: event for event in found}
    return {position: by_position[at] for position, at in pairs.items()}


def _files(visit: Visit, items: set[int]) -> dict[str, str]:
    query = select(Evidence.sha256, Evidence.file_name).where(Evidence.item_id.in_(items))
    return {digest: name for digest, name in visit.session.execute(query)}  # noqa: C416


def _details(payload: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in payload.items():
        if isinstance(value, str | int | float):
            yield name, str(value)
