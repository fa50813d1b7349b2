from dataclasses import replace
from datetime import date
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.breakdown import Facet, below, breakdown, effort, is_counted, span
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.periods import parse
from rules.rollup import Figures, Standing, Unit, dated, roll_up
from rules.working_days import Calendar

HALF, TODAY = parse("2026H2"), date(2027, 1, 1)
UNITS = (Unit("R", "局", None), Unit("A", "一科", "R"), Unit("AA", "一组", "A"), Unit("B", "二科", "R"))
OPEN_ITEM = Standing(
    reference="2026H1-P01",
    kind=Kind.PROBLEM,
    title="台账不全",
    unit="A",
    state=State.IN_PROGRESS,
    time_limit=TimeLimit.FIXED,
    due_on=date(2026, 9, 30),
    original_due_on=date(2026, 9, 30),
    judged_on=date(2026, 9, 30),
    opened_on=date(2026, 7, 6),
    ended_on=None,
    progress=40,
    extensions=0,
    report="上半年报告",
    evidence=0,
    extension_days=0,
)
CLOSED = replace(OPEN_ITEM, state=State.CLOSED, ended_on=date(2026, 7, 20), evidence=2)


def counted(*items: Standing) -> list[Standing]:
    named = (replace(item, reference=f"2026H1-P{number:02}") for number, item in enumerate(items, 1))
    return [dated(item, TODAY, Calendar()) for item in named]


ITEMS = counted(
    CLOSED,
    replace(CLOSED, unit="AA", ended_on=date(2026, 7, 6), kind=Kind.MEASURE),
    replace(CLOSED, unit="B", ended_on=date(2026, 7, 11), extensions=1, extension_days=30),
    replace(OPEN_ITEM, unit="B", time_limit=TimeLimit.LONG_TERM, due_on=None, judged_on=None, report=""),
    OPEN_ITEM,
)
OFFICE = roll_up(ITEMS, UNITS, HALF, TODAY)


def test_days_to_close_by_the_calendar_and_by_working_days() -> None:
    found = effort(OFFICE.items)
    assert found is not None
    assert (found.to_close.average, found.to_close.median) == ("6.3", "5.0")  # 14, 0 and 5 days
    assert (found.to_close_working.average, found.to_close_working.median) == ("4.7", "4.0")  # 10, 0 and 4
    assert (found.extensions, found.extension_days, found.evidence) == (1, 30, 6)


def test_what_is_closed_on_the_day_of_handing_over_took_no_day() -> None:
    (item,) = counted(replace(CLOSED, ended_on=CLOSED.opened_on))
    assert (item.days_to_close, item.working_days_to_close) == (0, 0)


def test_where_nothing_was_closed_there_is_no_average() -> None:
    found = effort([ITEMS[-1]])
    assert found is not None
    assert (found.to_close.average, found.to_close.median) == ("—", "—")


def test_what_the_first_rules_sealed_has_no_effort_and_no_lights() -> None:
    old = [replace(item, evidence=None, extension_days=None, light=None) for item in ITEMS]
    assert effort(old) is None
    assert breakdown(roll_up(old, UNITS, HALF, TODAY), Facet.LIGHT, TODAY) == {}


@pytest.mark.parametrize(
    ("facet", "in_scope"),
    [
        (Facet.KIND, {"measure": 1, "problem": 4}),
        (Facet.TIME_LIMIT, {"fixed": 4, "long_term": 1}),
        (Facet.LIGHT, {"done": 3, "overdue": 1, "undated": 1}),
        (Facet.REPORT, {"": 1, "上半年报告": 4}),
    ],
)
def test_every_side_shows_the_same_items(facet: Facet, in_scope: dict[str, int]) -> None:
    found = breakdown(OFFICE, facet, TODAY)
    assert {value: figures.in_scope for value, figures in found.items()} == in_scope
    assert sum(found.values(), Figures()) == OFFICE.total


def test_the_items_of_a_unit_are_its_own_and_those_below_it() -> None:
    references = {
        code: [item.reference[-2:] for item in below(OFFICE, code)] for code in ("R", "A", "AA", "B")
    }
    assert references == {
        "R": ["01", "02", "03", "04", "05"],
        "A": ["01", "02", "05"],
        "AA": ["02"],
        "B": ["03", "04"],
    }


def test_a_figure_leads_back_to_its_items() -> None:
    late = [item.reference for item in OFFICE.items if is_counted(item, "overdue", HALF, TODAY)]
    assert (late, OFFICE.total.overdue) == (["2026H1-P05"], 1)


@given(st.lists(st.integers(0, 4000)))
def test_average_and_median_are_those_of_statistics(days: list[int]) -> None:
    found = span(days)
    assert (found.items, found.days) == (len(days), sum(days))
    assert found.twice_the_middle == (2 * median(days) if days else 0)
