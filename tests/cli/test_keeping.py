"""backup, restore, resume: what an administrator types when a machine was lost."""

import os
import subprocess
from pathlib import Path

import pytest
import typer
from offices import Bureau, found

from cli import keeping, mail, operating
from models import schema
from models.session import open_engine
from rules.errors import SettingError, WrongMoveError


@pytest.fixture(autouse=True)
def bureau(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    """An office with one letter that waits, in the folder that the settings name."""
    monkeypatch.setenv("RECTIFY_DIR", str(tmp_path / "office"))
    monkeypatch.setenv("RECTIFY_LOCALE", "en")
    monkeypatch.setenv("RECTIFY_SMTP_PORT", "1")
    (tmp_path / "office").mkdir()
    engine = open_engine(f"sqlite:///{tmp_path / 'office' / 'rectify.db'}")
    schema.upgrade(engine)
    bureau = found(engine, tmp_path / "office")
    bureau.new_item()
    return bureau


def test_an_office_moves_to_another_machine_and_sends_once_that_is_confirmed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "office.backup"
    keeping.backup(file)
    assert capsys.readouterr().out.startswith(f"{file}: the database and 1 files (")
    monkeypatch.setenv("RECTIFY_DIR", str(tmp_path / "other"))
    keeping.restore(file)
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("Restored from the backup of 20")
    assert said[1:] == [
        "9 events, each as it was written.",
        "Nothing is sent. Next: rectify doctor, then rectify resume",
    ]
    mail.deliver()
    assert capsys.readouterr().err.endswith("nothing is sent until rectify resume.\n")
    with pytest.raises(typer.Exit) as exit_:
        operating.status()
    assert exit_.value.exit_code == 3
    heard = capsys.readouterr()
    assert "Nothing is the matter." not in heard.out
    assert heard.err.endswith("nothing is sent until rectify resume.\n")
    keeping.resume()
    heard = capsys.readouterr()
    assert [line.split() for line in heard.out.splitlines()[:2]] == [
        ["Person", "Letter", "Subject"],
        ["owner@office.example", "Assignment", "notice", "【云州市住建局】交办", "1", "项整改任务"],
    ]
    assert heard.err.endswith("nothing is sent until rectify resume.\n")
    keeping.resume(confirm=True)
    assert capsys.readouterr().out.endswith("Letters go again with the next delivery.\n")
    with pytest.raises(WrongMoveError):
        keeping.resume(confirm=True)
    mail.deliver()
    assert "restored" not in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be written: No such file or directory"):
        keeping.backup(tmp_path / "nowhere" / "backup")


def test_what_is_no_backup_ends_in_one_sentence_and_not_in_a_traceback(rectify: Path, tmp_path: Path) -> None:
    file = tmp_path / "no.backup"
    file.write_text("no backup")
    there = os.environ | {"RECTIFY_DIR": str(tmp_path / "other")}
    ended = subprocess.run(
        [rectify, "restore", file], env=there, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert ended.stderr == f"{file} is no backup of Rectify, or not all of it.\n"
