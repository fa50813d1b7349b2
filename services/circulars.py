"""Circulars (通报): a list of items is made known to the units in charge of them, under one number."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from documents import circular_docx
from documents.circular_docx import Entry
from models.event import Event
from models.item import Item
from models.order import Circular
from models.organisation import Person
from notifications import letters, outbox
from notifications.outbox import Addressed
from rules.errors import WrongMoveError
from rules.lifecycle import OPEN, Move, State
from services import findings, history, lines
from services.findings import Filter
from services.items import move
from services.moves import Wish
from services.office import Visit
from services.orders import addressees, late_working_days, next_number
from services.visibility import circulars_for, items_for, visible_circular, visible_item

MOST = 50
"""Items that one circular names: what a letter can hold and a reader take in."""
LONGEST_TITLE = 200
"""Characters."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """An item that is to be named, of the version that was looked at; None asks for no comparison."""

    reference: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that a circular could name, as it stands."""

    entry: Entry
    version: int


def count(visit: Visit, wanted: Filter) -> int:
    """How many items of the filter the visitor could name in a circular."""
    query = select(func.count()).select_from(Item).where(*_conditions(visit, wanted))
    return visit.session.scalar(query) or 0


def candidates(visit: Visit, wanted: Filter) -> list[Candidate]:
    """The open items of the filter of which the visitor is coordinator: by unit, the longest due first.

    Raises:
        WrongMoveError: there are more than a circular names.
    """
    found = count(visit, wanted)
    if found > MOST:
        raise _too_many(found)
    items = visit.session.scalars(select(Item).where(*_conditions(visit, wanted)))
    return [Candidate(_entry(visit, item), item.version) for item in sorted(items, key=_place)]


def _conditions(visit: Visit, wanted: Filter) -> list[ColumnElement[bool]]:
    mine = items_for(visit, Move.CIRCULATE.value)
    return [*findings.conditions(visit, wanted), mine, Item.state.in_(sorted(OPEN))]


def _place(item: Item) -> tuple[int, date, str]:
    return item.lead_unit_id, item.due_on or date.max, item.reference


def _too_many(found: int) -> WrongMoveError:
    return WrongMoveError(
        "A circular names at most %(most)s items, and these are %(found)s; narrow the list.",
        most=MOST,
        found=found,
    )


def _entry(visit: Visit, item: Item) -> Entry:
    return Entry(
        reference=item.reference,
        title=item.title,
        unit=visit.directory.units[item.lead_unit_id].name,
        state=item.state,
        due_on=item.due_on,
        late_working_days=late_working_days(visit, item.due_on),
    )


def issue(visit: Visit, title: str, reason: str, chosen: Sequence[Chosen]) -> Circular:
    """Issues a circular: its number, an event of its own and one on each item, one letter a reader.

    Raises:
        NotFoundError: an item is not there for the visitor.
        NotAllowedError, ChangedError: as the guarded door raises them for an item.
        WrongMoveError: title, reason or items are missing or too many, or an item is not open.
    """
    title, reason, wanted = " ".join(title.split()), reason.strip(), {one.reference: one for one in chosen}
    _check(title, reason, len(wanted))
    history.lock(visit.session)
    circular = Circular(
        year=visit.today.year,
        number=next_number(visit, Circular),
        issued_on=visit.today,
        title=title,
    )
    items = sorted(_named(visit, circular, wanted.values()), key=_place)
    circular.unit_id = _common_unit(visit, items)
    people = _readers(visit, items)
    _record(visit, circular, reason, _told(visit, circular, items, people))
    mail = _letters(visit, circular, reason, people, items)
    outbox.put(visit.session, visit.office.postbox, mail, visit.now)
    return circular


def _record(visit: Visit, circular: Circular, reason: str, told: dict[str, Any]) -> None:
    subject = f"circular:{circular.key}"
    entry = history.Entry(visit.now, visit.actor.id, visit.door, subject, "issue-circular", reason, told)
    history.record(visit.session, entry)
    circular.event_id, *_ = history.head(visit.session)
    visit.session.add(circular)
    visit.session.flush()


def _check(title: str, reason: str, items: int) -> None:
    if not title or len(title) > LONGEST_TITLE:
        raise WrongMoveError(
            "Give the circular a title of at most %(longest)s characters.", longest=LONGEST_TITLE
        )
    if not reason:
        raise WrongMoveError("Say why the circular is issued.")
    if not items:
        raise WrongMoveError("Choose the items that the circular names.")
    if items > MOST:
        raise _too_many(items)


def _named(visit: Visit, circular: Circular, chosen: Iterable[Chosen]) -> Iterator[Item]:
    """Takes each item through the guarded door."""
    for one in chosen:
        visible_item(visit, one.reference)
        wish = Wish(Move.CIRCULATE, circular.title, version=one.version, circular=circular.key)
        _, scene = move(visit, one.reference, wish)
        yield scene.item


def _common_unit(visit: Visit, items: Sequence[Item]) -> int:
    """The lowest unit that stands above all items, or leads them."""
    line = [[unit.id for unit in visit.directory.line(item.lead_unit_id)] for item in items]
    common = next((unit for unit in line[0] if all(unit in other for other in line)), None)
    if common is None:
        raise WrongMoveError(
            "These items belong to no common unit; issue one circular for each part of the organisation."
        )
    return common


def _readers(visit: Visit, items: Sequence[Item]) -> dict[Person, set[int]]:
    """Who gets the circular, each with the ids of the items that are theirs or their unit's."""
    found: dict[Person, set[int]] = {}
    for item in items:
        owners, heads = addressees(visit, item)
        for person in (*owners, *heads):
            found.setdefault(person, set()).add(item.id)
    return found


def _told(
    visit: Visit, circular: Circular, items: Sequence[Item], people: Mapping[Person, set[int]]
) -> dict[str, Any]:
    """What the event keeps: all that the document says."""
    *_, office = visit.directory.line(circular.unit_id)
    return {
        "circular": circular.key,
        "title": circular.title,
        "by": visit.actor.name,
        "office": office.name,
        "entries": [_plain(_entry(visit, item)) for item in items],
        "to": [person.id for person in people],
    }


def _plain(entry: Entry) -> dict[str, Any]:
    due_on = entry.due_on.isoformat() if entry.due_on else None
    return asdict(entry) | {"state": entry.state.value, "due_on": due_on}


def _letters(
    visit: Visit,
    circular: Circular,
    reason: str,
    people: Mapping[Person, set[int]],
    items: list[Item],
) -> list[Addressed]:
    """One letter a reader; it names units, and nobody by name."""
    found = lines.own_lines(visit, items)
    line = {key: replace(one, owner="", quote="") for key, one in found.items()}
    return [
        Addressed(
            f"circular:{circular.key}:{person.id}",
            person,
            letters.Circular(
                on=visit.today,
                key=circular.key,
                title=circular.title,
                reason=reason,
                by=visit.actor.name,
                own=tuple(line[item.id] for item in items if item.id in own),
                others=tuple(line[item.id] for item in items if item.id not in own),
            ),
            visit.today,
        )
        for person, own in people.items()
    ]


def listed(visit: Visit) -> Sequence[Circular]:
    """The circulars that the visitor may read, the latest first."""
    query = select(Circular).where(circulars_for(visit, "view-circular"))
    return visit.session.scalars(query.order_by(Circular.id.desc())).all()


def written(visit: Visit, key: str) -> circular_docx.Circular:
    """The circular with this key, such as `2026-3`, as it was issued.

    Raises:
        NotFoundError: there is no such circular for this visitor.
    """
    event = visit.session.get_one(Event, visible_circular(visit, key).event_id)
    told = event.payload
    return circular_docx.Circular(
        key=told["circular"],
        office=told["office"],
        issued_at=event.at,
        issued_on=visit.office.day(event.at),
        by=told["by"],
        title=told["title"],
        reason=event.note,
        entries=tuple(_kept(entry) for entry in told["entries"]),
    )


def _kept(told: dict[str, Any]) -> Entry:
    due_on = told["due_on"]
    day = date.fromisoformat(due_on) if due_on else None
    return Entry(**told | {"state": State(told["state"]), "due_on": day})
