"""The figures that documents show, by name, with the sentence that defines each (rules/rollup.py)."""

from dataclasses import dataclass

from rules.rollup import Figures, Rate


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: its field or property of `Figures`, and two catalogue keys."""

    name: str
    label: str
    meaning: str


COUNTS = (
    Definition(
        "in_scope",
        "In scope",
        "Items handed over before the cut-off and not finished before the period began.",
    ),
    Definition("opened", "Newly assigned", "Items in scope that were handed over within the period."),
    Definition("closed", "Closed", "Items in scope that were approved as done by the cut-off."),
    Definition(
        "closed_on_time",
        "Closed on time",
        "Closed by the deadline in force, of the items whose deadline had passed at the cut-off.",
    ),
    Definition("overdue", "Overdue", "Items still open at the cut-off whose deadline had passed."),
    Definition("sustained", "Sustained", "Long-term items that are kept up and reviewed; never overdue."),
    Definition("cancelled", "Cancelled", "Items found not to apply or merged into another one."),
    Definition(
        "undated",
        "Long-term or undated",
        "Items without a deadline that are not cancelled; they count in no completion rate.",
    ),
    Definition("extensions", "Extensions", "How often the deadlines of items in scope were extended."),
)

COMPLETION = Definition(
    "completion",
    "Completion rate",
    "Closed items of all items in scope, without the cancelled, the long-term and the undated ones.",
)
TIMELINESS = Definition(
    "timeliness",
    "On-time rate",
    "Items closed on time, of those closed with a deadline that had passed and those overdue.",
)
RATES = (COMPLETION, TIMELINESS)


def count(figures: Figures, definition: Definition) -> int:
    """The value of one of `COUNTS`."""
    return int(getattr(figures, definition.name))


def rate(figures: Figures, definition: Definition) -> Rate:
    """The value of one of `RATES`."""
    return figures.completion if definition is COMPLETION else figures.timeliness
