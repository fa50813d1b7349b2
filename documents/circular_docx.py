"""A circular (通报) as a document in the layout of GB/T 9704: items and units, no names of people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from documents.official import Grid, Official, Passage, sentences
from documents.replacing import replacing
from documents.wording import day_words, listed, one_line
from rules.lifecycle import State
from texts import say
from texts.labels import STATES, label
from texts.orders import circular_number

WIDTHS = (9, 26, 44, 25, 16, 19, 17)
"""Of the columns, in millimetres where the text is 156 wide."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as a circular names it."""

    reference: str
    title: str
    unit: str
    state: State
    due_on: date | None
    late_working_days: int
    """0 where it is not late."""


@dataclass(frozen=True, slots=True)
class Circular:
    """A circular as it was issued."""

    key: str
    """Year and number, such as `2026-3`."""
    office: str
    issued_at: datetime
    issued_on: date
    """The office's local day of `issued_at`."""
    by: str
    title: str
    reason: str
    entries: tuple[Entry, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """The units to which it goes, each once, in the order in which their items stand."""
        return tuple(dict.fromkeys(entry.unit for entry in self.entries))


def write_circular(path: Path, circular: Circular, locale: str, template: Path | None = None) -> None:
    """Writes the circular to `path`, whole or not at all. The same circular gives the same bytes."""
    made = circular_docx(circular, locale, template)
    with replacing(path) as fresh:
        fresh.write_bytes(made)


def circular_docx(circular: Circular, locale: str, template: Path | None = None) -> bytes:
    """The bytes of the document."""
    from documents.official_docx import official_docx  # noqa: PLC0415 - 6 MB, and few look at one

    paper = Official(
        title=one_line(circular.title),
        number=circular_number(locale, circular.key),
        parts=tuple(_parts(circular, locale)),
        by=circular.by,
        office=circular.office,
        issued_at=circular.issued_at,
        issued_on=circular.issued_on,
    )
    return official_docx(paper, locale, template)


def _parts(circular: Circular, locale: str) -> Iterator[Passage | Grid]:
    units = listed((one_line(unit) for unit in circular.units), locale)
    yield Passage(say(locale, "To %(units)s:", units=units), is_flush=True)
    yield from (Passage(text) for text in sentences(circular.reason, locale))
    yield Passage(_standing(circular, locale))
    rows = [_row(number, entry, locale) for number, entry in enumerate(circular.entries, 1)]
    yield Grid(WIDTHS, _headings(locale), rows)
    yield Passage(say(locale, "The units named are asked to press on with the rectification of these items."))


def _standing(circular: Circular, locale: str) -> str:
    return say(
        locale,
        "How the items named stand on %(today)s (%(items)s in all, %(late)s of them overdue):",
        today=day_words(circular.issued_on, locale),
        items=len(circular.entries),
        late=sum(entry.late_working_days > 0 for entry in circular.entries),
    )


def _headings(locale: str) -> list[str]:
    return [
        say(locale, "No."),
        say(locale, "Reference"),
        say(locale, "Problem or task"),
        say(locale, "Lead unit"),
        say(locale, "State"),
        say(locale, "Due date"),
        say(locale, "Working days late"),
    ]


def _row(number: int, entry: Entry, locale: str) -> list[str]:
    return [
        str(number),
        one_line(entry.reference),
        one_line(entry.title),
        one_line(entry.unit),
        label(STATES, entry.state, locale),
        entry.due_on.isoformat() if entry.due_on else "—",
        str(entry.late_working_days or "—"),
    ]
