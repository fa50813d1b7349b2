"""What the office issues under a number, as plain values: title, number, passages, who signs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from documents.wording import sentence


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph. `style` is the name of a style of the layout."""

    text: str
    style: str = "Body Text"
    is_flush: bool = False
    """Whether it begins at the margin."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the widths of its columns bear the proportions in which they share the text's."""

    widths: Sequence[float]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Official:
    """A document of the office in the words of its language."""

    title: str
    number: str
    parts: tuple[Passage | Grid, ...]
    """What it says between its number and its signature."""
    by: str
    office: str
    issued_at: datetime
    issued_on: date
    """The office's local day of `issued_at`."""


def sentences(words: str, locale: str) -> Iterator[str]:
    """The lines of what somebody wrote, each closed by a full stop; empty ones are left out."""
    return (sentence(line, locale) for line in words.splitlines() if line.strip())
