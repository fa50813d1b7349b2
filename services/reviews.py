"""Reports as those see them who look through what was read: the list, and one report with its drafts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from documents.reading import FlagCode
from models.item import Item, Link
from models.report import Report
from rules.deadlines import TimeLimit
from rules.leaves import leaf
from rules.lifecycle import State
from rules.permissions import may
from services.drafting import Plan
from services.office import Visit
from services.reports import Proposal, propose
from services.visibility import is_visible_report, items_for, reports_for

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
    at: int
    """Where in the report's text they begin."""
    marked: bool
    begins: tuple[str, ...]
    """References of the items whose quote begins here."""
    is_own: bool = False
    """Whether the draft that is being looked at quotes them."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An item that was read from the report, and to whom it would go."""

    item: Item
    owner: str
    """Name of the person proposed, or of nobody."""
    co_owners: tuple[str, ...]
    due_on: date | None
    anchor: str
    """Name of the stretch in which its quote begins."""
    linked: tuple[str, ...]
    """References of what answers it, or of what it answers, within what the reader may see."""
    flags: tuple[dict[str, Any], ...]
    """Those that are still open."""


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
    may_add: bool
    dropped: tuple[Item, ...]
    """What was dropped, or merged into another draft; at most `ROWS` of them."""


def count_listed(visit: Visit) -> int:
    """How many reports the visitor may read."""
    query = select(func.count()).select_from(Report).where(reports_for(visit, "view-report"))
    return visit.session.scalar(query) or 0


def listed(visit: Visit, *, start: int, most: int) -> list[Listed]:
    """The reports that the visitor may read, the latest first, `most` of them from number `start` on."""
    is_draft = func.count(Item.id).filter(Item.state == State.DRAFT)
    query = (
        select(Report.id, Report.title, Report.unit_id, Report.period, Report.received_at)
        .add_columns(func.count(Item.id), is_draft)
        .outerjoin(Item, Item.report_id == Report.id)
        .where(reports_for(visit, "view-report"))
        .group_by(Report.id)
        .order_by(Report.id.desc())
        .offset(start)
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
    kept = (*seen, Item.state != State.CANCELLED)
    total, waiting = _count(visit, *kept), _count(visit, *seen, Item.state == State.DRAFT)
    shown = leaf(page, total, ROWS)
    items = visit.session.scalars(_in_order(*kept).offset(shown.start).limit(ROWS)).all()
    start, end = _shown(report.text, items, is_one=shown.last == 1)
    stretches = tuple(_stretches(report.text, items, start, end))
    anchors = {reference: one.begins[0] for one in stretches for reference in one.begins}
    links = _links(visit, items)
    roles = visit.directory.roles(visit.actor.id, report.unit_id, visit.today)
    return Review(
        report=report,
        unit=visit.directory.units[report.unit_id].name,
        stretches=stretches,
        is_cut=(start, end) != (0, len(report.text)),
        rows=tuple(
            _reviewed(visit, item, anchors.get(item.reference, ""), links.get(item.id, ())) for item in items
        ),
        total=total,
        at=shown.at,
        last=shown.last,
        waiting=waiting,
        may_confirm=may("confirm", roles),
        may_add=may("add-draft", roles),
        dropped=tuple(
            visit.session.scalars(_in_order(*seen, Item.state == State.CANCELLED).limit(ROWS)).all()
        ),
    )


def _count(visit: Visit, *conditions: ColumnElement[bool]) -> int:
    return visit.session.scalar(select(func.count()).select_from(Item).where(*conditions)) or 0


def _in_order(*conditions: ColumnElement[bool]) -> Select[tuple[Item]]:
    """The items as their words stand in the report; what quotes nothing comes as it was entered."""
    place = (func.coalesce(Item.quote_start, 0), func.coalesce(Item.quote_end, 0), Item.id)
    return select(Item).where(*conditions).order_by(*place)


def page_of(visit: Visit, item: Item) -> int:
    """On which page of its report's review the item stands."""
    before = (func.coalesce(Item.quote_start, 0), func.coalesce(Item.quote_end, 0), Item.id)
    here = (item.quote_start or 0, item.quote_end or 0, item.id)
    kept = (Item.report_id == item.report_id, items_for(visit, "view-item"), Item.state != State.CANCELLED)
    return 1 + _count(visit, *kept, tuple_(*before) < here) // ROWS


def around(visit: Visit, report: Report, item: Item) -> tuple[Stretch, ...]:
    """The report's text around a draft, with the quotes of all items near it.

    Who may not read the report is shown the draft's own words alone.
    """
    start, end = _shown(report.text, [item], is_one=False)
    if not is_visible_report(visit, report.id):
        start, end = item.quote_start or 0, item.quote_end or 0
    near = select(Item).where(
        Item.report_id == report.id,
        items_for(visit, "view-item"),
        Item.state != State.CANCELLED,
        Item.quote_start >= start,
        Item.quote_end <= end,
    )
    items = visit.session.scalars(near.order_by(Item.quote_start).limit(ROWS)).all()
    own = (item.quote_start or 0, item.quote_end or 0)
    return tuple(
        replace(one, is_own=own[0] <= one.at < own[1])
        for one in _stretches(report.text, items, start, end, own)
    )


def _links(visit: Visit, items: Sequence[Item]) -> dict[int, tuple[str, ...]]:
    """Item id -> references of what it answers or what answers it."""
    ids = [item.id for item in items]
    found: dict[int, list[str]] = {}
    for mine, other in ((Link.measure_id, Link.problem_id), (Link.problem_id, Link.measure_id)):
        query = select(mine, Item.reference).join(Item, Item.id == other)
        query = query.where(mine.in_(ids), items_for(visit, "view-item"), Item.state != State.CANCELLED)
        for key, reference in visit.session.execute(query.order_by(Item.reference)):
            found.setdefault(key, []).append(reference)
    return {key: tuple(references) for key, references in found.items()}


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


def _stretches(
    text: str, items: Iterable[Item], start: int, end: int, cuts: tuple[int, ...] = ()
) -> Iterator[Stretch]:
    """The text cut wherever a quote begins or ends, and at `cuts`; quotes may lie in each other."""
    begins: dict[int, list[str]] = {}
    depth: dict[int, int] = {}
    for reference, first, last in _quotes(items):
        if start <= first < last <= end:
            begins.setdefault(first, []).append(reference)
            depth[first] = depth.get(first, 0) + 1
            depth[last] = depth.get(last, 0) - 1
    covered = 0
    for at, until in pairwise(sorted({start, end, *depth, *cuts})):
        covered += depth.get(at, 0)
        yield Stretch(text[at:until], at, covered > 0, tuple(begins.get(at, ())))


def _reviewed(visit: Visit, item: Item, anchor: str, linked: tuple[str, ...]) -> Reviewed:
    proposal = propose(visit, item) if item.state is State.DRAFT else Proposal(None, ())
    due_on = item.due_on or Plan.of(item).due_on or item.stated_due_on
    has_owner = bool(Plan.of(item).owner or Plan.of(item).unit)
    return Reviewed(
        item=item,
        owner=proposal.owner.name if proposal.owner else "",
        co_owners=tuple(person.name for person in proposal.co_owners),
        due_on=due_on,
        anchor=anchor,
        linked=linked,
        flags=tuple(
            open_flags(item, is_linked=bool(linked), has_owner=has_owner, has_due=due_on is not None)
        ),
    )


def open_flags(item: Item, *, is_linked: bool, has_owner: bool, has_due: bool) -> Iterator[dict[str, Any]]:
    """The flags of the reading that nothing has settled since."""
    settled = {
        FlagCode.PROBLEM_UNANSWERED: is_linked,
        FlagCode.MEASURE_UNPROMPTED: is_linked,
        FlagCode.NO_OWNER: has_owner,
        FlagCode.NO_DEADLINE: has_due or item.time_limit is not TimeLimit.NONE,
        FlagCode.VAGUE_WORDS: Plan.of(item).due_on is not None,
        FlagCode.TWO_DATES: Plan.of(item).due_on is not None,
    }
    return (flag for flag in item.flags if not settled.get(flag["code"], False))
