"""A list of people, as a workbook or csv file, to plain rows: what stands under which heading, by line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from documents.formats import kind_of
from documents.grid import Sheet
from documents.ledger_files import WORKBOOKS, workbook
from documents.separated import is_separated, read_separated
from rules.errors import UnreadableError

MOST_PEOPLE = 5000
_TOP = 10
"""Rows among which the heading is looked for."""


class Field(StrEnum):
    """What a list says of a person."""

    NAME = "name"
    EMAIL = "email"
    UNIT = "unit"
    LOCALE = "locale"
    ACTIVE = "active"


HEADINGS: Mapping[Field, frozenset[str]] = {
    Field.NAME: frozenset({"name", "full name", "姓名", "名字", "人员"}),
    Field.EMAIL: frozenset(
        {"e-mail", "email", "e-mail address", "mail", "邮箱", "邮箱地址", "电子邮箱", "邮件"}
    ),
    Field.UNIT: frozenset({"unit", "unit code", "单位", "单位代码", "部门", "科室", "部门代码"}),
    Field.LOCALE: frozenset({"language", "locale", "语言"}),
    Field.ACTIVE: frozenset({"active", "in office", "在职", "是否在职", "状态"}),
}
NEEDED = (Field.EMAIL, Field.NAME, Field.UNIT)


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of the list. `line` is the row as programs show it; an absent column has no value."""

    line: int
    values: Mapping[Field, str]


def read_roster(data: bytes, name: str) -> list[Entry]:
    """The people of the first sheet that has the headings name, e-mail and unit; empty rows are passed over.

    Raises:
        UnreadableError: neither workbook nor csv, damaged, without these headings, or too long.
    """
    for sheet in _sheets(data, name):
        found = _columns(sheet)
        if found:
            entries = list(_entries(sheet, *found))
            if len(entries) > MOST_PEOPLE:
                raise UnreadableError(
                    "%(name)s names more than %(most)s people; divide it.", name=name, most=MOST_PEOPLE
                )
            return entries
    raise UnreadableError("%(name)s has no row of headings with name, e-mail and unit.", name=name)


def _sheets(data: bytes, name: str) -> list[Sheet]:
    kind = kind_of(data, name)
    if kind in WORKBOOKS:
        return [sheet for sheet in workbook(data, name, kind) if not sheet.is_hidden]
    if kind == "text" and is_separated(name):
        return [read_separated(data, name)[1]]
    raise UnreadableError("%(name)s is no list of people: hand in an xlsx or csv file.", name=name)


def _columns(sheet: Sheet) -> tuple[int, dict[Field, int]] | None:
    """The place of the heading and of each column under it."""
    for place in range(min(_TOP, sheet.height)):
        row = [" ".join(cell.split()).lower() for cell in sheet.row(place)]
        found: dict[Field, int] = {}
        for column, cell in enumerate(row):
            for field, words in HEADINGS.items():
                if cell in words:
                    found.setdefault(field, column)
        if all(field in found for field in NEEDED):
            return place, found
    return None


def _entries(sheet: Sheet, head: int, columns: Mapping[Field, int]) -> Iterator[Entry]:
    for place in range(head + 1, sheet.height):
        row = sheet.row(place)
        values = {field: " ".join(row[column].split()) for field, column in columns.items()}
        if any(values.values()):
            yield Entry(sheet.top + place, values)
