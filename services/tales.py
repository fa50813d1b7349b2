"""Invented items with a past: what each sample item has lived through, step by step. Pure but for chance."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.deadlines import TimeLimit
from rules.lifecycle import OPEN, Kind, Move, State
from rules.periods import PeriodKind, period

TOPICS = ("自建房排查", "物业收费公示", "工地扬尘管控", "公租房配租", "网签备案", "维修资金使用", "电梯维保")
FAULTS = ("底数不清", "进度滞后", "台账不全", "责任未落实", "复查不及时", "公示不规范")
FIXES = ("建立清单", "限期整改", "专项检查", "完善制度", "组织复查", "统一公示")

PATHS: dict[State, tuple[Move, ...]] = {
    State.DRAFT: (),
    State.ASSIGNED: (Move.CONFIRM, Move.ASSIGN),
    State.IN_PROGRESS: (Move.CONFIRM, Move.ASSIGN, Move.ACKNOWLEDGE, Move.REPORT),
    State.SUBMITTED: (Move.CONFIRM, Move.ASSIGN, Move.ACKNOWLEDGE, Move.REPORT, Move.SUBMIT),
    State.CLOSED: (Move.CONFIRM, Move.ASSIGN, Move.ACKNOWLEDGE, Move.REPORT, Move.SUBMIT, Move.APPROVE),
    State.SUSTAINED: (Move.CONFIRM, Move.ASSIGN, Move.ACKNOWLEDGE, Move.SUSTAIN),
    State.CANCELLED: (Move.CONFIRM, Move.ASSIGN, Move.CANCEL),
}
WEIGHTS = {
    State.DRAFT: 5,
    State.ASSIGNED: 20,
    State.IN_PROGRESS: 35,
    State.SUBMITTED: 8,
    State.CLOSED: 25,
    State.SUSTAINED: 4,
    State.CANCELLED: 3,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """An item as it stands at one step; the names are those of the item's columns."""

    id: int
    reference: str
    kind: Kind
    title: str
    body: str
    lead_unit_id: int
    time_limit: TimeLimit = TimeLimit.FIXED
    due_on: date | None = None
    original_due_on: date | None = None
    judged_on: date | None = None
    review_on: date | None = None
    state: State = State.DRAFT
    progress: int = 0
    extensions: int = 0
    confirmed_on: date | None = None
    opened_on: date | None = None
    since_on: date | None = None
    word_on: date | None = None
    submitted_on: date | None = None
    submitted_by_id: int | None = None
    ended_on: date | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One event in the life of a sample item, and the item after it. `move` None is its being read."""

    at: datetime
    move: Move | None
    before: State | None
    after: Shape


@dataclass(frozen=True, slots=True)
class Frame:
    """What all tales of a sample share."""

    today: date
    zone: ZoneInfo
    period: PeriodKind


def tell(number: int, unit_id: int, owner_id: int, frame: Frame, chance: random.Random) -> list[Step]:
    """The life of item `number` up to `frame.today`; odd ones, if open, are due within 7 days or overdue."""
    state = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    opened_on = frame.today - timedelta(days=chance.randint(12, 45))
    due_on = _due_on(state, number, opened_on, frame.today, chance)
    shape = _read(number, unit_id, opened_on, frame, chance)
    read_at = datetime.combine(opened_on, time(8), frame.zone) + timedelta(seconds=chance.randint(0, 600))
    steps = [Step(read_at, None, None, shape)]
    for at, move in _dated(PATHS[state], read_at, frame.today, chance):
        before = steps[-1].after
        after = _EFFECTS[move](before, at.date(), due_on, owner_id)
        steps.append(Step(at, move, before.state, replace(after, version=before.version + 1)))
    return steps


def _read(number: int, unit_id: int, opened_on: date, frame: Frame, chance: random.Random) -> Shape:
    kind = Kind.PROBLEM if chance.random() < 0.5 else Kind.MEASURE
    ending = chance.choice(FAULTS if kind is Kind.PROBLEM else FIXES)
    title = f"{chance.choice(TOPICS)}{ending}（样例{number}）"
    letter = "P" if kind is Kind.PROBLEM else "M"
    return Shape(
        id=number,
        reference=f"{period(frame.period, opened_on).key}-{letter}{number:05}",
        kind=kind,
        title=title,
        body=f"{title}。责任部门按时限完成整改，并报送佐证材料。",
        lead_unit_id=unit_id,
    )


def _due_on(state: State, number: int, opened_on: date, today: date, chance: random.Random) -> date:
    if state in OPEN and number % 2:
        return today + timedelta(days=chance.randint(-10, 7))
    if state in OPEN:
        return today + timedelta(days=chance.randint(8, 120))
    return opened_on + timedelta(days=chance.randint(10, 90))


def _dated(
    path: tuple[Move, ...], read_at: datetime, today: date, chance: random.Random
) -> list[tuple[datetime, Move]]:
    """Confirmed and handed over within the hour, the rest spread over the days until yesterday."""
    spare = (today - read_at.date()).days - 1
    days = [0, 0, *sorted(chance.randint(1, max(spare, 1)) for _ in path[2:])]
    return [
        (read_at + timedelta(days=day, minutes=10 * order), move)
        for order, (day, move) in enumerate(zip(days, path, strict=False), start=1)
    ]


def _confirmed(shape: Shape, on: date, _due_on: date, _owner_id: int) -> Shape:
    return replace(shape, confirmed_on=on)


def _assigned(shape: Shape, on: date, due_on: date, _owner_id: int) -> Shape:
    return replace(
        shape,
        state=State.ASSIGNED,
        due_on=due_on,
        original_due_on=due_on,
        judged_on=due_on,
        opened_on=on,
        since_on=on,
        word_on=on,
    )


def _acknowledged(shape: Shape, on: date, _due_on: date, _owner_id: int) -> Shape:
    return replace(shape, state=State.IN_PROGRESS, word_on=on)


def _reported(shape: Shape, on: date, _due_on: date, _owner_id: int) -> Shape:
    return replace(shape, progress=50, word_on=on)


def _submitted(shape: Shape, on: date, _due_on: date, owner_id: int) -> Shape:
    return replace(shape, state=State.SUBMITTED, submitted_on=on, submitted_by_id=owner_id, word_on=on)


def _approved(shape: Shape, on: date, _due_on: date, _owner_id: int) -> Shape:
    return replace(shape, state=State.CLOSED, progress=100, ended_on=on)


def _sustained(shape: Shape, on: date, _due_on: date, _owner_id: int) -> Shape:
    return replace(
        shape,
        state=State.SUSTAINED,
        time_limit=TimeLimit.LONG_TERM,
        due_on=None,
        judged_on=None,
        review_on=on + timedelta(days=90),
        word_on=on,
    )


def _cancelled(shape: Shape, on: date, _due_on: date, _owner_id: int) -> Shape:
    return replace(shape, state=State.CANCELLED, ended_on=on)


_EFFECTS: dict[Move, Callable[[Shape, date, date, int], Shape]] = {
    Move.CONFIRM: _confirmed,
    Move.ASSIGN: _assigned,
    Move.ACKNOWLEDGE: _acknowledged,
    Move.REPORT: _reported,
    Move.SUBMIT: _submitted,
    Move.APPROVE: _approved,
    Move.SUSTAIN: _sustained,
    Move.CANCEL: _cancelled,
}
