"""Every step that a service writes into the history has its word."""

import ast
from collections.abc import Iterator
from pathlib import Path

import services
from models.period import SealMatter
from rules.lifecycle import Move
from texts.event_labels import DOORS, EVENTS, STEPS, door_word, event_word

WRITERS = {"Entry": 4, "_record": 2, "_changed": 2, "_note": 2}
"""What writes an event, and which of its arguments is the step."""


def steps_written() -> Iterator[str]:
    for path in Path(services.__file__ or "").parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                place = WRITERS.get(name, len(node.args))
                yield from steps_of(node.args[place]) if place < len(node.args) else ()


def steps_of(said: ast.expr) -> Iterator[str]:
    """The step itself, or the begun one with each matter of a seal behind it."""
    if isinstance(said, ast.JoinedStr) and isinstance(said.values[0], ast.Constant):
        yield from (f"{said.values[0].value}{matter.value}" for matter in SealMatter)
    elif isinstance(said, ast.Constant) and isinstance(said.value, str):
        yield said.value


def test_every_step_that_a_service_writes_has_its_word() -> None:
    assert set(steps_written()) - set(EVENTS) == set()


def test_no_word_is_kept_for_a_step_that_nothing_writes() -> None:
    by_variable = {"read", "take-in"}
    assert set(STEPS) - set(steps_written()) - by_variable == set()


def test_moves_and_steps_share_no_name() -> None:
    assert set(STEPS) & set(Move) == set()


def test_what_has_no_word_stands_for_itself() -> None:
    assert (event_word("demolish", "zh_CN"), door_word("window", "zh_CN")) == ("demolish", "window")
    assert [door_word(name, "en") for name in DOORS] == list(DOORS.values())
