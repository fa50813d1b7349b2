"""What each letter says, as plain values: the words come in when a letter is rendered for its reader.

Dates are local to the office; nothing here knows a clock, a language or a database.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from notifications.receipts import Alarm, Receipt
from rules.lifecycle import Kind, State
from rules.lights import Light
from rules.overview import Tally
from rules.rollup import Figures
from rules.trend import TrendPoint


class LetterName(StrEnum):
    """The letters there are; each has its folder of templates."""

    DIGEST = "digest"
    ESCALATION = "escalation"
    ASSIGNMENT = "assignment"
    RETURNED = "returned"
    DECISION = "decision"
    ENDED = "ended"
    ROLLUP = "rollup"
    LINK = "link"
    INVITATION = "invitation"
    RECEIPT = "receipt"
    ALARM = "alarm"
    OVERVIEW = "overview"
    ORDER = "order"
    CIRCULAR = "circular"


@dataclass(frozen=True, slots=True)
class Line:
    """One item as its reader is to see it."""

    reference: str
    kind: Kind
    title: str
    quote: str
    """The report's own words, in short."""
    unit: str
    owner: str
    state: State
    light: Light
    due_on: date | None
    original_due_on: date | None
    working_days_left: int | None
    """Negative when late; None without a deadline."""
    progress: int
    """Per cent."""
    topic: str
    """The rung's key as rules/ladder.py names it, such as `before-3`, `due` or `silent-20-20260901`."""
    deadline_version: int = 1
    """Rises with every change of the deadline; calendar programs let the higher one stand."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything one person has to be told on one day."""

    on: date
    own: tuple[Line, ...] = ()
    """To act on."""
    copied: tuple[Line, ...] = ()
    """Of a co-owner, for information."""
    unit: tuple[Line, ...] = ()
    """Overdue in the unit that the reader heads."""
    led: tuple[Line, ...] = ()
    """Overdue in the line that the reader leads."""
    to_verify: tuple[Line, ...] = ()
    to_order: tuple[Line, ...] = ()
    """So late that a supervision order (督办单) is proposed; only a person sends it."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Items handed over to the reader."""

    on: date
    lines: tuple[Line, ...]
    by: str
    report: str
    """The title of the report that names them."""


@dataclass(frozen=True, slots=True)
class Returned:
    """An item that was submitted and came back, with what is still asked for."""

    on: date
    line: Line
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a request of the reader's."""

    on: date
    line: Line
    kind: str
    """`extension` or `cancellation`."""
    granted: bool
    proposed_on: date | None
    """The deadline that was asked for; None for a cancellation."""
    by: str
    note: str


class Ending(StrEnum):
    """How an item came to be due no more for its owner."""

    CLOSED = "closed"
    CANCELLED = "cancelled"
    SUSTAINED = "sustained"
    PASSED_ON = "passed-on"


@dataclass(frozen=True, slots=True)
class Ended:
    """An item of the reader's whose deadline is theirs no more."""

    on: date
    line: Line
    """As it stands now: of an item that was passed on, with its new owner and deadline."""
    how: Ending
    by: str
    note: str
    due_before: date | None = None
    """The deadline before, of an item that has another by now, or none."""
    review_on: date | None = None
    """The review date of an item that is sustained."""

    @property
    def is_theirs(self) -> bool:
        """Whether the item is still one of the reader's own."""
        return self.how is not Ending.PASSED_ON

    @property
    def line_before(self) -> Line:
        """The item with the deadline that calendars may have."""
        if self.how in {Ending.CLOSED, Ending.CANCELLED}:
            return self.line
        return replace(self.line, due_on=self.due_before, deadline_version=self.line.deadline_version - 1)


@dataclass(frozen=True, slots=True)
class Order:
    """A supervision order (督办单) about an item, to its owners and to the heads of the unit in charge."""

    on: date
    line: Line
    key: str
    """Year and number, such as `2026-3`."""
    by: str
    required: str
    answer_on: date | None
    """The day by which an answer is asked for."""


@dataclass(frozen=True, slots=True)
class Circular:
    """A circular (通报) about several items, to their owners and to the heads of the units in charge."""

    on: date
    key: str
    """Year and number, such as `2026-3`."""
    title: str
    reason: str
    by: str
    own: tuple[Line, ...]
    """Of these the reader is an owner, or heads the unit in charge."""
    others: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Rollup:
    """A sealed period's figures of one unit and of the units below it."""

    on: date
    period: str
    """The period's key, as rules/periods.py writes it."""
    unit: str
    version: int
    sha256: str
    total: Figures
    units: tuple[tuple[str, Figures], ...]
    is_proposed: bool = False
    """Nothing is sealed yet: the reader is asked to confirm the proposal."""
    anchor: str = ""
    """Position and hash of the last event that the seal knows, for auditors."""
    trend: tuple[TrendPoint, ...] = ()
    """The unit with all below it, period by period, the one that is told of last."""


@dataclass(frozen=True, slots=True)
class FreshLink:
    """A fresh link to the reader's own items, because an old one was asked for in vain."""

    on: date


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link by which the reader sets a password."""

    on: date
    url: str
    last_on: date
    """The last day on which it opens anything."""
    is_invited: bool
    """By the administrators; else the reader's own password was forgotten."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An item with the requests that wait for the reader's decision."""

    line: Line
    requests: tuple[tuple[str, date | None], ...]
    """`extension` with the deadline that is asked for, or `cancellation` with None."""


@dataclass(frozen=True, slots=True)
class Overview:
    """How the reader's line stands at the beginning of a week, and what needs them."""

    on: date
    until: date
    """The day up to which deadlines count as coming soon, included."""
    unit: str
    """The unit at the top of the line; empty where there are several."""
    total: Tally
    units: tuple[tuple[str, Tally], ...]
    """The parts of the line; `unit` itself stands among them for its own items."""
    worst: tuple[Line, ...] = ()
    """The items that are late the longest."""
    to_verify: tuple[Line, ...] = ()
    to_verify_count: int = 0
    """How many there are in all."""
    to_decide: tuple[Asked, ...] = ()
    to_decide_count: int = 0


Other = (
    Assignment
    | Returned
    | Decision
    | Ended
    | Order
    | Circular
    | Rollup
    | Overview
    | FreshLink
    | Invitation
    | Receipt
    | Alarm
)
"""All that is no digest."""

Letter = Digest | Other

_NAMES = {
    Assignment: LetterName.ASSIGNMENT,
    Returned: LetterName.RETURNED,
    Decision: LetterName.DECISION,
    Ended: LetterName.ENDED,
    Rollup: LetterName.ROLLUP,
    FreshLink: LetterName.LINK,
    Invitation: LetterName.INVITATION,
    Receipt: LetterName.RECEIPT,
    Alarm: LetterName.ALARM,
    Overview: LetterName.OVERVIEW,
    Order: LetterName.ORDER,
    Circular: LetterName.CIRCULAR,
}


def name_of(letter: Letter) -> LetterName:
    """The letter's name; a digest with nothing of one's own in it is an escalation."""
    if isinstance(letter, Digest):
        return LetterName.DIGEST if letter.own or letter.copied or letter.to_verify else LetterName.ESCALATION
    return _NAMES[type(letter)]
