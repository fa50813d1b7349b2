"""Figures as of an instant, against a replay of the history that shares nothing with them."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from histories import DAY, LIVES, REFERENCES, SPAN, begin, live, live_on
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import MONDAY, ZONE, Bureau
from sqlalchemy import select

from models.event import Event
from models.organisation import Unit
from models.session import reading
from rules.movement import Movement
from rules.periods import following, preceding, stretch
from services import rollups
from services.rollups import Computed

OPEN = {"assigned", "in_progress", "submitted", "sustained"}


def compute(bureau: Bureau, key: str, as_of: datetime) -> Computed:
    with reading(bureau.engine) as session:
        return rollups.compute(session, bureau.office, key, as_of=as_of)


@dataclass
class Past:
    """What a reader with a pencil makes of the history up to an instant."""

    state: str = ""
    unit: str = ""
    opened_at: datetime | None = None
    ended_at: datetime | None = None


def replay(bureau: Bureau, start: datetime, end: datetime) -> dict[str, dict[str, int]]:
    """Unit code -> counts by name, event by event."""
    pasts: dict[int, Past] = defaultdict(Past)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    with reading(bureau.engine) as session:
        codes = dict(session.execute(select(Unit.id, Unit.code)).tuples().all())
        events = session.scalars(select(Event).where(Event.item_id.is_not(None)).order_by(Event.position))
        for event in events:
            if event.at >= end:
                break
            is_in = event.at >= start
            turn(pasts[event.item_id or 0], event, codes, counts, is_in=is_in)
    for past in pasts.values():
        settle(past, start, counts)
    return {unit: {name: n for name, n in found.items() if n} for unit, found in counts.items()}


def turn(
    past: Past, event: Event, codes: dict[int, str], counts: dict[str, Counter[str]], *, is_in: bool
) -> None:
    state, unit = str(event.state), codes[event.lead_unit_id or 0]
    was, now = past.state in OPEN, state in OPEN
    happened = []
    if now and not was:
        happened = [(unit, "reopened" if past.state == "closed" else "opened")]
        past.opened_at = past.opened_at if past.state == "closed" else event.at
    elif was and not now:
        happened = [(past.unit, state)]
        past.ended_at = event.at
    elif was and past.unit != unit:
        happened = [(past.unit, "moved_out"), (unit, "moved_in")]
    for place, what in happened:
        counts[place][
            what if is_in else {"opened": "+", "reopened": "+", "moved_in": "+"}.get(what, "-")
        ] += 1
    if state == "draft":  # taken back before it was handed over again; what ends it then is no item's end
        past.opened_at = past.ended_at = None
    past.state, past.unit = state, unit


def settle(past: Past, start: datetime, counts: dict[str, Counter[str]]) -> None:
    is_open = past.state in OPEN
    has_ended = past.state in {"closed", "cancelled"} and past.ended_at is not None
    if is_open or (has_ended and past.ended_at is not None and past.ended_at >= start):
        counts[past.unit]["in_scope"] += 1
        counts[past.unit][f"now {past.state}"] += not is_open
        counts[past.unit]["new"] += past.opened_at is not None and past.opened_at >= start
    counts[past.unit]["open"] += is_open


def counted(found: Computed) -> dict[str, dict[str, int]]:
    """The same counts as the roll-up gives them."""
    counts = {}
    for row in found.rollup.units:
        assert row.own_movement is not None
        moves = asdict(row.own_movement)
        carried = moves.pop("open_at_start")
        own = row.own
        told = moves | {
            "carried": carried,
            "in_scope": own.in_scope,
            "now closed": own.closed,
            "now cancelled": own.cancelled,
            "new": own.opened,
            "open": own.in_scope - own.closed - own.cancelled,
        }
        counts[row.unit.code] = {name: number for name, number in told.items() if number}
    return {unit: found for unit, found in counts.items() if found}


def expected(bureau: Bureau, start: datetime, end: datetime) -> dict[str, dict[str, int]]:
    found = replay(bureau, start, end)
    for counts in found.values():
        carried = counts.pop("+", 0) - counts.pop("-", 0)
        if carried:
            counts["carried"] = carried
    return {unit: counts for unit, counts in found.items() if counts}


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(life=LIVES, first=st.integers(0, 200), days=st.integers(1, 200), cut=st.integers(0, 24 * 250))
def test_figures_as_of_any_instant_are_what_a_replay_of_the_history_gives(
    bureau: Bureau, life: list[tuple[int, str, str]], first: int, days: int, cut: int
) -> None:
    now = begin(bureau)
    for hours, deed, on in life:
        now += timedelta(hours=hours)
        if deed.startswith("move"):
            live(bureau, deed, on, now)
        else:
            live_on(bureau, deed.split(), on, now)
    period = stretch(f"{SPAN + first * DAY}..{SPAN + (first + days - 1) * DAY}")
    as_of = MONDAY + timedelta(hours=cut)
    found = compute(bureau, period.key, as_of)
    end = min(as_of, period.cut_off_at(ZONE))
    assert counted(found) == expected(bureau, min(period.start_at(ZONE), end), end)
    check_balance(found)
    live(bureau, "work", REFERENCES[0], now)
    live(bureau, "cancel", REFERENCES[0], max(now, end) + DAY)
    assert compute(bureau, period.key, as_of).content == found.content or as_of > now


def check_balance(found: Computed) -> None:
    rows = {row.unit.code: row for row in found.rollup.units}
    for row in rows.values():
        assert row.own_movement is not None
        assert row.movement is not None
        assert row.movement.open_at_end == row.total.in_scope - row.total.closed - row.total.cancelled
        below = [child.movement for child in rows.values() if child.unit.parent == row.unit.code]
        assert row.movement == sum((one for one in below if one), row.own_movement)
    total = found.rollup.movement
    assert total is not None
    assert (total, total.moved_in) == (found.rollup.units[0].movement, total.moved_out)


def test_what_one_period_leaves_open_the_next_one_starts_with(bureau: Bureau) -> None:
    now = begin(bureau)
    for number, (deed, on) in enumerate([(d, r) for r in REFERENCES for d in ("open", "work", "close")]):
        live(bureau, deed, on, now + number * 9 * DAY)
    live(bureau, "reopen", REFERENCES[0], now + 120 * DAY)
    periods = [stretch("2026-07")]
    for _ in range(5):
        periods.append(following(periods[-1]))
    found = [compute(bureau, period.key, now + 900 * DAY).rollup for period in periods]
    for one, other in pairwise(found):
        ends = {row.unit.code: row.own_movement and row.own_movement.open_at_end for row in one.units}
        starts = {row.unit.code: row.own_movement and row.own_movement.open_at_start for row in other.units}
        assert ends == starts
    assert sum((one.movement.reopened for one in found if one.movement), 0) == 1


def test_a_clock_that_was_set_back_books_nothing_into_a_time_that_is_over(bureau: Bureau) -> None:
    """Closed by a clock that still shows December, after January has been written in the history."""
    bureau.new_item(REFERENCES[0])
    bureau.new_item(REFERENCES[1])
    live(bureau, "work", REFERENCES[0], MONDAY)
    january = datetime(2027, 1, 1, 0, 20, tzinfo=ZONE)
    live(bureau, "work", REFERENCES[1], january)
    live(bureau, "close", REFERENCES[0], january - timedelta(hours=1))
    half, after = (compute(bureau, key, january + 9 * DAY).rollup for key in ("2026H2", "2027H1"))
    assert (half.total.closed, after.total.closed) == (0, 1)
    assert after.movement == Movement(open_at_start=2, closed=1)
    assert {item.ended_on for item in after.items} == {None, date(2027, 1, 1)}


def test_own_days_are_counted_as_a_period_is(bureau: Bureau) -> None:
    bureau.new_item(REFERENCES[0])
    live(bureau, "work", REFERENCES[0], MONDAY)
    live(bureau, "close", REFERENCES[0], datetime(2026, 9, 15, 23, 59, tzinfo=ZONE))
    later = MONDAY + 300 * DAY
    closed = [
        compute(bureau, key, later).rollup.total.closed
        for key in ("2026-07-06..2026-09-15", "2026-07-06..2026-09-14", "2026-09-15..2026-09-15")
    ]
    assert closed == [1, 0, 1]


@pytest.mark.parametrize(("cut", "closed"), [(timedelta(0), 0), (timedelta(microseconds=1), 1)])
def test_what_happens_at_the_instant_itself_is_not_in_it(bureau: Bureau, cut: timedelta, closed: int) -> None:
    bureau.new_item(REFERENCES[0])
    live(bureau, "work", REFERENCES[0], MONDAY)
    at = datetime(2026, 9, 15, 10, tzinfo=ZONE)
    live(bureau, "close", REFERENCES[0], at)
    assert compute(bureau, "2026H2", at + cut).rollup.total.closed == closed


def test_a_period_that_has_not_begun_carries_what_is_open(bureau: Bureau) -> None:
    bureau.new_item(REFERENCES[0])
    found = compute(bureau, preceding(stretch("2027H2")).key, MONDAY + DAY)
    assert found.rollup.movement == Movement(open_at_start=1)
    assert replace(found.rollup.total, in_scope=0).in_scope == 0
    assert found.rollup.total.in_scope == 1
