"""Drafts in the browser: edited, split, merged, added by hand; and what answers what."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from sqlalchemy import select
from starlette.responses import Response

from models.item import Item
from models.organisation import Person, Unit
from models.report import Report
from rules.deadlines import TimeLimit
from rules.errors import NotAllowedError, NotFoundError, RefusedError, WrongMoveError
from rules.lifecycle import Kind, Move, State
from rules.passages import Passage, is_at, located, marks, places, trimmed
from rules.permissions import may
from services import dossiers, drafts, reviews
from services.access import roles_on_item
from services.drafting import Edits, Plan
from services.organisation import Contact, person_by_words
from services.reports import propose
from services.visibility import is_visible_report, items_for, visible_item
from web.deps import Ask, own_fields, redirect
from web.forms import day, listed, number, text, word
from web.guards import local_path
from web.pages import Family
from web.refusals import refused, status_of
from web.rendering import page, part

MOST_NAMES = 400
"""People that a form proposes while one types."""
MOST_OTHERS = 200
"""Drafts and counterparts that a form offers."""

family = Family()


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a draft's words; a second draft may begin where it does, unless it is the first."""

    at: int
    words: str


@family.get("/items/{reference}/edit", "edit")
def show(ask: Ask, reference: str) -> Response:
    """The draft with its words in the report, and the forms that change it."""
    item = _mine(ask, reference, Move.EDIT)
    if item.state is not State.DRAFT:
        raise WrongMoveError("%(reference)s is no draft any more.", reference=item.reference)
    return _shown(ask, item)


def _mine(ask: Ask, reference: str, move: Move) -> Item:
    """The item, for somebody who may make this move on it; what else it needs is looked at later."""
    item, visit = visible_item(ask.visit, reference), ask.visit
    roles = roles_on_item(visit.session, visit.directory, visit.actor, item, visit.today)
    if not may(move.value, roles):
        raise NotAllowedError(
            "You may not %(move)s item %(reference)s.", move=move.value, reference=item.reference
        )
    return item


def _shown(ask: Ask, item: Item, error: RefusedError | None = None) -> Response:
    status = status_of(error) if error else 200
    seen = number(ask.form, "version")
    report = ask.visit.session.get(Report, item.report_id) if item.report_id else None
    if report is None:
        raise NotFoundError("%(reference)s was read from no report.", reference=item.reference)
    whole, plan = drafts.quote_of(item), Plan.of(item)
    return page(
        ask,
        "draft.html",
        status=status,
        item=item,
        report=report,
        back=place(ask, item),
        sentence=ask.refusal(error) if error else "",
        news=dossiers.news(ask.visit, item, seen) if status == 409 and seen is not None else (),
        # Whoever is refused for another reason still answers for the version that they looked at.
        version=seen if error and status != 409 and seen is not None else item.version,
        typed=own_fields(ask.form) if error else None,
        stretches=reviews.around(ask.visit, report, item),
        pieces=list(_pieces(report.text, whole)),
        ends=marks(report.text, whole),
        plan=plan,
        planned=_planned(ask, plan),
        proposal=propose(ask.visit, _unplanned(item)),
        people=_people(ask, item),
        units=[unit for unit in ask.visit.directory.units.values() if unit.active],
        limits=list(TimeLimit),
        kinds=list(Kind),
        mates=_mates(ask, item),
        linked=dossiers.linked(ask.visit, item),
        counterparts=_counterparts(ask, item),
        zone=ask.visit.office.zone,
    )


def _pieces(whole_text: str, whole: Passage) -> Iterator[Piece]:
    cuts = [whole[0], *places(whole_text, whole), whole[1]]
    for start, end in pairwise(cuts):
        yield Piece(start, whole_text[start:end])


def _unplanned(item: Item) -> Item:
    """As the report has it, to say what is proposed where nothing is chosen."""
    return Item(
        title=item.title,
        body=item.body,
        stated_owners=item.stated_owners,
        lead_unit_id=item.lead_unit_id,
        plan={},
    )


def _planned(ask: Ask, plan: Plan) -> dict[str, str]:
    """What was chosen, as the fields of the form say it."""
    people, units = ask.visit.directory.contacts, ask.visit.directory.units
    return {
        "unit": units[plan.unit].code if plan.unit is not None else "",
        "owner": _named(people[plan.owner]) if plan.owner is not None else "",
        "co": "；".join(_named(people[key]) for key in plan.co_owners or ()),
        "due": plan.due_on.isoformat() if plan.due_on else "",
    }


def _named(person: Person | Contact) -> str:
    return f"{person.name} <{person.email}>"


def _people(ask: Ask, item: Item) -> list[str]:
    """Names to choose from, those that are proposed and their colleagues first."""
    proposal = propose(ask.visit, _unplanned(item))
    first = [person for person in (proposal.owner, *proposal.co_owners) if person is not None]
    units = {person.unit_id for person in first}
    others = sorted(
        (person for person in ask.visit.directory.contacts.values() if person.active),
        key=lambda person: (person.unit_id not in units, person.name),
    )
    return list(dict.fromkeys([*map(_named, first), *map(_named, others)]))[:MOST_NAMES]


def _mates(ask: Ask, item: Item) -> list[Item]:
    """The other drafts of the report, the nearest first."""
    here = item.quote_start or 0
    query = select(Item).where(
        Item.report_id == item.report_id,
        Item.id != item.id,
        Item.state == State.DRAFT,
        items_for(ask.visit, "view-item"),
    )
    others = ask.visit.session.scalars(query.order_by(Item.quote_start))
    return sorted(others, key=lambda one: abs((one.quote_start or 0) - here))[:MOST_OTHERS]


def _counterparts(ask: Ask, item: Item) -> list[Item]:
    """What the item could be linked with, of its own report."""
    query = select(Item).where(
        Item.report_id == item.report_id,
        Item.kind != item.kind,
        Item.state != State.CANCELLED,
        items_for(ask.visit, "view-item"),
    )
    return list(ask.visit.session.scalars(query.order_by(Item.quote_start).limit(MOST_OTHERS)))


def _again(ask: Ask, error: RefusedError, reference: str) -> Response:
    item = visible_item(ask.visit, reference)
    # Whoever may change nothing is shown nothing that the item's own page would not show.
    return refused(ask, error) if isinstance(error, NotAllowedError) else _shown(ask, item, error)


@family.post("/items/{reference}/edit", "edit", again=_again)
def edit(ask: Ask, reference: str) -> Response:
    """Makes the edits; a draft that turned into the other kind goes on under another reference."""
    item = _mine(ask, reference, Move.EDIT)
    version, kind = number(ask.form, "version"), word(ask.form, "kind", Kind)
    done = drafts.edit(ask.visit, reference, _edits(ask, item), kind=kind, version=version)
    return redirect(place(ask, done))


def _edits(ask: Ask, item: Item) -> Edits:
    form, limit = ask.form, word(ask.form, "limit", TimeLimit)
    return Edits(
        title=text(form, "title") if "title" in form else None,
        # What other words state goes before what merely stood in the form.
        time_limit=limit if limit is not item.time_limit else None,
        quote=_words(ask, item),
        plan=_plan(ask, item) if "owner" in form else None,
    )


def _words(ask: Ask, item: Item) -> Passage | None:
    report = ask.visit.session.get(Report, item.report_id) if item.report_id else None
    if report is None or not (text(ask.form, "first") or text(ask.form, "last")):
        return None
    own = drafts.quote_of(item)
    if is_visible_report(ask.visit, report.id):
        return passage(ask, report.text, own)
    # Who may not read the report finds nothing in it but the draft's own words.
    start, end = passage(ask, report.text[slice(*own)], (0, own[1] - own[0]), base=own[0])
    return own[0] + start, own[0] + end


def passage(ask: Ask, words: str, near: Passage | None = None, *, base: int = 0) -> Passage:
    """Where in `words` stands what was selected, or what its beginning and its end name.

    Selections count from the beginning of the report, of which `words` begin at `base`.
    """
    first, last = text(ask.form, "first"), text(ask.form, "last")
    start, end = number(ask.form, "start"), number(ask.form, "end")
    if start is None or end is None:
        return located(words, first, last, near)
    found = trimmed(words, start - base, end - base)
    if not is_at(words, found, first, last):
        raise WrongMoveError("The selection does not fit its words; select them again.")
    return found


def _plan(ask: Ask, item: Item) -> Plan:
    form, session = ask.form, ask.visit.session
    owner, unit, co = text(form, "owner"), text(form, "unit"), listed(form, "co")
    co_owners = tuple(person_by_words(session, name).id for name in co)
    return replace(
        Plan.of(item),
        unit=_unit(ask, unit).id if unit else None,
        owner=person_by_words(session, owner).id if owner else None,
        co_owners=co_owners if co or text(form, "alone") else None,
        due_on=day(form, "due"),
    )


def _unit(ask: Ask, code: str) -> Unit:
    found = [unit for unit in ask.visit.directory.units.values() if unit.active and unit.code == code]
    if not found:
        raise NotFoundError("There is no unit %(code)s.", code=code[:40])
    return found[0]


def place(ask: Ask, item: Item) -> str:
    """The draft's place in the review of its report; its own page for who may not read that."""
    if not is_visible_report(ask.visit, item.report_id):
        return f"/items/{part(item.reference)}"
    at = reviews.page_of(ask.visit, item)
    return f"/reports/{item.report_id}?page={at}#draft-{part(item.reference)}"


@family.post("/items/{reference}/split", "split", again=_again)
def split(ask: Ask, reference: str) -> Response:
    """Divides the draft at the place that was chosen."""
    _mine(ask, reference, Move.SPLIT)
    at = number(ask.form, "at")
    new = drafts.split(
        ask.visit, reference, at if at is not None else -1, version=number(ask.form, "version")
    )
    return redirect(place(ask, new))


@family.post("/items/{reference}/merge", "merge", again=_again)
def merge(ask: Ask, reference: str) -> Response:
    """Lets the draft go on as the one that was chosen."""
    item = _mine(ask, reference, Move.MERGE)
    into, _, seen = text(ask.form, "other").partition(":")
    if not into:
        raise WrongMoveError(
            "Name another draft of the same report; %(reference)s goes on as that one.",
            reference=item.reference,
        )
    version, into_version = number(ask.form, "version"), number({"version": seen}, "version")
    found = drafts.merge(ask.visit, reference, into, version=version, into_version=into_version)
    return redirect(place(ask, found))


def _linking(move: Move, make: Callable[..., Item]) -> None:
    """Linking and its undoing, from the item's page or from the draft's."""

    @family.post(f"/items/{{reference}}/{move.value}", move.value, again=_again)
    def paired(ask: Ask, reference: str) -> Response:
        _mine(ask, reference, move)
        other = text(ask.form, "other").partition(" ")[0]
        if not other:
            raise WrongMoveError("Name what %(reference)s is linked with.", reference=reference)
        make(ask.visit, reference, other)
        return redirect(local_path(text(ask.form, "next"), f"/items/{part(reference)}"))


_linking(Move.LINK, drafts.link)
_linking(Move.UNLINK, drafts.unlink)
