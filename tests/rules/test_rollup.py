from dataclasses import fields, replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.periods import parse
from rules.rollup import Figures, Rate, Rollup, Standing, Unit, UnitRow, figures, in_scope, roll_up

HALF = parse("2026H2")
CUT_OFF_DAY = date(2027, 1, 1)
UNITS = (
    Unit("J", "云溪市住房局", None),
    Unit("J1", "房屋处", "J"),
    Unit("J2", "市政科", "J"),
    Unit("J11", "房屋安全管理科", "J1"),
)
WORKING = Standing(
    reference="2026H1-P01",
    kind=Kind.PROBLEM,
    title="危房排查不彻底",
    unit="J11",
    state=State.IN_PROGRESS,
    time_limit=TimeLimit.FIXED,
    due_on=date(2026, 11, 30),
    original_due_on=date(2026, 11, 30),
    judged_on=date(2026, 11, 30),
    opened_on=date(2026, 7, 10),
    ended_on=None,
    progress=40,
    extensions=0,
)
CLOSED = replace(WORKING, state=State.CLOSED, ended_on=date(2026, 11, 30), progress=100)
COUNTED = Figures(in_scope=1, opened=1)


def _figures(item: Standing) -> Figures:
    return figures(item, HALF, CUT_OFF_DAY)


def _roll_up(*items: Standing) -> Rollup:
    return roll_up(items, UNITS, HALF, CUT_OFF_DAY)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (replace(WORKING, due_on=date(2027, 3, 31), judged_on=date(2027, 3, 31)), COUNTED),
        (WORKING, replace(COUNTED, overdue=1)),
        (replace(WORKING, due_on=date(2026, 12, 31)), replace(COUNTED, overdue=1)),  # its day is over
        (replace(WORKING, due_on=CUT_OFF_DAY), COUNTED),
        (replace(WORKING, opened_on=date(2026, 5, 1)), Figures(in_scope=1, overdue=1)),  # carried over
        (replace(WORKING, opened_on=HALF.first_on), replace(COUNTED, overdue=1)),
        (replace(WORKING, due_on=None), replace(COUNTED, undated=1)),  # long-term by now
        (replace(WORKING, extensions=2), replace(COUNTED, overdue=1, extensions=2)),
        (CLOSED, replace(COUNTED, closed=1, closed_on_time=1, closed_and_due=1)),
        (replace(CLOSED, ended_on=date(2026, 12, 1)), replace(COUNTED, closed=1, closed_and_due=1)),
        # Closed before a deadline that is yet to come: done, but not "by its deadline" in this period.
        (replace(CLOSED, due_on=date(2027, 3, 31), judged_on=date(2027, 3, 31)), replace(COUNTED, closed=1)),
        (replace(CLOSED, due_on=CUT_OFF_DAY, judged_on=CUT_OFF_DAY), replace(COUNTED, closed=1)),
        # A late extension moves the deadline and not the judgement.
        (
            replace(CLOSED, due_on=date(2026, 12, 31), ended_on=date(2026, 12, 15)),
            replace(COUNTED, closed=1, closed_and_due=1),
        ),
        (
            replace(CLOSED, due_on=None, original_due_on=None, judged_on=None),
            replace(COUNTED, closed=1, undated=1, closed_undated=1),
        ),
        (
            replace(WORKING, state=State.SUSTAINED, due_on=None, judged_on=None),
            replace(COUNTED, sustained=1, undated=1),
        ),
        (replace(WORKING, state=State.SUSTAINED), replace(COUNTED, sustained=1)),
        (replace(CLOSED, state=State.CANCELLED), replace(COUNTED, cancelled=1)),
        (replace(CLOSED, state=State.CANCELLED, due_on=None), replace(COUNTED, cancelled=1)),
        (replace(WORKING, state=State.SUBMITTED), replace(COUNTED, overdue=1)),
    ],
)
def test_what_one_item_adds_to_the_figures(item: Standing, expected: Figures) -> None:
    assert _figures(item) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (WORKING, True),
        (replace(WORKING, opened_on=date(2026, 12, 31)), True),
        (replace(WORKING, opened_on=CUT_OFF_DAY), False),  # handed over after the cut-off
        (replace(WORKING, opened_on=date(2024, 1, 1)), True),
        (replace(WORKING, opened_on=None), False),
        (replace(WORKING, state=State.DRAFT), False),
        (CLOSED, True),
        (replace(CLOSED, opened_on=date(2026, 1, 1), ended_on=date(2026, 7, 1)), True),
        (replace(CLOSED, opened_on=date(2026, 1, 1), ended_on=date(2026, 6, 30)), False),  # the period before
        (replace(CLOSED, state=State.CANCELLED, ended_on=date(2026, 6, 30)), False),
        (replace(CLOSED, state=State.CANCELLED, ended_on=date(2026, 9, 1)), True),
    ],
)
def test_an_item_is_in_scope_from_its_handing_over_to_its_end(item: Standing, *, expected: bool) -> None:
    assert in_scope(item, HALF) is expected


def _office_s_half_year() -> list[Standing]:
    later = date(2027, 3, 31)
    items = [
        CLOSED,
        replace(CLOSED, ended_on=date(2026, 12, 20)),
        replace(CLOSED, unit="J1"),
        replace(CLOSED, unit="J2", due_on=None, judged_on=None),
        replace(CLOSED, unit="J2", state=State.CANCELLED),
        WORKING,
        replace(WORKING, unit="J2", due_on=later, judged_on=later, opened_on=date(2026, 3, 1)),
        replace(WORKING, unit="J", state=State.SUSTAINED, due_on=None, judged_on=None, extensions=1),
        replace(WORKING, state=State.DRAFT),
    ]
    return [replace(item, reference=f"2026H1-P{number:02}") for number, item in enumerate(items, 1)]


def test_the_figures_of_a_half_year_counted_by_hand() -> None:
    rollup = _roll_up(*_office_s_half_year())
    assert [(row.unit.code, row.depth, row.total.in_scope) for row in rollup.units] == [
        *(("J", 0, 8), ("J1", 1, 4), ("J11", 2, 3), ("J2", 1, 3)),
    ]
    assert rollup.total == Figures(
        in_scope=8,
        opened=7,
        closed=4,
        closed_on_time=2,
        closed_and_due=3,
        overdue=1,
        sustained=1,
        cancelled=1,
        undated=2,
        closed_undated=1,
        extensions=1,
    )
    assert rollup.total.completion == Rate(numerator=3, denominator=5, excluded=3)
    assert str(rollup.total.completion) == "60.00% (3/5)"
    assert rollup.total.timeliness == Rate(numerator=2, denominator=4, excluded=0)
    assert str(rollup.total.timeliness) == "50.00% (2/4)"


def test_a_unit_s_own_line_is_its_own_work_and_its_total_includes_what_is_below() -> None:
    rows = {row.unit.code: row for row in _roll_up(*_office_s_half_year()).units}
    assert (rows["J1"].own.in_scope, rows["J1"].own.closed) == (1, 1)
    assert (rows["J1"].total.in_scope, rows["J1"].total.closed) == (4, 3)
    assert rows["J11"].own == rows["J11"].total
    assert rows["J"].own == Figures(in_scope=1, opened=1, sustained=1, undated=1, extensions=1)


def test_a_roll_up_names_the_items_that_it_counts_in_the_order_of_their_references() -> None:
    items = _office_s_half_year()
    assert [item.reference for item in _roll_up(*reversed(items)).items] == [
        f"2026H1-P{number:02}" for number in range(1, 9)
    ]


def test_an_office_without_items_has_its_units_and_no_rates() -> None:
    rollup = _roll_up()
    assert [row.total for row in rollup.units] == [Figures()] * 4
    assert rollup.total.completion.percent == rollup.total.timeliness.percent == "—"


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent"),
    [
        (0, 0, "—"),
        (0, 7, "0.00%"),
        (7, 7, "100.00%"),
        (30, 31, "96.77%"),
        (1, 3, "33.33%"),
        (2, 3, "66.67%"),
        (1, 800, "0.13%"),  # 0.125 goes up
        (3, 800, "0.38%"),  # 0.375 too: half up, not half to even
        (1, 160, "0.63%"),  # 0.625
        (1, 32, "3.13%"),  # 3.125
        (13, 32, "40.63%"),  # 40.625
        (199_999, 200_000, "100.00%"),
    ],
)
def test_rates_have_two_decimals_rounded_half_up(numerator: int, denominator: int, percent: str) -> None:
    assert Rate(numerator, denominator, 0).percent == percent
    assert str(Rate(numerator, denominator, 0)) == f"{percent} ({numerator}/{denominator})"


DAYS = st.dates(date(2026, 5, 1), date(2027, 2, 28))


@st.composite
def standings(draw: st.DrawFn) -> Standing:
    state = draw(st.sampled_from(list(State)))
    is_ended = state in {State.CLOSED, State.CANCELLED}
    due = draw(st.none() | DAYS)
    return replace(
        WORKING,
        unit=draw(st.sampled_from(UNITS)).code,
        state=state,
        due_on=due,
        judged_on=due,
        opened_on=draw(st.none() | DAYS),
        ended_on=draw(DAYS) if is_ended else None,
        extensions=draw(st.integers(0, 3)),
    )


def _named(items: list[Standing]) -> list[Standing]:
    return [replace(item, reference=f"2026H1-P{number:03}") for number, item in enumerate(items)]


OFFICES = st.lists(standings(), max_size=15).map(_named)
FEW = settings(deadline=None, max_examples=60)


@given(OFFICES)
@FEW
def test_at_each_unit_the_total_is_its_own_and_its_children_s_totals(items: list[Standing]) -> None:
    rows = {row.unit.code: row for row in _roll_up(*items).units}
    for row in rows.values():
        children = [below.total for below in rows.values() if below.unit.parent == row.unit.code]
        assert row.total == sum(children, row.own)


@given(OFFICES)
@FEW
def test_the_whole_office_s_figures_are_those_at_the_root(items: list[Standing]) -> None:
    rollup = _roll_up(*items)
    assert rollup.units[0].total == rollup.total
    assert rollup.total == sum((_figures(item) for item in rollup.items), Figures())
    assert rollup.total.in_scope == len(rollup.items)


@given(OFFICES.flatmap(lambda items: st.tuples(st.just(items), st.permutations(items))))
@FEW
def test_the_order_in_which_items_are_read_does_not_matter(
    both: tuple[list[Standing], list[Standing]],
) -> None:
    read, shuffled = both
    assert _roll_up(*read) == _roll_up(*shuffled)


@given(OFFICES)
@FEW
def test_no_figure_counts_more_than_it_can(items: list[Standing]) -> None:
    for row in _roll_up(*items).units:
        for rate in (row.total.completion, row.total.timeliness):
            assert 0 <= rate.numerator <= rate.denominator
        assert row.total.closed_on_time <= row.total.closed_and_due <= row.total.closed
        assert row.total.closed + row.total.cancelled + row.total.overdue <= row.total.in_scope


@given(OFFICES)
@FEW
def test_each_item_in_scope_is_counted_once_at_its_own_unit(items: list[Standing]) -> None:
    rollup = _roll_up(*items)
    counted = {row.unit.code: row.own.in_scope for row in rollup.units}
    lead = [item.unit for item in rollup.items]
    assert counted == {unit.code: lead.count(unit.code) for unit in UNITS}


def test_adding_figures_adds_every_single_one() -> None:
    names = [field.name for field in fields(Figures)]
    one = Figures(**{name: number for number, name in enumerate(names, 1)})
    assert one + one == Figures(**{name: 2 * number for number, name in enumerate(names, 1)})


def test_children_stand_below_their_parent_in_the_order_given() -> None:
    units = (Unit("B", "B", "A"), Unit("A", "A", None), Unit("D", "D", "B"), Unit("C", "C", "A"))
    rows = roll_up([], units, HALF, CUT_OFF_DAY).units
    assert rows == tuple(
        UnitRow(units[place], depth, Figures(), Figures())
        for place, depth in ((1, 0), (0, 1), (2, 2), (3, 1))
    )


def test_drafts_are_in_no_figure_whatever_dates_they_bear() -> None:
    dates = [None, date(2026, 1, 1), date(2026, 9, 1)]
    drafts = [
        replace(WORKING, state=State.DRAFT, opened_on=opened, ended_on=ended)
        for opened, ended in product(dates, dates)
    ]
    assert [draft for draft in drafts if in_scope(draft, HALF)] == []
