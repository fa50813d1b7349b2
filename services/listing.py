"""Lists of items, as plain values for whoever shows them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Engine, select
from sqlalchemy.orm import Session

from models.item import Item, Link
from models.message import Message
from models.organisation import Person, Unit
from models.report import Report
from models.session import reading
from rules.deadlines import TimeLimit
from rules.lifecycle import OPEN, Kind, State
from rules.lights import Light, light
from services.lines import owners_of
from services.office import Office


@dataclass(frozen=True, slots=True)
class ListedItem:
    """One item as a list shows it."""

    reference: str
    kind: Kind
    number: str
    title: str
    body: str
    quote: tuple[int, int] | None
    report: int | None
    unit: str
    owners: tuple[str, ...]
    """E-mail addresses."""
    stated_owners: tuple[str, ...]
    time_limit: TimeLimit
    due_on: date | None
    original_due_on: date | None
    deadline_version: int
    state: State
    light: Light
    progress: int
    resumes_on: date | None
    """The day on which its paused reminders go on; None when they are not paused."""
    pause_note: str
    answers: tuple[str, ...]
    """References of the problems that a measure answers."""
    flags: tuple[str, ...]
    version: int


def listed(
    session: Session, office: Office, today: date, *conditions: ColumnElement[bool]
) -> list[ListedItem]:
    """The items that satisfy all `conditions` on Item, Unit and Report, in order of entry."""
    rows = session.execute(
        select(Item, Unit.code)
        .join(Unit, Unit.id == Item.lead_unit_id)
        .outerjoin(Report, Report.id == Item.report_id)
        .where(*conditions)
        .order_by(Item.id)
    ).all()
    owners = owners_of(session, (item.id for item, _ in rows)) if rows else {}
    answers = _answers(session)
    return [
        _listed(item, unit, tuple(p.email for p in owners.get(item.id, ())), answers, today, office)
        for item, unit in rows
    ]


def _answers(session: Session) -> dict[int, tuple[str, ...]]:
    query = select(Link.measure_id, Item.reference).join(Item, Item.id == Link.problem_id).order_by(Item.id)
    found: dict[int, tuple[str, ...]] = {}
    for measure, problem in session.execute(query):
        found[measure] = (*found.get(measure, ()), problem)
    return found


def _listed(
    item: Item,
    unit: str,
    owners: tuple[str, ...],
    answers: dict[int, tuple[str, ...]],
    today: date,
    office: Office,
) -> ListedItem:
    is_paused = item.resumes_on is not None and today < item.resumes_on
    has_quote = item.quote_start is not None and item.quote_end is not None
    return ListedItem(
        reference=item.reference,
        kind=item.kind,
        number=item.number,
        title=item.title,
        body=item.body,
        quote=(item.quote_start or 0, item.quote_end or 0) if has_quote else None,
        report=item.report_id,
        unit=unit,
        owners=owners,
        stated_owners=tuple(item.stated_owners),
        time_limit=item.time_limit,
        due_on=item.due_on,
        original_due_on=item.original_due_on,
        deadline_version=item.deadline_version,
        state=item.state,
        light=light(item.state, item.due_on, today, office.calendar),
        progress=item.progress,
        resumes_on=item.resumes_on if is_paused else None,
        pause_note=item.pause_note if is_paused else "",
        answers=answers.get(item.id, ()),
        flags=tuple(str(flag["code"]) for flag in item.flags),
        version=item.version,
    )


@dataclass(frozen=True, slots=True)
class PausedItem:
    """An open item whose reminders somebody has paused."""

    reference: str
    title: str
    resumes_on: date
    note: str


def paused(session: Session, today: date) -> list[PausedItem]:
    """The open items whose reminders are paused on `today`, those that go on first at the top."""
    query = select(Item.reference, Item.title, Item.resumes_on, Item.pause_note).where(
        Item.resumes_on > today, Item.state.in_(OPEN)
    )
    return [PausedItem(*row) for row in session.execute(query.order_by(Item.resumes_on, Item.id))]


def letters_of(engine: Engine, day: date) -> list[dict[str, Any]]:
    """The letters of a day, one row each: to whom, what, and what became of it."""
    query = select(Person.name, Message.subject, Message.state, Message.held, Message.attempts)
    query = query.join(Person, Person.id == Message.person_id).where(Message.day == day).order_by(Message.id)
    with reading(engine) as session:
        return [
            {
                "Person": name,
                "Subject": subject,
                "State": "held" if held else state.value,
                "Attempts": attempts,
            }
            for name, subject, state, held, attempts in session.execute(query)
        ]


def named(
    *, state: str | None = None, kind: str | None = None, unit: str | None = None, report: int | None = None
) -> list[ColumnElement[bool]]:
    """The conditions for the words that were said."""
    return [
        *([Item.state == State(state)] if state else []),
        *([Item.kind == Kind(kind)] if kind else []),
        *([Unit.code == unit] if unit else []),
        *([Item.report_id == report] if report else []),
    ]
