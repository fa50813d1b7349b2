"""Reports as those see them who look through what was read: the list, and one report with its drafts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from sqlalchemy import func, select

from models.item import Item
from models.report import Report
from rules.lifecycle import State
from rules.permissions import may
from services.office import Visit
from services.reports import propose
from services.visibility import items_for, reports_for

ROWS = 100
"""Items on one page of a review."""
AROUND = 1500
"""Characters of a long report that are shown before and after the items of a page."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A report in the list. `received_at` is in UTC."""

    number: int
    title: str
    unit: str
    period: str
    received_at: datetime
    items: int
    drafts: int
    """Of them, those that wait for confirmation."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of the report that the same items quote; none where `marked` is false."""

    words: str
    marked: bool
    begins: tuple[str, ...]
    """References of the items whose quote begins here."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An item that was read from the report, and to whom it would go."""

    item: Item
    owner: str
    """Name of the person proposed, or of nobody."""
    due_on: date | None
    anchor: str
    """Name of the stretch in which its quote begins."""


@dataclass(frozen=True, slots=True)
class Review:
    """One page of a report's items beside its text."""

    report: Report
    unit: str
    stretches: tuple[Stretch, ...]
    is_cut: bool
    """Whether the text is longer than what is shown."""
    rows: tuple[Reviewed, ...]
    total: int
    at: int
    last: int
    waiting: int
    """Drafts of the whole report."""
    may_confirm: bool


def listed(visit: Visit, most: int = 200) -> list[Listed]:
    """The latest reports that the visitor may read."""
    is_draft = func.count(Item.id).filter(Item.state == State.DRAFT)
    query = (
        select(Report.id, Report.title, Report.unit_id, Report.period, Report.received_at)
        .add_columns(func.count(Item.id), is_draft)
        .outerjoin(Item, Item.report_id == Report.id)
        .where(reports_for(visit, "view-report"))
        .group_by(Report.id)
        .order_by(Report.id.desc())
        .limit(most)
    )
    units = visit.directory.units
    return [
        Listed(number, title, units[unit].name, period, at, items, drafts)
        for number, title, unit, period, at, items, drafts in visit.session.execute(query)
    ]


def review(visit: Visit, report: Report, page: int = 1) -> Review:
    """A page of the report's items, of those that the visitor may see, with the text around their quotes."""
    seen = (Item.report_id == report.id, items_for(visit, "view-item"))
    total = visit.session.scalar(select(func.count()).select_from(Item).where(*seen)) or 0
    waiting = visit.session.scalar(
        select(func.count()).select_from(Item).where(*seen, Item.state == State.DRAFT)
    )
    last = max(1, -(-total // ROWS))
    at = min(max(page, 1), last)
    query = select(Item).where(*seen).order_by(Item.id).offset((at - 1) * ROWS).limit(ROWS)
    items = visit.session.scalars(query).all()
    start, end = _shown(report.text, items, is_one=last == 1)
    stretches = tuple(_stretches(report.text, items, start, end))
    anchors = {reference: one.begins[0] for one in stretches for reference in one.begins}
    roles = visit.directory.roles(visit.actor.id, report.unit_id, visit.today)
    return Review(
        report=report,
        unit=visit.directory.units[report.unit_id].name,
        stretches=stretches,
        is_cut=(start, end) != (0, len(report.text)),
        rows=tuple(_reviewed(visit, item, anchors.get(item.reference, "")) for item in items),
        total=total,
        at=at,
        last=last,
        waiting=waiting or 0,
        may_confirm=may("confirm", roles),
    )


def _shown(text: str, items: Sequence[Item], *, is_one: bool) -> tuple[int, int]:
    """From where to where the text is shown: whole where one page holds all items."""
    if is_one or not items:
        return 0, len(text)
    ranges = [(start, end) for _, start, end in _quotes(items)] or [(0, len(text))]
    start, end = min(start for start, _ in ranges), max(end for _, end in ranges)
    return max(0, start - AROUND), min(len(text), end + AROUND)


def _quotes(items: Iterable[Item]) -> Iterator[tuple[str, int, int]]:
    """Reference, begin and end of each quote."""
    for item in items:
        if item.quote_start is not None and item.quote_end is not None:
            yield item.reference, item.quote_start, item.quote_end


def _stretches(text: str, items: Iterable[Item], start: int, end: int) -> Iterator[Stretch]:
    """The text cut wherever a quote begins or ends; quotes may lie in each other."""
    begins: dict[int, list[str]] = {}
    depth: dict[int, int] = {}
    for reference, first, last in _quotes(items):
        if start <= first < last <= end:
            begins.setdefault(first, []).append(reference)
            depth[first] = depth.get(first, 0) + 1
            depth[last] = depth.get(last, 0) - 1
    covered = 0
    for at, until in pairwise(sorted({start, end, *depth})):
        covered += depth.get(at, 0)
        yield Stretch(text[at:until], covered > 0, tuple(begins.get(at, ())))


def _reviewed(visit: Visit, item: Item, anchor: str) -> Reviewed:
    owner = propose(visit, item).owner if item.state is State.DRAFT else None
    return Reviewed(item, owner.name if owner else "", item.due_on or item.stated_due_on, anchor)
