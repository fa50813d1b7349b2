"""Looking at what the program stands on: clocks, files, disk, fonts. Changes nothing and judges nothing."""

import shutil
import stat
import subprocess
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.event import Event

PREFECT_DATABASE = ("PREFECT_SERVER_DATABASE_CONNECTION_URL", "PREFECT_API_DATABASE_CONNECTION_URL")
"""Under which names Prefect's server is told its database."""
SECONDS = 20
"""How long fc-list may take; its first call after fonts were installed reads them all."""


def database_now(session: Session) -> datetime | None:
    """What the database's own clock says; None where it has none but ours."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    at: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return at.astimezone(UTC)


def last_change(session: Session) -> datetime | None:
    """When the last change was entered."""
    return session.scalar(select(Event.at).order_by(Event.position.desc()).limit(1))


def modes(files: Iterable[Path]) -> dict[str, int | None]:
    """The permission bits of each file; None for one that is not there or cannot be read."""
    return {str(path): _mode(path) for path in files}


def _mode(path: Path) -> int | None:
    try:
        with path.open("rb"):
            return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def disk(folder: Path) -> tuple[int, int]:
    """Bytes free and in all where `folder` lies, or will lie."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    usage = shutil.disk_usage(there)
    return usage.free, usage.total


def dialect_of_prefect(environment: Mapping[str, str], *, is_ours: bool) -> str:
    """`sqlite` or `postgresql` under Prefect's server, as far as it can be told from here; else nothing.

    The server itself tells nobody. `is_ours`: it is the one that `rectify serve` runs, always on SQLite.
    """
    if is_ours:
        return "sqlite"
    named = next(filter(None, (environment.get(name) for name in PREFECT_DATABASE)), "")
    return named.partition(":")[0].partition("+")[0]


def chinese_fonts() -> set[str] | None:
    """Families with Chinese characters; None where fc-list is not there to tell."""
    program = shutil.which("fc-list")
    if program is None:
        return None
    try:
        said = subprocess.run(  # noqa: S603 - a program of the system with fixed arguments
            [program, ":lang=zh-cn", "family"], capture_output=True, text=True, timeout=SECONDS, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return {line.partition(",")[0].strip() for line in said.splitlines() if line.strip()}
