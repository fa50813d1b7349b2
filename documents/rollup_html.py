"""The roll-up as one page of HTML: figures by unit, the items, and what the figures mean."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from documents import columns
from documents.columns import cell_words
from documents.definitions import COUNTS, RATES, Definition, count, rate
from documents.html_page import write_page
from documents.illustrations import Drawn
from documents.ledger import Ledger, LedgerRow
from documents.wording import (
    instant_words,
    ledger_title,
    one_line,
    period_words,
    printable,
    seal_words,
    share_words,
)
from rules.rollup import Figures, UnitRow
from texts import say

HEADLINES = ("in_scope", "closed", "overdue", "extensions")
ITEM_COLUMNS = (
    columns.REFERENCE,
    columns.KIND,
    columns.TITLE,
    columns.UNIT,
    columns.OWNERS,
    columns.DUE,
    columns.STATE,
    columns.LIGHT,
    columns.PROGRESS,
)
CELL_KINDS = {
    columns.REFERENCE: "reference",
    columns.TITLE: "title",
    columns.UNIT: "plain",
    columns.OWNERS: "plain",
    columns.LIGHT: "light",
}
"""Column -> how its cells are laid out; the others are short and do not wrap."""


@dataclass(frozen=True, slots=True)
class _Headline:
    """One figure at the head of the page; `basis` says what it was counted from."""

    label: str
    value: str
    basis: str


@dataclass(frozen=True, slots=True)
class _UnitLine:
    """One unit's cells; a rate's cell holds the rate and, under it, numerator and denominator."""

    name: str
    depth: int
    counts: tuple[int, ...]
    rates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _ItemLine:
    light: str
    """Value of the light, for its colour; its word is among the cells."""
    cells: tuple[tuple[str, str], ...]
    """What the cell is, and its text."""


def write_rollup(path: Path, ledger: Ledger, locale: str, charts: Sequence[Drawn] = ()) -> None:
    """Writes the roll-up of `ledger` to `path`, whole or not at all."""
    write_page(path, "rollup.html", _values(ledger, locale), locale, charts)


def _values(ledger: Ledger, locale: str) -> dict[str, object]:
    rollup = ledger.rollup
    return {
        "title": ledger_title(ledger, locale),
        "organisation": one_line(ledger.organisation),
        "period": period_words(rollup.period, locale),
        "cut_off": instant_words(ledger.as_of, locale),
        "seal": seal_words(ledger, locale),
        "sha256": ledger.sha256,
        "headlines": tuple(_headlines(rollup.total, locale)),
        "count_names": tuple(say(locale, definition.label) for definition in COUNTS),
        "rate_names": tuple(say(locale, definition.label) for definition in RATES),
        "units": tuple(_unit_line(unit_row) for unit_row in rollup.units),
        "total": _figures_line(say(locale, "Total"), 0, rollup.total),
        "columns": tuple(say(locale, column.heading) for column in ITEM_COLUMNS),
        "items": tuple(_item_line(row, locale) for row in ledger.rows),
        "definitions": tuple(
            (say(locale, definition.label), say(locale, definition.meaning))
            for definition in (*COUNTS, *RATES)
        ),
    }


def _headlines(total: Figures, locale: str) -> Iterable[_Headline]:
    for definition in RATES:
        yield _rate_headline(total, definition, locale)
    for definition in COUNTS:
        if definition.name in HEADLINES:
            yield _Headline(say(locale, definition.label), str(count(total, definition)), "")


def _rate_headline(total: Figures, definition: Definition, locale: str) -> _Headline:
    found = rate(total, definition)
    words = "%(share)s, %(excluded)d left out" if found.excluded else "%(share)s"
    basis = say(locale, words, share=share_words(found), excluded=found.excluded)
    return _Headline(say(locale, definition.label), found.percent, basis)


def _unit_line(unit_row: UnitRow) -> _UnitLine:
    return _figures_line(printable(unit_row.unit.name), unit_row.depth, unit_row.total)


def _figures_line(name: str, depth: int, figures: Figures) -> _UnitLine:
    counts = tuple(count(figures, definition) for definition in COUNTS)
    found = (rate(figures, definition) for definition in RATES)
    return _UnitLine(name, depth, counts, tuple((one.percent, share_words(one)) for one in found))


def _item_line(row: LedgerRow, locale: str) -> _ItemLine:
    cells = tuple(
        (CELL_KINDS.get(column, "short"), cell_words(column, row, locale)) for column in ITEM_COLUMNS
    )
    return _ItemLine(row.light.value, cells)
