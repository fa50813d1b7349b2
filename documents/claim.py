"""A place in a report that states a problem or a measure, before its fields are read."""

from dataclasses import dataclass

from documents.reading import Span
from rules.lifecycle import Kind


@dataclass(frozen=True, slots=True)
class Claim:
    """A place that states a problem or a measure, before its fields are read.

    `answers` is the start of the problem that a measure stands beside, `group` the start of the heading
    that both are listed under; `owner_cells` and `deadline_cell` come from tables.
    """

    kind: Kind
    number: str
    title_start: int
    start: int
    end: int
    rule: str
    group: int
    subitems: tuple[Span, ...] = ()
    answers: int | None = None
    owner_cells: tuple[Span, ...] = ()
    deadline_cell: Span | None = None
    fields: Span | None = None
    """Where labelled owners and deadlines stand that are not in the claim itself: the whole entry."""
    from_table: bool = False
    closed: bool = False
    """Whether the status column of a table says that all is done."""
    outer: int | None = None
    """The start of the heading above the category that `group` heads."""
    among: int | None = None
    """The start of the entry all of whose problems before it a measure answers."""
    title_end: int | None = None
    """Where a table cell that is the title ends."""


IN_TALK = frozenset({"told-in-talk", "answered-in-talk", "fault-in-passing"})
"""The rules that find something in running words alone."""


def told_fault(span: Span, group: int) -> Claim:
    """A fault told in running words: whole sentences without a number."""
    return Claim(Kind.PROBLEM, "", span.start, span.start, span.end, "told-in-talk", group)


def told_fix(span: Span, group: int) -> Claim:
    """What running words say is or was to be done about a fault."""
    return Claim(Kind.MEASURE, "", span.start, span.start, span.end, "answered-in-talk", group)
