"""What is done to a draft before anything is handed over: its words, its fields, and what was chosen for it.

Reached only through the guarded door in services/items.py; a new draft is entered by `enter` alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from documents.drafts import passage
from documents.reading import Draft, FlagCode
from models.item import Item, Link
from models.report import Report
from rules.deadlines import TimeLimit
from rules.errors import WrongMoveError
from rules.lifecycle import Kind, State
from rules.passages import Passage, trimmed
from services import history
from services.office import Visit

LETTERS = {Kind.PROBLEM: "P", Kind.MEASURE: "M"}
LONGEST_TITLE = 300
_OWN_WORDS = frozenset({FlagCode.NO_OWNER, FlagCode.NO_DEADLINE, FlagCode.VAGUE_WORDS, FlagCode.TWO_DATES})
"""Flags that a passage raises by its own words."""


@dataclass(frozen=True, slots=True)
class Plan:
    """To whom a draft will go and by when, where somebody chose; what is None is as report and policy say."""

    unit: int | None = None
    """The lead unit's id; its person for such items is the owner."""
    owner: int | None = None
    co_owners: tuple[int, ...] | None = None
    due_on: date | None = None

    @classmethod
    def of(cls, item: Item) -> "Plan":
        """The plan that the item's row keeps."""
        kept = item.plan
        co_owners, due_on = kept.get("co_owners"), kept.get("due_on")
        return cls(
            kept.get("unit"),
            kept.get("owner"),
            tuple(co_owners) if co_owners is not None else None,
            date.fromisoformat(due_on) if due_on else None,
        )

    def kept(self) -> dict[str, Any]:
        """As the item's row keeps it."""
        parts = {
            "unit": self.unit,
            "owner": self.owner,
            "co_owners": list(self.co_owners) if self.co_owners is not None else None,
            "due_on": self.due_on.isoformat() if self.due_on else None,
        }
        return {name: value for name, value in parts.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Edits:
    """What is to change on a draft; None leaves it as it is."""

    title: str | None = None
    time_limit: TimeLimit | None = None
    quote: Passage | None = None
    plan: Plan | None = None
    absorbs: Item | None = None
    """Another draft that goes on as this one."""

    def change(self, item: Item) -> bool:
        """Whether the item would stand otherwise afterwards."""
        return self.absorbs is not None or any(
            (
                self.title not in {None, item.title},
                self.time_limit not in {None, item.time_limit},
                self.quote not in {None, (item.quote_start, item.quote_end)},
                self.plan not in {None, Plan.of(item)},
            )
        )


def revise(visit: Visit, item: Item, edits: Edits) -> dict[str, Any]:
    """Makes the edits; what the event tells of them.

    Raises:
        WrongMoveError: the title is empty or too long, the words are none of the report's, or the deadline,
            the time limit, the unit and the owner do not go together.
    """
    before = _facts(item)
    # The same words chosen again state nothing new.
    if edits.quote is not None and edits.quote != (item.quote_start, item.quote_end):
        quote_anew(visit.session, item, edits.quote)
    if edits.title is not None:
        item.title = checked_title(edits.title)
    item.time_limit = edits.time_limit or item.time_limit
    if edits.absorbs is not None:
        _absorb(item, edits.absorbs)
    if edits.plan is not None:
        item.plan = edits.plan.kept()
    _check_plan(visit, item)
    told: dict[str, Any] = {"changed": _changed(before, _facts(item))}
    return told | ({"absorbed": edits.absorbs.reference} if edits.absorbs else {})


def checked_title(title: str) -> str:
    """The title on one line; WrongMoveError for one that is empty or longer than 300 characters."""
    plain = " ".join(title.split())
    if not 0 < len(plain) <= LONGEST_TITLE:
        raise WrongMoveError("A title has 1 to %(longest)d characters.", longest=LONGEST_TITLE)
    return plain


def _check_plan(visit: Visit, item: Item) -> None:
    plan = Plan.of(item)
    if plan.due_on is not None and item.time_limit is TimeLimit.LONG_TERM:
        raise WrongMoveError("What is long-term has no deadline; choose another kind of time limit.")
    if plan.owner is not None and plan.unit is not None:
        owner, unit = visit.directory.people[plan.owner], visit.directory.units[plan.unit]
        if owner.unit_id != unit.id:
            raise WrongMoveError(
                "%(name)s does not work in %(unit)s; leave the unit as proposed, or name somebody of it.",
                name=owner.name,
                unit=unit.name,
            )


def _facts(item: Item) -> dict[str, Any]:
    return {
        "title": item.title,
        "quote": [item.quote_start, item.quote_end],
        "time_limit": item.time_limit.value,
        "stated_owners": list(item.stated_owners),
        "stated_due_on": item.stated_due_on.isoformat() if item.stated_due_on else None,
        **{name: item.plan.get(name) for name in ("unit", "owner", "co_owners", "due_on")},
    }


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: [before[name], after[name]] for name in after if before[name] != after[name]}


def quote_anew(session: Session, item: Item, quote: Passage) -> Draft:
    """Gives the draft these words of its report, and reads owners, deadline and flags out of them.

    What they do not state stays as the draft had it: it was stated for all that the draft spoke of.
    """
    report = session.get_one(Report, item.report_id)
    start, end = trimmed(report.text, *quote)
    found = passage(report.text, item.kind, start, end)
    item.quote_start, item.quote_end, item.body = start, end, report.text[start:end]
    item.stated_owners = list(found.owners) or item.stated_owners
    item.stated_due_on = found.deadline.on or item.stated_due_on
    if found.deadline.time_limit is not TimeLimit.NONE:
        item.time_limit = found.deadline.time_limit
    kept = [{**flag, "start": start, "end": end} for flag in item.flags if flag["code"] not in _OWN_WORDS]
    item.flags = kept + [flag_of(flag) for flag in found.flags if _still_raised(item, flag.code)]
    return found


def _still_raised(item: Item, code: FlagCode) -> bool:
    is_met = {
        FlagCode.NO_OWNER: bool(item.stated_owners),
        FlagCode.NO_DEADLINE: item.time_limit is not TimeLimit.NONE or item.stated_due_on is not None,
    }
    return not is_met.get(code, False)


def flag_of(flag: Any) -> dict[str, object]:
    """A flag as an item's or a report's row keeps it."""
    return {"code": flag.code, "start": flag.start, "end": flag.end, "detail": flag.detail}


def _absorb(item: Item, other: Item) -> None:
    """What the other draft states is stated by this one."""
    item.stated_owners = list(dict.fromkeys((*item.stated_owners, *other.stated_owners)))
    item.stated_due_on = item.stated_due_on or other.stated_due_on
    if item.time_limit is TimeLimit.NONE:
        item.time_limit = other.time_limit


def pass_links_on(session: Session, item: Item, other: Item) -> None:
    """What the item answers is answered by the other; between two kinds, nothing can be."""
    mine, theirs = (Link.measure_id, Link.problem_id)
    if item.kind is Kind.PROBLEM:
        mine, theirs = theirs, mine
    if item.kind is other.kind:
        had = set(session.scalars(select(theirs).where(mine == other.id)))
        for far in set(session.scalars(select(theirs).where(mine == item.id))) - had:
            session.execute(insert(Link), {mine.key: other.id, theirs.key: far})
    session.execute(delete(Link).where((Link.measure_id == item.id) | (Link.problem_id == item.id)))


def enter(
    visit: Visit, report: Report, kind: Kind, quote: Passage, *, like: Item | None = None, title: str = ""
) -> Item:
    """Enters a new draft of words of the report, with its event.

    `like` is the draft that it was part of: what the words do not state themselves was stated for it, too.
    Without a title it bears the one that its words begin with.
    """
    item = Item(
        reference=next_reference(visit.session, report.period, kind),
        kind=kind,
        report_id=report.id,
        stated_owners=list(like.stated_owners) if like else [],
        stated_due_on=like.stated_due_on if like else None,
        time_limit=like.time_limit if like else TimeLimit.NONE,
        plan=dict(like.plan) if like else {},
        flags=[],
        lead_unit_id=like.lead_unit_id if like else report.unit_id,
        deadline_version=1,
        state=State.DRAFT,
        progress=0,
        extensions=0,
        version=1,
    )
    read = quote_anew(visit.session, item, quote)
    item.number = read.number[:40]
    item.title = checked_title(title or read.title or item.body[:60])
    visit.session.add(item)
    visit.session.flush()
    payload: dict[str, Any] = {"quote": [item.quote_start, item.quote_end]}
    if like is not None:
        payload["part_of"] = like.reference
    entry = history.Entry(
        visit.now, visit.actor.id, visit.door, f"item:{item.reference}", "add", payload=payload, item=item
    )
    history.record(visit.session, entry)
    return item


def next_reference(session: Session, period_key: str, kind: Kind) -> str:
    """The reference of the next item of this kind in the period."""
    letter = LETTERS[kind]
    return f"{period_key}-{letter}{last_number(session, period_key, letter) + 1:02}"


def last_number(session: Session, period_key: str, letter: str) -> int:
    """The highest number of the period's items with this letter; 0 where there is none."""
    stem = f"{period_key}-{letter}"
    found = session.scalars(select(Item.reference).where(Item.reference.startswith(stem, autoescape=True)))
    return max((int(reference[len(stem) :]) for reference in found), default=0)


def link(session: Session, measure: Item, problem: Item) -> dict[str, Any]:
    """Notes that the measure answers the problem; what the event tells."""
    session.execute(insert(Link), {"measure_id": measure.id, "problem_id": problem.id})
    return {"linked": problem.reference}


def unlink(session: Session, measure: Item, problem: Item) -> dict[str, Any]:
    """Takes the link away; what the event tells."""
    gone = delete(Link).where(Link.measure_id == measure.id, Link.problem_id == problem.id)
    session.execute(gone)
    return {"unlinked": problem.reference}


def is_linked(session: Session, measure: Item, problem: Item) -> bool:
    """Whether the measure answers the problem."""
    return session.get(Link, (measure.id, problem.id)) is not None
