"""A workbook (xlsx, xlsm) to plain words, in a process of its own; what it gives travels as JSON.

python-calamine reads the cells. What it does not tell is looked up in the XML: hidden rows, formulas without
a value, errors, and the digits of long numbers.
"""

import gc
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from documents.archive import members
from documents.grid import MOST_CELLS, letters, packed, refuse_size
from rules.errors import UnreadableError

MOST_CHARACTERS = 256 * 1024**2
"""Of all cells together; a short file may name one long text in every cell."""

_EXACT = 10**15
"""From here on a number of a workbook has more digits than such programs show."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REF = rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,3}[0-9]{1,7})"'
_FILLED = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,3})([0-9]{1,7})"[^>]*[^/]>')
_FORMULA = re.compile(
    _REF + rb"([^>]*)>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>|)\s*</"
)
_FAULTY = re.compile(_REF + rb'[^>]*?\st="e"')
_LONG = re.compile(_REF + rb"[^>]*>\s*<(?:\w+:)?v>(-?[0-9]{16,20})</")
_END_OF_TEXT = re.compile(rb"</(?:\w+:)?si>")
_SHARED = re.compile(rb't="s"[^>]*>\s*<(?:\w+:)?v>([0-9]+)</')
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_PREFIXED = re.compile(rb"<\w+:worksheet\b")
_NUMBER = re.compile(rb'\br="([0-9]{1,7})"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')


def parse(data: bytes, name: str) -> dict[str, Any]:
    """The worksheets of a workbook as `documents.grid.unpacked` takes them.

    Raises:
        UnreadableError: no workbook of this format, or beyond some bound.
    """
    gc.disable()  # the process lives for this one file
    parts = members(data, name, _is_read)
    _refuse_repeated(parts, name)
    xml = _sheet_xml(parts)
    del parts
    with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
        told = [
            _sheet(book, meta.name, xml.get(meta.name, b""), name)
            | {"is_hidden": meta.visible is not SheetVisibleEnum.Visible}
            for meta in book.sheets_metadata
            if meta.typ is SheetTypeEnum.WorkSheet
        ]
    return {"sheets": told}


def _is_read(part: str) -> bool:
    return part.startswith("xl/") and part.endswith((".xml", ".rels")) and part.count("/") < 3


def _refuse_repeated(parts: dict[str, bytes], name: str) -> None:
    """A long text that stands once and is named by a hundred thousand cells would fill the memory."""
    shared = parts.get("xl/sharedStrings.xml", b"")
    if not shared:
        return
    sheets = [part for path, part in parts.items() if path.startswith("xl/worksheets/")]
    named = sum(sheet.count(b't="s"') for sheet in sheets)
    if max(map(len, shared.split(b"si>"))) * named <= MOST_CHARACTERS:
        return
    texts = _END_OF_TEXT.split(shared)
    counts = Counter(int(found[1]) for sheet in sheets for found in _SHARED.finditer(sheet))
    if sum(len(texts[at]) * count for at, count in counts.items() if at < len(texts)) > MOST_CHARACTERS:
        raise UnreadableError(
            "%(name)s holds more than %(limit)s MiB once it is unpacked; it was not opened.",
            name=name,
            limit=MOST_CHARACTERS // 1024**2,
        )


def _sheet_xml(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Sheet name -> its XML. The names of parts say nothing; the workbook's relations do."""
    book, related = parts.get("xl/workbook.xml"), parts.get("xl/_rels/workbook.xml.rels")
    if book is None or related is None:
        return {}
    # Archives with declarations of their own were refused, so that no entity can be expanded.
    targets = {
        link.get("Id"): f"xl/{link.get('Target', '')}"
        for link in ET.fromstring(related)  # noqa: S314
    }
    return {
        sheet.get("name", ""): parts.get(_plain(targets.get(sheet.get(_RELATED), "")), b"")
        for sheet in ET.fromstring(book).iter(f"{_MAIN}sheet")  # noqa: S314
    }


def _plain(path: str) -> str:
    """A target that begins with / counts from the archive's root."""
    return path.partition("//")[2] or path


def _sheet(book: CalamineWorkbook, title: str, xml: bytes, name: str) -> dict[str, Any]:
    refuse_size(name, *_reach(xml))
    sheet = book.get_sheet_by_name(title)
    refuse_size(name, sheet.height, sheet.width)
    top, left = sheet.start or (0, 0)
    words = _Words(xml)
    cells = zip(*sheet.to_python(), strict=True) if sheet.height else ()
    return {
        "name": title,
        "columns": packed(
            _in_words(column, words, (top, left + place)) for place, column in enumerate(cells)
        ),
        "top": top + 1,
        "left": left,
        "merged": list(_merged(sheet, top, left)),
        "hidden_rows": _hidden_rows(xml),
        "unvalued": _unvalued(xml),
        "faulty": [found[1].decode() for found in _FAULTY.finditer(xml)] if b't="e"' in xml else [],
    }


def _reach(xml: bytes) -> tuple[int, int]:
    """Over how many rows and columns the cells stand. calamine lays all of them out, empty ones too.

    What the sheet says of its own dimension may be wrong. Cells that are empty but have a format count only
    if all would be too many.
    """
    rows = xml.split(b"<row")
    numbers = [int(found[1]) for row in (rows[1:2] + rows[-1:]) if (found := _NUMBER.search(row))]
    last = {row[at + 6 : at + 9] for row in rows if (at := row.rfind(b'<c r="')) >= 0}
    high, wide = (numbers[-1] - numbers[0] + 1 if numbers else 0), max(map(_place, last), default=0)
    if high * wide <= MOST_CELLS and rows[1:]:
        return high, wide
    filled = [(int(found[2]), _place(found[1])) for found in _FILLED.finditer(xml)]
    if not filled:
        return 0, 0
    across, down = [at for _, at in filled], [row for row, _ in filled]
    return max(down) - min(down) + 1, max(across) - min(across) + 1


def _place(reference: bytes) -> int:
    """AB is the 28th column; digits behind the letters say nothing of it."""
    place = 0
    for letter in reference.rstrip(b'0123456789"'):
        place = 26 * place + letter - 64
    return place


def _merged(sheet: CalamineSheet, top: int, left: int) -> Iterator[list[int]]:
    """The merged ranges, as far as the sheet has cells."""
    for (row, column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        until = min(last_row - top, sheet.height - 1), min(last_column - left, sheet.width - 1)
        if 0 <= row - top <= until[0] and 0 <= column - left <= until[1]:
            yield [row - top, column - left, *until]


def _may_hold(xml: bytes, letter: bytes) -> bool:
    """Whether a letter stands among the cells; one byte is found ten times as fast as a word.

    Names of elements are short there, and words are in Chinese or stand elsewhere.
    """
    return xml.find(letter, max(xml.find(b"sheetData"), 0), xml.rfind(b"sheetData")) >= 0


def _hidden_rows(xml: bytes) -> list[int]:
    if not _may_hold(xml, b"d") or b"hidden=" not in xml:
        return []
    hidden = (found[0] for found in _ROW.finditer(xml) if _HIDDEN.search(found[0]))
    return [int(number[1]) for row in hidden if (number := _NUMBER.search(row))]


def _unvalued(xml: bytes) -> list[str]:
    """The cells whose formula was never computed; one that gives an empty text has its value."""
    if not _may_hold(xml, b"f") or not any(
        sign in xml for sign in ((b":f ", b":f>") if _PREFIXED.search(xml[:4096]) else (b"<f>", b"<f "))
    ):
        return []
    found = _FORMULA.finditer(xml)
    return [cell[1].decode() for cell in found if not (cell[3] and b't="str"' in cell[2])]


class _Words(dict[Any, str]):
    """A cell's value -> its words, each worked out once."""

    def __init__(self, xml: bytes) -> None:
        super().__init__()
        self._xml = xml
        self._digits: dict[str, str] | None = None

    def __missing__(self, value: Any) -> str:
        whole = value.__class__ is float and value.is_integer()
        words = self[value] = str(int(value)) if whole else _said(value)
        return words

    def digits(self, cell: str, value: float) -> str:
        """A long number as it stands in the file; what is no whole number there keeps 15 digits."""
        if self._digits is None:
            self._digits = {found[1].decode(): found[2].decode() for found in _LONG.finditer(self._xml)}
        return self._digits.get(cell) or f"{Decimal(f'{value:.15g}'):f}"


def _in_words(column: Sequence[Any], words: _Words, place: tuple[int, int]) -> list[str]:
    """A column's cells as words; `place` is the sheet's row and column, from 0, of its first cell."""
    kinds = set(map(type, column))
    if kinds <= {str}:
        return list(column)
    if bool in kinds:  # True is 1 to a dictionary
        column = [str(cell).upper() if cell.__class__ is bool else cell for cell in column]
    said = [cell if cell.__class__ is str else words[cell] for cell in column]
    if float in kinds:
        for at, cell in enumerate(column):
            if cell.__class__ is float and not -_EXACT < cell < _EXACT:
                said[at] = words.digits(f"{letters(place[1])}{place[0] + at + 1}", cell)
    return said


def _said(value: Any) -> str:
    """Numbers without the .0 of a float, days as 2026-09-30, an instant with its time of day."""
    match value:
        case float():
            return f"{value:.15g}"
        case datetime():
            return value.date().isoformat() if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            return str(value)
        case _:
            return str(value)
