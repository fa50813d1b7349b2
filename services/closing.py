"""Period end: every period that is over and bears no seal gets its seal and its letters.

Where the policy asks for four eyes, it is proposed for sealing, and the supervising leaders are told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.event import Event
from models.period import Rollup as RollupRow
from notifications import letters, outbox
from notifications.outbox import Addressed
from rules.periods import Period, following, period
from rules.permissions import Role
from rules.rollup import Figures, UnitRow
from rules.sealing import SealBy
from rules.trend import TrendPoint, trend
from services import history, rollups, seals, summaries
from services.office import Office, Visit
from services.organisation import Directory
from services.summaries import TREND, Summary

TOLD = (Role.HEAD, Role.LEADER, Role.COORDINATOR, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class Closed:
    """A period that was sealed, or proposed for sealing."""

    key: str
    version: int
    sha256: str
    units: tuple[UnitRow, ...]
    earlier: tuple[Summary, ...]
    """The other periods of a trend, the latest first."""
    is_sealed: bool = True


def close_ended(session: Session, office: Office, *, now: datetime, door: str = "flow") -> list[Closed]:
    """Deals with every period of the office's kind that has ended and was never sealed, oldest first.

    Covers periods missed while the machine was off, from the first item's on. By policy each is sealed, with
    its letters, or proposed, which is told to the supervising leaders; one that waits for its confirmation
    already is left alone. Of several workers at once the later ones find that all is done.
    """
    history.lock(session)
    ended = rollups.unsealed(session, _ended(session, office, office.day(now)))
    if office.policy.seal_by is SealBy.FOUR_EYES:
        waiting = [one for one in ended if seals.pending(session, one.key) is None]
        return [_proposed(session, office, one.key, now) for one in waiting]
    closed: list[Closed] = []
    for one in ended:
        row = rollups.seal(session, office, one.key, by=None, now=now, door=door)
        closed.append(tell_sealed(session, office, one.key, row, now))
    return closed


def tell_sealed(session: Session, office: Office, key: str, row: RollupRow, now: datetime) -> Closed:
    """Writes the letters about a seal that was just made."""
    found = _closed(session, office, key, row.version, row.sha256)
    anchor = f"{row.anchor_position} {row.anchor_hash}"
    outbox.put(session, office.postbox, _letters(session, office, found, now, TOLD, anchor), now)
    return found


def _proposed(session: Session, office: Office, key: str, now: datetime) -> Closed:
    proposal = seals.propose_by_flow(session, office, key, now=now)
    found = _closed(session, office, key, proposal.version, proposal.sha256, is_sealed=False)
    outbox.put(session, office.postbox, _letters(session, office, found, now, (Role.LEADER,), ""), now)
    return found


def _closed(
    session: Session, office: Office, key: str, version: int, sha256: str, *, is_sealed: bool = True
) -> Closed:
    cut_off = rollups.cut_off_of(office, key)
    units = summaries.summary(session, office, key, as_of=cut_off).units
    before = summaries.earlier(session, office, key, as_of=cut_off, many=TREND - 1)
    return Closed(key, version, sha256, units, tuple(before), is_sealed)


def confirm_seal(visit: Visit, key: str, *, note: str = "") -> RollupRow:
    """As `seals.confirm`, with the letters about it."""
    row = seals.confirm(visit, key, note=note)
    tell_sealed(visit.session, visit.office, key, row, visit.now)
    return row


def seal_alone(visit: Visit, key: str) -> RollupRow:
    """As `rollups.seal_by`, with the letters about it."""
    row = rollups.seal_by(visit, key)
    tell_sealed(visit.session, visit.office, key, row, visit.now)
    return row


def _ended(session: Session, office: Office, today: date) -> Iterator[Period]:
    first_at = session.scalar(select(func.min(Event.at)).where(Event.opened_on.is_not(None)))
    if first_at is None:
        return
    at = period(office.policy.deadlines.period, office.day(first_at))
    while at.end_on <= today:
        yield at
        at = following(at)


def _letters(
    session: Session, office: Office, found: Closed, now: datetime, told: tuple[Role, ...], anchor: str
) -> list[Addressed]:
    """One letter a person: a head reads of the own unit, a leader of the own line, a coordinator of all.

    An auditor also reads the anchor: position and hash of the last event that the seal knows.
    """
    directory, today = Directory.load(session), office.day(now)
    by_code = {line.unit.code: line for line in found.units}
    letters_to: dict[int, Addressed] = {}
    what = "rollup" if found.is_sealed else "rollup-proposed"
    for unit in directory.units.values():
        line = by_code.get(unit.code)
        for role in told:
            for number in directory.on_unit(role, unit.id, today):
                if line is None or number in letters_to:
                    continue
                letter = _letter(found, line, today, anchor if role is Role.AUDITOR else "")
                key = f"{what}:{found.key}:{found.version}:{number}"
                letters_to[number] = Addressed(key, directory.people[number], letter, today)
    return list(letters_to.values())


def _letter(found: Closed, line: UnitRow, today: date, anchor: str) -> letters.Rollup:
    return letters.Rollup(
        on=today,
        period=found.key,
        unit=line.unit.name,
        version=found.version,
        sha256=found.sha256,
        total=line.total,
        units=tuple(
            (below.unit.name, below.total) for below in found.units if below.unit.parent == line.unit.code
        ),
        is_proposed=not found.is_sealed,
        anchor=anchor,
        trend=_trend(found, line),
    )


def _trend(found: Closed, line: UnitRow) -> tuple[TrendPoint, ...]:
    """The unit with all below it, period by period; nothing of a unit that was not there yet."""
    code = line.unit.code
    before = [
        (each.period.key, next((row.total for row in each.units if row.unit.code == code), Figures()))
        for each in reversed(found.earlier)
    ]
    return trend([*before, (found.key, line.total)])
