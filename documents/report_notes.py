"""Which items a figure of the next report counts: what stands in its notes, and what links lead to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from documents import columns
from documents.columns import Column
from documents.definitions import COMPLETION, TIMELINESS
from documents.ledger import Ledger
from documents.wording import listed
from rules.rollup import Figures, Standing, figures
from texts import say


@dataclass(frozen=True, slots=True)
class Note:
    """One figure of a paragraph with the references of the items that it counts."""

    label: str
    references: tuple[str, ...]


_REFERENCE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_.-]*-[PM][0-9]+)")
_COUNTS = (
    ("in_scope", "In scope"),
    ("opened", "Newly assigned"),
    ("closed", "Closed"),
    ("sustained", "Sustained"),
    ("cancelled", "Cancelled"),
    ("overdue", "Overdue"),
    ("extensions", "Extensions"),
)


def notes_on(items: Iterable[Standing], ledger: Ledger, locale: str) -> tuple[Note, ...]:
    """A note for each figure above zero over `items`, rates by numerator and denominator."""
    today = ledger.as_of.date()
    counted = [(item.reference, figures(item, ledger.rollup.period, today)) for item in items]
    return tuple(note for note in _notes(counted, locale) if note.references)


def _notes(counted: list[tuple[str, Figures]], locale: str) -> Iterator[Note]:
    for name, label in _COUNTS:
        found = tuple(reference for reference, one in counted if getattr(one, name))
        yield Note(say(locale, label), found)
    for definition in (COMPLETION, TIMELINESS):
        rates = [(reference, getattr(one, definition.name)) for reference, one in counted]
        words = say(locale, definition.label)
        numerator = tuple(reference for reference, rate in rates if rate.numerator)
        denominator = tuple(reference for reference, rate in rates if rate.denominator)
        yield Note(say(locale, "%(rate)s, numerator", rate=words), numerator)
        yield Note(say(locale, "%(rate)s, denominator", rate=words), denominator)


MOST_SPANS = 40
"""Of one figure in a footnote; the annex shows the others."""


def spans(references: Sequence[str], locale: str) -> str:
    """References in short: three and more in a row as 2026H1-P01 to P05; of very many the first ones."""
    found = [_span(run, locale) for run in _runs(references)]
    told = listed(found[:MOST_SPANS], locale)
    if len(found) <= MOST_SPANS:
        return told
    return say(locale, "%(items)s and others, %(count)d in all", items=told, count=len(references))


def _runs(references: Iterable[str]) -> Iterator[list[str]]:
    run: list[str] = []
    for reference in sorted(references):
        if run and reference != _after(run[-1]):
            yield from [run] if len(run) > 2 else [[one] for one in run]
            run = []
        run.append(reference)
    yield from [run] if len(run) > 2 else [[one] for one in run]


def _after(reference: str) -> str:
    """2026H1-P02 for 2026H1-P01."""
    head = reference.rstrip("0123456789")
    digits = reference[len(head) :]
    return f"{head}{int(digits) + 1:0{len(digits)}}" if digits else ""


def _span(run: list[str], locale: str) -> str:
    if len(run) == 1:
        return run[0]
    return say(locale, "%(first)s to %(last)s", first=run[0], last=run[-1].rpartition("-")[2])


def anchor(reference: str) -> str:
    """The name of the item's place in the annex, fit for an address."""
    return "item-" + re.sub(r"[^A-Za-z0-9-]", "-", reference)


def parts(text: str, known: AbstractSet[str]) -> Iterator[tuple[str, bool]]:
    """`text` in pieces, each with whether it is one of the `known` references."""
    return ((part, part in known) for part in _REFERENCE.split(text) if part)


_ANNEX_HEADINGS = {columns.TITLE: "Item of the ledger", columns.ANSWERS: "Belongs to"}


def annex_heading(column: Column, locale: str) -> str:
    """A heading of the annex, in words by which no reader takes its rows for problems stated once more."""
    return say(locale, _ANNEX_HEADINGS.get(column, column.heading))
