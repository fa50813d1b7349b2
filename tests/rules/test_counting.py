from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.counting import Figure, amount, counted, line
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.periods import parse
from rules.rollup import Figures, Rollup, Standing, Unit, roll_up

UNITS = [Unit("R", "R", None), Unit("A", "A", "R"), Unit("B", "B", "A"), Unit("C", "C", "R")]
PERIOD = parse("2026H2")
TODAY = date(2027, 1, 1)
days = st.dates(date(2026, 3, 1), date(2027, 3, 1))


@st.composite
def standings(draw: st.DrawFn) -> list[Standing]:
    return [
        Standing(
            reference=f"i{number}",
            kind=draw(st.sampled_from(Kind)),
            title="",
            unit=draw(st.sampled_from("RABC")),
            state=draw(st.sampled_from(State)),
            time_limit=TimeLimit.NONE,
            due_on=draw(st.none() | days),
            original_due_on=None,
            judged_on=draw(st.none() | days),
            opened_on=draw(st.none() | days),
            ended_on=draw(st.none() | days),
            progress=0,
            extensions=draw(st.integers(0, 3)),
        )
        for number in range(draw(st.integers(0, 12)))
    ]


def rolled(items: list[Standing]) -> Rollup:
    return roll_up(items, UNITS, PERIOD, TODAY)


@given(standings())
def test_the_items_of_every_number_of_every_unit_add_up_to_it(items: list[Standing]) -> None:
    found = rolled(items)
    for row in found.units:
        codes = {below.unit.code for below in line(found.units, row.unit.code)}
        for figure in Figure:
            behind = list(counted(found, codes, figure, TODAY))
            assert sum(one.amount for one in behind) == amount(row.total, figure)
            assert all(one.amount == 1 for one in behind) or figure is Figure.EXTENSIONS


def test_every_count_has_a_name_in_addresses_and_every_rate_one_for_each_of_its_numbers() -> None:
    counts = {field.name for field in fields(Figures)}
    parts = {"completion", "completion-of", "completion-out", "timeliness", "timeliness-of"}
    assert {figure.value for figure in Figure} == counts | parts


@pytest.mark.parametrize(
    ("code", "below"), [("R", ["R", "A", "B", "C"]), ("A", ["A", "B"]), ("C", ["C"]), ("nowhere", [])]
)
def test_a_unit_s_line_is_itself_and_all_below_it(code: str, below: list[str]) -> None:
    assert [row.unit.code for row in line(rolled([]).units, code)] == below
