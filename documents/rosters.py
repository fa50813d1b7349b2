"""A list of people, as a workbook or csv file, to plain rows: what stands under which heading, by line."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from documents.formats import kind_of
from documents.grid import Sheet
from documents.ledger_files import WORKBOOKS, workbook
from documents.separated import is_separated, read_separated
from rules.errors import UnreadableError

Name = TypeVar("Name", bound=str)

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
    ROLES = "roles"


YES = frozenset({"", "yes", "y", "true", "1", "active", "是", "在职", "在岗"})
NO = frozenset({"no", "n", "false", "0", "left", "否", "离职", "已离职"})
LANGUAGES = {
    "zh_cn": "zh_CN",
    "zh": "zh_CN",
    "chinese": "zh_CN",
    "中文": "zh_CN",
    "en": "en",
    "english": "en",
    "英文": "en",
}
HEADINGS: Mapping[Field, frozenset[str]] = {
    Field.NAME: frozenset({"name", "full name", "姓名", "名字", "人员"}),
    Field.EMAIL: frozenset(
        {"e-mail", "email", "e-mail address", "mail", "邮箱", "邮箱地址", "电子邮箱", "邮件"}
    ),
    Field.UNIT: frozenset({"unit", "unit code", "单位", "单位代码", "部门", "科室", "部门代码"}),
    Field.LOCALE: frozenset({"language", "locale", "语言"}),
    Field.ACTIVE: frozenset({"active", "in office", "在职", "是否在职", "状态"}),
    Field.ROLES: frozenset({"roles", "role", "角色"}),
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
    for sheet in sheets(data, name):
        if (entries := people_of(sheet, name)) is not None:
            return entries
    raise UnreadableError("%(name)s has no row of headings with name, e-mail and unit.", name=name)


def people_of(sheet: Sheet, name: str) -> list[Entry] | None:
    """The people of one sheet; None where it has no such headings. Raises UnreadableError when too long."""
    found = columns(sheet, HEADINGS, NEEDED)
    if found is None:
        return None
    entries = [Entry(line, values) for line, values in rows(sheet, *found)]
    if len(entries) > MOST_PEOPLE:
        raise UnreadableError(
            "%(name)s names more than %(most)s people; divide it.", name=name, most=MOST_PEOPLE
        )
    return entries


def sheets(data: bytes, name: str) -> list[Sheet]:
    """The sheets of a workbook that are not hidden, or the one of a csv file. Raises UnreadableError."""
    kind = kind_of(data, name)
    if kind in WORKBOOKS:
        return [sheet for sheet in workbook(data, name, kind) if not sheet.is_hidden]
    if kind == "text" and is_separated(name):
        return [read_separated(data, name)[1]]
    raise UnreadableError("%(name)s is no list of people: hand in an xlsx or csv file.", name=name)


def columns(
    sheet: Sheet, headings: Mapping[Name, frozenset[str]], needed: Collection[Name]
) -> tuple[int, dict[Name, int]] | None:
    """The place of the row of headings and of each column under it; None where one that is needed lacks."""
    for place in range(min(_TOP, sheet.height)):
        row = [" ".join(cell.split()).lower() for cell in sheet.row(place)]
        found: dict[Name, int] = {}
        for column, cell in enumerate(row):
            for field, words in headings.items():
                if cell in words:
                    found.setdefault(field, column)
        if all(field in found for field in needed):
            return place, found
    return None


def rows(sheet: Sheet, head: int, found: Mapping[Name, int]) -> Iterator[tuple[int, dict[Name, str]]]:
    """Each row under the headings that is not empty: its number as programs show it, and its words."""
    for place in range(head + 1, sheet.height):
        row = sheet.row(place)
        values = {field: " ".join(row[column].split()) for field, column in found.items()}
        if any(values.values()):
            yield sheet.top + place, values
