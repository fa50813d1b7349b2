"""Which files are ledgers, and the text and the reading of one."""

from documents.confined import confined
from documents.grid import Sheet, unpacked
from documents.ledger_reading import read_ledger
from documents.plenty import uncollected
from documents.reading import Reading
from documents.separated import is_separated, read_separated
from documents.text import Text

WORKBOOKS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xlsb": "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
"""Kind of workbook -> its media type. All but the first are read with the help of LibreOffice."""


def open_ledger(data: bytes, name: str, kind: str) -> tuple[Text, Reading] | None:
    """The text and the reading of a workbook or csv file; None where the file is a report.

    `kind` is what `documents.formats.kind_of` says of the file.

    Raises:
        UnreadableError: damaged, beyond some bound, or no ledger.
    """
    with uncollected():
        return _opened(data, name, kind)


def _opened(data: bytes, name: str, kind: str) -> tuple[Text, Reading] | None:
    if kind in WORKBOOKS:
        reading = read_ledger(workbook(data, name, kind), name)
        return Text(reading.text, WORKBOOKS[kind], "utf-8"), reading
    if kind == "text" and is_separated(name):
        text, sheet, notices = read_separated(data, name)
        reading = read_ledger([sheet], name, notices)
        return Text(reading.text, text.media_type, text.encoding), reading
    return None


def workbook(data: bytes, name: str, kind: str = "xlsx") -> list[Sheet]:
    """The sheets of a workbook of a kind of `WORKBOOKS`, read in a process with limits."""
    if kind != "xlsx":
        from documents.office import as_xlsx  # noqa: PLC0415 - few files need it

        data = as_xlsx(data, name, kind)
    return unpacked(confined("xlsx", data, name)["sheets"])
