"""Problems of a new report that were reported before: marked for a person to confirm, never merged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from models.item import Item
from models.report import Report
from rules.lifecycle import Kind, State
from rules.repeats import Statement, repeated
from services.office import Visit


def mark(visit: Visit, report: Report, items: Sequence[Item]) -> None:
    """Flags each problem among the new `items` that is like one of an earlier report.

    Compared are the reports of the unit, of those above it and of those below it: what two sister units
    lack alike is two problems.
    """
    problems = {item.reference: item for item in items if item.kind is Kind.PROBLEM}
    new = [Statement(item.reference, item.title, item.body) for item in problems.values()]
    if not new:
        return
    for reference, old in repeated(new, _earlier(visit, report)).items():
        item = problems[reference]
        detail = f"{old.reference} {old.title}"
        flag = {"code": "repeated", "start": item.quote_start, "end": item.quote_end, "detail": detail}
        item.flags = [*item.flags, flag]


def earlier_of(flags: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """References of the problems that `mark` found an item with these flags like.

    Its flag tells reference and title.
    """
    return tuple(flag["detail"].partition(" ")[0] for flag in flags if flag["code"] == "repeated")


def _earlier(visit: Visit, report: Report) -> Iterator[Statement]:
    """The problems of all reports that came in before, of the same line of units, oldest first."""
    query = (
        select(Item.reference, Item.title, Item.body)
        .join(Report, Report.id == Item.report_id)
        .where(Item.kind == Kind.PROBLEM, Item.state != State.CANCELLED)
        .where(Report.id < report.id, Report.unit_id.in_(_line(visit, report.unit_id)))
        .order_by(Item.id)
        .execution_options(yield_per=500)
    )
    return (Statement(*row) for row in visit.session.execute(query))


def _line(visit: Visit, unit_id: int) -> list[int]:
    """The unit, those above it and those below it."""
    directory = visit.directory
    above = {unit.id for unit in directory.line(unit_id)}
    below = {one for one in directory.units if any(unit.id == unit_id for unit in directory.line(one))}
    return sorted(above | below)
