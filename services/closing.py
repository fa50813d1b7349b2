"""Period end: every period that is over and bears no seal gets its seal, its documents and its letters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from documents.ledger_xlsx import write_ledger
from documents.report_docx import write_report
from documents.rollup_html import write_rollup
from models.event import Event
from models.organisation import Person
from models.period import Rollup as RollupRow
from notifications import letters, outbox
from notifications.outbox import Addressed
from rules.periods import Period, following, period
from rules.permissions import Role
from rules.rollup import Rollup
from services import rollups
from services.ledgers import ledger
from services.office import Office
from services.organisation import Directory

TOLD = (Role.HEAD, Role.LEADER, Role.COORDINATOR)


@dataclass(frozen=True, slots=True)
class Closed:
    """A period that was sealed."""

    key: str
    version: int
    sha256: str
    rollup: Rollup


def close_ended(session: Session, office: Office, *, now: datetime, door: str = "flow") -> list[Closed]:
    """Seals every period of the office's kind that has ended and is not sealed, oldest first, with letters.

    Covers periods missed while the machine was off, from the first item's on.
    """
    closed: list[Closed] = []
    for ended in rollups.unsealed(session, _ended(session, office, office.day(now))):
        row = rollups.seal(session, office, ended.key, by=None, now=now, door=door)
        found = Closed(ended.key, row.version, row.sha256, rollups.read_content(row.content))
        outbox.put(session, office.postbox, _letters(session, office, row, found, now), now)
        closed.append(found)
    return closed


def _ended(session: Session, office: Office, today: date) -> Iterator[Period]:
    first_at = session.scalar(select(func.min(Event.at)).where(Event.opened_on.is_not(None)))
    if first_at is None:
        return
    at = period(office.policy.deadlines.period, office.day(first_at))
    while at.end_on <= today:
        yield at
        at = following(at)


def _letters(
    session: Session, office: Office, row: RollupRow, found: Closed, now: datetime
) -> list[Addressed]:
    """One letter a person: a head reads of the own unit, a leader of the own line, a coordinator of all."""
    directory, today = Directory.load(session), office.day(now)
    by_code = {line.unit.code: line for line in found.rollup.units}
    told: dict[int, Addressed] = {}
    for unit in directory.units.values():
        line = by_code.get(unit.code)
        for person in _readers(directory, unit.id, today):
            if line is None or person.id in told:
                continue
            letter = letters.Rollup(
                on=today,
                period=found.key,
                unit=unit.name,
                version=row.version,
                sha256=row.sha256,
                total=line.total,
                units=tuple(
                    (below.unit.name, below.total)
                    for below in found.rollup.units
                    if below.unit.parent == unit.code
                ),
            )
            key = f"rollup:{found.key}:{row.version}:{person.id}"
            told[person.id] = Addressed(key, person, letter, today)
    return list(told.values())


def _readers(directory: Directory, unit_id: int, today: date) -> list[Person]:
    """Who heads, leads or coordinates this very unit."""
    return [directory.people[person] for role in TOLD for person in directory.on_unit(role, unit_id, today)]


def write_documents(session: Session, office: Office, key: str, folder: Path, locale: str) -> list[Path]:
    """Writes ledger, next report and roll-up page of a sealed period into `folder`."""
    found = ledger(session, office, key, as_of=rollups.cut_off_of(office, key))
    folder.mkdir(parents=True, exist_ok=True)
    written = {"ledger.xlsx": write_ledger, "report.docx": write_report, "rollup.html": write_rollup}
    for name, write in written.items():
        write(folder / name, found, locale)
    return [folder / name for name in written]
