"""What the letter of a roll-up shows: figures, units with bars, and the trend of the last periods."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from notifications import words
from notifications.letters import Rollup
from notifications.wire import flatten
from rules.rollup import Figures
from rules.trend import TrendPoint, is_trend, shares


class UnitLine(NamedTuple):
    """One unit with its figures, and its completion in whole per cent for a bar; None without a rate."""

    name: str
    total: Figures
    share: int | None


class Step(NamedTuple):
    """One period of the trend: its name, and each count with its bar in per cent of the longest."""

    period: str
    counts: tuple[tuple[int, int], ...]


def view(letter: Rollup, locale: str) -> dict[str, Any]:
    """What the templates of the letter are filled with."""
    return {
        "period": words.period(locale, letter.period),
        "unit": flatten(letter.unit),
        "version": letter.version,
        "sha256": letter.sha256,
        "total": letter.total,
        "share": _share(letter.total),
        "figures": words.figures(locale, letter.total),
        "units": [UnitLine(flatten(name), figures, _share(figures)) for name, figures in letter.units],
        "steps": _steps(letter.trend, locale) if is_trend(letter.trend) else [],
        "key": letter.period,
        "is_proposed": letter.is_proposed,
        "anchor": letter.anchor,
    }


def _begun(words: str) -> str:
    """As a line begins with them."""
    return words[:1].upper() + words[1:]


def _share(of: Figures) -> int | None:
    rate = of.completion
    return shares([rate.numerator], rate.denominator)[0] if rate.denominator else None


def _steps(points: Iterable[TrendPoint], locale: str) -> list[Step]:
    told = [(point.period, (point.opened, point.closed, point.open_at_end)) for point in points]
    most = max(max(counts) for _, counts in told)
    return [
        Step(_begun(words.period(locale, key)), tuple(zip(counts, shares(counts, most), strict=True)))
        for key, counts in told
    ]
