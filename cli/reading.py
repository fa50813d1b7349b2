"""extract, intake, confirm: from a file to items."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.door import opened, visiting
from cli.options import AsJson, AsWhom
from cli.output import as_json, language, line, tell
from rules.errors import UnreadableError
from texts import say
from texts.labels import COLUMNS, FLAGS, KINDS, LIMITS, RULES, label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from documents.drafts import Draft, Flag, Reading
    from documents.paper import Paper
    from documents.reading import Notice

ReportFile = Annotated[
    Path,
    typer.Argument(
        help="The report: docx, pdf, html, md or txt; doc, wps, rtf, odt with LibreOffice. "
        "Or a ledger: xlsx or csv."
    ),
]


def extract(
    file: ReportFile,
    *,
    json: AsJson = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say which rule found each draft.")] = False,
) -> None:
    """Read a report and print its problems and measures; nothing is stored."""
    from documents import drafts

    paper = read_paper(file)
    if json:
        as_json(drafts.as_json(paper.reading))
        return
    show(paper, explain=explain)


def read_paper(file: Path) -> "Paper":
    """The file with its text and what was read from it.

    Raises:
        UnreadableError: it is not there or no text.
    """
    from documents.paper import open_paper

    try:
        content = file.read_bytes()
    except OSError as error:
        raise UnreadableError(
            "%(path)s cannot be read: %(reason)s.", path=file, reason=error.strerror or error
        ) from error
    return open_paper(file.name, content)


def show(paper: "Paper", *, explain: bool = False) -> None:
    """Prints each draft with its literal quote, its links and its flags."""
    reading = paper.reading
    known = (reading.title, reading.org, _period(reading.period))
    line(" · ".join(part for part in known if part))
    for flag in reading.flags:
        _show_flag(flag, "  ")
    _show_ledger(reading)
    for number, draft in enumerate(reading.drafts, start=1):
        kind = label(KINDS, draft.kind, language())
        line(f"\n[{number}] {kind} {draft.number} {draft.title}")
        _show_draft(draft, paper.text.text, reading, explain=explain)
    problems = sum(draft.kind == "problem" for draft in reading.drafts)
    line()
    tell(
        "%(problems)d problems, %(measures)d measures",
        problems=problems,
        measures=len(reading.drafts) - problems,
    )


def _show_ledger(reading: "Reading") -> None:
    """What the columns of a ledger were taken for, and what to know of how it was read."""
    for column in reading.columns:
        use = label(COLUMNS, column.use, language())
        line(f"  {column.sheet} {column.place} {column.heading or '—'}: {use}")
    _show_notices(reading.notices)


def _show_notices(notices: "Iterable[Notice]") -> None:
    for one in notices:
        line(f"! {say(language(), one.sentence, **dict(one.values))}")


def _show_draft(draft: "Draft", text: str, reading: "Reading", *, explain: bool) -> None:
    line(f"    “{' '.join(text[draft.start : draft.end].split())}” ({draft.start}–{draft.end})")
    if draft.owners:
        tell("    owners: %(owners)s", owners="、".join(draft.owners))
    tell(
        "    deadline: %(text)s %(on)s (%(limit)s)",
        text=draft.deadline.text or "—",
        on=draft.deadline.on or "",
        limit=label(LIMITS, draft.deadline.time_limit, language()),
    )
    for target in draft.addresses:
        tell("    answers [%(number)d] %(title)s", number=target + 1, title=reading.drafts[target].title)
    for flag in draft.flags:
        _show_flag(flag, "    ")
    if explain:
        tell("    found by: %(rule)s", rule=label(RULES, draft.rule, language()))


def _period(stated: tuple[date, date] | None) -> str:
    return f"{stated[0]} – {stated[1]}" if stated else ""


def _show_flag(flag: "Flag", indent: str) -> None:
    line(f"{indent}! {label(FLAGS, flag.code, language())} {flag.detail}".rstrip())


def intake(
    file: ReportFile,
    unit: Annotated[str, typer.Option("--unit", metavar="CODE", help="The unit that wrote it.")],
    as_whom: AsWhom = None,
    *,
    json: AsJson = False,
) -> None:
    """Take a report in: its problems and measures become drafts that wait for confirmation."""
    from services.organisation import unit_by_code
    from services.reports import notices_of, take_in

    paper = read_paper(file)
    with visiting(opened(), as_whom, lambda session: unit_by_code(session, unit)) as visit:
        taken = take_in(visit, paper, unit_by_code(visit.session, unit))
        notices = notices_of(taken)
        told: dict[str, Any] = {
            "report": taken.report.id,
            "title": taken.report.title,
            "period": taken.report.period,
            "known": taken.was_known,
            "flags": taken.report.flags,
            "items": [
                {"reference": item.reference, "kind": item.kind, "title": item.title, "flags": item.flags}
                for item in taken.items
            ],
            "already": [item.reference for item in taken.already],
            "retitled": {item.reference: item.title for item in taken.retitled},
        }
    if json:
        as_json(told)
        return
    show(paper)
    line()
    _show_notices(notices)
    _show_repeats(told["items"])
    tell("Report %(report)d (%(period)s).", report=told["report"], period=told["period"])
    tell("Next: rectify confirm %(report)d --all", report=told["report"])


def _show_repeats(items: list[dict[str, Any]]) -> None:
    """Names the problems that an earlier report seems to hold already; only the database can tell."""
    for item in items:
        for flag in item["flags"]:
            if flag["code"] == "repeated":
                line(f"! {item['reference']} {label(FLAGS, 'repeated', language())} {flag['detail']}")


def confirm(
    report: Annotated[int, typer.Argument(help="The report's number, as intake said it.")],
    references: Annotated[list[str] | None, typer.Argument(help="Drafts to confirm.")] = None,
    as_whom: AsWhom = None,
    *,
    all_: Annotated[bool, typer.Option("--all", help="Confirm every draft of the report.")] = False,
    json: AsJson = False,
) -> None:
    """Confirm drafts and hand them over to the owners that report and policy propose."""
    from services.items import by_reference
    from services.reports import confirm as confirm_drafts
    from services.reports import report_by_id

    if all_ == bool(references):
        raise typer.BadParameter("Name the drafts to confirm, or say --all.")
    with visiting(opened(), as_whom) as visit:
        found = report_by_id(visit.session, report)
        for reference in references or []:
            by_reference(visit.session, reference)
        done = confirm_drafts(visit, found, references or None)
        assigned = [{"reference": item.reference, "due_on": item.due_on} for item in done.assigned]
        unowned = [item.reference for item in done.unowned]
    if json:
        as_json({"assigned": assigned, "unowned": unowned})
        return
    tell("%(count)d items were handed over.", count=len(assigned))
    for reference in unowned:
        tell(
            "%(reference)s has no owner yet: rectify act %(reference)s assign --to EMAIL --as EMAIL",
            reference=reference,
        )


COMMANDS = (extract, intake, confirm)
