"""organisation: people in and out on the command line."""

import json
from datetime import datetime
from pathlib import Path

import pytest
import typer
from offices import MONDAY, Bureau, found
from sqlalchemy import delete, select

from cli import organisation
from models import schema
from models.event import Event
from models.organisation import Grant, Person
from models.session import open_engine, reading, writing
from rules.errors import NotAllowedError, SettingError, UnreadableError, WrongMoveError
from rules.permissions import Role
from services import staffing
from services.organisation import person_by_email
from services.staffing import PersonWish

ADMIN = "admin@office.example"


@pytest.fixture
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    monkeypatch.setenv("RECTIFY_DIR", str(tmp_path))
    monkeypatch.setenv("RECTIFY_LOCALE", "en")
    engine = open_engine(f"sqlite:///{tmp_path / 'rectify.db'}")
    schema.upgrade(engine)
    return found(engine, tmp_path)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_was_exported_changes_nothing_when_it_is_taken_in(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    file = tmp_path / f"people.{kind}"
    organisation.write(file, ADMIN)
    organisation.read(file, ADMIN)
    count = len(bureau.rows(Person))
    assert capsys.readouterr().out.splitlines() == [
        f"{file}: {count} people.",
        f"New 0, Changed 0, Leaves 0, As it is {count}, Refused 0",
    ]


def test_refused_rows_are_named_and_the_others_are_taken_in(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,e-mail,unit\nNew One,new@office.example,SAFETY\nLost,lost@office.example,MOON\n")
    before = len(bureau.rows(Person))
    for is_rehearsal in (True, False):
        with pytest.raises(typer.Exit):
            organisation.read(file, ADMIN, dry_run=is_rehearsal)
        said = capsys.readouterr().out
        assert said.splitlines()[-1] == "New 1, Changed 0, Leaves 0, As it is 0, Refused 1"
        assert "There is no unit MOON." in said
        assert len(bureau.rows(Person)) == before + (not is_rehearsal)


def test_the_first_administrator_comes_from_the_command_line_and_no_second_one(
    bureau: Bureau, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(WrongMoveError) as refused:
        organisation.appoint("owner@office.example")
    assert refused.value.values == {"names": "管理员"}
    with writing(bureau.engine) as session:
        session.execute(delete(Grant).where(Grant.role == Role.ADMIN))
    organisation.appoint("owner@office.example")
    assert capsys.readouterr().out == "owner@office.example may edit the organisation now.\n"
    (held,) = bureau.rows(Grant, Grant.role == Role.ADMIN)
    assert (bureau.email(held.person_id), held.from_on, held.to_on) == ("owner", None, None)
    with reading(bureau.engine) as session:
        event = session.scalars(select(Event).order_by(Event.position.desc())).first()
        assert event is not None
        assert (event.move, event.subject) == ("grant-role", f"person:{held.person_id}")


@pytest.mark.usefixtures("bureau")
def test_who_may_not_edit_takes_nothing_in_and_no_other_file_is_written(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    organisation.write(file, ADMIN)
    with pytest.raises(NotAllowedError):
        organisation.read(file, "coordinator@office.example")
    with pytest.raises(UnreadableError):
        organisation.write(tmp_path / "people.docx", ADMIN)
    with pytest.raises(UnreadableError):
        organisation.read(tmp_path / "nowhere.csv", ADMIN)


def leave(bureau: Bureau, who: str, now: datetime) -> int:
    with bureau.visit("admin", now) as visit:
        person = person_by_email(visit.session, f"{who}@office.example")
        wish = PersonWish(person.name, person.email, "SAFETY", active=False)
        return staffing.change_person(visit, person.id, wish).id


def test_who_left_is_listed_and_masked_only_when_told_so(
    bureau: Bureau, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (leave(bureau, who, MONDAY) for who in ("second", "owner"))
    addresses = ["owner@office.example", "second@office.example"]
    organisation.mask(days=0, json=True)
    listed = json.loads(capsys.readouterr().out)
    assert [one["email"] for one in listed] == addresses
    assert [one.email for one in bureau.rows(Person, Person.id.in_((first, second)))] == addresses
    organisation.mask("Second@office.example ", yes=True)
    assert capsys.readouterr().out.splitlines()[-1] == "1 people were masked."
    organisation.mask(days=0)
    assert capsys.readouterr().out.splitlines()[-1] == "1 people would be masked."
    masked = [one.id for one in bureau.rows(Person, Person.masked_at.is_not(None))]
    assert masked == [first]


def test_without_a_person_and_without_days_nobody_is_masked(bureau: Bureau) -> None:
    leave(bureau, "second", MONDAY)
    with pytest.raises(SettingError, match="Name a person or --days"):
        organisation.mask(yes=True)
    assert bureau.rows(Person, Person.masked_at.is_not(None)) == []
