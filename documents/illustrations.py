"""A period's charts in words, the same for pages and documents: what each shows, its table, its sentence.

`drawn` makes pictures of them for a document, all or none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from documents.charts import Bar, Bars, Chart, Lines, Series
from documents.ledger import Ledger
from documents.studio import Studio
from documents.wording import one_line
from rules.errors import BusyError
from rules.rollup import Figures, UnitRow
from rules.spreads import AGES, DELAYS, Spread, bounds, spread
from rules.trend import is_trend, trend
from texts import say

MOST_UNITS = 12
"""Units of one chart; of more, the ones with the lowest rate are shown."""

Rows = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Charted:
    """The figures that charts are made of."""

    periods: Sequence[tuple[str, Figures]]
    """The key of each period of the trend with the top unit's figures, the latest last."""
    units: Sequence[UnitRow]
    """The top unit, then those below it; depths count from the top unit's, which is 0."""
    spread: Spread
    """Of the items of the top unit and all below it."""


@dataclass(frozen=True, slots=True)
class Illustration:
    """One chart with all that stands for it. `chart` is None where there is nothing to draw."""

    name: str
    title: str
    chart: Chart | None
    heads: Sequence[str]
    rows: Rows
    sentence: str
    """What the picture shows, figure by figure, for whoever does not see it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One chart as a document shows it."""

    caption: str
    """Its number and title."""
    sentence: str
    svg: bytes
    png: bytes


def illustrations(of: Charted, locale: str) -> list[Illustration]:
    """The charts of a period: trend, completion by unit, age of open items, days late."""
    ages = say(locale, "Open items by days since they were handed over")
    delays = say(locale, "Overdue items by days since their deadline")
    return [
        _trend(of.periods, locale),
        _units(of.units, locale),
        _days("ages", ages, AGES, of.spread.ages, locale),
        _days("delays", delays, DELAYS, of.spread.delays, locale),
    ]


def illustrations_of(ledger: Ledger, locale: str) -> list[Illustration]:
    """The charts of the whole office in the ledger's period."""
    rolled, today = ledger.rollup, ledger.as_of.date()
    periods = (*ledger.earlier, (rolled.period.key, rolled.total))
    return illustrations(Charted(periods, rolled.units, spread(rolled.items, today)), locale)


def drawn(studio: Studio, shown: Iterable[Illustration], locale: str) -> tuple[Drawn, ...]:
    """Those that have something to draw, numbered; none where one cannot be drawn."""
    found: list[Drawn] = []
    try:
        for one in shown:
            if one.chart:
                words = say(locale, "Figure %(number)d. %(title)s", number=len(found) + 1, title=one.title)
                found.append(Drawn(words, one.sentence, studio.svg(one.chart), studio.png(one.chart)))
    except (BusyError, OSError):
        return ()
    return tuple(found)


def _illustration(
    name: str, title: str, chart: Chart | None, heads: Sequence[str], rows: Rows, locale: str
) -> Illustration:
    said = say(locale, "; ").join(_said(row, values, heads[1:], locale) for row, values in rows)
    return Illustration(name, title, chart, heads, rows, f"{title}{say(locale, ': ')}{said}")


def _said(row: str, values: Sequence[str], heads: Sequence[str], locale: str) -> str:
    """One row of the table; where it holds several figures, each with the name of its column."""
    if len(values) == 1:
        return f"{row} {values[0]}"
    told = (f"{head} {value}" for head, value in zip(heads, values, strict=True))
    return f"{row} {say(locale, ', ').join(told)}"


def _trend(periods: Sequence[tuple[str, Figures]], locale: str) -> Illustration:
    """What came, what was closed and what was left, period by period, the latest last.

    It begins with the last period before the first item; one period alone is no trend.
    """
    names = (say(locale, "Newly assigned"), say(locale, "Closed"), say(locale, "Open at the end"))
    points = trend(periods)
    values = [(point.opened, point.closed, point.open_at_end) for point in points]
    steps = tuple(point.period for point in points)
    series = tuple(
        Series(name, tuple(each)) for name, each in zip(names, zip(*values, strict=True), strict=True)
    )
    chart = Lines(steps, series) if is_trend(points) else None
    rows = [(step, [str(one) for one in each]) for step, each in zip(steps, values, strict=True)]
    title = say(locale, "Newly assigned, closed, and open at the end")
    return _illustration("trend", title, chart, (say(locale, "Period"), *names), rows, locale)


def _units(units: Sequence[UnitRow], locale: str) -> Illustration:
    """The completion rate of the top unit and of those right below it."""
    below = [row for row in units[1:] if row.depth <= 1 and row.total.completion.denominator]
    title = say(locale, "Completion rate by unit, with all below it")
    if len(below) > MOST_UNITS:
        below = sorted(below, key=_share)[:MOST_UNITS]
        title = say(
            locale, "Completion rate by unit, with all below it: the %(number)s lowest", number=MOST_UNITS
        )
    rows = [*units[:1], *below]
    names = [one_line(row.unit.name) for row in rows]
    bars = tuple(
        Bar(name, round(100 * _share(row), 4), f"{row.total.completion.percent} {_of(row)}")
        for name, row in zip(names, rows, strict=True)
    )
    chart = Bars(bars, 100) if any(row.total.completion.denominator for row in rows) else None
    told = [(name, [row.total.completion.percent, _of(row)]) for name, row in zip(names, rows, strict=True)]
    heads = (say(locale, "Unit"), say(locale, "Completion rate"), say(locale, "Closed of all"))
    return _illustration("completion", title, chart, heads, told, locale)


def _share(row: UnitRow) -> float:
    rate = row.total.completion
    return rate.numerator / rate.denominator if rate.denominator else 0.0


def _of(row: UnitRow) -> str:
    rate = row.total.completion
    return f"{rate.numerator}/{rate.denominator}"


def _days(name: str, title: str, begins: tuple[int, ...], counts: Sequence[int], locale: str) -> Illustration:
    """How many items lie in each bucket of days."""
    names = [
        say(locale, "%(least)s–%(most)s days", least=least, most=most)
        if most is not None
        else say(locale, "%(least)s days and more", least=least)
        for least, most in bounds(begins)
    ]
    bars = tuple(Bar(said, many, str(many)) for said, many in zip(names, counts, strict=True))
    rows = [(said, [str(many)]) for said, many in zip(names, counts, strict=True)]
    heads = (say(locale, "Days"), say(locale, "Items"))
    return _illustration(name, title, Bars(bars) if any(counts) else None, heads, rows, locale)
