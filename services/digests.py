"""Daily digests: what is owed is read in a few statements, whatever the number of items."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, String, select, type_coerce
from sqlalchemy.orm import Session

from models.base import table
from models.item import Assignment, Item
from models.message import Reminder, ReminderOutcome
from models.organisation import Person
from notifications.letters import Digest, Line
from rules.ladder import Standing, due_rungs
from rules.lifecycle import OPEN
from rules.permissions import Role
from rules.planning import Outcome, Subject, reached
from services.lines import line_of, names
from services.office import Office
from services.organisation import Directory

_ITEMS, _ASSIGNMENTS, _REMINDERS = table(Item), table(Assignment), table(Reminder)
"""Read as plain tables: entities would more than double what reading the office costs."""

COLUMNS = tuple(
    _ITEMS.c[name]
    for name in (
        "id",
        "reference",
        "kind",
        "title",
        "body",
        "lead_unit_id",
        "state",
        "due_on",
        "original_due_on",
        "deadline_version",
        "review_on",
        "since_on",
        "word_on",
        "submitted_on",
        "progress",
        "resumes_on",
    )
)

PAGE = 1000
"""Rows that are fetched at once: one by one they cost twice as much, all together a lot of memory."""

_SECTIONS = {
    Role.OWNER: "own",
    Role.CO_OWNER: "copied",
    Role.HEAD: "unit",
    Role.SUPERVISOR: "led",
    Role.VERIFIER: "to_verify",
}


@dataclass(frozen=True, slots=True)
class Due:
    """An item that may owe reminders: its row, its planner's view, and what was cancelled of it."""

    row: Row[Any]
    subject: Subject
    owners: tuple[Person, ...]
    cancelled: Mapping[tuple[int, str], int]
    """(person, rung key) -> reminder row that was cancelled before it was told, and may be owed again."""


def read(
    session: Session,
    directory: Directory,
    which: ColumnElement[bool],
    today: date,
    *,
    reopened: AbstractSet[int] = frozenset(),
) -> list[Due]:
    """The open items that satisfy `which`, with their people and what is settled for them.

    Three statements, whatever the number of items. What waits in one of the letters `reopened` (ids) is not
    settled: these letters are written anew.
    """
    wanted = Item.state.in_(OPEN) & which
    rows = session.execute(select(*COLUMNS).where(wanted).order_by(_ITEMS.c.id)).all()
    named = _named(session, wanted)
    told = _told(session, wanted, reopened)
    post = _Posts(directory, today)
    return [_due(row, named.get(row.id, _NOBODY), told.get(row.id, _NOTHING), post) for row in rows]


def _named(session: Session, wanted: ColumnElement[bool]) -> dict[int, dict[Role, tuple[int, ...]]]:
    found: dict[int, dict[Role, tuple[int, ...]]] = {}
    named = _ASSIGNMENTS.c
    query = select(named.item_id, named.role, named.person_id).join(_ITEMS, _ITEMS.c.id == named.item_id)
    rows = session.execute(query.where(wanted).order_by(named.id))
    for item, role, person in chain.from_iterable(rows.partitions(PAGE)):
        roles = found.setdefault(item, {})
        roles[role] = (*roles.get(role, ()), person)
    return found


class _Told(NamedTuple):
    """What became of an item's rungs under its present deadline, by (person, rung key)."""

    settled: set[tuple[int, str]]
    cancelled: dict[tuple[int, str], int]
    """The rows of reminders that were never told: should their cause go, as when a pause ends, they are owed
    again."""


_NOBODY: dict[Role, tuple[int, ...]] = {}
_NOTHING = _Told(set(), {})


def _told(
    session: Session, wanted: ColumnElement[bool], reopened: AbstractSet[int]
) -> defaultdict[int, _Told]:
    found: defaultdict[int, _Told] = defaultdict(lambda: _Told(set(), {}))
    told = _REMINDERS.c
    same = (_ITEMS.c.id == told.item_id) & (_ITEMS.c.deadline_version == told.deadline_version)
    # The plain word: an office has as many of these rows as it ever told, and a look-up for each counts.
    outcome = type_coerce(told.outcome, String)
    cancelled, planned = ReminderOutcome.CANCELLED.value, ReminderOutcome.PLANNED.value
    query = select(told.item_id, told.person_id, told.rung, told.id, outcome, told.message_id)
    rows = session.execute(query.join(_ITEMS, same).where(wanted))
    for item, person, rung, row, became, message in chain.from_iterable(rows.partitions(PAGE)):
        if became == cancelled:
            found[item].cancelled[person, rung] = row
        elif became != planned or message not in reopened:
            found[item].settled.add((person, rung))
    return found


class _Posts:
    """Heads, supervising leaders and coordinators of a unit on a day, each looked up once."""

    def __init__(self, directory: Directory, day: date) -> None:
        self.people = directory.people
        self._directory = directory
        self._day = day
        self._left = {person.id for person in directory.people.values() if not person.active}
        self._known: dict[int, dict[Role, tuple[int, ...]]] = {}

    def of(self, unit_id: int) -> dict[Role, tuple[int, ...]]:
        """Role -> ids of the people in office for the unit."""
        if unit_id not in self._known:
            held = posts(self._directory, unit_id, self._day)
            self._known[unit_id] = {role: self.active(ids) for role, ids in held.items()}
        return self._known[unit_id]

    def active(self, ids: tuple[int, ...]) -> tuple[int, ...]:
        """Those of the people who have not left."""
        return ids if self._left.isdisjoint(ids) else tuple(who for who in ids if who not in self._left)


def posts(directory: Directory, unit_id: int, day: date) -> dict[Role, tuple[int, ...]]:
    """Role -> ids of the people whom reminders about the unit's items reach although no item names them."""
    return {
        Role.HEAD: directory.holders(Role.HEAD, unit_id, day),
        Role.SUPERVISOR: directory.holders(Role.LEADER, unit_id, day),
        Role.COORDINATOR: directory.holders(Role.COORDINATOR, unit_id, day),
    }


def _due(row: Row[Any], named: dict[Role, tuple[int, ...]], told: _Told, posts: _Posts) -> Due:
    people = posts.of(row.lead_unit_id) | {role: posts.active(ids) for role, ids in named.items()}
    owners = tuple([posts.people[person] for person in named.get(Role.OWNER, ())])
    return Due(row, Subject(row.id, standing(row), people, told.settled), owners, told.cancelled)


def standing(item: Item | Row[Any]) -> Standing:
    """What the ladder needs to know of an item."""
    return Standing(
        state=item.state,
        due_on=item.due_on,
        since_on=item.since_on,
        word_on=item.word_on,
        submitted_on=item.submitted_on,
        review_on=item.review_on,
        resumes_on=item.resumes_on,
    )


def section(role: Role | str, rung: str) -> str:
    """The part of a digest in which somebody in `role` reads of `rung`."""
    if role == Role.COORDINATOR:
        return "to_verify" if rung.startswith("unverified") else "to_order"
    return _SECTIONS[Role(role)]


def digest(lines: Iterable[tuple[str, Line]], today: date) -> Digest:
    """The digest of these (section, line) pairs, the most pressing first."""
    parts: dict[str, list[Line]] = {}
    for part, line in lines:
        parts.setdefault(part, []).append(line)
    return Digest(today, **{part: tuple(sorted(mine, key=_urgency)) for part, mine in parts.items()})


def _urgency(line: Line) -> tuple[int, str]:
    return (line.working_days_left if line.working_days_left is not None else 10**6, line.reference)


def line(due: Due, topic: str, directory: Directory, today: date, office: Office) -> Line:
    """The line of one owed item."""
    unit = directory.units[due.row.lead_unit_id].name
    return line_of(due.row, unit, names(due.owners), today, office, topic)


def planned_for(session: Session, messages: Sequence[int] | Select[tuple[int]]) -> list[Row[Any]]:
    """The reminders that wait in these letters (ids), with all that tells whether they are still true."""
    query = select(
        Reminder.id,
        Reminder.message_id,
        Reminder.item_id,
        Reminder.person_id,
        Reminder.role,
        Reminder.rung,
        Reminder.deadline_version,
    ).where(Reminder.message_id.in_(messages), Reminder.outcome == ReminderOutcome.PLANNED)
    return list(session.execute(query.order_by(Reminder.id)).all())


def still_owed(due: Due, reminder: Row[Any], office: Office, today: date) -> bool:
    """Whether a planned reminder is still true of its item and its person."""
    ladder = office.policy.ladder
    keys = {rung.key for rung in due_rungs(due.subject.standing, today, ladder, office.calendar)}
    same = due.row.deadline_version == reminder.deadline_version
    return (
        same and reminder.rung in keys and reminder.person_id in reached(due.subject, reminder.rung, ladder)
    )


def by_person(outcomes: Iterable[Outcome]) -> dict[int, list[Outcome]]:
    """Outcomes that are to be sent, person by person."""
    found: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        if not outcome.superseded_by:
            found.setdefault(outcome.person, []).append(outcome)
    return found
