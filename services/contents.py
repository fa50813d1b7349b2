"""What a seal holds, as canonical JSON: the same figures, the same characters.

It is made and read in pieces, the items first, so that a seal of a million items need not lie in memory.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from rules import rollup
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.lights import Light
from rules.movement import Movement
from rules.periods import stretch
from rules.rollup import RULE_VERSION, Figures, Rollup, Standing, UnitRow
from services.history import canonical

LATER_ON_UNITS = frozenset({"own_movement", "movement"})
LATER_ON_ITEMS = frozenset({"light", "evidence", "extension_days", "days_to_close", "working_days_to_close"})
"""Fields that seals made by the first version of the rules lack."""
_BEHIND_ITEMS = re.compile(r'\],"(?:movement|period)":')
"""No text within the items can hold it: there a quote is escaped."""
_ITEMS = '"items":['


def content_of(found: Rollup, cut_off: datetime, rule_version: int = RULE_VERSION) -> str:
    """All pieces of a roll-up that lies in memory with its items."""
    items = items_piece(found.items, rule_version, is_first=True)
    return head_piece(cut_off) + items + tail_piece(found, rule_version)


def head_piece(cut_off: datetime) -> str:
    """What stands before the items."""
    return f'{{"cut_off":{canonical(cut_off)},{_ITEMS}'


def items_piece(items: Iterable[Standing], rule_version: int = RULE_VERSION, *, is_first: bool) -> str:
    """Some of the items, in the order of their references; `is_first` where none stands before them."""
    told = ",".join(canonical(_item_plain(item, rule_version)) for item in items)
    return told if is_first or not told else f",{told}"


def tail_piece(found: Rollup, rule_version: int = RULE_VERSION) -> str:
    """What stands behind the items."""
    units = [asdict(row) for row in found.units]
    rest: dict[str, Any] = {
        "rule_version": rule_version,
        "period": found.period.key,
        "total": asdict(found.total),
        "units": units,
    }
    if rule_version > 1:
        rest["movement"] = asdict(found.movement) if found.movement else None
    else:
        rest["units"] = [_without(row, LATER_ON_UNITS) for row in units]
    return f"],{canonical(rest)[1:]}"


def _item_plain(item: Standing, rule_version: int) -> dict[str, Any]:
    row = asdict(item)
    return row if rule_version > 1 else _without(row, LATER_ON_ITEMS)


def _without(row: dict[str, Any], names: AbstractSet[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def as_sealed(item: Standing, rule_version: int) -> Standing:
    """The item as it reads back from a seal of that version."""
    if rule_version > 1:
        return item
    return replace(
        item, light=None, evidence=None, extension_days=None, days_to_close=None, working_days_to_close=None
    )


def read_content(content: str) -> Rollup:
    """The roll-up that sealed content holds."""
    items = tuple(read_items([content]))
    return replace(read_tail(content), items=items)


def read_tail(content: str) -> Rollup:
    """The roll-up without its items; of the content, what stands behind the items is enough."""
    found = _BEHIND_ITEMS.search(content)
    if found is None:
        raise ValueError("This is not the content of a seal.")
    plain = json.loads("{" + content[found.start() + 2 :])
    return Rollup(
        period=stretch(plain["period"]),
        units=tuple(_unit_row(row) for row in plain["units"]),
        items=(),
        total=Figures(**plain["total"]),
        movement=_movement(plain.get("movement")),
    )


def read_items(pieces: Iterable[str]) -> Iterator[Standing]:
    """The items of sealed content, wherever it is cut into pieces."""
    return (_item_row(row) for row in _objects(iter(pieces)))


def _objects(pieces: Iterator[str]) -> Iterator[dict[str, Any]]:
    decode = json.JSONDecoder().raw_decode
    held, at = "", -1
    while at < 0:
        held += next(pieces)
        at = held.find(_ITEMS)
    at += len(_ITEMS)
    while True:
        while at >= len(held):
            held, at = next(pieces), 0
        if held[at] == "]":
            return
        at += held[at] == ","
        try:
            row, at = decode(held, at)
        except json.JSONDecodeError:  # the item goes on in the next piece
            held, at = held[at:] + next(pieces), 0
            continue
        yield row


def _unit_row(row: Mapping[str, Any]) -> UnitRow:
    own, total = Figures(**row["own"]), Figures(**row["total"])
    moves = (_movement(row.get(name)) for name in ("own_movement", "movement"))
    return UnitRow(rollup.Unit(**row["unit"]), row["depth"], own, total, *moves)


def _movement(row: Mapping[str, int] | None) -> Movement | None:
    return Movement(**row) if row else None


def _item_row(row: dict[str, Any]) -> Standing:
    days = ("due_on", "original_due_on", "judged_on", "opened_on", "ended_on")
    dates = {name: date.fromisoformat(row[name]) if row[name] else None for name in days}
    kinds = {"kind": Kind(row["kind"]), "state": State(row["state"])}
    limit = {"time_limit": TimeLimit(row["time_limit"]), "owners": tuple(row["owners"])}
    lit = {"light": Light(row["light"]) if row.get("light") else None}
    return Standing(**(row | dates | kinds | limit | lit))
