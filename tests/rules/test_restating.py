from dataclasses import replace
from datetime import date

from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.periods import parse
from rules.restating import Change, restatement
from rules.rollup import Standing, Unit, roll_up

ROOT, A, B = Unit("R", "局", None), Unit("A", "甲科", "R"), Unit("B", "乙科", "R")
PERIOD, TODAY = parse("2026H2"), date(2027, 1, 1)
ITEM = Standing(
    reference="2026H1-P01",
    kind=Kind.PROBLEM,
    title="问题",
    unit="A",
    state=State.CLOSED,
    time_limit=TimeLimit.FIXED,
    due_on=date(2026, 9, 30),
    original_due_on=date(2026, 9, 30),
    judged_on=date(2026, 9, 30),
    opened_on=date(2026, 7, 6),
    ended_on=date(2026, 9, 30),
    progress=100,
    extensions=0,
)
SEALED = roll_up([ITEM], [ROOT, A, B], PERIOD, TODAY)


def test_the_same_items_and_figures_are_no_restatement() -> None:
    assert not restatement(SEALED, roll_up([ITEM], [ROOT, A, B], PERIOD, TODAY))


def test_an_item_that_stands_otherwise_is_told_with_what_was_and_what_is() -> None:
    late = replace(ITEM, ended_on=date(2026, 10, 9), owners=("李某",))
    (item,) = restatement(SEALED, roll_up([late], [ROOT, A, B], PERIOD, TODAY)).items
    assert (item.reference, item.changes) == (
        "2026H1-P01",
        (Change("ended_on", date(2026, 9, 30), date(2026, 10, 9)), Change("owners", (), ("李某",))),
    )


def test_figures_that_differ_are_told_of_each_unit_up_the_tree() -> None:
    late = replace(ITEM, ended_on=date(2026, 10, 9))
    units = restatement(SEALED, roll_up([late], [ROOT, A, B], PERIOD, TODAY)).units
    assert [(unit.code, unit.changes) for unit in units] == [
        ("R", (Change("closed_on_time", 1, 0),)),
        ("A", (Change("closed_on_time", 1, 0),)),
    ]


def test_an_item_that_is_gone_or_new_is_told_as_counted_or_not() -> None:
    other = replace(ITEM, reference="2026H1-P02")
    found = restatement(SEALED, roll_up([other], [ROOT, A, B], PERIOD, TODAY)).items
    assert [(item.reference, item.changes) for item in found] == [
        ("2026H1-P01", (Change("in_scope", True, False),)),
        ("2026H1-P02", (Change("in_scope", False, True),)),
    ]


def test_a_unit_with_another_name_or_place_is_told() -> None:
    renamed = replace(B, name="乙处", parent="A")
    (unit,) = restatement(SEALED, roll_up([ITEM], [ROOT, A, renamed], PERIOD, TODAY)).units
    assert (unit.name, unit.changes) == (
        "乙科",
        (Change("name", "乙科", "乙处"), Change("parent", "R", "A")),
    )
