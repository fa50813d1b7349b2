from dataclasses import replace
from datetime import UTC, date, datetime

from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.lights import Light
from rules.periods import parse
from rules.restating import Change, Late, Why, restatement
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


def test_why_an_item_differs_is_told_the_worst_first() -> None:
    late = replace(ITEM, ended_on=date(2026, 10, 9))
    now = roll_up([late], [ROOT, A, B], PERIOD, TODAY)
    entry = Late("2026H1-P01", "approve", 7, datetime(2027, 1, 5, tzinfo=UTC), date(2026, 10, 9), "")
    assert [
        (item.why, item.late)
        for found in (
            restatement(SEALED, now),
            restatement(SEALED, now, late=[entry]),
            restatement(SEALED, now, broken=["2026H1-P01"], late=[entry]),
        )
        for item in found.items
    ] == [(Why.RULES, ()), (Why.LATE, (entry,)), (Why.HISTORY, (entry,))]


def test_a_name_alone_is_no_other_reason() -> None:
    now = roll_up([replace(ITEM, owners=("李某",))], [ROOT, A, B], PERIOD, TODAY)
    assert [item.why for item in restatement(SEALED, now).items] == [Why.NAMES]


def test_what_the_rules_of_a_seal_did_not_know_is_no_difference() -> None:
    now = roll_up(
        [replace(ITEM, evidence=2, extension_days=0, light=Light.DONE, days_to_close=86)],
        [ROOT, A, B],
        PERIOD,
        TODAY,
    )
    assert restatement(SEALED, now).items == ()
    known = roll_up([replace(ITEM, evidence=1, extension_days=0)], [ROOT, A, B], PERIOD, TODAY)
    (item,) = restatement(known, now).items
    assert item.changes == (Change("evidence", 1, 2),)
