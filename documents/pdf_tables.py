"""Tables of a PDF that are ruled with lines: where they stand, and their cells as a grid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from documents.pdf_lines import joined, lines_of
from documents.pdf_pages import Glyph, Page, Rule
from documents.table_text import Cell

_NEAR = 3.0
_MOST_LINES = 400


@dataclass(slots=True)
class Grid:
    """One ruled table: where its lines lie, and which signs stand within it."""

    xs: list[float]
    ys: list[float]
    across: list[Rule]
    down: list[Rule]

    def holds(self, glyph: Glyph) -> bool:
        """Whether the middle of the sign lies within the table."""
        x = (glyph.left + glyph.right) / 2
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= glyph.middle <= self.ys[-1]

    def rows(self, glyphs: list[Glyph]) -> list[list[Cell]]:
        """The cells row by row; one that goes over several places stands in the first of them."""
        places = self._places()
        held: dict[tuple[int, int], list[Glyph]] = {}
        for glyph in glyphs:
            row, column = _slot(self.ys, glyph.middle), _slot(self.xs, (glyph.left + glyph.right) / 2)
            held.setdefault(places[row, column], []).append(glyph)
        return [self._row(row, places, held) for row in range(len(self.ys) - 1)]

    def _row(
        self,
        row: int,
        places: dict[tuple[int, int], tuple[int, int]],
        held: dict[tuple[int, int], list[Glyph]],
    ) -> list[Cell]:
        cells: list[Cell] = []
        column = 0
        while column < len(self.xs) - 1:
            home = places[row, column]
            width = 1
            while places.get((row, column + width)) == home:
                width += 1
            lines = _paragraphs(held.get(home, [])) if home == (row, column) else ()
            cells.append(Cell(lines, width, goes_on=home[0] < row))
            column += width
        return cells

    def _places(self) -> dict[tuple[int, int], tuple[int, int]]:
        """For each place of the grid the first place of the cell that covers it."""
        homes: dict[tuple[int, int], tuple[int, int]] = {}
        for row, (top, bottom) in enumerate(pairwise(self.ys)):
            for column, (left, right) in enumerate(pairwise(self.xs)):
                above, before = homes.get((row - 1, column)), homes.get((row, column - 1))
                if above is not None and not _covered(self.across, top, (left + right) / 2):
                    homes[row, column] = above
                elif before is not None and not _covered(self.down, left, (top + bottom) / 2):
                    homes[row, column] = before
                else:
                    homes[row, column] = (row, column)
        return homes


def _covered(rules: Iterable[Rule], at: float, middle: float) -> bool:
    return any(
        abs(rule.at - at) <= _NEAR and rule.begin - _NEAR <= middle <= rule.end + _NEAR for rule in rules
    )


def _slot(edges: Sequence[float], at: float) -> int:
    return max(0, min(len(edges) - 2, sum(edge <= at for edge in edges) - 1))


def _paragraphs(glyphs: list[Glyph]) -> tuple[str, ...]:
    """What a cell says, in one piece: its lines only wrap at its width."""
    words = ""
    for line in lines_of(glyphs):
        words = joined(words, " ".join(line.words.split()))
    return (words,) if words else ()


def grids(page: Page) -> list[Grid]:
    """The ruled tables of a page from top to bottom: two columns and two rows, or a row of four cells.

    Such a row is what a table of the page before ends with.
    """
    across, down = _merged(page.across), _merged(page.down)
    if len(across) > _MOST_LINES or len(down) > _MOST_LINES:
        return []
    found = [_grid(*group) for group in _groups(across, down)]
    return sorted(
        (grid for grid in found if len(grid.ys) > 1 and len(grid.xs) > (2 if len(grid.ys) > 2 else 4)),
        key=lambda grid: grid.ys[0],
    )


def _merged(rules: list[Rule]) -> list[Rule]:
    """Rules on one line that touch or nearly touch, made one."""
    kept: list[Rule] = []
    for rule in sorted(rules, key=lambda one: (round(one.at / _NEAR), one.begin)):
        last = kept[-1] if kept else None
        if last and abs(last.at - rule.at) <= _NEAR and rule.begin <= last.end + _NEAR:
            kept[-1] = Rule(last.at, min(last.begin, rule.begin), max(last.end, rule.end))
        else:
            kept.append(rule)
    return [rule for rule in kept if rule.end - rule.begin > 2 * _NEAR]


def _groups(across: list[Rule], down: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rules that cross or meet each other, directly or through others."""
    waiting = list(range(len(across)))
    left = set(range(len(down)))
    groups = []
    while waiting:
        rows, fresh = [waiting.pop()], True
        columns: list[int] = []
        while fresh:
            met = {j for j in left if any(_meet(across[i], down[j]) for i in rows)}
            left -= met
            columns += met
            near = {i for i in waiting if any(_meet(across[i], down[j]) for j in columns)}
            waiting = [i for i in waiting if i not in near]
            rows += near
            fresh = bool(met or near)
        groups.append(([across[i] for i in rows], [down[j] for j in columns]))
    return groups


def _meet(across: Rule, down: Rule) -> bool:
    return (
        across.begin - _NEAR <= down.at <= across.end + _NEAR
        and down.begin - _NEAR <= across.at <= down.end + _NEAR
    )


def _grid(across: list[Rule], down: list[Rule]) -> Grid:
    return Grid(_edges(rule.at for rule in down), _edges(rule.at for rule in across), across, down)


def _edges(places: Iterable[float]) -> list[float]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > _NEAR:
            edges.append(place)
    return edges
