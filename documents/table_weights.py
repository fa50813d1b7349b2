"""Columns of a table that its head does not name plainly, known by the words of their cells: `怎么改`."""

from collections.abc import Sequence

from documents.reading import Span
from documents.weighing import Weight, mean, weigh

_ENOUGH = 40
_FEWEST = 2
_SHORTEST = 6
"""Characters of a cell that is weighed: a shorter one is a name or a date."""


def weighed_columns(text: str, columns: tuple[str, ...], rows: Sequence[tuple[Span, ...]]) -> tuple[str, ...]:
    """The columns, one of the unknown ones taken for the problems or the measures that no head names."""
    lacking = [use for use in ("problem", "measure") if use not in columns]
    if len(lacking) != 1 or "outcome" in columns:
        return columns
    best, at = max(
        (
            (_speaks_for(lacking[0], _weight(text, rows, i)), i)
            for i, use in enumerate(columns)
            if use == "other"
        ),
        default=(0.0, -1),
    )
    return tuple(lacking[0] if i == at and best > 0 else use for i, use in enumerate(columns))


def _weight(text: str, rows: Sequence[tuple[Span, ...]], column: int) -> Weight | None:
    cells = [row[column] for row in rows[:_ENOUGH] if column < len(row)]
    said = [text[one.start : one.end] for one in cells if one.end - one.start >= _SHORTEST]
    return mean([weigh(one) for one in said]) if len(said) >= max(_FEWEST, len(cells) // 2) else None


def _speaks_for(use: str, weight: Weight | None) -> float:
    """By how much the words of a column speak for a use more than for nothing and for the other one."""
    if weight is None:
        return 0.0
    own, other = (weight.problem, weight.measure) if use == "problem" else (weight.measure, weight.problem)
    return min(own + 0.5, own - other)
