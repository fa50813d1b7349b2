"""Invented organisations for trials and measurements: the same seed gives the same sample."""

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from models.base import Base, table
from models.event import Event
from models.item import Assignment, Evidence, Item
from models.organisation import Grant, Person, Unit
from rules.lifecycle import OPEN, Move, State
from rules.permissions import Role
from services import history
from services.office import Office
from services.tales import Frame, Step, tell

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = ("文博", "晓岚", "建军", "丽华", "志远", "雨晴", "海涛", "思敏", "国强", "静怡", "立新", "婉清")
BY_OWNER = frozenset({Move.ACKNOWLEDGE, Move.REPORT, Move.SUBMIT})
WITH_EVIDENCE = frozenset({State.SUBMITTED, State.CLOSED})
CHUNK = 2000
"""Rows to one insert."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much to invent."""

    units: int
    people: int
    items: int
    seed: int


@dataclass(frozen=True, slots=True)
class _Tale:
    owner: Person
    steps: list[Step]


def fill(session: Session, office: Office, size: Size, today: date) -> dict[str, int]:
    """Invents units, people and confirmed items of all states, as seen on `today`.

    Of the open items every second one is due within 7 days or overdue. Whatever stands in the database
    already is left as it is.
    """
    chance = random.Random(size.seed)  # noqa: S311 - a sample, not a secret
    history.lock(session)
    units = _units(session, size.units)
    people = _people(session, size.people, units, chance)
    _appoint(session, units, people)
    frame = Frame(today, office.zone, office.policy.deadlines.period)
    first = (session.scalar(select(func.max(Item.id))) or 0) + 1
    tales = [_tale(number, people, frame, chance) for number in range(first, first + size.items)]
    events = list(_events(session, tales, people[0]))
    _store(session, tales, events)
    return {"units": len(units), "people": len(people), "items": len(tales), "events": len(events)}


def _units(session: Session, number: int) -> list[Unit]:
    root = session.scalars(select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)).first()
    if root is None:
        root = Unit(code="S000", name="样例市住房和城乡建设局", aliases=[], kind="committee")
        session.add(root)
        session.flush()
    taken = session.scalar(select(func.count()).select_from(Unit)) or 0
    made = [root]
    for index in range(taken, taken + number - 1):
        above = made[(index - taken) // 8]
        unit = Unit(code=f"S{index:03}", name=f"样例科室{index}", aliases=[], kind="office")
        unit.parent_id = above.id
        session.add(unit)
        session.flush()
        made.append(unit)
    return made


def _people(session: Session, number: int, units: list[Unit], chance: random.Random) -> list[Person]:
    taken = session.scalar(select(func.count()).select_from(Person)) or 0
    people = [
        Person(
            name=chance.choice(SURNAMES) + chance.choice(GIVEN),
            email=f"p{index:05}@sample.example",
            locale="en" if index % 10 == 9 else "zh_CN",
            unit_id=units[index % len(units)].id,
        )
        for index in range(taken, taken + number)
    ]
    session.add_all(people)
    session.flush()
    return people


def _appoint(session: Session, units: list[Unit], people: list[Person]) -> None:
    """A head for each unit that has people; a coordinator and a leader for all."""
    heads = {person.unit_id: person for person in people}
    for unit in units:
        if unit.head_id is None and unit.id in heads:
            unit.head_id = heads[unit.id].id
    for person, role in zip(people, (Role.COORDINATOR, Role.LEADER), strict=False):
        session.add(Grant(person_id=person.id, role=role, unit_id=units[0].id))
    session.flush()


def _tale(number: int, people: list[Person], frame: Frame, chance: random.Random) -> _Tale:
    owner = people[number // 2 % len(people)]  # of each two items one is pressing: everybody gets both
    return _Tale(owner, tell(number, owner.unit_id, owner.id, frame, chance))


def _events(session: Session, tales: list[_Tale], coordinator: Person) -> Iterator[dict[str, Any]]:
    """Every step of every tale in the order of time, as one unbroken chain."""
    position, previous, last_at = history.head(session)
    steps = [(step.at, order, step, tale.owner) for order, tale in enumerate(tales) for step in tale.steps]
    for _at, _order, step, owner in sorted(steps, key=lambda told: told[:2]):
        row = history.row_of(_entry(step, owner, coordinator), position + 1, previous, last_at)
        position, previous, last_at = position + 1, row["hash"], row["at"]
        yield row


def _entry(step: Step, owner: Person, coordinator: Person) -> history.Entry:
    return history.Entry(
        at=step.at,
        actor_id=(owner if step.move in BY_OWNER else coordinator).id,
        door="sample",
        subject=f"item:{step.after.reference}",
        move=step.move.value if step.move else "read",
        item=step.after,
        state_before=step.before,
        owners=(owner.id,) if step.after.opened_on else (),
    )


def _store(session: Session, tales: list[_Tale], events: list[dict[str, Any]]) -> None:
    _insert(session, Item, [_item(tale) for tale in tales])
    owned = [tale for tale in tales if tale.steps[-1].after.opened_on]
    _insert(session, Assignment, [_assignment(tale) for tale in owned])
    proven = [tale for tale in owned if tale.steps[-1].after.state in WITH_EVIDENCE]
    _insert(session, Evidence, [_evidence(tale) for tale in proven])
    _insert(session, Event, events)
    if session.get_bind().dialect.name == "postgresql":
        # The ids were ours; the sequence has to learn of them.
        session.execute(
            text("select setval(pg_get_serial_sequence('item', 'id'), (select max(id) from item))")
        )


def _insert(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(table(model)), rows[start : start + CHUNK])


def _item(tale: _Tale) -> dict[str, Any]:
    last = tale.steps[-1]
    watched = last.after.state in OPEN
    plain = {"number": "", "stated_owners": [], "flags": [], "deadline_version": 1}
    return asdict(last.after) | plain | {"next_reminder_on": last.after.since_on if watched else None}


def _assignment(tale: _Tale) -> dict[str, Any]:
    return {"item_id": tale.steps[-1].after.id, "person_id": tale.owner.id, "role": Role.OWNER}


def _evidence(tale: _Tale) -> dict[str, Any]:
    last = tale.steps[-1]
    return {
        "item_id": last.after.id,
        "sha256": sha256(last.after.reference.encode()).hexdigest(),
        "file_name": f"{last.after.reference}.pdf",
        "media_type": "application/pdf",
        "size": 1024,
        "added_by_id": tale.owner.id,
        "added_at": last.at,
    }
