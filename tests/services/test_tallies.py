"""Figures counted in the database, against the same ones counted item by item; with seals to begin from."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from histories import DAY, LIVES, REFERENCES, SPAN, begin, live, live_on
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import MONDAY, ZONE, Bureau
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from models.period import Carried
from models.session import reading, writing
from rules.lifecycle import State
from rules.periods import stretch
from services import rollups
from services.carrying import base_before
from services.tallies import Tally, tally


def check(bureau: Bureau, key: str, as_of: datetime) -> Tally:
    """The tally, which is the roll-up of the items one by one."""
    with reading(bureau.engine) as session:
        one_by_one = rollups.compute(session, bureau.office, key, as_of=as_of)
        found = tally(session, bureau.office, key, as_of=as_of)
    rolled = one_by_one.rollup
    assert (found.units, found.total, found.movement) == (rolled.units, rolled.total, rolled.movement)
    assert (found.period, found.cut_off_at) == (rolled.period, one_by_one.cut_off_at)
    return found


def seal_all(bureau: Bureau, now: datetime) -> None:
    """Seals every month that has ended, oldest first."""
    with writing(bureau.engine) as session:
        for month in range(7, 13):
            key = f"2026-{month:02}"
            if rollups.cut_off_of(bureau.office, key) <= now and rollups.sealed(session, key) is None:
                rollups.seal(session, bureau.office, key, by=None, now=now)


def has_base(bureau: Bureau, key: str) -> bool:
    with reading(bureau.engine) as session:
        return base_before(session, bureau.office, stretch(key).start_at(bureau.office.zone)) is not None


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    life=LIVES,
    seals=st.lists(st.booleans(), min_size=12, max_size=12),
    first=st.integers(0, 200),
    days=st.integers(1, 200),
    cut=st.integers(0, 24 * 250),
)
def test_the_database_counts_what_the_rules_count_item_by_item_from_whichever_seal(
    bureau: Bureau,
    life: list[tuple[int, str, str]],
    seals: list[bool],
    first: int,
    days: int,
    cut: int,
) -> None:
    now = begin(bureau)
    for (hours, deed, on), is_sealing in zip(life, seals, strict=False):
        now += timedelta(hours=hours)
        live_on(bureau, [deed] if deed.startswith("move") else deed.split(), on, now)
        if is_sealing:
            seal_all(bureau, now + 9 * DAY)
    own_days = f"{SPAN + first * DAY}..{SPAN + (first + days - 1) * DAY}"
    for key in (own_days, "2026-09", "2026-11", "2026H2", "2027H1"):
        check(bureau, key, MONDAY + timedelta(hours=cut))
        check(bureau, key, MONDAY + 900 * DAY)


def test_a_count_after_a_seal_begins_with_what_the_seal_carries_over(bureau: Bureau) -> None:
    for reference in REFERENCES:
        bureau.new_item(reference)
    live_on(bureau, ["close"], REFERENCES[0], MONDAY + DAY)
    assert not has_base(bureau, "2026-09")
    seal_all(bureau, MONDAY + 40 * DAY)
    assert has_base(bureau, "2026-09")
    live_on(bureau, ["close"], REFERENCES[1], MONDAY + 60 * DAY)
    found = check(bureau, "2026-09", MONDAY + 100 * DAY)
    assert (found.movement.open_at_start, found.movement.closed, found.total.in_scope) == (3, 1, 3)
    carried = bureau.rows(Carried)
    assert [(row.state, row.many, row.extensions) for row in carried] == [(State.ASSIGNED, 3, 0)]


def test_what_a_seal_carries_over_is_written_once(bureau: Bureau) -> None:
    bureau.new_item(REFERENCES[0])
    seal_all(bureau, MONDAY + 40 * DAY)
    for change in (update(Carried).values(many=7), delete(Carried)):
        with pytest.raises(DBAPIError, match="written once"), writing(bureau.engine) as session:
            session.execute(change)


def test_an_office_that_moves_to_another_time_zone_counts_from_the_beginning(bureau: Bureau) -> None:
    bureau.new_item(REFERENCES[0])
    seal_all(bureau, MONDAY + 40 * DAY)
    moved = replace(bureau, office=replace(bureau.office, zone=ZoneInfo("Europe/Berlin")))
    assert not has_base(moved, "2026-09")
    live_on(moved, ["close"], REFERENCES[0], datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin")))
    check(moved, "2026H2", MONDAY + 400 * DAY)
    check(moved, "2026-10", MONDAY + 400 * DAY)


def test_what_a_clock_that_was_set_back_booked_counts_on_the_day_of_the_history(bureau: Bureau) -> None:
    bureau.new_item(REFERENCES[0])
    bureau.new_item(REFERENCES[1])
    live(bureau, "work", REFERENCES[0], MONDAY)
    january = datetime(2027, 1, 1, 0, 20, tzinfo=ZONE)
    live(bureau, "work", REFERENCES[1], january)
    live(bureau, "close", REFERENCES[0], january - timedelta(hours=1))
    half, after = (check(bureau, key, january + 9 * DAY) for key in ("2026H2", "2027H1"))
    assert (half.total.closed, after.total.closed, after.movement.closed) == (0, 1, 1)
