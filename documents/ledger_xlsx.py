"""The ledger as a workbook: the figures, then three lists that are views of one table.

Every text is written as text. A title that begins with = is what somebody wrote, never a formula.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from math import ceil
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from documents import columns
from documents.columns import Column, Value, by_unit, plain_words
from documents.definitions import COUNTS, RATES, Definition, count, rate
from documents.ledger import Ledger, LedgerRow
from documents.replacing import replacing
from documents.wording import is_chinese, ledger_title, printable, provenance
from rules.lifecycle import Kind
from rules.lights import Light
from rules.rollup import Figures
from texts import say

HEADER_ROW = 2
LONGEST_CELL = 32_767
"""Excel's own limit, in characters; a longer text is cut and ends with an ellipsis."""

LINE_POINTS = 13.5
TALLEST_ROW = 409
"""Excel's own limit, in points."""

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
LIGHT_COLOURS = {
    Light.OVERDUE: ("#9C0006", "#FFC7CE"),
    Light.DUE_SOON: ("#7F4F00", "#FFE699"),
    Light.ON_TRACK: ("#1E5B2A", "#D5EBD8"),
    Light.UNDATED: ("#3F4A57", "#E4E8ED"),
    Light.DONE: ("#1B4B7A", "#D6E4F2"),
}
"""Light -> colour of the word, colour of the cell."""


def write_ledger(path: Path, ledger: Ledger, locale: str) -> None:
    """Writes the workbook of `ledger` to `path`, whole or not at all.

    The same ledger gives the same bytes.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with replacing(path) as fresh, Workbook(str(fresh), options) as book:
        _set_properties(book, ledger, locale)
        look = _Look.of(book, locale)
        _write_figures(_Sheet.of(book, ledger, "Summary", locale), look, ledger)
        problems = [row for row in ledger.rows if row.kind is Kind.PROBLEM]
        tasks = [row for row in ledger.rows if row.kind is Kind.MEASURE]
        _write_list(_Sheet.of(book, ledger, "List of problems", locale), look, PROBLEM_COLUMNS, problems)
        _write_list(_Sheet.of(book, ledger, "List of tasks", locale), look, TASK_COLUMNS, tasks)
        _write_list(_Sheet.of(book, ledger, "List of duties", locale), look, DUTY_COLUMNS, by_unit(ledger))


def _set_properties(book: Workbook, ledger: Ledger, locale: str) -> None:
    created = ledger.as_of.astimezone(UTC).replace(tzinfo=None)
    author = printable(ledger.organisation)
    book.set_properties({"title": ledger_title(ledger, locale), "author": author, "created": created})


@dataclass(frozen=True, slots=True)
class _Look:
    """The cell formats of one workbook."""

    title: Format
    note: Format
    header: Format
    text: Format
    centred: Format
    day: Format
    number: Format
    share: Format
    percent: Format
    strong: Format
    lights: dict[Light, Format]
    indents: dict[int, Format]

    @classmethod
    def of(cls, book: Workbook, locale: str) -> "_Look":
        plain = {
            "font_name": "宋体" if is_chinese(locale) else "Calibri",
            "font_size": 10,
            "valign": "vcenter",
        }
        cell = plain | {"border": 1, "border_color": "#8A929C", "text_wrap": True}
        middle = cell | {"align": "center"}
        day = 'yyyy"年"m"月"d"日"' if is_chinese(locale) else "d mmm yyyy"
        add = book.add_format
        return cls(
            title=add(plain | {"bold": True, "font_size": 16, "align": "center"}),
            note=add(plain | {"text_wrap": True, "font_color": "#3F4A57"}),
            header=add(middle | {"bold": True, "bg_color": "#E4E8ED"}),
            text=add(cell),
            centred=add(middle),
            day=add(middle | {"num_format": day}),
            number=add(middle | {"num_format": "0"}),
            share=add(middle | {"num_format": "0%"}),
            percent=add(middle | {"num_format": "0.00%"}),
            strong=add(cell | {"bold": True}),
            lights={
                light: add(middle | {"font_color": ink, "bg_color": ground})
                for light, (ink, ground) in LIGHT_COLOURS.items()
            },
            indents={depth: add(cell | {"indent": depth}) for depth in range(16)},
        )


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet and the lines that stand above its table."""

    page: Worksheet
    title: str
    note: str
    locale: str

    @classmethod
    def of(cls, book: Workbook, ledger: Ledger, name: str, locale: str) -> "_Sheet":
        words = say(locale, name)
        page = book.add_worksheet(words)
        title = f"{ledger_title(ledger, locale)} · {words}"
        return cls(page, title, provenance(ledger, locale), locale)


def _write_list(sheet: _Sheet, look: _Look, shown: Sequence[Column], rows: Sequence[LedgerRow]) -> None:
    page = sheet.page
    headings = [say(sheet.locale, name) for name in ("No.", *(column.heading for column in shown))]
    _write_head(sheet, look, headings, [5, *(column.width for column in shown)])
    for number, row in enumerate(rows, 1):
        values = [column.value(row, sheet.locale) for column in shown]
        page.set_row(HEADER_ROW + number, _height(values, shown, sheet.locale))
        page.write_number(HEADER_ROW + number, 0, number, look.number)
        for place, value in enumerate(values, 1):
            _write_value(sheet, look, (HEADER_ROW + number, place), value)
    page.autofilter(HEADER_ROW, 0, HEADER_ROW + len(rows), len(shown))
    page.freeze_panes(HEADER_ROW + 1, 3)


def _write_value(sheet: _Sheet, look: _Look, place: tuple[int, int], value: Value) -> None:
    page = sheet.page
    match value:
        case None | "" | ():
            page.write_blank(*place, None, look.text)
        case Light():
            page.write_string(*place, plain_words(value, sheet.locale), look.lights[value])
        case date():
            page.write_datetime(*place, value, look.day)
        case int():
            page.write_number(*place, value / 100, look.share)
        case _:
            page.write_string(*place, _fitting(plain_words(value, sheet.locale)), look.text)


def _height(values: Sequence[Value], shown: Sequence[Column], locale: str) -> float:
    """Points for the tallest cell. Excel would find out by itself, other programs cut the text off."""
    texts = (plain_words(value, locale) for value in values)
    lines = max(_lines(text, column.width) for text, column in zip(texts, shown, strict=True))
    return min(LINE_POINTS * lines + 4, TALLEST_ROW)


def _lines(text: str, width: float) -> int:
    """How many lines `text` takes in a column `width` Western characters wide; Chinese ones count double."""
    taken = (sum(1 if ord(letter) < 0x2000 else 2 for letter in line) for line in text.split("\n"))
    return sum(max(1, ceil(letters / (width - 1))) for letters in taken)


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _write_head(sheet: _Sheet, look: _Look, headings: Sequence[str], widths: Sequence[float]) -> None:
    """Title, provenance and header rows, and everything that decides how the sheet prints."""
    page, last = sheet.page, len(headings) - 1
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    _write_across(page, 0, last, sheet.title, look.title, 30)
    _write_across(page, 1, last, sheet.note, look.note, 30)
    page.set_row(HEADER_ROW, 44)
    for place, heading in enumerate(headings):
        page.write_string(HEADER_ROW, place, heading, look.header)
    _set_print(page)


def _write_across(page: Worksheet, row: int, last: int, text: str, form: Format, height: float) -> None:
    """One text over all columns. Merging would guess what the text is, so it is written afterwards."""
    page.set_row(row, height)
    page.merge_range(row, 0, row, last, "", form)
    page.write_string(row, 0, _fitting(text), form)


def _set_print(page: Worksheet) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, HEADER_ROW)
    page.center_horizontally()
    page.set_footer("&C&P / &N")


def _write_figures(sheet: _Sheet, look: _Look, ledger: Ledger) -> None:
    headings = list(_figure_headings(sheet.locale))
    _write_head(sheet, look, headings, [30, *([10.5] * (len(headings) - 1))])
    line = HEADER_ROW
    for unit_row in ledger.rollup.units:
        line += 1
        form = look.indents[min(unit_row.depth, 15)]
        sheet.page.write_string(line, 0, _fitting(printable(unit_row.unit.name)), form)
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


def _write_counts(page: Worksheet, look: _Look, line: int, own: Figures, total: Figures) -> None:
    numbers = [own.in_scope, *(count(total, definition) for definition in COUNTS)]
    for place, number in enumerate(numbers, 1):
        page.write_number(line, place, number, look.number)
    for number, definition in enumerate(RATES):
        _write_rate(page, look, (line, 1 + len(numbers) + 4 * number), total, definition)


def _write_rate(
    page: Worksheet, look: _Look, place: tuple[int, int], total: Figures, definition: Definition
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


def _write_definitions(sheet: _Sheet, look: _Look, line: int, last: int) -> None:
    for step, definition in enumerate((*COUNTS, *RATES)):
        label, meaning = say(sheet.locale, definition.label), say(sheet.locale, definition.meaning)
        text = say(sheet.locale, "%(label)s: %(meaning)s", label=label, meaning=meaning)
        _write_across(sheet.page, line + step, last, text, look.note, 16)
