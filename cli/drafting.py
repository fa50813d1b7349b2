"""edit, split, merge, link, unlink: drafts put right before they are confirmed, and what answers what."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from cli.door import opened, visiting
from cli.options import AsJson, AsWhom, day
from cli.output import as_json, tell
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind

if TYPE_CHECKING:
    from models.item import Item
    from rules.passages import Passage
    from services.drafting import Plan
    from services.office import Visit

Reference = Annotated[str, typer.Argument(metavar="REF", help="The draft, such as 2026H1-P03.")]
Measure = Annotated[str, typer.Argument(metavar="MEASURE", help="The measure, such as 2026H1-M03.")]
Problem = Annotated[str, typer.Argument(metavar="PROBLEM", help="The problem that it answers.")]


def edit(
    reference: Reference,
    title: Annotated[str | None, typer.Option("--title", help="Another title.")] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="What it is; its reference changes.")] = None,
    limit: Annotated[TimeLimit | None, typer.Option("--limit", help="The kind of time limit.")] = None,
    due: Annotated[str | None, typer.Option("--due", help="The deadline, such as 2026-09-30.")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="CODE", help="The lead unit.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="EMAIL", help="The owner.")] = None,
    co: Annotated[list[str] | None, typer.Option("--co", metavar="EMAIL", help="A co-owner.")] = None,
    first: Annotated[str | None, typer.Option("--first", metavar="WORDS", help="Its first words.")] = None,
    last: Annotated[str | None, typer.Option("--last", metavar="WORDS", help="Its last words.")] = None,
    as_whom: AsWhom = None,
    *,
    json: AsJson = False,
) -> None:
    """Put a draft right; nobody hears of it before it is confirmed."""
    from services import drafts
    from services.drafting import Edits
    from services.items import by_reference

    due_on = day(due)
    with visiting(opened(), as_whom) as visit:
        item = by_reference(visit.session, reference)
        plan = _plan(visit, item, unit, owner, co, due_on)
        edits = Edits(title, limit, _words(visit, item, first, last), plan)
        _say(drafts.edit(visit, item.reference, edits, kind=kind), json=json)


def _plan(
    visit: "Visit",
    item: "Item",
    unit: str | None,
    owner: str | None,
    co: list[str] | None,
    due_on: date | None,
) -> "Plan":
    """The draft's plan with what was named put in."""
    from dataclasses import replace

    from services.drafting import Plan
    from services.organisation import person_by_email, unit_by_code

    plan = Plan.of(item)
    if unit:
        plan = replace(plan, unit=unit_by_code(visit.session, unit).id)
    if owner:
        plan = replace(plan, owner=person_by_email(visit.session, owner).id)
    if co:
        plan = replace(plan, co_owners=tuple(person_by_email(visit.session, email).id for email in co))
    return replace(plan, due_on=due_on or plan.due_on)


def _words(visit: "Visit", item: "Item", first: str | None, last: str | None) -> "Passage | None":
    from rules.passages import located, marks
    from services.drafts import quote_of
    from services.reports import report_by_id

    if not (first or last) or item.report_id is None:
        return None
    text, before = report_by_id(visit.session, item.report_id).text, quote_of(item)
    begin, end = marks(text, before)
    return located(text, first or begin, last or end, before)


def split(
    reference: Reference,
    at: Annotated[str, typer.Option("--at", metavar="WORDS", help="With which words the second one begins.")],
    as_whom: AsWhom = None,
    *,
    json: AsJson = False,
) -> None:
    """Divide a draft into two."""
    from rules.passages import place_of
    from services import drafts
    from services.items import by_reference
    from services.reports import report_by_id

    with visiting(opened(), as_whom) as visit:
        item = by_reference(visit.session, reference)
        text = report_by_id(visit.session, item.report_id or 0).text
        place = place_of(text, drafts.quote_of(item), at)
        _say(drafts.split(visit, item.reference, place), json=json)


def merge(
    reference: Reference,
    into: Annotated[str, typer.Option("--into", metavar="REF", help="The draft that it goes on as.")],
    as_whom: AsWhom = None,
    *,
    json: AsJson = False,
) -> None:
    """Let a draft go on as another one of the same report."""
    from services import drafts

    with visiting(opened(), as_whom) as visit:
        _say(drafts.merge(visit, reference, into), json=json)


def link(measure: Measure, problem: Problem, as_whom: AsWhom = None, *, json: AsJson = False) -> None:
    """Note that a measure answers a problem."""
    from services import drafts

    with visiting(opened(reckons=False), as_whom) as visit:
        _say(drafts.link(visit, measure, problem), json=json)


def unlink(measure: Measure, problem: Problem, as_whom: AsWhom = None, *, json: AsJson = False) -> None:
    """Take the link between a measure and a problem away."""
    from services import drafts

    with visiting(opened(reckons=False), as_whom) as visit:
        _say(drafts.unlink(visit, measure, problem), json=json)


def _say(item: "Item", *, json: bool) -> None:
    if json:
        as_json(
            {"reference": item.reference, "title": item.title, "quote": [item.quote_start, item.quote_end]}
        )
        return
    tell("%(reference)s %(title)s: done.", reference=item.reference, title=item.title)


COMMANDS = (edit, split, merge, link, unlink)
