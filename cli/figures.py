"""rollup, report, verify: what can be sworn to."""

import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.door import opened, visiting
from cli.options import AsJson, AsWhom, instant
from cli.output import as_json, language, line, table, tell
from texts import say

if TYPE_CHECKING:
    from datetime import datetime

    from config.house import House
    from rules.rollup import Figures, Rate

PeriodKey = Annotated[str, typer.Argument(metavar="PERIOD", help="2026-11, 2026Q4, 2026H2 or 2026.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="INSTANT", help="Look no further than 2026-06-30T24:00+08:00."),
]


class Format(StrEnum):
    """The documents that a period can be written as."""

    DOCX = "docx"
    XLSX = "xlsx"
    CSV = "csv"
    HTML = "html"


def rollup(
    period: PeriodKey,
    as_of: AsOf = None,
    as_whom: AsWhom = None,
    *,
    seal: Annotated[bool, typer.Option("--seal", help="Seal the figures of the ended period.")] = False,
    json: AsJson = False,
) -> None:
    """Roll up a period's figures; seal them once it has ended."""
    from config import clock
    from models.session import reading
    from services import rollups

    house = opened(reckons=False)
    if seal:
        with visiting(house, as_whom) as visit:
            rollups.seal_by(visit, period)
    at = instant(as_of, house.settings.zone) or clock.now()
    with reading(house.engine) as session:
        told = told_rollup(rollups.stand(session, house.office, period, as_of=at, is_asked=as_of is not None))
    if json:
        as_json(told)
        return
    _show(told)


def told_rollup(stand: Any) -> dict[str, Any]:
    """A roll-up as one JSON object: figures, rates with their parts, unit rows and item rows."""
    found = stand.rollup
    return {
        "period": found.period.key,
        "first_on": found.period.first_on,
        "last_on": found.period.last_on,
        "cut_off": stand.cut_off_at,
        "sealed": stand.version > 0,
        "version": stand.version,
        "sha256": stand.sha256,
        "restated": stand.restated,
        "total": told_figures(found.total),
        "units": [
            {
                "code": row.unit.code,
                "name": row.unit.name,
                "parent": row.unit.parent,
                "depth": row.depth,
                "own": told_figures(row.own),
                "total": told_figures(row.total),
            }
            for row in found.units
        ],
        "items": [asdict(item) for item in found.items],
    }


def told_figures(figures: "Figures") -> dict[str, Any]:
    """Counts, and both rates with numerator, denominator and exclusions."""
    return asdict(figures) | {
        "completion": _told_rate(figures.completion),
        "timeliness": _told_rate(figures.timeliness),
    }


def _told_rate(rate: "Rate") -> dict[str, Any]:
    return asdict(rate) | {"percent": rate.percent}


def _show(told: dict[str, Any]) -> None:
    tell("%(period)s up to %(cut_off)s", period=told["period"], cut_off=told["cut_off"])
    if told["sealed"]:
        tell("Sealed, version %(version)d, sha256 %(sha256)s", version=told["version"], sha256=told["sha256"])
    if told["restated"]:
        tell("Later entries change these figures; the seal stands as it was.")
    table(
        ("Unit", "In scope", "Opened", "Closed", "Overdue", "Cancelled", "Completion", "On time"),
        [_figures_row(row) for row in told["units"]],
    )


def _figures_row(row: dict[str, Any]) -> tuple[Any, ...]:
    total = row["total"]
    rates = [
        f"{rate['percent']} ({rate['numerator']}/{rate['denominator']})"
        for rate in (total["completion"], total["timeliness"])
    ]
    counts = (total[name] for name in ("in_scope", "opened", "closed", "overdue", "cancelled"))
    return ("  " * row["depth"] + row["name"], *counts, *rates)


def report(
    period: PeriodKey,
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    as_of: AsOf = None,
    *,
    format_: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.DOCX,
) -> None:
    """Write a period's next report (docx), ledger (xlsx, csv) or roll-up page (html)."""
    from config import clock

    house = opened(reckons=False)
    at = instant(as_of, house.settings.zone) or clock.now()
    write(house, period, format_, out, at, is_asked=as_of is not None)
    line(str(out))


def write(
    house: "House", period: str, what: Format, out: Path, at: "datetime", *, is_asked: bool = False
) -> None:
    """Writes one document of the period, as it stands at `at`."""
    from documents.ledger_csv import write_ledger_csv
    from documents.ledger_xlsx import write_ledger
    from documents.report_docx import write_report
    from documents.rollup_html import write_rollup
    from models.session import reading
    from rules.errors import UnreadableError
    from services.ledgers import ledger

    writers = {
        Format.DOCX: write_report,
        Format.XLSX: write_ledger,
        Format.CSV: write_ledger_csv,
        Format.HTML: write_rollup,
    }
    with reading(house.engine) as session:
        found = ledger(session, house.office, period, as_of=at, is_asked=is_asked)
    if not out.parent.is_dir():
        raise UnreadableError("There is no folder %(folder)s to write into.", folder=out.parent)
    writers[what](out, found, "zh_CN" if house.settings.locale.startswith("zh") else house.settings.language)


def verify(*, json: AsJson = False) -> None:
    """Recompute the chain of events and the seals, and name the first that is not as it was written."""
    from models.session import reading
    from services import history, rollups

    with reading(opened(reckons=False).engine) as session:
        verdict = history.verify(session)
        broken = None if verdict.fault else rollups.broken_seal(session)
    told = say(language(), verdict.fault.sentence, **verdict.fault.values) if verdict.fault else ""
    if broken:
        told = say(language(), "The seal of %(period)s is broken: it was changed.", period=broken)
    if json:
        position = verdict.fault.position if verdict.fault else None
        as_json({"events": verdict.events, "ok": not told, "first_bad": position, "fault": told or None})
    elif not told:
        tell("%(events)d events, each as it was written; all seals hold.", events=verdict.events)
    if told:
        sys.stderr.write(f"{told}\n")
        raise typer.Exit(1)


COMMANDS = (rollup, report, verify)
