"""status, doctor, backup, restore, resume: what an administrator types."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from faulty_server import FaultyServer
from offices import Bureau, found
from prefects import deployment, fake_prefect
from sqlalchemy import text

from cli import operating
from documents.report_docx import starting_template
from models import schema
from models.session import open_engine
from services.schedules import Flow


@pytest.fixture(autouse=True)
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """An office in the folder that the settings name, on SQLite."""
    monkeypatch.setenv("RECTIFY_DIR", str(tmp_path))
    monkeypatch.setenv("RECTIFY_LOCALE", "en")
    monkeypatch.setenv("RECTIFY_SMTP_PORT", "1")
    monkeypatch.setenv("RECTIFY_PREFECT_URL", "http://127.0.0.1:1/api")
    monkeypatch.setenv("RECTIFY_MAIL_FROM", "rectify@office.example")
    secret = tmp_path / "secret"
    secret.write_text("a secret of the tests")
    secret.chmod(0o600)
    engine = open_engine(f"sqlite:///{tmp_path / 'rectify.db'}")
    schema.upgrade(engine)
    return found(engine, tmp_path)


def doctored(capsys: pytest.CaptureFixture[str], **asked: str) -> tuple[int, dict[str, Any]]:
    """Exit code and, by part, grades and what was said."""
    code = 0
    try:
        operating.doctor(json=True, **asked)
    except typer.Exit as exit_:
        code = exit_.exit_code
    lines = json.loads(capsys.readouterr().out)
    return code, {line["part"]: (line["grade"], line["said"], line["mend"]) for line in lines}


def test_a_port_that_refuses_is_wrong_and_told_with_its_remedy(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = doctored(capsys)
    assert code == 1
    assert told["database"][:2] == ("ok", f"SQLite answers; migration {schema.HEAD}.")
    assert told["mail"][0] == "wrong"
    assert told["mail"][1].startswith("127.0.0.1:1: Error connecting to 127.0.0.1 on port 1")
    assert told["prefect"] == (
        "wrong",
        "Prefect's server does not answer at http://127.0.0.1:1/api.",
        "Start rectify serve, or check RECTIFY_PREFECT_URL and RECTIFY_PREFECT_AUTH_FILE.",
    )
    assert "schedules" not in told


def test_a_server_that_takes_us_is_sound_and_gets_a_mail_only_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with FaultyServer() as server:
        monkeypatch.setenv("RECTIFY_SMTP_PORT", str(server.port))
        _, told = doctored(capsys)
        assert told["mail"][:2] == ("ok", f"127.0.0.1:{server.port} answers (plain).")
        assert server.mails == []
        _, told = doctored(capsys, mail_to="admin@office.example")
    assert told["mail"][:2] == (
        "ok",
        "The mail server took a test mail to admin@office.example: 250 2.0.0 queued as 42",
    )
    (mail,) = server.mails
    assert b"To: admin@office.example\r\n" in mail
    assert b"Subject: Test mail\r\n" in mail


@pytest.mark.parametrize(
    ("verb", "reply", "said"),
    [("AUTH", "535 wrong password", "535 wrong password"), ("GREETING", "554 go away", "554 go away")],
)
def test_a_sign_in_that_is_refused_is_told_in_the_server_s_words(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    verb: str,
    reply: str,
    said: str,
) -> None:
    password = tmp_path / "password"
    password.write_text("wrong")
    password.chmod(0o600)
    monkeypatch.setenv("RECTIFY_SMTP_USER", "rectify")
    monkeypatch.setenv("RECTIFY_SMTP_PASSWORD_FILE", str(password))
    with FaultyServer({verb: reply}, extensions=("AUTH PLAIN",)) as server:
        monkeypatch.setenv("RECTIFY_SMTP_PORT", str(server.port))
        _, told = doctored(capsys)
    assert told["mail"][:2] == ("wrong", f"127.0.0.1:{server.port}: {said}")


def test_schedules_are_looked_for_in_prefect(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with fake_prefect() as fake:
        monkeypatch.setenv("RECTIFY_PREFECT_URL", fake.url)
        fake.deployments = [deployment(flow.value) for flow in Flow]
        _, told = doctored(capsys)
        assert told["prefect"][0] == "ok"
        assert told["schedules"][:2] == ("ok", "6 flows have their schedules.")
        assert told["engine"][0] == "ok"
        unseen = "Whether Prefect's server keeps its runs in PostgreSQL, as a work pool needs, is unseen."
        assert told["prefect-database"][:2] == ("ok", unseen)
        monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", "sqlite+aiosqlite:////srv/prefect.db")
        fake.deployments[0]["paused"] = True
        _, told = doctored(capsys)
        assert told["schedules"][0] == "warning"
        fake.deployments = [deployment(flow.value, pool="many") for flow in list(Flow)[1:]]
        _, told = doctored(capsys)
    assert told["schedules"][:2] == ("wrong", "These flows have no schedule: Reminders.")
    assert (told["engine"][0], told["prefect-database"][0]) == ("wrong", "wrong")


def test_a_secret_that_others_can_read_is_told_with_its_mode(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert doctored(capsys)[1]["secrets"][0] == "ok"
    (tmp_path / "secret").chmod(0o644)
    said = f"{tmp_path / 'secret'} can be read by others (mode 644)."
    assert doctored(capsys)[1]["secrets"] == ("wrong", said, f"chmod 600 {tmp_path / 'secret'}")


def test_a_missing_secret_is_told_and_not_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "secret").unlink()
    _, told = doctored(capsys)
    assert told["secrets"][0] == "wrong"
    assert not (tmp_path / "secret").exists()


def test_an_older_and_a_missing_database_are_told_apart(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with bureau.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '0001'"))
    said = f"The database stands at migration 0001; this program needs {schema.HEAD}."
    assert doctored(capsys)[1]["database"] == ("wrong", said, "Run rectify init.")
    bureau.engine.dispose()
    (tmp_path / "rectify.db").unlink()
    code, told = doctored(capsys)
    assert (code, told["database"][0]) == (1, "wrong")
    assert not (tmp_path / "rectify.db").exists()


def test_a_policy_file_that_is_not_there_does_not_hide_the_rest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTIFY_POLICY", "nowhere.toml")
    _, told = doctored(capsys)
    assert told["calendar"][0] == "wrong"
    assert "nowhere.toml" in told["calendar"][1]
    assert told["disk"][0] == "ok"


def test_a_template_that_is_none_is_named_before_the_period_ends(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    template = tmp_path / "own.docx"
    monkeypatch.setenv("RECTIFY_TEMPLATE", str(template))
    _, told = doctored(capsys)
    assert told["paper"][:2] == (
        "wrong",
        f"The template {template} cannot be read: No such file or directory.",
    )
    template.write_bytes(starting_template("en", datetime(2026, 12, 1, tzinfo=UTC)))
    assert doctored(capsys)[1]["paper"][0] in {"ok", "warning"}
    own = Document(str(template))
    own.styles["Title"].delete()
    own.styles.add_style("Title", WD_STYLE_TYPE.CHARACTER)
    own.save(str(template))
    verdict, sentence, *_ = doctored(capsys)[1]["paper"]
    assert verdict == "wrong"
    assert sentence == (
        f"The template {template} has a style Title that is no paragraph style; make it one in Word or WPS, "
        "or delete it."
    )


def test_the_doctor_speaks_chinese(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECTIFY_LOCALE", "zh_CN")
    with pytest.raises(typer.Exit):
        operating.doctor()
    first = capsys.readouterr().out.splitlines()[0]
    assert first == f"正常      数据库          SQLite 响应正常，迁移版本 {schema.HEAD}。"


def test_an_address_that_is_none_is_wrong_usage(rectify: Path, tmp_path: Path) -> None:
    asked = [rectify, "doctor", "--mail-to", "nobody"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert found.returncode == 2


def test_the_status_fits_a_screen_and_its_exit_code_tells_whether_all_is_well(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bureau.new_item()
    with pytest.raises(typer.Exit) as exit_:
        operating.status()
    assert exit_.value.exit_code == 3
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("云州市住建局 · 20")
    assert lines[1:4] == [
        f"Database: sqlite:///{tmp_path / 'rectify.db'}",
        "Items: 1 open, 1 of them overdue",
        "Letters: Waits in the outbox 1",
    ]
    assert lines[-1] == "Alarm: 1 letter has waited for long"
    assert len(lines) < 20
