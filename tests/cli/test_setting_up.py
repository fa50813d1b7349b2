"""init: a new office from answers, lists, or questions on a terminal."""

import os
import pty
import select
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine
from workbooks import fill, saved

from cli import running
from models import schema
from models.account import Account
from models.event import Event
from models.organisation import Grant, Person, Unit
from models.session import open_engine, reading
from rules.errors import RefusedError, SettingError, UnreadableError

UNITS = (
    "单位代码,单位名称,上级单位,负责人,简称\n"
    "AQ,安全科,样例局,李四,安监科、安全\n"
    "JU,样例局,,lin@office.example,\n"
)
PEOPLE = (
    "姓名,邮箱,部门,语言,角色\n"
    "林局,lin@office.example,样例局,,领导\n"
    "李四,li@office.example,安全科,英文,督办员@JU；审计员\n"
)
PASSWORD = "kQ8#vemLp-42zz"  # noqa: S105 - invented here


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECTIFY_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("RECTIFY_LOCALE", "en")
    (tmp_path / "units.csv").write_text(UNITS, "utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE, "utf-8")
    return tmp_path


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty place for a database, of both kinds, that the settings name."""
    url = f"sqlite:///{folder / 'var' / 'rectify.db'}"
    if request.param == "postgresql":
        cluster = request.getfixturevalue("cluster")
        cluster.made += 1
        cluster.execute(f"create database rectify_{cluster.made}")
        url = cluster.url(f"rectify_{cluster.made}")
    monkeypatch.setenv("RECTIFY_DATABASE_URL", url)
    engine = open_engine(url)
    yield engine
    engine.dispose()
    if request.param == "postgresql":
        cluster.execute(f"drop database rectify_{cluster.made} with (force)")


def names(engine: Engine) -> dict[str, tuple[str, str | None, str | None]]:
    """Each unit's name with its parent and its head."""
    with reading(engine) as session:
        units = session.query(Unit).all()
        codes = {unit.id: unit.code for unit in units}
        heads = {person.id: person.email for person in session.query(Person)}
        return {
            unit.code: (unit.name, codes.get(unit.parent_id or 0), heads.get(unit.head_id or 0))
            for unit in units
        }


def roles(engine: Engine) -> set[tuple[str, str, str]]:
    with reading(engine) as session:
        rows = session.query(Person.email, Grant.role, Unit.code).select_from(Grant)
        rows = rows.join(Person, Person.id == Grant.person_id).join(Unit, Unit.id == Grant.unit_id)
        return {(email, role.value, code) for email, role, code in rows}


def answers(folder: Path, text: str) -> Path:
    file = folder / "answers.toml"
    file.write_text(text, "utf-8")
    return file


def test_lists_and_answers_make_an_office_with_its_administrator(
    folder: Path, place: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "password").write_text(PASSWORD, "utf-8")
    told = """
        organisation = ["people.csv", "units.csv"]
        [settings]
        mail_from = "rectify@office.example"
        web_port = 8100
        [administrator]
        name = "王五"
        email = "Wang@office.example"
        password_file = "password"
    """
    running.init(answers=answers(folder, told))
    assert capsys.readouterr().out.splitlines() == [
        "The database is ready: 2 units, 3 people.",
        "Wang@office.example may edit the organisation now.",
        "Then: rectify doctor, which says what is still missing, and rectify serve.",
    ]
    assert names(place) == {
        "JU": ("样例局", None, "lin@office.example"),
        "AQ": ("安全科", "JU", "li@office.example"),
    }
    assert roles(place) == {
        ("lin@office.example", "leader", "JU"),
        ("li@office.example", "coordinator", "JU"),
        ("li@office.example", "auditor", "AQ"),
        ("wang@office.example", "admin", "JU"),
    }
    with reading(place) as session:
        assert [event.move for event in session.query(Event).order_by(Event.position)] == [
            "load",
            "grant-role",
            "set-password",
        ]
        assert session.query(Account).count() == 1
    file = folder / "var" / "rectify.toml"
    assert file.read_text("utf-8").splitlines()[1:] == [
        'mail_from = "rectify@office.example"',
        "web_port = 8100",
    ]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_workbook_with_both_sheets_says_the_same_as_two_files(folder: Path) -> None:
    book = Workbook()
    fill(book.active, [row.split(",") for row in UNITS.splitlines()])
    fill(book.create_sheet("人员"), [row.split(",") for row in PEOPLE.splitlines()])
    (folder / "office.xlsx").write_bytes(saved(book))
    running.init([folder / "office.xlsx"])
    engine = open_engine(f"sqlite:///{folder / 'var' / 'rectify.db'}")
    assert names(engine)["AQ"] == ("安全科", "JU", "li@office.example")
    assert ("li@office.example", "coordinator", "JU") in roles(engine)


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            "people.csv",
            "li@office.example",
            "li",
            "people.csv, row 3: li is no e-mail address.",
        ),
        ("people.csv", "督办员", "督办", "people.csv, row 3: 督办 is no role that is held on a unit."),
        (
            "people.csv",
            "安全科,英文",
            "保安科,英文",
            "people.csv, row 3: The organisation file speaks of 保安科, which it does not name.",
        ),
        ("people.csv", "英文", "法文", "people.csv, row 3: 法文 is not one of: zh_CN, en."),
        (
            "units.csv",
            "JU,样例局,",
            "JU,样例局,AQ",
            "units.csv, row 2: Unit AQ is named twice or stands before its parent.",
        ),
        (
            "units.csv",
            "安全科,样例局",
            ",样例局",
            "units.csv, row 2: The organisation file lacks name in an entry.",
        ),
        (
            "units.csv",
            "单位代码",
            "编号",
            "units.csv lists neither units (with code and name) nor people (with name, e-mail and unit).",
        ),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_made(
    folder: Path, place: Engine, file: str, old: str, new: str, sentence: str
) -> None:
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    with pytest.raises((SettingError, UnreadableError)) as refused:
        running.init([folder / "units.csv", folder / "people.csv"])
    assert str(refused.value) == sentence
    assert schema.standing(place) == (None, "")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ("[office]\nname = '局'\ntown = 'x'", "answers.toml: office.town is not known."),
        ("[office]\nname = 1", "answers.toml: office.name is not as it should be."),
        (
            "[settings]\nsmtp_port = 0",
            "Setting RECTIFY_SMTP_PORT: Input should be greater than or equal to 1.",
        ),
        (
            "[settings]\nlocale = 'en'",
            "Say RECTIFY_LOCALE in the environment alone, and leave it out here.",
        ),
        (
            "[settings]\nweb_port = 81\n[office]\nname = '局'\n[administrator]\nemail = 'a@office.example'",
            "The organisation does not name a@office.example; say the administrator's name, too.",
        ),
        (
            "[administrator]\nemail = 'a@office.example'",
            "answers.toml names an administrator, but no organisation and no office.",
        ),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_made(
    folder: Path, place: Engine, told: str, sentence: str
) -> None:
    answers(folder, told)
    with pytest.raises(RefusedError) as refused:
        running.init(answers=Path("answers.toml"))
    assert str(refused.value) == sentence
    assert schema.standing(place) == (None, "")
    assert not (folder / "var" / "rectify.toml").exists()


def test_a_terminal_is_asked_and_shows_no_password(folder: Path, rectify: Path) -> None:
    words = [
        *("", "nowhere", "Asia/Shanghai", "zh_CN", "rectify@office.example", ""),
        *("mail.office.example", "tls", "", "sender", "a-mail-password"),
        *("", "样例局", "", "admin@office.example", "张三", "short", PASSWORD, PASSWORD),
    ]
    shown = conversation([str(rectify), "init"], words)
    assert "nowhere is no time zone" in shown
    assert shown.splitlines()[-3:-1] == [
        "The database is ready: 1 units, 1 people.",
        "admin@office.example may edit the organisation now.",
    ]
    assert ("a-mail-password" in shown, PASSWORD in shown) == (False, False)
    var = folder / "var"
    secret = var / "smtp-password"
    assert (secret.read_text(), stat.S_IMODE(secret.stat().st_mode)) == ("a-mail-password\n", 0o600)
    assert "password =" not in (var / "rectify.toml").read_text()
    engine = open_engine(f"sqlite:///{var / 'rectify.db'}")
    assert roles(engine) == {("admin@office.example", "admin", "OFFICE")}
    # Once there is a database nothing is asked any more.
    assert conversation([str(rectify), "init"], []).splitlines()[0] == "The database is ready."


def conversation(command: list[str], words: list[str]) -> str:
    """What a terminal shows of a command whose questions are answered with `words`."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.pop("RECTIFY_LOCALE")
        os.execve(command[0], command, os.environ | {"LANG": "C.UTF-8"})  # noqa: S606 - our own command
    shown = b""
    for word in [*words, None]:
        shown += _until_it_asks(terminal)
        if word is not None:
            os.write(terminal, f"{word}\n".encode())
    assert os.waitpid(child, 0)[1] == 0, shown.decode()
    return shown.decode().replace("\r\n", "\n")


def _until_it_asks(terminal: int) -> bytes:
    shown, until = b"", time.monotonic() + 60
    # The blank behind the colon is printed last: a hidden question throws away what was typed before it.
    while time.monotonic() < until and not shown.endswith(b": "):
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                shown += os.read(terminal, 4096)
            except OSError:  # it has ended
                break
    return shown
