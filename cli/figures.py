"""rollup, report, template, verify: what can be sworn to."""

import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.door import opened
from cli.options import AsJson, AsWhom, check_folder, instant
from cli.output import as_json, language, line, tell
from cli.rolled import show, told_rollup
from cli.sealing import show_restated, step
from rules.errors import SettingError
from texts import say

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from config.house import House
    from documents.ledger import Ledger

PeriodKey = Annotated[
    str,
    typer.Argument(
        metavar="PERIOD", help="2026-11, 2026Q4, 2026H2 or 2026; or own days, 2026-03-15..2026-06-15."
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="INSTANT", help="Look no further than 2026-06-30T24:00+08:00."),
]


class Format(StrEnum):
    """The documents that a period can be written as."""

    DOCX = "docx"
    PDF = "pdf"
    HTML = "html"
    MD = "md"
    XLSX = "xlsx"
    CSV = "csv"
    ROLLUP = "rollup"


ILLUSTRATED = frozenset({Format.DOCX, Format.PDF, Format.HTML, Format.ROLLUP})
"""The documents that charts stand in."""


def rollup(
    period: PeriodKey,
    as_of: AsOf = None,
    as_whom: AsWhom = None,
    *,
    seal: Annotated[
        bool,
        typer.Option("--seal", help="Seal the ended period, or propose or confirm it, as the policy says."),
    ] = False,
    unseal: Annotated[
        bool, typer.Option("--unseal", help="Propose that the seal be lifted, or confirm that; with --note.")
    ] = False,
    refuse: Annotated[
        bool, typer.Option("--refuse", help="Refuse what is proposed about the seal; with --note.")
    ] = False,
    note: Annotated[str, typer.Option("--note", help="Why.")] = "",
    restated: Annotated[
        bool, typer.Option("--restated", help="Show the seal beside what is known today.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Roll up a period's figures; seal them once it has ended."""
    from config import clock
    from models.session import reading
    from services import rollups, summaries

    house = opened(reckons=False)
    if seal or unseal or refuse:
        step(house, period, as_whom, note, _wanted(seal=seal, unseal=unseal, refuse=refuse))
    if restated:
        show_restated(house, period, json=json)
        return
    at = instant(as_of, house.settings.zone) or clock.now()
    with reading(house.engine) as session:
        now = rollups.stand(session, house.office, period, as_of=at, is_asked=as_of is not None)
        before = summaries.earlier(session, house.office, period, as_of=at, is_asked=as_of is not None)
    tell_it = as_json if json else show
    tell_it(told_rollup(now, before))


def _wanted(**asked: bool) -> str:
    """The one thing that is asked for; typer's usage error for several."""
    found = [name for name, is_asked in asked.items() if is_asked]
    if len(found) > 1:
        raise typer.BadParameter("--seal, --unseal and --refuse exclude each other.")
    return found[0]


def report(
    period: PeriodKey,
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    as_of: AsOf = None,
    *,
    format_: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.DOCX,
) -> None:
    """Write a period's next report (docx, pdf, html, md), ledger (xlsx, csv) or roll-up page (rollup)."""
    from config import clock

    house = opened(reckons=False)
    at = instant(as_of, house.settings.zone) or clock.now()
    write(house, period, format_, out, at, is_asked=as_of is not None)
    line(str(out))


def write(
    house: "House", period: str, what: Format, out: Path, at: "datetime", *, is_asked: bool = False
) -> None:
    """Writes one document of the period, as it stands at `at`; where charts cannot be drawn, without."""
    from models.session import reading
    from services.ledgers import ledger
    from services.summaries import TREND

    check_folder(out)
    earlier = TREND - 1 if what in ILLUSTRATED else 0
    with reading(house.engine) as session:
        found = ledger(session, house.office, period, as_of=at, is_asked=is_asked, earlier=earlier)
    locale = house.settings.language
    if what in ILLUSTRATED:
        _illustrated(house, what, out, found, locale)
    else:
        _plain(what, out, found, locale)


def _plain(what: Format, out: Path, found: "Ledger", locale: str) -> None:
    from documents.ledger_csv import write_ledger_csv
    from documents.ledger_xlsx import write_ledger
    from documents.report_md import write_report_md

    writers = {Format.MD: write_report_md, Format.XLSX: write_ledger, Format.CSV: write_ledger_csv}
    writers[what](out, found, locale)


def _illustrated(house: "House", what: Format, out: Path, found: "Ledger", locale: str) -> None:
    from documents.illustrations import drawn, illustrations_of
    from documents.report_docx import write_report, write_report_pdf
    from documents.report_html import write_report_html
    from documents.rollup_html import write_rollup
    from documents.studio import Studio

    own = house.settings.template
    writers: dict[Format, Callable[..., None]] = {
        Format.DOCX: partial(write_report, template=own),
        Format.PDF: partial(write_report_pdf, template=own),
        Format.HTML: write_report_html,
        Format.ROLLUP: write_rollup,
    }
    studio = Studio(house.office.folder / "charts")
    charts = drawn(studio, illustrations_of(found, locale), locale)
    studio.close()
    writers[what](out, found, locale, charts)


def template(
    out: Annotated[
        Path, typer.Argument(metavar="FILE.docx", help="The file to write; it must not be there yet.")
    ],
) -> None:
    """Write the layout of documents as a docx that the office may change and name as RECTIFY_TEMPLATE."""
    from config import clock
    from config.settings import load
    from documents.replacing import replacing
    from documents.report_docx import starting_template

    check_folder(out)
    if out.exists():
        raise SettingError("%(path)s is there already; name another file.", path=out)
    with replacing(out) as fresh:
        fresh.write_bytes(starting_template(load().language, clock.now()))
    line(str(out))


def verify(*, json: AsJson = False) -> None:
    """Recompute the chain of events and every seal, and name what is not as it was written."""
    from models.session import reading
    from services import history
    from services.seal_checks import check_seals

    house = opened(reckons=False)
    with reading(house.engine) as session:
        verdict = history.verify(session)
        findings = () if verdict.fault else check_seals(session, house.office).findings
    told = [say(language(), verdict.fault.sentence, **verdict.fault.values)] if verdict.fault else []
    told += [say(language(), finding.fault.value, **finding.values) for finding in findings]
    if json:
        position = verdict.fault.position if verdict.fault else None
        fault = "\n".join(told) or None
        as_json({"events": verdict.events, "ok": not told, "first_bad": position, "fault": fault})
    elif not told:
        tell("%(events)d events, each as it was written; all seals hold.", events=verdict.events)
    if told:
        sys.stderr.write("".join(f"{line}\n" for line in told))
        raise typer.Exit(1)


COMMANDS = (rollup, report, template, verify)
