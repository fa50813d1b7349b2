"""The charts of a roll-up in the reader's words: each with its picture, a sentence and a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from documents.charts import Bar, Bars, Chart, Lines, Series, Theme, digest
from rules.rollup import Figures, UnitRow
from rules.spreads import AGES, DELAYS, bounds
from services.overviews import Overview
from web.deps import Ask
from web.rendering import part

MOST_UNITS = 12
"""Units of one chart; of more, the ones with the lowest rate are shown."""

Rows = Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Picture:
    """One chart with all that stands for it. `chart` is None where there is nothing to draw."""

    name: str
    title: str
    chart: Chart | None
    heads: Sequence[str]
    rows: Rows
    address: str
    period: str

    @property
    def sentence(self) -> str:
        """What the picture shows, for whoever does not see it."""
        said = (" ".join((name, *values)) for name, values in self.rows)
        return f"{self.title}: {'; '.join(said)}"

    @property
    def light(self) -> dict[str, str]:
        """The words of the picture's address, for light paper."""
        return self._words(Theme.LIGHT)

    @property
    def dark(self) -> dict[str, str]:
        """As `light`, for dark ground."""
        return self._words(Theme.DARK)

    def _words(self, theme: Theme) -> dict[str, str]:
        version = digest(self.chart, theme)[:16] if self.chart else ""
        return {"period": self.period, "theme": theme, "v": version}


def pictures(ask: Ask, found: Overview) -> list[Picture]:
    """The charts of the unit that is looked at."""
    return [
        _trend(ask, found),
        _units(ask, found),
        _days(
            ask, found, "ages", ask.tell("Open items by days since they were handed over"), found.spread.ages
        ),
        _days(
            ask, found, "delays", ask.tell("Overdue items by days since their deadline"), found.spread.delays
        ),
    ]


def _picture(
    found: Overview, name: str, title: str, chart: Chart | None, heads: Sequence[str], rows: Rows
) -> Picture:
    address = f"/rollup/{part(found.top.unit.code)}/charts/{name}.svg"
    return Picture(name, title, chart, heads, rows, address, found.asked.period.key)


def _trend(ask: Ask, found: Overview) -> Picture:
    """What came, what was closed and what was left, period by period, the latest last."""
    columns = tuple(reversed(found.columns))
    names = (ask.tell("Newly assigned"), ask.tell("Closed"), ask.tell("Open at the end"))
    values = [_moves(column.of(found.top.unit.code)) for column in columns]
    steps = tuple(column.period.key for column in columns)
    series = tuple(
        Series(name, tuple(each)) for name, each in zip(names, zip(*values, strict=True), strict=True)
    )
    chart = Lines(steps, series) if any(map(any, values)) else None
    rows = [(step, [str(one) for one in each]) for step, each in zip(steps, values, strict=True)]
    title = ask.tell("Newly assigned, closed, and open at the end")
    return _picture(found, "trend", title, chart, (ask.tell("Period"), *names), rows)


def _moves(of: Figures) -> tuple[int, int, int]:
    return of.opened, of.closed, of.in_scope - of.closed - of.cancelled


def _units(ask: Ask, found: Overview) -> Picture:
    """The completion rate of the unit and of those right below it."""
    below = [row for row in found.rows[1:] if row.depth <= 1 and row.total.completion.denominator]
    title = ask.tell("Completion rate by unit")
    if len(below) > MOST_UNITS:
        below = sorted(below, key=_share)[:MOST_UNITS]
        title = ask.tell("Completion rate by unit: the %(number)s lowest", number=MOST_UNITS)
    rows = [found.top, *below]
    bars = tuple(
        Bar(row.unit.name, round(100 * _share(row), 4), f"{row.total.completion.percent} {_of(row)}")
        for row in rows
    )
    chart = Bars(bars, 100) if found.top.total.completion.denominator else None
    told = [(row.unit.name, [row.total.completion.percent, _of(row)]) for row in rows]
    heads = (ask.tell("Unit"), ask.tell("Completion rate"), ask.tell("Closed of all"))
    return _picture(found, "completion", title, chart, heads, told)


def _share(row: UnitRow) -> float:
    rate = row.total.completion
    return rate.numerator / rate.denominator if rate.denominator else 0.0


def _of(row: UnitRow) -> str:
    rate = row.total.completion
    return f"{rate.numerator}/{rate.denominator}"


def _days(ask: Ask, found: Overview, name: str, title: str, counts: Sequence[int]) -> Picture:
    """How many items lie in each bucket of days."""
    buckets = bounds(AGES if name == "ages" else DELAYS)
    names = [
        ask.tell("%(least)s–%(most)s days", least=least, most=most)
        if most is not None
        else ask.tell("%(least)s days and more", least=least)
        for least, most in buckets
    ]
    bars = tuple(Bar(said, many, str(many)) for said, many in zip(names, counts, strict=True))
    rows = [(said, [str(many)]) for said, many in zip(names, counts, strict=True)]
    chart = Bars(bars) if any(counts) else None
    return _picture(found, name, title, chart, (ask.tell("Days"), ask.tell("Items")), rows)
