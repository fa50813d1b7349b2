"""The ledger's columns: one table of names, widths and values, of which every document shows a view."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from documents.ledger import Ledger, LedgerRow
from documents.wording import day_words, listed, printable
from rules.lights import Light
from texts.labels import KINDS, LIGHTS, LIMITS, STATES, label

Value = str | int | date | Light | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading (a catalogue key), its width in characters, and where its value is."""

    heading: str
    width: float
    value: Callable[[LedgerRow, str], Value]


REFERENCE = Column("Reference", 11, lambda row, locale: row.reference)
KIND = Column("Kind", 8.5, lambda row, locale: label(KINDS, row.kind.value, locale))
TITLE = Column("Problem or task", 22, lambda row, locale: row.title)
QUOTE = Column("Original text", 36, lambda row, locale: row.quote)
REPORT = Column("Source", 14, lambda row, locale: row.report)
UNIT = Column("Lead unit", 14, lambda row, locale: row.unit)
OWNERS = Column("Owner", 10, lambda row, locale: row.owners)
CO_OWNERS = Column("Co-owner", 11, lambda row, locale: row.co_owners)
SUPERVISOR = Column("Supervising leader", 9.5, lambda row, locale: row.supervisor)
DUE = Column("Due date", 14.5, lambda row, locale: row.due_on)
ORIGINAL_DUE = Column("First due date", 14.5, lambda row, locale: row.original_due_on)
LIMIT = Column("Time limit", 9, lambda row, locale: label(LIMITS, row.time_limit.value, locale))
STATE = Column("State", 9, lambda row, locale: label(STATES, row.state.value, locale))
LIGHT = Column("Light", 8, lambda row, locale: row.light)
PROGRESS = Column("Progress", 9, lambda row, locale: row.progress)
OPENED = Column("Assigned on", 14.5, lambda row, locale: row.opened_on)
ENDED = Column("Finished on", 14.5, lambda row, locale: row.ended_on)
EVIDENCE = Column("Evidence", 17, lambda row, locale: row.evidence)
LAST_WORD = Column("Latest progress", 28, lambda row, locale: row.last_word)
ANSWERS = Column("Answers", 13.5, lambda row, locale: row.answers)


def cell_words(column: Column, row: LedgerRow, locale: str) -> str:
    """A cell's text where cells can hold nothing but text: progress with its sign, days written out.

    An item without a deadline shows its kind of time limit in the deadline's place.
    """
    value = column.value(row, locale)
    if column is DUE and value is None:
        value = LIMIT.value(row, locale)
    return plain_words(value, locale)


def plain_words(value: Value, locale: str) -> str:
    """A cell's value as text; None is empty, a number a percentage."""
    match value:
        case None:
            return ""
        case Light():
            return label(LIGHTS, value.value, locale)
        case tuple():
            return printable(listed(value, locale))
        case date():
            return day_words(value, locale)
        case int():
            return f"{value}%"
        case _:
            return printable(value)


def by_unit(ledger: Ledger) -> tuple[LedgerRow, ...]:
    """The rows in the tree order of their units and, within a unit, by owner and deadline."""
    places = {unit_row.unit.code: place for place, unit_row in enumerate(ledger.rollup.units)}
    units = unit_codes(ledger)
    return tuple(
        sorted(
            ledger.rows,
            key=lambda row: (
                places.get(units.get(row.reference, ""), len(places)),
                row.owners,
                row.due_on or date.max,
                row.reference,
            ),
        )
    )


def unit_codes(ledger: Ledger) -> dict[str, str]:
    """Reference of each item in scope -> code of its lead unit; names need not be unique, codes are."""
    return {item.reference: item.unit for item in ledger.rollup.items}
