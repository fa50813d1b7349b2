"""A sealed period beside what is known of it today: which items differ, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from models.period import Rollup as RollupRow
from rules.errors import NotFoundError
from rules.periods import stretch
from rules.restating import Late, Restatement, restatement
from rules.rollup import RULE_VERSION, Rollup, Standing, dated, roll_up
from rules.sealing import strayed_items
from services import rollups
from services.late import late_entries, put_back
from services.office import Office
from services.seal_pieces import read
from services.standings import PORTION, standings_at

Entries = Sequence[tuple[Late, Mapping[str, Any]]]
"""Late entries, each with the columns of its event."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A seal and the figures of the same period as they are known today."""

    version: int
    rule_version: int
    sha256: str
    sealed: Rollup
    current: Rollup
    """Counted by the rules of today, late entries put back to where they belong."""
    what: Restatement
    late: tuple[Late, ...]
    """Every late entry of the period, also those that change no figure."""


def restate(session: Session, office: Office, key: str) -> Comparison:
    """The seal of the period `key` that is in force, beside what is known today.

    Raises:
        NotFoundError: the period bears no seal.
    """
    row = rollups.sealed(session, key)
    if row is None:
        raise NotFoundError("%(key)s bears no seal.", key=key)
    sealed = read(row)
    now = rollups.compute(session, office, key, as_of=row.cut_off_at).rollup
    entries = list(late_entries(session, office, stretch(key), row.cut_off_at))
    standings = {item.reference: item for item in _concerned(session, row, entries)}
    current = with_late(office, row, now, standings, entries)
    found = compared(session, office, row, sealed, now, current, entries)
    late = tuple(entry for entry, _ in entries)
    return Comparison(row.version, row.rule_version, row.sha256, sealed, current, found, late)


def _concerned(session: Session, row: RollupRow, entries: Entries) -> list[Standing]:
    """The items that late entries speak of, as the seal's cut-off left them."""
    ids = sorted({columns["item_id"] for _, columns in entries})
    portions = (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))
    return [item for some in portions for item in standings_at(session, row.cut_off_at, among=some)]


def with_late(
    office: Office, row: RollupRow, now: Rollup, standings: Mapping[str, Standing], entries: Entries
) -> Rollup:
    """`now`, the period by the history, as it would be had the late entries been made on their days.

    `standings` are those of the items at the cut-off, by reference, also of items that `now` does not count.
    """
    if not entries:
        return now
    today = office.day(row.cut_off_at)
    found = {**standings, **{item.reference: item for item in now.items}}
    for entry, columns in entries:
        if (item := found.get(entry.reference)) is not None:
            found[entry.reference] = dated(put_back(item, entry, columns), today, office.calendar)
    return roll_up(found.values(), [line.unit for line in now.units], now.period, today)


def compared(
    session: Session,
    office: Office,
    row: RollupRow,
    sealed: Rollup,
    now: Rollup,
    current: Rollup,
    entries: Entries,
) -> Restatement:
    """What differs between the seal and `current`, which is `now` with the late entries."""
    again = now if row.rule_version == RULE_VERSION else rollups.recount(session, office, row, sealed)
    broken = frozenset(strayed_items(sealed.items, again.items))
    return restatement(sealed, current, broken, (entry for entry, _ in entries))
