"""The ledger as a workbook: the figures, three lists that are views of one table, and that table in full.

Every text is written as text. A title that begins with = is what somebody wrote, never a formula.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from documents import columns
from documents.columns import FULL, Column, Value, by_unit, choice_words
from documents.definitions import COUNTS, RATES, Definition, count, rate
from documents.ledger import Ledger, LedgerRow
from documents.ledger_pages import (
    HEADER_ROW,
    SAFE_CELL,
    Look,
    Sheet,
    cell_end,
    fitting,
    height,
    write_across,
    write_day,
    write_head,
)
from documents.ledger_table import CONTINUED, plain
from documents.replacing import replacing
from documents.wording import ledger_title, listed, printable
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.lights import Light
from rules.rollup import Figures
from texts import say

PROBLEM_COLUMNS = (
    columns.REFERENCE,
    columns.TITLE,
    columns.QUOTE,
    columns.REPORT,
    columns.UNIT,
    columns.OWNERS,
    columns.SUPERVISOR,
    columns.DUE,
    columns.STATE,
    columns.LIGHT,
    columns.PROGRESS,
    columns.ENDED,
    columns.EVIDENCE,
    columns.ANSWERS,
)
TASK_COLUMNS = (
    columns.REFERENCE,
    columns.TITLE,
    columns.QUOTE,
    columns.REPORT,
    columns.ANSWERS,
    columns.UNIT,
    columns.OWNERS,
    columns.CO_OWNERS,
    columns.DUE,
    columns.STATE,
    columns.LIGHT,
    columns.PROGRESS,
    columns.ENDED,
    columns.EVIDENCE,
)
DUTY_COLUMNS = (
    columns.UNIT,
    columns.OWNERS,
    columns.CO_OWNERS,
    columns.SUPERVISOR,
    columns.REFERENCE,
    columns.KIND,
    columns.TITLE,
    columns.LIMIT,
    columns.DUE,
    columns.ORIGINAL_DUE,
    columns.STATE,
    columns.LIGHT,
    columns.PROGRESS,
    columns.OPENED,
    columns.ENDED,
    columns.LAST_WORD,
)


OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
"""Rows go to the disk as they are written, and every text stays text."""


def write_ledger(path: Path, ledger: Ledger, locale: str) -> None:
    """Writes the workbook of `ledger` to `path`, whole or not at all.

    The same ledger gives the same bytes.
    """
    ledger = plain(ledger)
    with replacing(path) as fresh, Workbook(str(fresh), OPTIONS) as book:
        _set_properties(book, ledger, locale)
        look = Look.of(book, locale)
        _write_figures(Sheet.of(book, ledger, "Summary", locale), look, ledger)
        problems = [row for row in ledger.rows if row.kind is Kind.PROBLEM]
        tasks = [row for row in ledger.rows if row.kind is Kind.MEASURE]
        _write_list(Sheet.of(book, ledger, "List of problems", locale), look, PROBLEM_COLUMNS, problems)
        _write_list(Sheet.of(book, ledger, "List of tasks", locale), look, TASK_COLUMNS, tasks)
        _write_list(Sheet.of(book, ledger, "List of duties", locale), look, DUTY_COLUMNS, by_unit(ledger))
        _write_table(Sheet.of(book, ledger, "Ledger", locale), look, ledger.rows)


def _set_properties(book: Workbook, ledger: Ledger, locale: str) -> None:
    created = ledger.as_of.astimezone(UTC).replace(tzinfo=None)
    author = printable(ledger.organisation)
    book.set_properties({"title": ledger_title(ledger, locale), "author": author, "created": created})


def _write_list(sheet: Sheet, look: Look, shown: Sequence[Column], rows: Sequence[LedgerRow]) -> None:
    writer = _Rows(sheet, look, shown, lambda names: listed(names, sheet.locale))
    for number, row in enumerate(rows, 1):
        writer.write(number, row)
    writer.finish()


def _write_table(sheet: Sheet, look: Look, rows: Sequence[LedgerRow]) -> None:
    """Every column in full, a name a line, so that the very same rows can be read from it again."""
    writer = _Rows(sheet, look, FULL, "\n".join)
    for number, row in enumerate(rows, 1):
        values = writer.values(row)
        parts = list(_in_parts(values))
        writer.write_values(number, parts[0])
        for part in parts[1:]:
            writer.write_values(say(sheet.locale, CONTINUED), part)
    writer.finish()


def _in_parts(values: list[Value]) -> Iterator[list[Value]]:
    """The row, and as many further ones as it takes to hold all of its texts."""
    while any(type(value) is str and len(value) > SAFE_CELL for value in values):
        cut = [cell_end(value) if type(value) is str else len(FULL) for value in values]
        yield [value[:end] if type(value) is str else value for value, end in zip(values, cut, strict=True)]
        values = [value[end:] if type(value) is str else None for value, end in zip(values, cut, strict=True)]
        if not any(values):
            return
    yield values


class _Rows:
    """Writes rows below a head, cell by cell, and knows how high each must be."""

    def __init__(
        self, sheet: Sheet, look: Look, shown: Sequence[Column], join: Callable[[Sequence[str]], str]
    ) -> None:
        self._page = sheet.page
        self._look = look
        self._shown = shown
        self._join = join
        self._line = HEADER_ROW
        self._words: dict[Value, str] = {
            one: choice_words(one, sheet.locale)
            for choices in (Kind, TimeLimit, State, Light)
            for one in choices
        }
        head = [say(sheet.locale, name) for name in ("No.", *(column.heading for column in shown))]
        write_head(sheet, look, head, [5, *(column.width for column in shown)])

    def write(self, number: int, row: LedgerRow) -> None:
        self.write_values(number, self.values(row))

    def values(self, row: LedgerRow) -> list[Value]:
        values = [column.value(row) for column in self._shown]
        return [self._join(value) if value.__class__ is tuple else value for value in values]

    def write_values(self, number: int | str, values: Sequence[Value]) -> None:
        self._line += 1
        self._page.set_row(self._line, height(values, self._shown))
        if number.__class__ is int:
            self._page.write_number(self._line, 0, number, self._look.number)
        else:
            self._page.write_string(self._line, 0, number, self._look.centred)
        for place, value in enumerate(values, 1):
            self._write_value(place, value)

    def _write_value(self, place: int, value: Value) -> None:
        page, look, line = self._page, self._look, self._line
        if value is None or value == "":
            page.write_blank(line, place, None, look.text)
        elif value.__class__ is str:
            page.write_string(line, place, fitting(value), look.text)
        elif value.__class__ is int:
            page.write_number(line, place, value / 100, look.share)
        elif isinstance(value, Light):
            page.write_string(line, place, self._words[value], look.lights[value])
        elif isinstance(value, date):
            write_day(page, (line, place), value, look)
        else:
            page.write_string(line, place, self._words[value], look.text)

    def finish(self) -> None:
        """Filters and frozen panes."""
        self._page.autofilter(HEADER_ROW, 0, self._line, len(self._shown))
        self._page.freeze_panes(HEADER_ROW + 1, 3)


def _write_figures(sheet: Sheet, look: Look, ledger: Ledger) -> None:
    headings = list(_figure_headings(sheet.locale))
    write_head(sheet, look, headings, [30, *([10.5] * (len(headings) - 1))])
    line = HEADER_ROW
    for unit_row in ledger.rollup.units:
        line += 1
        form = look.indents[min(unit_row.depth, 15)]
        sheet.page.write_string(line, 0, fitting(printable(unit_row.unit.name)), form)
        _write_counts(sheet.page, look, line, unit_row.own, unit_row.total)
    # The total stays below, however the units are filtered.
    sheet.page.autofilter(HEADER_ROW, 0, line, len(headings) - 1)
    line += 1
    sheet.page.write_string(line, 0, say(sheet.locale, "Total"), look.strong)
    _write_counts(sheet.page, look, line, ledger.rollup.total, ledger.rollup.total)
    sheet.page.freeze_panes(HEADER_ROW + 1, 1)
    _write_definitions(sheet, look, line + 2, len(headings) - 1)


def _figure_headings(locale: str) -> Iterable[str]:
    yield say(locale, "Unit, with those below it")
    yield say(locale, "In scope itself")
    yield from (say(locale, definition.label) for definition in COUNTS)
    for definition in RATES:
        name = say(locale, definition.label)
        for part in ("%(rate)s: counted", "%(rate)s: of", "%(rate)s: left out"):
            yield say(locale, part, rate=name)
        yield name


def _write_counts(page: Worksheet, look: Look, line: int, own: Figures, total: Figures) -> None:
    numbers = [own.in_scope, *(count(total, definition) for definition in COUNTS)]
    for place, number in enumerate(numbers, 1):
        page.write_number(line, place, number, look.number)
    for number, definition in enumerate(RATES):
        _write_rate(page, look, (line, 1 + len(numbers) + 4 * number), total, definition)


def _write_rate(
    page: Worksheet, look: Look, place: tuple[int, int], total: Figures, definition: Definition
) -> None:
    """Numerator, denominator, exclusions and the rate, rounded as everywhere else."""
    line, first = place
    found = rate(total, definition)
    for step, number in enumerate((found.numerator, found.denominator, found.excluded)):
        page.write_number(line, first + step, number, look.number)
    if found.denominator:
        value = float(Decimal(found.percent.removesuffix("%")) / 100)
        page.write_number(line, first + 3, value, look.percent)
    else:
        page.write_string(line, first + 3, found.percent, look.centred)


def _write_definitions(sheet: Sheet, look: Look, line: int, last: int) -> None:
    for step, definition in enumerate((*COUNTS, *RATES)):
        label, meaning = say(sheet.locale, definition.label), say(sheet.locale, definition.meaning)
        text = say(sheet.locale, "%(label)s: %(meaning)s", label=label, meaning=meaning)
        write_across(sheet.page, line + step, last, text, look.note, 16)
