"""outbox: letters and what a coordinator decides about them, on the command line."""

from pathlib import Path

import pytest
from offices import ZONE, Bureau, found
from sqlalchemy import update

from cli import outbox
from config import clock
from models import schema
from models.message import Message, MessageState
from models.session import open_engine, writing
from rules.errors import NotFoundError, WrongMoveError


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """An office with one assignment letter that waits, in the folder that the settings name."""
    monkeypatch.setenv("RECTIFY_DIR", str(tmp_path))
    monkeypatch.setenv("RECTIFY_LOCALE", "en")
    engine = open_engine(f"sqlite:///{tmp_path / 'rectify.db'}")
    schema.upgrade(engine)
    bureau = found(engine, tmp_path)
    bureau.new_item()
    return bureau


def put(bureau: Bureau, **values: object) -> None:
    with writing(bureau.engine) as session:
        session.execute(update(Message).values(**values))


def test_letters_are_listed_with_their_fate(bureau: Bureau, capsys: pytest.CaptureFixture[str]) -> None:
    put(bureau, state=MessageState.DEAD, attempts=1, last_answer="550 no such user")
    outbox.show()
    (_, line) = capsys.readouterr().out.splitlines()
    assert line.split() == [
        *("1", "2026-07-06", "Assignment", "notice", "owner@office.example", "Undeliverable", "1"),
        *("550", "no", "such", "user"),
    ]
    outbox.show(person="nobody")
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_held_letters_are_let_go_or_dropped_by_day(
    bureau: Bureau, capsys: pytest.CaptureFixture[str]
) -> None:
    put(bureau, held=True)
    outbox.release("2026-07-06")
    assert capsys.readouterr().out == "1 letters of 2026-07-06 may go now.\n"
    with pytest.raises(WrongMoveError):
        outbox.drop("2026-07-06", "试运行")
    put(bureau, held=True)
    outbox.drop("2026-07-06", "试运行", "coordinator@office.example")
    assert [letter.state for letter in bureau.messages()] == [MessageState.CANCELLED]


def test_a_dead_letter_is_tried_anew(bureau: Bureau) -> None:
    put(bureau, state=MessageState.DEAD, attempts=1)
    outbox.send_again(1)
    (letter,) = bureau.messages()
    assert letter.state is MessageState.FAILED
    assert letter.not_before is not None
    assert letter.not_before.astimezone(ZONE) <= clock.now()
    with pytest.raises(NotFoundError):
        outbox.send_again(99)
