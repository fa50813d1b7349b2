"""Drafts as coordinators correct them before anything is handed over: edit, split, merge, turn, add, link."""

from collections.abc import Iterable

from sqlalchemy import select

from models.item import Item
from models.report import Report
from rules.errors import NotAllowedError, NotFoundError, WrongMoveError
from rules.lifecycle import Kind, Move, State
from rules.passages import Passage, joined, trimmed
from services import drafting, history
from services.access import require
from services.drafting import Edits
from services.items import act, by_reference, move
from services.moves import Wish
from services.office import Visit
from services.visibility import is_visible_report, visible_item


def edit(
    visit: Visit, reference: str, edits: Edits, *, kind: Kind | None = None, version: int | None = None
) -> Item:
    """Makes the edits. A draft that turns into the other kind goes on under a reference of that kind.

    Raises:
        NotFoundError, NotAllowedError, WrongMoveError, ChangedError: as `items.act`.
    """
    history.lock(visit.session)
    item = by_reference(visit.session, reference)
    _check_words(visit, item, edits)
    if kind in {None, item.kind}:
        act(visit, reference, Wish(Move.EDIT, edits=edits, version=version))
        return item
    if edits.change(item):
        act(visit, reference, Wish(Move.EDIT, edits=edits, version=version))
        version = item.version
    return _turn(visit, item, kind or item.kind, version)


def _check_words(visit: Visit, item: Item, edits: Edits) -> None:
    """Other words than its own are chosen by those alone who may read them."""
    own = quote_of(item)
    is_inside = edits.quote is None or own[0] <= edits.quote[0] <= edits.quote[1] <= own[1]
    if not is_inside and not is_visible_report(visit, item.report_id):
        raise NotAllowedError("You may not read the report of %(reference)s.", reference=item.reference)


def _turn(visit: Visit, item: Item, kind: Kind, version: int | None) -> Item:
    report = _report(visit, item)
    require(visit.directory, "edit", visit.actor, visit.directory.units[item.lead_unit_id], visit.today)
    new = drafting.enter(visit, report, kind, quote_of(item), like=item, title=item.title)
    act(visit, item.reference, Wish(Move.MERGE, other=new, version=version))
    return new


def split(visit: Visit, reference: str, at: int, *, version: int | None = None) -> Item:
    """Divides a draft at a place in the report's text; the new draft is what begins there.

    Raises:
        NotFoundError, NotAllowedError, WrongMoveError, ChangedError: as `items.act`.
    """
    _, scene = move(visit, reference, Wish(Move.SPLIT, at=at, version=version))
    return by_reference(visit.session, str(scene.told["split_off"]))


def merge(
    visit: Visit,
    reference: str,
    into: str,
    *,
    version: int | None = None,
    into_version: int | None = None,
) -> Item:
    """Lets a draft go on as another one of its report, which takes over what it states and answers.

    The other one's quote reaches over both, unless a third draft begins between them: then it stays as it is.

    Raises:
        NotFoundError, NotAllowedError, WrongMoveError, ChangedError: as `items.act`.
    """
    history.lock(visit.session)
    item, other = visible_item(visit, reference), visible_item(visit, into)
    act(visit, reference, Wish(Move.MERGE, other=other, version=version))
    others = (quote_of(one) for one in drafts_of(visit, item.report_id) if one.id not in {item.id, other.id})
    quote = joined(quote_of(item), quote_of(other), others)
    # What stands between them is for those alone who may read the report.
    if not is_visible_report(visit, item.report_id):
        quote = None
    edits = Edits(quote=quote if quote != quote_of(other) else None, absorbs=item)
    act(visit, into, Wish(Move.EDIT, edits=edits, version=into_version))
    return other


def add(visit: Visit, report: Report, kind: Kind, quote: Passage, title: str = "") -> Item:
    """Enters a draft of words of the report that the reading passed over.

    Raises:
        NotAllowedError: the visitor does not coordinate the report's unit.
        WrongMoveError: the words are none of the report's, or a draft of this kind has the very same.
    """
    require(visit.directory, "add-draft", visit.actor, visit.directory.units[report.unit_id], visit.today)
    history.lock(visit.session)
    words = trimmed(report.text, *quote)
    for one in drafts_of(visit, report.id):
        if (one.kind, quote_of(one)) == (kind, words):
            raise WrongMoveError("%(reference)s holds these very words already.", reference=one.reference)
    return drafting.enter(visit, report, kind, words, title=title)


def link(visit: Visit, one: str, other: str, *, version: int | None = None) -> Item:
    """Notes that one of the two answers the other; the measure, whose version `version` is, is returned.

    Raises:
        NotFoundError: one of them is not there for the visitor.
        NotAllowedError, WrongMoveError, ChangedError: as `items.act`.
    """
    return _paired(visit, Move.LINK, one, other, version)


def unlink(visit: Visit, one: str, other: str, *, version: int | None = None) -> Item:
    """Takes the link between the two away; as `link`."""
    return _paired(visit, Move.UNLINK, one, other, version)


def _paired(visit: Visit, made: Move, one: str, other: str, version: int | None) -> Item:
    history.lock(visit.session)
    measure, problem = visible_item(visit, one), visible_item(visit, other)
    if measure.kind is problem.kind:
        raise WrongMoveError(
            "A measure answers a problem; %(one)s and %(other)s are of one kind.", one=one, other=other
        )
    if measure.kind is Kind.PROBLEM:
        measure, problem = problem, measure
    act(visit, measure.reference, Wish(made, other=problem, version=version))
    return measure


def drafts_of(visit: Visit, report_id: int | None) -> Iterable[Item]:
    """The report's drafts in the order of their words."""
    query = select(Item).where(Item.report_id == report_id, Item.state == State.DRAFT)
    return visit.session.scalars(query.order_by(Item.quote_start, Item.quote_end, Item.id)).all()


def quote_of(item: Item) -> Passage:
    """Where the item's words stand in its report; an item without a report has none."""
    return item.quote_start or 0, item.quote_end or 0


def _report(visit: Visit, item: Item) -> Report:
    found = visit.session.get(Report, item.report_id) if item.report_id else None
    if found is None:
        raise NotFoundError("%(reference)s was read from no report.", reference=item.reference)
    return found
