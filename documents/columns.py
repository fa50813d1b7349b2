"""The ledger's columns: one table of names, widths and values, of which every document shows a view."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from documents.ledger import Ledger, LedgerRow
from documents.wording import day_words, listed, printable
from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.lights import Light
from texts.labels import KINDS, LIGHTS, LIMITS, STATES, label

Choice = Kind | TimeLimit | State | Light
Value = str | int | date | Choice | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading (a catalogue key), its width in characters, and where its value is."""

    heading: str
    width: float
    value: Callable[[LedgerRow], Value]


REFERENCE = Column("Reference", 11, lambda row: row.reference)
KIND = Column("Kind", 8.5, lambda row: row.kind)
TITLE = Column("Problem or task", 22, lambda row: row.title)
QUOTE = Column("Original text", 36, lambda row: row.quote)
REPORT = Column("Source", 14, lambda row: row.report)
UNIT = Column("Lead unit", 14, lambda row: row.unit)
OWNERS = Column("Owner", 10, lambda row: row.owners)
CO_OWNERS = Column("Co-owner", 11, lambda row: row.co_owners)
SUPERVISOR = Column("Supervising leader", 9.5, lambda row: row.supervisor)
DUE = Column("Due date", 14.5, lambda row: row.due_on)
ORIGINAL_DUE = Column("First due date", 14.5, lambda row: row.original_due_on)
LIMIT = Column("Time limit", 9, lambda row: row.time_limit)
STATE = Column("State", 9, lambda row: row.state)
LIGHT = Column("Light", 8, lambda row: row.light)
PROGRESS = Column("Progress", 9, lambda row: row.progress)
OPENED = Column("Assigned on", 14.5, lambda row: row.opened_on)
ENDED = Column("Finished on", 14.5, lambda row: row.ended_on)
EVIDENCE = Column("Evidence", 17, lambda row: row.evidence)
LAST_WORD = Column("Latest progress", 28, lambda row: row.last_word)
ANSWERS = Column("Answers", 13.5, lambda row: row.answers)


FULL = (
    REFERENCE,
    KIND,
    TITLE,
    QUOTE,
    REPORT,
    UNIT,
    OWNERS,
    CO_OWNERS,
    SUPERVISOR,
    LIMIT,
    DUE,
    ORIGINAL_DUE,
    STATE,
    LIGHT,
    PROGRESS,
    OPENED,
    ENDED,
    EVIDENCE,
    LAST_WORD,
    ANSWERS,
)
"""Every column: the table of which the lists of a workbook are views."""

_WORDS: dict[type, dict[str, str]] = {Kind: KINDS, TimeLimit: LIMITS, State: STATES, Light: LIGHTS}


def choice_words(value: Choice, locale: str) -> str:
    """The word for a kind, time limit, state or light."""
    return label(_WORDS[type(value)], value.value, locale)


def cell_words(column: Column, row: LedgerRow, locale: str) -> str:
    """A cell's text where cells can hold nothing but text: progress with its sign, days written out.

    An item without a deadline shows its kind of time limit in the deadline's place.
    """
    value = column.value(row)
    if column is DUE and value is None:
        value = row.time_limit
    return plain_words(value, locale)


def plain_words(value: Value, locale: str) -> str:
    """A cell's value as text; None is empty, a number a percentage."""
    match value:
        case None:
            return ""
        case Kind() | TimeLimit() | State() | Light():
            return choice_words(value, locale)
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
