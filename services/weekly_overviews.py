"""The weekly overview: once a week, leaders and coordinators hear how their line stands."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from models import bulk
from models.item import Decision, Item, Request
from models.message import Message, MessageState
from models.organisation import Person
from notifications import letters, outbox
from notifications.letters import Asked, Line
from notifications.outbox import Addressed
from rules import overview
from rules.lifecycle import OPEN, WITH_DEADLINE, State
from rules.overview import Tally
from rules.permissions import Role
from rules.reasons import Kept, keep
from services import reminders
from services.lines import own_lines
from services.office import Office, Visit
from services.organisation import Directory
from services.reminders import Planned
from services.visibility import items_for
from services.worklists import Work, waiting

TOLD = frozenset({Role.LEADER, Role.COORDINATOR})
"""Whose letter it is. Heads of unit read of what is late in their escalations."""


def plan_morning(
    session: Session, office: Office, today: date, *, now: datetime, confirm: bool = False, run_id: str = ""
) -> Planned:
    """All that a morning's run plans: the reminders of `today`, and the week's overviews where they are owed.

    The overviews rely on the lock that planning reminders takes. The flood guard neither counts nor holds
    them: there are as many as leaders and coordinators, whatever goes wrong with items.
    """
    planned = reminders.plan(session, office, today, now=now, confirm=confirm, run_id=run_id)
    return replace(planned, overviews=plan(session, office, today, now=now))


def plan(session: Session, office: Office, today: date, *, now: datetime) -> int:
    """Plans the overviews that this week still owes on `today`. Returns how many are new.

    One a person and week, whoever asks how often; an earlier week's that never went out gives way to it.
    Whose line has nothing open, nothing closed in the week before and nothing to decide gets none.
    """
    if not overview.is_due(today, office.policy.overview, office.calendar):
        return 0
    directory = Directory.load(session)
    owed = _owed(session, directory, today)
    if not owed:
        return 0
    tallies = _tallies(session, office, today)
    found = [_addressed(Visit(session, office, directory, person, now), tallies, key) for key, person in owed]
    fresh = [addressed for addressed in found if addressed]
    _withdraw(session, [addressed.person.id for addressed in fresh], today)
    return outbox.put(session, office.postbox, fresh, now)


def _owed(session: Session, directory: Directory, today: date) -> list[tuple[str, Person]]:
    """(key, person) of everybody who is to get one this week and has none yet."""
    people = {
        person
        for unit in directory.units
        for role in sorted(TOLD)
        for person in directory.on_unit(role, unit, today)
    }
    keys = {f"overview:{overview.week_of(today)}:{person}": person for person in sorted(people)}
    there = set(session.scalars(select(Message.key).where(Message.key.in_(keys))))
    return [(key, directory.people[person]) for key, person in keys.items() if key not in there]


def _tallies(session: Session, office: Office, today: date) -> dict[int, Tally]:
    """Unit -> how its own items stand."""
    first, last = overview.week_before(today)
    until = today + timedelta(days=office.policy.overview.ahead_days)
    dated = Item.state.in_(WITH_DEADLINE)
    closed = and_(Item.state == State.CLOSED, Item.ended_on.between(first, last))
    is_open = Item.state.in_(OPEN)
    rows = session.execute(
        select(
            Item.lead_unit_id,
            func.count().filter(is_open),
            func.count().filter(dated, Item.due_on < today),
            func.count().filter(dated, Item.due_on.between(today, until)),
            func.count().filter(Item.state == State.SUBMITTED),
            func.count().filter(closed),
        )
        .where(or_(is_open, closed))
        .group_by(Item.lead_unit_id)
    )
    return {unit: Tally(*counts) for unit, *counts in rows}


def _withdraw(session: Session, people: list[int], today: date) -> None:
    earlier = update(Message).where(
        Message.letter == letters.LetterName.OVERVIEW,
        Message.person_id.in_(people),
        Message.day < overview.monday_of(today),
        Message.state.in_((MessageState.PLANNED, MessageState.FAILED)),
    )
    renewed = keep(Kept.RENEWED, day=today)
    bulk.quietly(session, earlier.values(state=MessageState.CANCELLED, last_answer=renewed))


@dataclass(frozen=True, slots=True)
class _Pressing:
    """Items of one kind: the first of them, and how many there are."""

    items: list[Item]
    count: int


def _addressed(visit: Visit, tallies: Mapping[int, Tally], key: str) -> Addressed | None:
    """The person's letter; None where there is nothing to say."""
    reach = visit.directory.reach(visit.actor.id, TOLD, visit.today)
    total = sum((tallies.get(unit, Tally()) for unit in reach), Tally())
    mine = items_for(visit, "view-item")
    verify = _pressing(visit, mine, waiting(visit, Work.VERIFY))
    decide = _pressing(visit, mine, waiting(visit, Work.DECIDE))
    if total == Tally() and not verify.count and not decide.count:
        return None
    late = (Item.state.in_(WITH_DEADLINE), Item.due_on < visit.today, Item.lead_unit_id.in_(sorted(reach)))
    worst = visit.session.scalars(_first(visit, *late)).all() if total.overdue else ()
    line = own_lines(visit, list({item.id: item for item in (*worst, *verify.items, *decide.items)}.values()))
    unit, units = _by_unit(visit.directory, reach, tallies)
    letter = letters.Overview(
        on=visit.today,
        until=visit.today + timedelta(days=visit.office.policy.overview.ahead_days),
        unit=unit,
        total=total,
        units=units,
        worst=tuple(line[item.id] for item in worst),
        to_verify=tuple(line[item.id] for item in verify.items),
        to_verify_count=verify.count,
        to_decide=_asked(visit, decide.items, line),
        to_decide_count=decide.count,
    )
    return Addressed(key, visit.actor, letter, visit.today)


def _pressing(visit: Visit, *conditions: ColumnElement[bool]) -> _Pressing:
    count = visit.session.scalar(select(func.count()).select_from(Item).where(*conditions)) or 0
    return _Pressing(list(visit.session.scalars(_first(visit, *conditions))) if count else [], count)


def _first(visit: Visit, *conditions: ColumnElement[bool]) -> Select[tuple[Item]]:
    """The most pressing items, those without a deadline last."""
    order = (Item.due_on.is_(None), Item.due_on, Item.id)
    return select(Item).where(*conditions).order_by(*order).limit(visit.office.policy.overview.named)


def _asked(visit: Visit, items: Iterable[Item], line: Mapping[int, Line]) -> tuple[Asked, ...]:
    """The items with what others ask for, in words of the request."""
    wanted = {item.id: line[item.id] for item in items}
    query = select(Request.item_id, Request.kind, Request.proposed_on).where(
        Request.item_id.in_(wanted),
        Request.decision == Decision.PENDING,
        Request.asked_by_id != visit.actor.id,
    )
    found: dict[int, list[tuple[str, date | None]]] = {item: [] for item in wanted}
    for item, kind, proposed_on in visit.session.execute(query.order_by(Request.id)):
        found[item].append((kind.value, proposed_on))
    return tuple(Asked(wanted[item], tuple(requests)) for item, requests in found.items())


def _by_unit(
    directory: Directory, reach: AbstractSet[int], tallies: Mapping[int, Tally]
) -> tuple[str, tuple[tuple[str, Tally], ...]]:
    """The name of the one unit at the top, or nothing where there are several; and how its parts stand.

    Parts count what lies below them; the unit at the top stands among them with its own items alone.
    """
    units = directory.units
    tops = sorted(unit for unit in reach if units[unit].parent_id not in reach)
    if len(tops) > 1:
        return "", _parts(directory, tops, tallies)
    top = tops[0]
    below = [unit for unit in sorted(reach) if units[unit].parent_id == top]
    own = tallies.get(top, Tally())
    itself = ((units[top].name, own),) if below and own != Tally() else ()
    return units[top].name, itself + _parts(directory, below, tallies)


def _parts(
    directory: Directory, units: Iterable[int], tallies: Mapping[int, Tally]
) -> tuple[tuple[str, Tally], ...]:
    counted = (
        (
            directory.units[unit].name,
            sum((tallies.get(key, Tally()) for key in directory.below(unit)), Tally()),
        )
        for unit in units
    )
    return tuple((name, tally) for name, tally in counted if tally != Tally())
