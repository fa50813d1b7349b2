"""Whether every seal still holds: its bytes, its anchor, and what the history gives for it today."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from models.period import Period as PeriodRow
from models.period import Rollup as RollupRow
from rules.trees import strayed_places
from services import rollups
from services.carrying import strays
from services.office import Office
from services.recounts import recounted
from services.standings import position_before
from services.trees import tree_at

TREE_OF_CUT_OFF = 3
"""The first version of the rules whose seals hold the units as the history gives them."""
SHOWN = 5
"""How many items or units a finding names."""


class SealFault(StrEnum):
    """What is wrong with a seal. The value is the sentence that says so."""

    BYTES = "The seal of %(period)s is broken: it was changed."
    ANCHOR = "The seal of %(period)s is broken: the history does not hold the event that it is anchored to."
    ITEMS = "The history no longer gives the sealed items of %(period)s: %(names)s."
    CARRIED = "The history no longer gives what the seal of %(period)s carries over."
    UNITS = "The history no longer gives the sealed figures of %(period)s: %(names)s."
    TREE = (
        "The history no longer gives the names or places of the units in the seal of %(period)s: %(names)s."
    )


@dataclass(frozen=True, slots=True)
class SealFinding:
    """One thing that is wrong with one version of a period's seal; plain values, for an alarm to tell."""

    period: str
    version: int
    fault: SealFault
    names: tuple[str, ...] = ()
    """References of the items, or codes of the units, that differ."""

    @property
    def values(self) -> dict[str, str]:
        """The values that the fault's sentence asks for."""
        more = " …" if len(self.names) > SHOWN else ""
        return {"period": self.period, "names": ", ".join(self.names[:SHOWN]) + more}


@dataclass(frozen=True, slots=True)
class SealCheck:
    """How many seals were recomputed, and what was found."""

    seals: int
    findings: tuple[SealFinding, ...]


def check_seals(session: Session, office: Office) -> SealCheck:
    """Recomputes every version of every seal from the history, the lifted ones too. Changes nothing.

    This is what an alarm is made from: every finding is one line of it.
    """
    query = select(RollupRow, PeriodRow).join(PeriodRow, PeriodRow.id == RollupRow.period_id)
    found: list[SealFinding] = []
    rows = session.execute(query.options(defer(RollupRow.content)).order_by(RollupRow.id)).all()
    for row, period in rows:
        found += _findings(session, office, row, period)
        session.expire(row, ["content"])  # one of them in memory is enough
    return SealCheck(len(rows), tuple(found))


def _findings(session: Session, office: Office, row: RollupRow, period: PeriodRow) -> Iterator[SealFinding]:
    key = period.key
    if not rollups.is_whole(row):
        yield SealFinding(key, row.version, SealFault.BYTES)
        return
    if not rollups.is_anchored(session, row):
        yield SealFinding(key, row.version, SealFault.ANCHOR)
    yield from _strays(session, office, row, period)


def _strays(session: Session, office: Office, row: RollupRow, period: PeriodRow) -> Iterator[SealFinding]:
    """Where the history gives something else than the seal holds."""
    again = recounted(session, office, row)
    if again.items:
        yield SealFinding(period.key, row.version, SealFault.ITEMS, again.items)
    if strays(session, row, period.end_on):
        yield SealFinding(period.key, row.version, SealFault.CARRIED)
    if again.units:
        yield SealFinding(period.key, row.version, SealFault.UNITS, again.units)
    tree = tuple(line.unit for line in again.sealed.units)
    now = tree_at(session, position_before(session, row.cut_off_at))
    if row.rule_version >= TREE_OF_CUT_OFF and (places := strayed_places(tree, now)):
        yield SealFinding(period.key, row.version, SealFault.TREE, tuple(places))
