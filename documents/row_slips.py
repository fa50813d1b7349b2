"""Numbers that slip into the style of another row: `(5)` behind `4.`, `三、` behind `二是`."""

from dataclasses import replace

from documents.numbering import Mark

_ROW = frozenset({"digit", "round", "han"})


def as_its_row(every: list[Mark]) -> list[Mark]:
    """The marks; a number of another style that goes on a row is of it: `(5)` or `六、` behind `4.`.

    A section's number that goes on no row of its own is one only where the next goes on with that row.
    """
    last: dict[str, int] = {}
    before: Mark | None = None
    clause: Mark | None = None
    taken: list[Mark] = []
    for at, mark in enumerate(every):
        here = mark
        if mark.at_line and mark.style == "clause":
            clause = mark
        elif mark.at_line and mark.style in _ROW and mark.value is not None:
            if clause is not None and _goes_on_clauses(clause, mark, every, at):
                taken.append(replace(mark, style="clause"))
                continue
            clause = None
            if before is not None and _slips(before, mark, last.get(mark.style, 0), every, at):
                here = replace(mark, style=before.style)
            last[here.style] = mark.value
            before = here
        taken.append(here)
    return taken


def _slips(before: Mark, mark: Mark, last: int, every: list[Mark], at: int) -> bool:
    """Whether a number goes on the row before it and not the last one of its own style."""
    value = mark.value or 0
    if before.style in {mark.style, "han"} or value != (before.value or 0) + 1:
        return False
    if value < _LEAST_SLIP or last + 1 == value:
        return False
    if mark.style != "han":
        return True
    following = next((one for one in every[at + 1 : at + _AHEAD] if one.style == "han" and one.at_line), None)
    return following is not None and following.value == last + 1


def _goes_on_clauses(clause: Mark, mark: Mark, every: list[Mark], at: int) -> bool:
    """Whether `三、` follows `二是` where the next section bears the same number: it stands for 三是."""
    following = next((one for one in every[at + 1 : at + _AHEAD] if one.style == "han" and one.at_line), None)
    again = following is not None and following.value == mark.value
    return again and mark.style == "han" and mark.value == (clause.value or 0) + 1


_LEAST_SLIP = 2
_AHEAD = 400
"""So many marks on the next section is looked for."""
