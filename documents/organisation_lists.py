"""An organisation as workbooks and csv files, to the entries that an organisation file in TOML has.

One sheet lists units (code, name), another one people (name, e-mail, unit); which is which is told by the
headings. Units and people may be spoken of by name where only one is called so.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from documents.grid import Sheet
from documents.rosters import LANGUAGES, NO, YES, Entry, Field, columns, people_of, rows, sheets
from rules.errors import UnreadableError
from rules.permissions import GRANTED
from texts.labels import ROLES, label

Row = dict[str, Any]


class Column(StrEnum):
    """What a list says of a unit."""

    CODE = "code"
    NAME = "name"
    PARENT = "parent"
    HEAD = "head"
    ALIASES = "aliases"
    KIND = "kind"


HEADINGS: Mapping[Column, frozenset[str]] = {
    Column.CODE: frozenset({"code", "unit code", "代码", "单位代码", "部门代码", "编码"}),
    Column.NAME: frozenset(
        {"name", "unit", "name of the unit", "名称", "单位名称", "部门名称", "单位", "部门"}
    ),
    Column.PARENT: frozenset({"parent", "unit above", "上级", "上级单位", "上级代码", "上级单位代码"}),
    Column.HEAD: frozenset({"head", "head of unit", "负责人", "负责人邮箱", "主要负责人"}),
    Column.ALIASES: frozenset({"aliases", "also called", "别名", "简称", "别称"}),
    Column.KIND: frozenset({"kind", "类别", "类型"}),
}
_BETWEEN = re.compile(r"[,;、，；/]")


@cache
def _role_words() -> Mapping[str, str]:
    return {
        word.lower(): role.value
        for role in GRANTED
        for word in (role.value, label(ROLES, role, "en"), label(ROLES, role, "zh_CN"))
    }


def read_lists(files: Iterable[tuple[str, bytes]], place: str) -> dict[str, list[Row]]:
    """Units, people and roles of the files (name, content); under `place` each keeps its file and row.

    Raises:
        UnreadableError: a file is no such list, or a row says something that cannot be understood.
    """
    units: list[Row] = []
    people: list[tuple[Entry, Row]] = []
    for name, data in files:
        known = len(units) + len(people)
        for sheet in sheets(data, name):
            units += _units(sheet, name, place)
            people += [(entry, {place: (name, entry.line)}) for entry in people_of(sheet, name) or ()]
        if len(units) + len(people) == known:
            raise UnreadableError(
                "%(name)s lists neither units (with code and name) nor people (with name, e-mail and unit).",
                name=name,
            )
    codes = _by_name((unit["name"], unit["code"]) for unit in units)
    addresses = _by_name((entry.values[Field.NAME], entry.values[Field.EMAIL]) for entry, _ in people)
    for unit in units:
        unit["parent"] = codes.get(unit["parent"], unit["parent"])
        unit["head"] = addresses.get(unit["head"], unit["head"])
    return {
        "unit": _parents_first(units),
        "person": [row | _person(entry, row[place], codes) for entry, row in people],
        "role": [
            row | {"person": entry.values[Field.EMAIL], "role": role, "unit": codes.get(unit, unit)}
            for entry, row in people
            for role, unit in _roles(entry, row[place])
        ],
    }


def _units(sheet: Sheet, name: str, place: str) -> list[Row]:
    found = (
        None if people_of(sheet, name) is not None else columns(sheet, HEADINGS, (Column.CODE, Column.NAME))
    )
    return [_unit(values) | {place: (name, line)} for line, values in rows(sheet, *found)] if found else []


def _unit(values: Mapping[Column, str]) -> Row:
    aliases = (alias.strip() for alias in _BETWEEN.split(values.get(Column.ALIASES, "")))
    return {
        "code": values[Column.CODE],
        "name": values[Column.NAME],
        "parent": values.get(Column.PARENT, ""),
        "head": values.get(Column.HEAD, ""),
        "aliases": [alias for alias in aliases if alias],
        "kind": values.get(Column.KIND) or "office",
    }


def _by_name(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What each name means that only one bears."""
    pairs = list(pairs)
    often = Counter(name for name, _ in pairs)
    return {name: meant for name, meant in pairs if name and often[name] == 1}


def _parents_first(units: list[Row]) -> list[Row]:
    """The units with those above before those below; whose parent is nowhere comes last."""
    ordered: list[Row] = []
    known, waiting = {""}, units
    while ready := [unit for unit in waiting if unit["parent"] in known]:
        ordered += ready
        waiting = [unit for unit in waiting if unit["parent"] not in known]
        known = {unit["code"] for unit in ready}
    return ordered + waiting


def _person(entry: Entry, place: tuple[str, int], codes: Mapping[str, str]) -> Row:
    values = entry.values
    active, language = values.get(Field.ACTIVE, "").lower(), values.get(Field.LOCALE, "")
    if active in NO:
        raise _strange(place, "Who has left before they came is not entered.")
    if active not in YES:
        raise _strange(place, "%(value)s says neither yes nor no.", value=active[:40])
    unit = values[Field.UNIT]
    return {
        "name": values[Field.NAME],
        "email": values[Field.EMAIL],
        "unit": codes.get(unit, unit),
        "locale": LANGUAGES.get(language.lower(), language) or "zh_CN",
    }


def _roles(entry: Entry, place: tuple[str, int]) -> Iterable[tuple[str, str]]:
    """The roles of a cell such as `coordinator; auditor@SAFETY`; without a unit it is the person's own."""
    for said in _BETWEEN.split(entry.values.get(Field.ROLES, "")):
        word, _, unit = (part.strip() for part in said.partition("@"))
        if not word:
            continue
        if word.lower() not in _role_words():
            raise _strange(place, "%(role)s is no role that is held on a unit.", role=word[:40])
        yield _role_words()[word.lower()], unit or entry.values[Field.UNIT]


def _strange(place: tuple[str, int], sentence: str, **values: object) -> UnreadableError:
    file, row = place
    reason = UnreadableError(sentence, **values)
    return UnreadableError("%(file)s, row %(row)s: %(reason)s", file=file, row=row, reason=reason)
