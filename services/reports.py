"""From a written report to items: taking it in, and confirming what was read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from documents.drafts import Draft
from documents.paper import Paper
from documents.reading import Notice, notice
from documents.wording import period_words, printable
from models.item import Assignment, Item, Link
from models.organisation import Person, Unit
from models.report import Report
from notifications import outbox
from rules.errors import ChangedError, NotFoundError
from rules.lifecycle import Move, State
from rules.owners import OwnerRule, UnitNames, named_units, unit_by_words
from rules.periods import Period, covering, period
from rules.permissions import Role
from services import history, notices, repeats
from services.access import require
from services.drafting import LETTERS, Plan, flag_of, last_number
from services.items import move
from services.moves import Wish
from services.office import Visit
from services.organisation import person_by_email

_AT_ONCE = 500
"""References that one statement asks for; databases bound how many values it may have."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The report's row, its items, and whether the same file had come in before."""

    report: Report
    items: tuple[Item, ...]
    was_known: bool
    already: tuple[Item, ...] = ()
    """Items that the file names by our own reference and that were here before; they are left as they are."""
    retitled: tuple[Item, ...] = ()
    """Of these, the ones that the file calls otherwise than we do."""


def take_in(visit: Visit, paper: Paper, unit: Unit) -> Taken:
    """Enters a report and its drafts. The same file twice is the same report.

    A ledger that we wrote names items that are here already; of it only what is new is entered.

    Raises:
        NotAllowedError: the visitor does not coordinate the unit.
    """
    require(visit.directory, "intake", visit.actor, unit, visit.today)
    history.lock(visit.session)
    digest = sha256(paper.content).hexdigest()
    known = visit.session.scalars(select(Report).where(Report.sha256 == digest)).first()
    if known:
        return Taken(known, tuple(items_of(visit.session, known)), was_known=True)
    report = _report(visit, paper, unit, digest)
    visit.session.add(report)
    visit.session.flush()
    known_items = _already(visit.session, paper.reading.drafts)
    payload = {"file": report.file_name, "sha256": digest, "drafts": len(paper.reading.drafts)}
    if known_items:
        payload["already"] = list(known_items)
    _note(visit, f"report:{report.id}", "take-in", payload=payload)
    items = _items(visit, paper, report, known_items)
    retitled = _retitled(paper.reading.drafts, known_items)
    return Taken(report, items, was_known=False, already=tuple(known_items.values()), retitled=retitled)


def notices_of(taken: Taken) -> list[Notice]:
    """What whoever took a file in should know of what was here already."""
    told = [notice("This report was here already.")] if taken.was_known else []
    if taken.already:
        told.append(
            notice(
                "%(count)d items are here already and were left as they are: %(references)s.",
                count=len(taken.already),
                references=", ".join(item.reference for item in taken.already),
            )
        )
    return told + [_retitled_notice(item) for item in taken.retitled]


def _retitled_notice(item: Item) -> Notice:
    return notice(
        "%(reference)s has another title here: %(title)s. If the row is another item, take its "
        "reference out of the file and take it in again.",
        reference=item.reference,
        title=item.title,
    )


def _already(session: Session, drafts: Iterable[Draft]) -> dict[str, Item]:
    """Reference -> item, of those that the drafts name and that are here."""
    named = sorted({draft.reference for draft in drafts if draft.reference})
    found: dict[str, Item] = {}
    for at in range(0, len(named), _AT_ONCE):
        query = select(Item).where(Item.reference.in_(named[at : at + _AT_ONCE]))
        found |= {item.reference: item for item in session.scalars(query.order_by(Item.id))}
    return found


def _retitled(drafts: Iterable[Draft], known: Mapping[str, Item]) -> tuple[Item, ...]:
    """The known items that a draft names by another title; it may be another item with the same reference."""
    pairs = ((known[draft.reference], draft) for draft in drafts if draft.reference in known)
    return tuple(item for item, draft in pairs if printable(item.title).strip() != draft.title)


def _report(visit: Visit, paper: Paper, unit: Unit, digest: str) -> Report:
    reading, today = paper.reading, visit.today
    stated = reading.period
    spoken_of = covering(*stated) if stated else period(visit.office.policy.deadlines.period, today)
    return Report(
        title=(reading.title or _own_title(paper, spoken_of))[:300],
        organisation=(reading.org or "")[:200],
        unit_id=unit.id,
        period=spoken_of.key,
        first_on=stated[0] if stated else None,
        last_on=stated[1] if stated else None,
        text=paper.text.text,
        sha256=digest,
        media_type=paper.text.media_type,
        file_name=paper.file_name[-255:],
        flags=[flag_of(flag) for flag in reading.flags],
        received_at=visit.now,
    )


def _own_title(paper: Paper, spoken_of: Period) -> str:
    """What to call a report that bears no title: by who wrote it and of which period, else by its file."""
    org = paper.reading.org
    return f"{org}{period_words(spoken_of, 'zh_CN')}报告" if org else paper.file_name


def _items(visit: Visit, paper: Paper, report: Report, known: Mapping[str, Item]) -> tuple[Item, ...]:
    """Enters the drafts that are not `known`, and links what is new to what it answers."""
    numbers = {kind: last_number(visit.session, report.period, letter) for kind, letter in LETTERS.items()}
    items: list[Item] = []
    every: list[Item] = []
    for draft in paper.reading.drafts:
        if draft.reference in known:
            every.append(known[draft.reference])
            continue
        numbers[draft.kind] += 1
        reference = f"{report.period}-{LETTERS[draft.kind]}{numbers[draft.kind]:02}"
        items.append(_item(report, draft, reference))
        every.append(items[-1])
    repeats.mark(visit, report, items)
    visit.session.add_all(items)
    visit.session.flush()
    for item in items:
        _note(visit, f"item:{item.reference}", "read", item=item)
    _link(visit.session, paper.reading.drafts, every, known)
    return tuple(items)


def _item(report: Report, draft: Draft, reference: str) -> Item:
    flags = [flag_of(flag) for flag in draft.flags]
    if draft.done:
        flags.append({"code": "done", "start": draft.start, "end": draft.end, "detail": ""})
    return Item(
        reference=reference,
        kind=draft.kind,
        number=draft.number[:40],
        title=draft.title[:300],
        body=report.text[draft.start : draft.end],
        report_id=report.id,
        quote_start=draft.start,
        quote_end=draft.end,
        stated_owners=list(draft.owners),
        stated_due_on=draft.deadline.on,
        flags=flags,
        lead_unit_id=report.unit_id,
        time_limit=draft.deadline.time_limit,
        deadline_version=1,
        state=State.DRAFT,
        progress=0,
        extensions=0,
        version=1,
    )


def _link(session: Session, drafts: Iterable[Draft], items: list[Item], known: Mapping[str, Item]) -> None:
    rows = [
        {"measure_id": items[index].id, "problem_id": items[target].id}
        for index, draft in enumerate(drafts)
        if draft.reference not in known
        for target in dict.fromkeys(draft.addresses)
    ]
    if rows:
        session.execute(insert(Link), rows)


def _note(
    visit: Visit, subject: str, what: str, *, item: Item | None = None, payload: dict[str, Any] | None = None
) -> None:
    entry = history.Entry(
        visit.now, visit.actor.id, visit.door, subject, what, payload=payload or {}, item=item
    )
    history.record(visit.session, entry)


def report_by_id(session: Session, report_id: int) -> Report:
    """The report with this number; NotFoundError says how many there are."""
    found = session.get(Report, report_id)
    if found is None:
        count = session.scalar(select(func.count()).select_from(Report))
        raise NotFoundError(
            "There is no report %(report)s; this database holds %(count)s.", report=report_id, count=count
        )
    return found


def items_of(session: Session, report: Report) -> list[Item]:
    """The report's items in the order in which they were entered, as they stand now."""
    query = select(Item).where(Item.report_id == report.id).order_by(Item.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The items that were handed over, and those that still lack an owner."""

    assigned: tuple[Item, ...]
    unowned: tuple[Item, ...]


def confirm(
    visit: Visit,
    report: Report,
    references: Iterable[str] | None = None,
    *,
    versions: Mapping[str, int] | None = None,
) -> Confirmed:
    """Confirms drafts of a report (all, or those named) and hands them over as planned or proposed.

    An item for which neither report nor policy names an owner is confirmed and waits for a coordinator.
    `versions` are those that the visitor looked at.

    Raises:
        ChangedError: one of them is of another version by now; nothing was changed.
    """
    history.lock(visit.session)
    wanted = None if references is None else set(references)
    _check_versions(visit.session, report, versions or {})
    assigned: list[Item] = []
    unowned: list[Item] = []
    for item in items_of(visit.session, report):
        if item.state is not State.DRAFT or (wanted is not None and item.reference not in wanted):
            continue
        if item.confirmed_on is None:
            move(visit, item.reference, Wish(Move.CONFIRM))
        proposal = propose(visit, item)
        if proposal.owner is None and not _has_owner(visit.session, item):
            unowned.append(item)
            continue
        move(visit, item.reference, Wish(Move.ASSIGN, to=proposal.owner, co_owners=proposal.co_owners))
        assigned.append(item)
    letters = notices.assignments(visit, assigned, report.title)
    outbox.put(visit.session, visit.office.postbox, letters, visit.now)
    return Confirmed(tuple(assigned), tuple(unowned))


def _check_versions(session: Session, report: Report, versions: Mapping[str, int]) -> None:
    for item in items_of(session, report):
        if versions.get(item.reference, item.version) != item.version:
            raise ChangedError(
                "Item %(reference)s was changed while you worked on it.", reference=item.reference
            )


def _has_owner(session: Session, item: Item) -> bool:
    query = select(Assignment.id).where(Assignment.item_id == item.id, Assignment.role == Role.OWNER).limit(1)
    return session.scalars(query).first() is not None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who should own an item and who should help, as far as report and policy say."""

    owner: Person | None
    co_owners: tuple[Person, ...]


def propose(visit: Visit, item: Item) -> Proposal:
    """The people for an item: those that were chosen for it, else those that report and policy propose."""
    plan, people = Plan.of(item), visit.directory.people
    proposed = propose_by_words(visit, item)
    owner = proposed.owner
    if plan.owner is not None and people[plan.owner].active:
        owner = people[plan.owner]
    elif plan.unit is not None:
        owner = _person_of(visit, visit.directory.units[plan.unit], visit.office.policy.owners)
    helpers = proposed.co_owners
    if plan.co_owners is not None:
        helpers = tuple(people[key] for key in plan.co_owners if people[key].active)
    return Proposal(owner, tuple(person for person in helpers if person is not owner))


def propose_by_words(visit: Visit, item: Item) -> Proposal:
    """The people for an item: of the units that the report names, else by key words, else the unit's head."""
    units = {unit.code: unit for unit in visit.directory.units.values() if unit.active}
    names = [UnitNames(unit.code, (unit.name, unit.code, *unit.aliases)) for unit in units.values()]
    rules = tuple(rule for rule in visit.office.policy.owners if rule.unit in units)
    named = named_units(item.stated_owners, names)
    lead = named[0] if named else unit_by_words(item.title, item.body, rules)
    owner = _person_of(visit, units[lead] if lead else visit.directory.units[item.lead_unit_id], rules)
    helpers = (_person_of(visit, units[code], rules) for code in named[1:])
    return Proposal(owner, tuple(person for person in helpers if person is not None and person is not owner))


def _person_of(visit: Visit, unit: Unit, rules: Iterable[OwnerRule]) -> Person | None:
    """The unit's person for such items by the policy, else its head."""
    rule = next((rule for rule in rules if rule.unit == unit.code), None)
    if rule is not None and rule.person:
        return person_by_email(visit.session, rule.person)
    heads = visit.directory.holders(Role.HEAD, unit.id, visit.today)
    return visit.directory.people[heads[0]] if heads else None
