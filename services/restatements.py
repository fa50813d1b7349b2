"""A sealed period beside what is known of it today: which items differ, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models.period import Rollup as RollupRow
from rules.errors import NotFoundError
from rules.periods import stretch
from rules.rollup import Rollup, roll_up
from rules.sealing import Difference, Late, differences, strayed_items
from services import rollups
from services.late import late_entries, put_back
from services.office import Office


@dataclass(frozen=True, slots=True)
class Restatement:
    """A seal and the figures of the same period as they are known today."""

    version: int
    rule_version: int
    sha256: str
    sealed: Rollup
    current: Rollup
    """Counted by the rules of today, late entries put back to where they belong."""
    differences: tuple[Difference, ...]
    late: tuple[Late, ...]
    """Every late entry of the period, also those that change no figure."""


def restate(session: Session, office: Office, key: str) -> Restatement:
    """The seal of the period `key` that is in force, beside what is known today.

    Raises:
        NotFoundError: the period bears no seal.
    """
    row = rollups.sealed(session, key)
    if row is None:
        raise NotFoundError("%(key)s bears no seal.", key=key)
    sealed, period = rollups.read_content(row.content), stretch(key)
    now = rollups.compute(session, office, key, as_of=row.cut_off_at)
    entries = list(late_entries(session, office, period, row.cut_off_at))
    late = tuple(entry for entry, _ in entries)
    current = _with_late(session, office, row, now.rollup, entries)
    broken = strayed_items(sealed, rollups.recount(session, office, row, sealed))
    found = differences(sealed.items, current.items, broken, late)
    return Restatement(row.version, row.rule_version, row.sha256, sealed, current, found, late)


def _with_late(
    session: Session,
    office: Office,
    row: RollupRow,
    now: Rollup,
    entries: Iterable[tuple[Late, Mapping[str, Any]]],
) -> Rollup:
    """The roll-up as it would be had the late entries been made on their days."""
    standings = {item.reference: item for item in rollups.standings(session, row.cut_off_at)}
    standings |= {item.reference: item for item in now.items}
    for entry, columns in entries:
        if (item := standings.get(entry.reference)) is not None:
            standings[entry.reference] = put_back(item, entry, columns)
    units = [line.unit for line in now.units]
    return roll_up(standings.values(), units, now.period, office.day(row.cut_off_at))
