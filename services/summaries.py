"""A period in short, without its items: from its seal, or counted in the database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from rules.movement import Movement
from rules.periods import Period, preceding, stretch
from rules.rollup import Figures, UnitRow
from services import rollups
from services.office import Office
from services.seal_pieces import read_units
from services.tallies import tally

TREND = 6
"""Periods of a trend, the one that is looked at among them."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What is known of a period: its seal where there is one, else the figures of the moment."""

    period: Period
    cut_off_at: datetime
    """Local to the office."""
    version: int
    """Of the seal; 0 while nothing is sealed."""
    sha256: str
    """Of the seal; empty while nothing is sealed."""
    units: tuple[UnitRow, ...]
    total: Figures
    movement: Movement | None


def summary(
    session: Session, office: Office, key: str, *, as_of: datetime, is_asked: bool = False
) -> Summary:
    """The period's seal, or its figures as of `as_of`; `is_asked` ignores the seal.

    Raises:
        SettingError: the key names no period.
    """
    seal = None if is_asked else rollups.sealed(session, key)
    if seal is None:
        now = tally(session, office, key, as_of=as_of)
        at = now.cut_off_at.astimezone(office.zone)
        return Summary(now.period, at, 0, "", now.units, now.total, now.movement)
    kept, at = read_units(seal), seal.cut_off_at.astimezone(office.zone)
    return Summary(kept.period, at, seal.version, seal.sha256, kept.units, kept.total, kept.movement)


def earlier(
    session: Session, office: Office, key: str, *, as_of: datetime, is_asked: bool = False, many: int = 2
) -> list[Summary]:
    """So many periods before the period `key`, the latest first."""
    periods = [stretch(key)]
    for _ in range(many):
        periods.append(preceding(periods[-1]))
    return [summary(session, office, one.key, as_of=as_of, is_asked=is_asked) for one in periods[1:]]
