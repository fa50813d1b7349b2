"""A period counted portion by portion: its items pass by once and are not kept."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from rules.movement import Movement, begun, moved
from rules.periods import Period
from rules.rollup import RULE_VERSION, Figures, Rollup, Standing, Unit, dated, figures, in_scope, unit_rows
from services.contents import head_piece, items_piece, tail_piece
from services.office import Office
from services.seal_pieces import hash_of
from services.standings import PORTION, as_booked, open_units, portions_at, position_before, steps_between
from services.trees import tree_at


class Count:
    """The same as `rollups.compute` gives; the figures are known once all items have passed by."""

    def __init__(
        self,
        session: Session,
        office: Office,
        period: Period,
        cut_off: datetime,
        rule_version: int = RULE_VERSION,
    ) -> None:
        self.period, self.cut_off, self.rule_version = period, cut_off, rule_version
        self._session, self._office = session, office
        self._start, self._today = min(period.start_at(office.zone), cut_off), office.day(cut_off)
        self._own: dict[str, Figures] = {}
        self._moved: dict[str, Movement] = {}

    def portions(self, size: int = PORTION) -> Iterator[list[Standing]]:
        """The items in scope, by reference; some portions may be empty."""
        self._own, self._moved = {}, {}
        for ids, told in portions_at(self._session, self.cut_off, size):
            mine = [item for item in self._dated(ids, told) if in_scope(item, self.period)]
            for item in mine:
                self._own[item.unit] = self._own.get(item.unit, Figures()) + self._figures(item)
            yield mine

    def _dated(self, ids: list[int], told: list[Standing]) -> list[Standing]:
        """The items as the rules of the version see them, their movement counted."""
        if self.rule_version == 1:
            return told
        steps = steps_between(self._session, self._start, self.cut_off, among=ids)
        for unit, movement in moved((step, 1) for step in steps).items():
            self._moved[unit] = self._moved.get(unit, Movement()) + movement
        booked = as_booked(told, steps, self._office.day)
        return [dated(item, self._today, self._office.calendar) for item in booked]

    def _figures(self, item: Standing) -> Figures:
        return figures(item, self.period, self._today)

    def rollup(self, units: Iterable[Unit] | None = None) -> Rollup:
        """The figures of the items that have passed by, without these; `units` are another tree than then."""
        moves = None
        if self.rule_version > 1:
            moves = begun(open_units(self._session, self._start), self._moved)
        tree = self._tree() if units is None else units
        total = sum(self._own.values(), Figures())
        movement = sum(moves.values(), Movement()) if moves is not None else None
        return Rollup(self.period, unit_rows(tree, self._own, moves), (), total, movement)

    def _tree(self) -> tuple[Unit, ...]:
        return tree_at(self._session, position_before(self._session, self.cut_off))

    def pieces(self, size: int = PORTION) -> Iterator[str]:
        """What a seal would hold, as canonical JSON."""
        yield head_piece(self.cut_off)
        is_first = True
        for portion in self.portions(size):
            if portion:
                yield items_piece(portion, self.rule_version, is_first=is_first)
                is_first = False
        yield tail_piece(self.rollup(), self.rule_version)

    def sha256(self) -> str:
        """Of all pieces."""
        return hash_of(self.pieces())
