"""All that is known of one item, as its page shows it, within what the reader may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any, TypeVar

from sqlalchemy import bindparam, select

from models.event import Event
from models.item import Assignment, Decision, Evidence, Item, Link, Request, RequestKind
from models.organisation import Person
from models.report import Report
from models.session import plain_rows
from rules.lifecycle import Kind, Offer, State
from rules.lights import Light, light
from rules.permissions import ENTRUSTED, Role
from services.items import offered
from services.office import Visit
from services.visibility import is_visible_report, items_for

T = TypeVar("T")

AROUND = 240
"""Characters of the report that are shown before and after a quote."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The report's words, with what stands around them for those who may read the report."""

    before: str
    words: str
    after: str
    report: str
    """The report's title."""
    is_whole: bool
    """Whether the reader may open the whole report."""


@dataclass(frozen=True, slots=True)
class Part:
    """A person's part in the item."""

    role: Role
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that was handed in. `at` is in UTC."""

    number: int
    name: str
    size: int
    by: str
    at: datetime
    is_withdrawn: bool
    is_own: bool
    """Whether the reader handed it in."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What an event tells besides: a key of texts.event_labels.FACTS, what was (or None), what is.

    Time limits by their name, words of the report by their place, items by their reference.
    """

    name: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of the item, and what it changed. `at` is in UTC."""

    at: datetime
    by: str
    move: str
    note: str
    before: State | None
    after: State | None
    progress: tuple[int | None, int | None] | None
    due_on: tuple[date | None, date | None] | None
    owners: tuple[str, str] | None
    """Each pair holds what was and what is; None where it did not change."""
    files: tuple[str, ...]
    proposed_on: date | None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """A request that waits for its decision."""

    kind: RequestKind
    reason: str
    proposed_on: date | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dossier:
    """The item with everything around it."""

    item: Item
    unit: str
    light: Light
    working_days_left: int | None
    quote: Quote
    people: tuple[Part, ...]
    linked: tuple[Item, ...]
    files: tuple[File, ...]
    events: tuple[Happening, ...]
    """The latest first."""
    pending: tuple[Pending, ...]
    offers: tuple[Offer, ...]

    @property
    def due_on(self) -> date | None:
        """The deadline in force."""
        return self.item.due_on


def dossier(visit: Visit, item: Item) -> Dossier:
    """What the visitor may know of an item that they may see."""
    due, calendar = item.due_on, visit.office.calendar
    files = _files(visit, item)
    return Dossier(
        item=item,
        unit=visit.directory.units[item.lead_unit_id].name,
        light=light(item.state, due, visit.today, calendar),
        working_days_left=calendar.between(visit.today, due) if due else None,
        quote=_quote(visit, item),
        people=tuple(_people(visit, item)),
        linked=tuple(linked(visit, item)),
        files=tuple(file for file, _ in files),
        events=tuple(reversed(list(_events(visit, item, {digest: file.name for file, digest in files})))),
        pending=tuple(_pending(visit, item)),
        offers=tuple(offered(visit, item)),
    )


def _quote(visit: Visit, item: Item) -> Quote:
    report = visit.session.get(Report, item.report_id) if item.report_id else None
    start, end = item.quote_start, item.quote_end
    if report is None or start is None or end is None:
        return Quote("", item.body, "", report.title if report else "", is_whole=False)
    # What stands around the quote may be about other units: it belongs to those who may read the report.
    if not is_visible_report(visit, report.id):
        return Quote("", report.text[start:end], "", report.title, is_whole=False)
    before, after = report.text[max(0, start - AROUND) : start], report.text[end : end + AROUND]
    return Quote(before, report.text[start:end], after, report.title, is_whole=True)


_PARTS = (
    select(Assignment.role, Person.name, Person.email)
    .join(Person, Person.id == Assignment.person_id)
    .where(Assignment.item_id == bindparam("item"))
    .order_by(Assignment.id)
)


def _people(visit: Visit, item: Item) -> Iterator[Part]:
    named = [Part(*row) for row in plain_rows(visit.session, _PARTS, item=item.id)]
    yield from sorted(named, key=lambda part: list(Role).index(part.role))
    for role in (Role.HEAD, Role.LEADER, Role.COORDINATOR):
        for person_id in visit.directory.holders(role, item.lead_unit_id, visit.today):
            person = visit.directory.contacts[person_id]
            yield Part(role, person.name, person.email)


def linked(visit: Visit, item: Item) -> Sequence[Item]:
    """What the item answers, or what answers it, within what the visitor may see."""
    ends = (Link.measure_id, Link.problem_id)
    mine, other = ends if item.kind is Kind.MEASURE else reversed(ends)
    query = select(Item).join(Link, other == Item.id).where(mine == item.id, items_for(visit, "view-item"))
    return visit.session.scalars(query.order_by(Item.reference)).all()


_FILES = (
    select(Evidence, Person.name)
    .join(Person, Person.id == Evidence.added_by_id)
    .where(Evidence.item_id == bindparam("item"))
    .order_by(Evidence.id)
)


def _files(visit: Visit, item: Item) -> list[tuple[File, str]]:
    return [
        (
            File(
                number=row.id,
                name=row.file_name,
                size=row.size,
                by=by,
                at=row.added_at,
                is_withdrawn=row.withdrawn_at is not None,
                is_own=row.added_by_id == visit.actor.id,
            ),
            row.sha256,
        )
        for row, by in visit.session.execute(_FILES, {"item": item.id})
    ]


_PENDING = (
    select(Request.kind, Request.reason, Request.proposed_on, Person.name, Request.asked_at)
    .join(Person, Person.id == Request.asked_by_id)
    .where(Request.item_id == bindparam("item"), Request.decision == Decision.PENDING)
    .order_by(Request.id)
)


def _pending(visit: Visit, item: Item) -> Iterator[Pending]:
    return (Pending(*row) for row in plain_rows(visit.session, _PENDING, item=item.id))


_EVENTS = select(Event).where(Event.item_id == bindparam("item")).order_by(Event.position)


def _events(visit: Visit, item: Item, files: dict[str, str]) -> Iterator[Happening]:
    events = visit.session.scalars(_EVENTS, {"item": item.id}).all()
    seen = _seen(visit, events)
    for earlier, event in pairwise((None, *events)):
        if event is not None:
            facts = (*_facts(visit, event, seen), *_withdrawn(event, files), *_ordered(event))
            yield replace(happening(visit, earlier, event, files), facts=facts)


OTHERS = ("absorbed", "into", "split_off", "part_of", "linked", "unlinked")
"""Parts of a payload that name another item."""


def _seen(visit: Visit, events: Sequence[Event]) -> frozenset[str]:
    """Of the items that the events name, those that the reader may see."""
    named = {str(event.payload[name]) for event in events for name in OTHERS if name in event.payload}
    query = select(Item.reference).where(Item.reference.in_(sorted(named)), items_for(visit, "view-item"))
    return frozenset(visit.session.scalars(query)) if named else frozenset()


def _facts(visit: Visit, event: Event, seen: frozenset[str]) -> Iterator[Fact]:
    for name, (before, after) in event.payload.get("changed", {}).items():
        yield Fact(name, _plain(visit, name, before), _plain(visit, name, after))
    for name in OTHERS:
        if event.payload.get(name) in seen:
            yield Fact(name, None, event.payload[name])


def _ordered(event: Event) -> Iterator[Fact]:
    """Supervision orders and circulars by their keys, the day of an answer, and that of a late entry."""
    for name in ("order", "circular", "answer_on", "happened_on"):
        if told := event.payload.get(name):
            yield Fact(name, None, told)


def _withdrawn(event: Event, files: dict[str, str]) -> Iterator[Fact]:
    if (digest := event.payload.get("withdrawn")) in files:
        yield Fact("withdrawn", None, files[digest])


def _plain(visit: Visit, name: str, value: Any) -> str:
    """A value of a payload in words; ids as names."""
    if value is None or value == []:
        return "—"
    if name == "unit":
        return visit.directory.units[value].name if value in visit.directory.units else "—"
    if name in {"owner", "co_owners", *ENTRUSTED}:
        return _names(visit, value if isinstance(value, list) else [value])
    if name == "quote":
        return "–".join(str(at) for at in value)
    return "、".join(value) if isinstance(value, list) else str(value)


def happening(visit: Visit, earlier: Event | None, event: Event, files: dict[str, str]) -> Happening:
    """The event, and what it changed against the item's `earlier` one; `files` are names by hash."""
    payload = event.payload
    owners = [_names(visit, it.owners) for it in (earlier or event, event)]
    proposed = payload.get("proposed_on")
    return Happening(
        at=event.at,
        by=_names(visit, [event.actor_id] if event.actor_id else None),
        move=event.move,
        note=event.note,
        before=event.state_before,
        after=event.state if event.state != event.state_before else None,
        progress=_changed(earlier.progress, event.progress) if earlier else None,
        due_on=_changed(earlier.due_on, event.due_on) if earlier else None,
        owners=_changed(*owners),
        files=tuple(files[digest] for digest in payload.get("evidence", ()) if digest in files),
        proposed_on=date.fromisoformat(proposed) if proposed else None,
    )


def _names(visit: Visit, people: list[int] | None) -> str:
    known = visit.directory.contacts
    return "、".join(known[key].name for key in people or () if key in known)


def _changed(was: T, now: T) -> tuple[T, T] | None:
    return (was, now) if was != now else None


def news(visit: Visit, item: Item, version: int) -> tuple[Happening, ...]:
    """As `since`, for an item whose dossier nobody opened."""
    names = {digest: file.name for file, digest in _files(visit, item)}
    events = tuple(reversed(list(_events(visit, item, names))))
    return events[: max(0, item.version - version)]


def since(found: Dossier, version: int) -> tuple[Happening, ...]:
    """What happened after the item was of this `version`, the latest first."""
    # Every change of an item raises its version by one and leaves one event.
    return found.events[: max(0, found.item.version - version)]
