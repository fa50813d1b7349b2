"""A roll-up as plain values for JSON, and as tables for people."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cli.output import language, table, tell
from texts.labels import KINDS, LIGHTS, LIMITS, label

if TYPE_CHECKING:
    from datetime import date

    from rules.breakdown import Span
    from rules.rollup import Figures, Rate, Rollup, UnitRow
    from services.rollups import Stand
    from services.summaries import Summary

MOVEMENT = (
    ("open_at_start", "Open at start"),
    ("opened", "Handed over"),
    ("reopened", "Reopened"),
    ("closed", "Closed"),
    ("cancelled", "Cancelled"),
    ("moved_in", "Moved in"),
    ("moved_out", "Moved out"),
    ("open_at_end", "Open at end"),
)
COUNTED = ("in_scope", "opened", "closed", "overdue", "cancelled")
HEADS = ("In scope", "Opened", "Closed", "Overdue", "Cancelled", "Completion", "On time")
SIDES = {"kind": KINDS, "time_limit": LIMITS, "light": LIGHTS}


def told_rollup(stand: "Stand", before: "Sequence[Summary]" = ()) -> dict[str, Any]:
    """A roll-up as one JSON object: figures, rates with their parts, unit rows and item rows.

    `before` are the periods before it, the latest first.
    """
    found, today = stand.rollup, stand.cut_off_at.date()
    return {
        "period": found.period.key,
        "first_on": found.period.first_on,
        "last_on": found.period.last_on,
        "cut_off": stand.cut_off_at,
        "sealed": stand.version > 0,
        "version": stand.version,
        "rule_version": stand.rule_version,
        "sha256": stand.sha256,
        "restated": stand.restated,
        "total": told_figures(found.total),
        "movement": _told_movement(found.movement),
        "effort": _told_effort(found),
        "by": _told_sides(found, today),
        "before": [_told_before(one) for one in before],
        "units": [_told_unit(row) for row in found.units],
        "items": [asdict(item) for item in found.items],
    }


def _told_unit(row: "UnitRow") -> dict[str, Any]:
    return {
        "code": row.unit.code,
        "name": row.unit.name,
        "parent": row.unit.parent,
        "depth": row.depth,
        "own": told_figures(row.own),
        "total": told_figures(row.total),
        "own_movement": _told_movement(row.own_movement),
        "movement": _told_movement(row.movement),
    }


def told_figures(figures: "Figures") -> dict[str, Any]:
    """Counts, and both rates with numerator, denominator and exclusions."""
    return asdict(figures) | {
        "completion": _told_rate(figures.completion),
        "timeliness": _told_rate(figures.timeliness),
    }


def _told_rate(rate: "Rate") -> dict[str, Any]:
    return asdict(rate) | {"percent": rate.percent}


def _told_movement(movement: Any) -> dict[str, int] | None:
    return asdict(movement) | {"open_at_end": movement.open_at_end} if movement else None


def _told_effort(found: "Rollup") -> dict[str, Any] | None:
    from rules.breakdown import effort

    made = effort(found.items)
    if made is None:
        return None
    return {
        "days_to_close": _told_span(made.to_close),
        "working_days_to_close": _told_span(made.to_close_working),
        "extensions": made.extensions,
        "extension_days": made.extension_days,
        "evidence": made.evidence,
    }


def _told_span(span: "Span") -> dict[str, Any]:
    return {"items": span.items, "days": span.days, "average": span.average, "median": span.median}


def _told_sides(found: "Rollup", today: "date") -> dict[str, dict[str, Any]]:
    from rules.breakdown import Facet, breakdown

    return {
        facet.value: {value: told_figures(one) for value, one in breakdown(found, facet, today).items()}
        for facet in Facet
    }


def _told_before(one: "Summary") -> dict[str, Any]:
    return {
        "period": one.period.key,
        "cut_off": one.cut_off_at,
        "sealed": one.version > 0,
        "version": one.version,
        "total": told_figures(one.total),
        "movement": _told_movement(one.movement),
    }


def show(told: dict[str, Any]) -> None:
    """Prints a roll-up as tables: units, movement, the other sides, the periods before."""
    tell("%(period)s up to %(cut_off)s", period=told["period"], cut_off=told["cut_off"])
    if told["sealed"]:
        tell("Sealed, version %(version)d, sha256 %(sha256)s", version=told["version"], sha256=told["sha256"])
    if told["restated"]:
        tell("Later entries change these figures; the seal stands as it was.")
    table(("Unit", *HEADS), [figures_row(_indented(row), row["total"]) for row in told["units"]])
    if told["movement"]:
        heads = ("Unit", *(head for _, head in MOVEMENT))
        table(heads, [(_indented(row), *_moves(row["movement"])) for row in told["units"]])
    table(("By", *HEADS), [row for facet, side in told["by"].items() for row in _side(facet, side)])
    if told["before"]:
        table(
            ("Period", *HEADS), [figures_row(one["period"], one["total"]) for one in (told, *told["before"])]
        )
    if told["effort"]:
        _show_effort(told["effort"])


def _indented(row: dict[str, Any]) -> str:
    return f"{'  ' * row['depth']}{row['name']}"


def _moves(movement: dict[str, int]) -> list[int]:
    return [movement[name] for name, _ in MOVEMENT]


def figures_row(name: str, total: dict[str, Any]) -> tuple[Any, ...]:
    """The cells under `HEADS`, after their name."""
    rates = [
        f"{rate['percent']} ({rate['numerator']}/{rate['denominator']})"
        for rate in (total["completion"], total["timeliness"])
    ]
    return (name, *(total[count] for count in COUNTED), *rates)


def _side(facet: str, side: dict[str, Any]) -> list[tuple[Any, ...]]:
    words = SIDES.get(facet)
    return [
        figures_row(label(words, value, language()) if words else value, total)
        for value, total in side.items()
    ]


def _show_effort(effort: dict[str, Any]) -> None:
    calendar, working = effort["days_to_close"], effort["working_days_to_close"]
    tell(
        "Days to close: average %(average)s, median %(median)s; in working days %(working_average)s and "
        "%(working_median)s.",
        average=calendar["average"],
        median=calendar["median"],
        working_average=working["average"],
        working_median=working["median"],
    )
    tell(
        "Extensions: %(extensions)d, by %(days)d days in all. Files of evidence: %(evidence)d.",
        extensions=effort["extensions"],
        days=effort["extension_days"],
        evidence=effort["evidence"],
    )
