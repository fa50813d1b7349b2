"""A seal beside what the history gives for it today; neither side lies in memory whole."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.period import Rollup as RollupRow
from rules.rollup import Rollup
from rules.sealing import strayed_items, strayed_units
from services.contents import as_sealed, read_items
from services.counts import Count
from services.office import Office
from services.seal_pieces import pieces_of, read_units


@dataclass(frozen=True, slots=True)
class Recount:
    """What the history gives no longer as it was sealed."""

    sealed: Rollup
    """The seal without its items."""
    items: tuple[str, ...]
    """References."""
    units: tuple[str, ...]
    """Codes."""

    @property
    def has_strayed(self) -> bool:
        """Whether anything differs."""
        return bool(self.items or self.units)


def recounted(session: Session, office: Office, row: RollupRow) -> Recount:
    """Counts the period of the seal again, by the rules and on the unit tree that it was made with."""
    sealed = read_units(row)
    count = Count(session, office, sealed.period, row.cut_off_at, row.rule_version)
    again = (as_sealed(item, row.rule_version) for portion in count.portions() for item in portion)
    items = tuple(strayed_items(read_items(pieces_of(row)), again))
    tree = [line.unit for line in sealed.units]
    return Recount(sealed, items, tuple(strayed_units(sealed, count.rollup(tree))))
