"""A list as a file: csv that spreadsheets open in every language, or a workbook of one sheet."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO

from documents.separated import guarded
from documents.wording import printable

Cell = str | int | date | None


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with the mark that spreadsheets know it by; what looks like a formula gets an apostrophe."""
    written = StringIO()
    writer = csv.writer(written)
    writer.writerow(heads)
    # The writer itself puts days as ISO has them, and nothing for None.
    writer.writerows([guarded(it) if isinstance(it, str) else it for it in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def xlsx_of(title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], *, now: datetime) -> bytes:
    """One sheet with a fixed first line and a filter; texts are texts and days are days."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - 12 MB that pages and csv can do without

    from documents.ledger_pages import Page, fitting  # noqa: PLC0415 - as above

    made = BytesIO()
    book = Workbook(
        made, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    book.set_properties({"created": now.replace(tzinfo=None)})
    sheet = book.add_worksheet(title[:31], worksheet_class=Page)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, heads, bold)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(last, column, cell, day)
            elif cell is not None:
                sheet.write(last, column, fitting(printable(cell)) if isinstance(cell, str) else cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(heads) - 1)
    sheet.autofit(420)
    book.close()
    return made.getvalue()
