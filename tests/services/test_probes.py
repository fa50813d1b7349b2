"""What the program stands on, looked at as it is."""

import os
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from offices import MONDAY, Bureau
from sqlalchemy import Engine

from config import clock
from models import schema
from models.session import open_engine, reading
from services import probes


def test_the_mode_of_a_file_is_read_and_a_missing_one_has_none(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    secret.chmod(0o640)
    gone = tmp_path / "gone"
    assert probes.modes((secret, gone)) == {str(secret): 0o640, str(gone): None}


def test_the_disk_of_a_folder_that_is_not_made_yet_is_that_of_its_parent(tmp_path: Path) -> None:
    free, total = probes.disk(tmp_path / "not" / "yet")
    usage = os.statvfs(tmp_path)
    assert 0 < free <= total == usage.f_blocks * usage.f_frsize


def test_without_fc_list_nobody_can_tell_the_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "fc-list"
    program.write_text(
        '#!/bin/sh\necho "Noto Sans CJK SC,思源黑体"\necho "Noto Sans CJK SC"\necho FangSong\n'
    )
    monkeypatch.setenv("PATH", str(tmp_path))
    assert probes.chinese_fonts() is None
    program.chmod(0o755)
    assert probes.chinese_fonts() == {"Noto Sans CJK SC", "FangSong"}


def test_postgresql_has_a_clock_of_its_own(engine: Engine) -> None:
    with reading(engine) as session:
        now = probes.database_now(session)
    if engine.dialect.name == "sqlite":
        assert now is None
    else:
        assert now is not None
        assert abs(now - clock.now()) < timedelta(seconds=30)


def test_the_last_change_is_that_of_the_history(bureau: Bureau) -> None:
    bureau.new_item(now=MONDAY)
    with reading(bureau.engine) as session:
        assert probes.last_change(session) == MONDAY.astimezone(UTC)


def test_where_a_database_stands_is_told_without_making_one(engine: Engine, tmp_path: Path) -> None:
    assert schema.standing(engine) == (schema.HEAD, "")
    missing = tmp_path / "nothing.db"
    assert schema.standing(open_engine(f"sqlite:///{missing}")) == (None, "")
    assert not missing.exists()


def test_a_port_that_refuses_is_told_in_the_driver_s_words() -> None:
    found, fault = schema.standing(open_engine("postgresql://nobody@127.0.0.1:1/none"))
    assert found is None
    assert "refused" in fault


@pytest.mark.parametrize(
    ("environment", "whose", "dialect"),
    [
        ({}, "ours", "sqlite"),
        ({"PREFECT_API_DATABASE_CONNECTION_URL": "postgresql+asyncpg://db/prefect"}, "ours", "sqlite"),
        ({"PREFECT_API_DATABASE_CONNECTION_URL": "postgresql+asyncpg://db/prefect"}, "another", "postgresql"),
        (
            {"PREFECT_SERVER_DATABASE_CONNECTION_URL": "sqlite+aiosqlite:////srv/prefect.db"},
            "another",
            "sqlite",
        ),
        ({}, "another", ""),
    ],
)
def test_prefects_database_is_known_of_our_own_server_and_where_it_is_named(
    environment: dict[str, str], whose: str, dialect: str
) -> None:
    assert probes.dialect_of_prefect(environment, is_ours=whose == "ours") == dialect
