"""The pages of a workbook: their formats, their head, how they print, and what fits into a cell or a row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from documents.columns import Column, Value
from documents.ledger import Ledger
from documents.wording import is_chinese, ledger_title, provenance
from rules.lights import Light
from texts import say

HEADER_ROW = 2
LONGEST_CELL = 32_767
"""Excel's own limit, in UTF-16 units. A list cuts a longer text, which ends with an ellipsis; the full table
goes on with it in the next row."""

LINE_POINTS = 13.5
TALLEST_ROW = 409
"""Excel's own limit, in points."""

LIGHT_COLOURS = {
    Light.OVERDUE: ("#9C0006", "#FFC7CE"),
    Light.DUE_SOON: ("#7F4F00", "#FFE699"),
    Light.ON_TRACK: ("#1E5B2A", "#D5EBD8"),
    Light.UNDATED: ("#3F4A57", "#E4E8ED"),
    Light.DONE: ("#1B4B7A", "#D6E4F2"),
}
"""Light -> colour of the word, colour of the cell."""


class Page(Worksheet):  # type: ignore[misc]  # the library has no types
    """The library's sheet, but that every text comes back as it was.

    Two texts do not otherwise: one that looks like its own markup (<r>…</r>) is written as markup, and of
    escapes that overlap (_x005F_x0041_) only the first is escaped.
    """

    def _xml_rich_inline_string(self, string: str, attributes: Sequence[tuple[str, object]] = ()) -> None:
        self._xml_inline_string(string, False, attributes)

    @staticmethod
    def _escape_control_characters(data: str) -> str:
        return _ESCAPE.sub("_x005F_", data) if "_x" in data else data


_ESCAPE = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")


@dataclass(frozen=True, slots=True)
class Look:
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
    def of(cls, book: Workbook, locale: str) -> "Look":
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
class Sheet:
    """One sheet and the lines that stand above its table."""

    page: Worksheet
    title: str
    note: str
    locale: str

    @classmethod
    def of(cls, book: Workbook, ledger: Ledger, name: str, locale: str) -> "Sheet":
        words = say(locale, name)
        page = book.add_worksheet(words, worksheet_class=Page)
        title = f"{ledger_title(ledger, locale)} · {words}"
        return cls(page, title, provenance(ledger, locale), locale)


def write_head(sheet: Sheet, look: Look, headings: Sequence[str], widths: Sequence[float]) -> None:
    """Title, provenance and header rows, and everything that decides how the sheet prints."""
    page, last = sheet.page, len(headings) - 1
    for place, width in enumerate(widths):
        page.set_column(place, place, width)
    write_across(page, 0, last, sheet.title, look.title, 30)
    write_across(page, 1, last, sheet.note, look.note, 30)
    page.set_row(HEADER_ROW, 44)
    for place, heading in enumerate(headings):
        page.write_string(HEADER_ROW, place, heading, look.header)
    _set_print(page)


def write_across(page: Worksheet, row: int, last: int, text: str, form: Format, height: float) -> None:
    """One text over all columns. Merging would guess what the text is, so it is written afterwards."""
    page.set_row(row, height)
    page.merge_range(row, 0, row, last, "", form)
    page.write_string(row, 0, fitting(text), form)


def _set_print(page: Worksheet) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, HEADER_ROW)
    page.center_horizontally()
    page.set_footer("&C&P / &N")


SAFE_CELL = LONGEST_CELL // 2
"""Characters that fit into a cell whatever they are."""


def cell_end(text: str) -> int:
    """How many characters of a text fit into one cell."""
    if len(text) <= SAFE_CELL or (len(text) <= LONGEST_CELL and _units(text) <= LONGEST_CELL):
        return len(text)
    return LONGEST_CELL if _units(text[:LONGEST_CELL]) <= LONGEST_CELL else SAFE_CELL


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def fitting(text: str) -> str:
    """The text if it fits into one cell, else what does of it and an ellipsis."""
    if cell_end(text) == len(text):
        return text
    return text[: cell_end(text[: LONGEST_CELL - 1])] + "…"


_FIRST_DAY = date(1900, 3, 1)
"""Before it, programs that read workbooks do not agree which day a number is."""


def write_day(page: Worksheet, place: tuple[int, int], day: date, look: Look) -> None:
    if day < _FIRST_DAY:
        page.write_string(*place, day.isoformat(), look.day)
    else:
        page.write_datetime(*place, day, look.day)


def height(values: Sequence[Value], shown: Sequence[Column]) -> float:
    """Points for the tallest cell. Excel would find out by itself, other programs cut the text off."""
    lines = 1
    for value, column in zip(values, shown, strict=True):
        if value.__class__ is str and (2 * len(value) >= column.width or "\n" in value):
            lines = max(lines, _lines(value, column.width))
    return min(LINE_POINTS * lines + 4, TALLEST_ROW)


def _lines(text: str, width: float) -> int:
    """How many lines `text` takes in a column `width` Western characters wide; Chinese ones count double."""
    return sum(max(1, ceil(_breadth(line) / (width - 1))) for line in text.split("\n"))


def _breadth(line: str) -> int:
    """Western characters that a line is as wide as: a Chinese one has three bytes where they have one."""
    return len(line) if line.isascii() else (len(line) + len(line.encode())) // 2
