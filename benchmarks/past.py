"""An office with a long past, for benchmarks/rollup.py: the same number of items gives the same history.

Every item lives through four to six steps, evenly spread over the thirty months before 1 July 2026; about
half of them are open then. Hashes, words and the rows of the items themselves are filler: what roll-ups count
stands in the events.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from models import schema
from models.base import table
from models.bulk import Values, pour
from models.event import Event
from models.item import Item
from models.organisation import Person, Unit
from models.session import writing

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
CUT_OFF = datetime(2026, 6, 30, 16, tzinfo=UTC)
"""The end of 2026H1 in Shanghai."""
SECONDS = int((CUT_OFF - BEGIN).total_seconds())
UNITS = 200
PEOPLE = 400
STEPS = 6
LAG = 20
"""From one step of an item to the next the office takes in one part in so many of all items."""
HASH = "0123456789abcdef" * 4
NOTE = "已按要求完成整改，相关材料见附件。"

PATHS = (
    *(("read", "assign", "acknowledge", "submit", "approve"),) * 10,
    *(("read", "assign", "acknowledge", "report", "reassign"),) * 4,
    *(("read", "assign", "acknowledge", "report", "sustain"),) * 2,
    *(("read", "assign", "acknowledge", "submit", "approve", "reopen"),) * 2,
    ("read", "assign", "acknowledge", "cancel"),
    ("read", "assign", "grant-extension", "acknowledge"),
)
STATES = {
    "read": "draft",
    "assign": "assigned",
    "acknowledge": "in_progress",
    "submit": "submitted",
    "approve": "closed",
    "sustain": "sustained",
    "reopen": "in_progress",
    "cancel": "cancelled",
}


@dataclass(frozen=True, slots=True)
class Face:
    """An item as one step left it; days as the database keeps them."""

    unit: int
    state: str = "draft"
    due_on: str | None = None
    original_due_on: str | None = None
    judged_on: str | None = None
    opened_on: str | None = None
    ended_on: str | None = None
    extensions: int = 0
    before: str | None = None
    move: str = ""


def lived(face: Face, move: str, number: int, on: date) -> Face:
    """The item after `move` on the local day `on`."""
    due = (on + timedelta(20 + number * 7 % 240)).isoformat() if number % 25 else None
    changes: dict[str, dict[str, Any]] = {
        "assign": {"due_on": due, "original_due_on": due, "judged_on": due, "opened_on": on.isoformat()},
        "grant-extension": {"due_on": due, "judged_on": due, "extensions": face.extensions + 1},
        "reassign": {"unit": 1 + (face.unit + number) % UNITS},
        "sustain": {"due_on": None, "judged_on": None},
        "reopen": {"ended_on": None, "due_on": due, "judged_on": due},
        "approve": {"ended_on": on.isoformat()},
        "cancel": {"ended_on": on.isoformat()},
    }
    before = face.state if face.move else None
    after = replace(face, state=STATES.get(move, face.state), before=before, move=move)
    return replace(after, **changes.get(move, {}))


def path(number: int) -> tuple[str, ...]:
    """The moves of item `number`."""
    return PATHS[number % len(PATHS)]


def born(number: int) -> Face:
    """Item `number` before its first step."""
    return Face(1 + number * 31 % UNITS)


class Past:
    """The history of so many items: what happened before the cut-off, and what `touched` items did later."""

    def __init__(self, items: int, touched: int) -> None:
        self.items = items
        self.touched = touched
        self._lag = items // LAG
        self._ticks = items + (STEPS - 1) * self._lag

    def _at(self, tick: int) -> datetime:
        return BEGIN + timedelta(seconds=SECONDS * tick // (self._ticks + 1))

    def before(self) -> Iterator[tuple[int, datetime, Face]]:
        """Item, instant and face of each step before the cut-off, in order of time."""
        under_way: dict[int, Face] = {}
        for tick in range(1, self._ticks + 1):
            at = self._at(tick)
            on = _day(at)
            for step in range(STEPS):
                number = tick - step * self._lag
                if 1 <= number <= self.items and step < len(moves := path(number)):
                    face = lived(under_way.pop(number, None) or born(number), moves[step], number, on)
                    if step + 1 < len(moves):
                        under_way[number] = face
                    yield number, at, face

    def after(self) -> Iterator[tuple[int, datetime, Face]]:
        """What happened to some of the items within the half-year after it."""
        for order in range(self.touched):
            number = 1 + order * (self.items // self.touched)
            at = CUT_OFF + timedelta(hours=1) + timedelta(days=150) * order / self.touched
            face = self.last(number)
            moves = {"closed": "reopen", "draft": "assign", "cancelled": "report"}
            move = moves.get(face.state, ("approve", "reassign", "report", "cancel")[number % 4])
            yield number, at, lived(face, move, number, _day(at))

    def last(self, number: int) -> Face:
        """The item at the cut-off."""
        face = born(number)
        for step, move in enumerate(path(number)):
            face = lived(face, move, number, _day(self._at(number + step * self._lag)))
        return face


def _day(at: datetime) -> date:
    return (at + timedelta(hours=8)).date()


ITEM = (
    "id",
    "reference",
    "kind",
    "number",
    "title",
    "body",
    "stated_owners",
    "flags",
    "plan",
    "lead_unit_id",
)
ITEM += ("time_limit", "deadline_version", "state", "progress", "extensions", "pause_note", "version")
EVENT = (
    "position",
    "at",
    "actor_id",
    "door",
    "subject",
    "item_id",
    "move",
    "note",
    "payload",
    "state_before",
)
EVENT += ("state", "lead_unit_id", "time_limit", "due_on", "original_due_on", "judged_on", "opened_on")
EVENT += ("ended_on", "progress", "extensions", "owners", "previous_hash", "hash")


def _item(number: int) -> Values:
    face, title = born(number), f"第{number}号点位隐患整改不及时"
    words = ("problem" if number % 2 else "measure", "", title, f"{title}。巡查记录缺失，台账登记不全。")
    rest = (1, face.state, 50, face.extensions, "", 1)
    return (number, f"2024H1-P{number:07}", *words, "[]", "[]", "{}", face.unit, "fixed", *rest)


def _event(position: int, number: int, at: datetime, face: Face) -> Values:
    days = (face.due_on, face.original_due_on, face.judged_on, face.opened_on, face.ended_on)
    told = ("sample", f"item:2024H1-P{number:07}", number, face.move, NOTE, "{}")
    stand = (face.before, face.state, face.unit, "fixed", *days, 50, face.extensions)
    stamp = at.strftime("%Y-%m-%d %H:%M:%S.%f")
    return (position, stamp, 1 + number % PEOPLE, *told, *stand, f"[{1 + number % PEOPLE}]", HASH, HASH)


def fill(engine: Engine, past: Past) -> int:
    """Enters the office with all that happened before the cut-off. Returns how many events."""
    schema.upgrade(engine)
    with writing(engine) as session:
        is_postgresql = session.get_bind().dialect.name == "postgresql"
        if is_postgresql:  # the keys are right; asking for each costs more than the rows
            session.execute(text("set session_replication_role = replica"))
        for number in range(1, UNITS + 1):
            above = 1 + (number - 2) // 8 if number > 1 else None
            unit = Unit(code=f"U{number:03}", name=f"样例科室{number}", aliases=[], kind="office")
            unit.id, unit.parent_id = number, above
            session.add(unit)
            session.flush()
        for number in range(1, PEOPLE + 1):
            person = Person(name=f"张某{number}", email=f"p{number}@sample.example")
            person.id, person.unit_id = number, 1 + number % UNITS
            session.add(person)
        session.flush()
        pour(session, table(Item), ITEM, (_item(number) for number in range(1, past.items + 1)))
        events = (_event(at, *told) for at, told in enumerate(past.before(), 1))
        pour(session, table(Event), EVENT, events)
        return session.scalar(text("select max(position) from event")) or 0


def go_on(engine: Engine, past: Past, position: int) -> None:
    """Enters what happened after the cut-off."""
    with writing(engine) as session:
        rows = (_event(at, *told) for at, told in enumerate(past.after(), position + 1))
        pour(session, table(Event), EVENT, rows)


def settle(engine: Engine) -> None:
    """What a database does by itself in a quiet hour."""
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.execute(text("analyze"))
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
