"""Every rule that makes a figure is broken on purpose, and the tests of its room have to notice."""

import importlib.util
import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import product
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest

from rules import (
    breakdown,
    counting,
    kin,
    lights,
    movement,
    periods,
    restating,
    rollup,
    sealing,
    spreads,
    trees,
)

TOLD_BY: dict[ModuleType, tuple[str, ...]] = {
    breakdown: ("breakdown",),
    counting: ("counting",),
    kin: ("rollup",),
    lights: ("lights",),
    movement: ("movement",),
    periods: ("periods",),
    restating: ("restating",),
    rollup: ("rollup", "breakdown"),
    sealing: ("seal_steps", "straying"),
    spreads: ("spreads",),
    trees: ("trees",),
}

FAULTS: tuple[tuple[ModuleType, str, str], ...] = (
    # Scope: from handing over to the end.
    (kin, "opened_on < period.end_on", "opened_on <= period.end_on"),
    (kin, "opened_on < period.end_on", "opened_on < period.last_on"),
    (kin, "opened_on >= period.first_on", "opened_on > period.first_on"),
    (kin, "ended_on >= period.first_on", "ended_on > period.first_on"),
    (kin, "self.state is State.DRAFT", "self.state is State.CANCELLED"),
    (kin, "self.state in OPEN or self.is_recent", "self.state in OPEN"),
    (kin, "self.state in OPEN or self.is_recent", "self.is_recent"),
    (kin, "return self.state in OPEN or self.is_recent", "return True"),
    # Deadlines.
    (kin, "due_on < today", "due_on <= today"),
    (kin, "judged_on < today", "judged_on <= today"),
    (kin, "on_time(ended_on, judged_on)", "ended_on < judged_on"),
    (
        kin,
        "is_punctual=ended_on is not None and judged_on is not None and on_time(ended_on, judged_on)",
        "is_punctual=ended_on is not None and due_on is not None and ended_on <= due_on",
    ),
    (kin, "is_dated=due_on is not None", "is_dated=judged_on is not None"),
    # What counts as what.
    (rollup, "State.CLOSED, of.state is State.CANCELLED", "State.CLOSED, False"),
    (rollup, "undated = not of.is_dated and not cancelled", "undated = not of.is_dated"),
    (rollup, "due = closed and of.is_judged", "due = of.is_judged"),
    (rollup, "due = closed and of.is_judged", "due = closed"),
    (rollup, "opened=many * of.is_new", "opened=many"),
    (rollup, "many * (due and of.is_punctual)", "many * (closed and of.is_punctual)"),
    (rollup, "of.state in WITH_DEADLINE and of.is_past_due", "of.is_past_due"),
    (rollup, "of.state in WITH_DEADLINE and of.is_past_due", "of.state in WITH_DEADLINE and of.is_judged"),
    (rollup, "undated and closed", "undated"),
    (rollup, "many * (of.state is State.SUSTAINED)", "0"),
    (rollup, "extensions=extensions", "extensions=many"),
    # Rates.
    (rollup, "self.in_scope - self.cancelled - self.undated", "self.in_scope - self.undated"),
    (rollup, "self.in_scope - self.cancelled - self.undated", "self.in_scope - self.cancelled"),
    (rollup, "Rate(self.closed - self.closed_undated,", "Rate(self.closed,"),
    (rollup, "valid, self.cancelled + self.undated", "valid, self.cancelled"),
    (rollup, "self.closed_and_due + self.overdue", "self.closed + self.overdue"),
    (rollup, "self.closed_and_due + self.overdue", "self.closed_and_due"),
    (rollup, "Rate(self.closed_on_time", "Rate(self.closed_and_due"),
    (rollup, "Decimal('0.01'), ROUND_HALF_UP", "Decimal('0.01'), 'ROUND_HALF_EVEN'"),
    (rollup, "Decimal('0.01'), ROUND_HALF_UP", "Decimal('0.01'), 'ROUND_DOWN'"),
    (rollup, "if not self.denominator:", "if not self.numerator:"),
    # The tree.
    (rollup, "total += branch[0].total", "total += branch[0].own"),
    (rollup, "total, moves, below = mine, my_moves, []", "total, moves, below = Figures(), my_moves, []"),
    (rollup, "depth + 1", "depth"),
    (
        rollup,
        "sum(own.values(), Figures())",
        "sum((row.own for row in unit_rows(units, own, moved)[:1]), Figures())",
    ),
    (rollup, "if in_scope(s, period)", "if s.opened_on"),
    (rollup, "key=lambda s: s.reference", "key=lambda s: s.title"),
    (trees, "del found[turn.code]", "pass"),
    (trees, "replace(place, name=name)", "place"),
    (trees, "replace(place, parent=parent)", "place"),
    (trees, "are.get(unit.code) != unit", "unit.code not in are"),
    # Movement.
    (movement, "self.before not in OPEN and self.after in OPEN", "self.after in OPEN"),
    (movement, "self.before in OPEN and self.after not in OPEN", "self.after not in OPEN"),
    (movement, "turn.before is State.CLOSED", "turn.before is not None"),
    (movement, "turn.after is State.CLOSED", "turn.after is not State.CLOSED"),
    (movement, "yield turn.unit_before or turn.unit,", "yield turn.unit,"),
    (movement, "turn.unit_before != turn.unit", "turn.unit_before == turn.unit"),
    (movement, "+ self.reopened + self.moved_in", "+ self.moved_in"),
    (movement, "- self.closed - self.cancelled - self.moved_out", "- self.closed - self.moved_out"),
    (movement, "Movement(moved_in=many)", "Movement(opened=many)"),
    (movement, "- moves.open_at_end", "- moves.open_at_start"),
    (movement, "(step, 1) for step in steps", "(step, 2) for step in steps"),
    # Periods.
    (periods, "(day.month - 1) // months", "day.month // months"),
    (periods, "self.end_on - timedelta(days=1)", "self.end_on"),
    (periods, "return midnight(self.end_on, zone)", "return midnight(self.last_on, zone)"),
    (periods, "time(), zone).astimezone(UTC)", "time(), UTC)"),
    (
        periods,
        "period(kind_of(before), before.first_on - timedelta(days=1))",
        "period(kind_of(before), before.first_on)",
    ),
    (periods, "last_on + timedelta(days=1))", "last_on)"),
    (periods, 'int(found["quarter"]) * 3', 'int(found["quarter"]) * 3 - 3 or 1'),
    (periods, "date(first.year + years, month + 1, 1)", "date(first.year, month + 1, 1)"),
    # From another side.
    (breakdown, "found[len(found) // 2]", "found[(len(found) - 1) // 2]"),
    (breakdown, "if item.days_to_close is not None", "if item.days_to_close"),
    (breakdown, "if row.unit.parent in inside", "if row.unit.parent == code"),
    (breakdown, "if value is None:", "if False:"),
    (breakdown, "sum(item.extension_days or 0", "sum(item.extensions"),
    (rollup, "(item.ended_on - item.opened_on).days", "(item.ended_on - item.opened_on).days + 1"),
    (counting, "item.unit in units and (many", "(many"),
    (counting, "row.depth <= found[0].depth", "row.depth < found[0].depth"),
    (counting, "if name in _RATES else value", "if name in _RATES else bool(value)"),
    (spreads, "one.state in OPEN and one.opened_on", "one.opened_on"),
    (spreads, "begin <= day and", "begin < day and"),
    (spreads, "day <= end", "day < end"),
    (lights, "due_on < today", "due_on <= today"),
    (lights, "state in WITH_DEADLINE and due_on is not None", "due_on is not None"),
    (lights, "<= SOON_WORKING_DAYS", "< SOON_WORKING_DAYS"),
    (lights, "{State.CLOSED, State.CANCELLED}", "{State.CLOSED}"),
    # A seal and the same period now.
    (restating, "were.keys() | are.keys()", "were.keys() & are.keys()"),
    (restating, "if reference in broken:", "if reference in late:"),
    (restating, "{change.name for change in changes} <= NAMES", "False"),
    (restating, "None if was.evidence is None else now.evidence", "now.evidence"),
    (restating, "dict.fromkeys((*were, *are))", "dict.fromkeys(())"),
    (restating, '("name", "parent")', '("name",)'),
    (sealing, "and not proposed.is_own", ""),
    (sealing, "elif is_over and seal_by is SealBy.FLOW", "elif seal_by is SealBy.FLOW"),
    (sealing, "if facts(was) != facts(now)", "if was != now"),
    (sealing, "min(one.reference for one in", "max(one.reference for one in"),
)


def functions(room: ModuleType) -> Iterator[FunctionType]:
    """All that a room of rules decides with: its functions, and those of its classes."""
    for thing in vars(room).values():
        members = vars(thing).values() if inspect.isclass(thing) else (thing,)
        for member in members:
            plain = member.fget if isinstance(member, property) else member
            if isinstance(plain, FunctionType) and plain.__code__.co_filename == room.__file__:
                yield plain


def codes(code: CodeType) -> Iterator[CodeType]:
    """A piece of code and all within it."""
    yield code
    for within in code.co_consts:
        if isinstance(within, CodeType):
            yield from codes(within)


@contextmanager
def broken(room: ModuleType, was: str, instead: str) -> Iterator[None]:
    """Every function of the room decides by its source with the other words, wherever it was imported to."""
    source = inspect.getsource(room)
    assert source.count(was) == 1, was
    anew = {
        code.co_qualname: code for code in codes(compile(source.replace(was, instead), room.__name__, "exec"))
    }
    sound = {function: function.__code__ for function in functions(room)}
    try:
        for function in sound:
            function.__code__ = anew[function.__qualname__]
        yield
    finally:
        for function, code in sound.items():
            function.__code__ = code


def cases(test: Callable[..., None]) -> Iterator[dict[str, object]]:
    """What pytest would call a test with: every choice of one case from each of its lists."""
    marks = [mark.args for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"]
    for chosen in product(*(values for _, values in marks)):
        case: dict[str, object] = {}
        for (names, _), value in zip(marks, chosen, strict=True):
            several = (names, value) if not isinstance(names, str) else ((names,), (value,))
            case |= zip(*several, strict=True)
        yield case


@cache
def every_test(name: str) -> list[Callable[..., None]]:
    """All tests of one file beside this one; those that try many inputs come last, as they take longest."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"test_{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    file = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(file)
    found = [test for test_name, test in vars(file).items() if test_name.startswith("test_")]
    return sorted(found, key=lambda test: hasattr(test, "hypothesis"))


def told(names: Iterable[str]) -> str:
    """The first test that finds something else than it expects; nothing where all pass.

    A rule that cannot be carried out at all is no wrong figure: it raises here, and the fault is no good one.
    """
    for test in (test for name in names for test in every_test(name)):
        for case in cases(test):
            try:
                test(**case)
            except AssertionError:
                return test.__name__
    return ""


@pytest.mark.parametrize("room", TOLD_BY, ids=lambda room: room.__name__)
def test_rules_that_are_whole_pass(room: ModuleType) -> None:
    assert told(TOLD_BY[room]) == ""


@pytest.mark.parametrize(
    ("room", "was", "instead"), FAULTS, ids=lambda value: getattr(value, "__name__", value)
)
def test_a_rule_that_is_broken_is_noticed(room: ModuleType, was: str, instead: str) -> None:
    with broken(room, was, instead):
        assert told(TOLD_BY[room])
