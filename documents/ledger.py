"""The ledger (整改台账) as plain values: what the three outgoing documents are written from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.deadlines import TimeLimit
from rules.lifecycle import Kind, State
from rules.lights import Light
from rules.rollup import Figures, Rollup


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One item as the ledger shows it. Names are as they are printed, dates local to the office."""

    reference: str
    kind: Kind
    title: str
    quote: str
    """The report's own words, from the number to the last full stop."""
    report: str
    """Title or key of the report that the item comes from."""
    unit: str
    """Name of the lead unit."""
    owners: tuple[str, ...]
    co_owners: tuple[str, ...]
    supervisor: str
    """Name of the supervising leader, or empty."""
    time_limit: TimeLimit
    due_on: date | None
    original_due_on: date | None
    state: State
    light: Light
    progress: int
    """Percent, 0 to 100."""
    opened_on: date | None
    ended_on: date | None
    evidence: tuple[str, ...]
    """Names of the files handed in and not withdrawn."""
    last_word: str
    answers: tuple[str, ...]
    """References of the problems that a measure answers, or of the measures that answer a problem."""
    repeats: tuple[str, ...] = ()
    """References of like problems in earlier reports; whoever confirmed this one was told of them."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A period's roll-up and its items, as of one instant."""

    organisation: str
    rollup: Rollup
    rows: tuple[LedgerRow, ...]
    as_of: datetime
    """The cut-off: aware, in the organisation's time zone. What happened at it or later is not in here."""
    sealed: bool
    sha256: str
    """Of the sealed figures and items, 64 hex digits; empty while nothing is sealed."""
    version: int
    earlier: tuple[tuple[str, Figures], ...] = ()
    """Key and total of each period before that a trend shows, the latest last."""

    def __post_init__(self) -> None:
        if self.as_of.tzinfo is None:
            raise ValueError("as_of has no time zone")

    @property
    def covered_on(self) -> date:
        """The last day that the figures know something of: the day before a cut-off at midnight."""
        return (self.as_of - timedelta(microseconds=1)).date()

    def days_overdue(self, row: LedgerRow) -> int:
        """Whole days between the deadline of `row` and the cut-off; 0 unless its light says overdue."""
        if row.light is not Light.OVERDUE or row.due_on is None:
            return 0
        return max((self.covered_on - row.due_on).days, 0)
