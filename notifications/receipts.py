"""What a receipt says, as plain values: what became of letters, whether the loops ran, what waits."""

from dataclasses import dataclass
from datetime import date, datetime

from rules.watch import Cause, Pulse


@dataclass(frozen=True, slots=True)
class Lost:
    """A letter that reached nobody."""

    name: str
    address: str
    letter: str
    """The letter's name, as LetterName has it."""
    day: date
    said: str
    """The mail server's last words, or those of the report with which it came back."""
    came_back: bool = False
    """Whether the server had taken it first."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a coordinator is told each working day of the program's own work. Instants are local."""

    on: date
    since: datetime | None
    """When the last receipt was written; None for the first."""
    sent: int = 0
    waiting: int = 0
    """Letters still to go out that nobody holds back."""
    failed: int = 0
    """Those of them that were tried and not taken yet."""
    held: int = 0
    """Letters that the flood guard keeps back."""
    lost: tuple[Lost, ...] = ()
    pulses: tuple[Pulse, ...] = ()
    missed: tuple[date, ...] = ()
    """Days on which reminders were due and nothing was planned."""
    to_verify: int = 0
    to_decide: int = 0
    to_confirm: int = 0
    unacknowledged: int = 0
    wordless: int = 0
    """Items in work of which nobody has said a word for long."""
    unreviewed: int = 0
    """Long-term items whose review is overdue."""
    paused: int = 0
    lacking: tuple[int, ...] = ()
    """Years soon to come whose holidays nobody has published or entered."""

    @property
    def is_sound(self) -> bool:
        """Whether letters went out and loops ran as they should."""
        ran = not self.missed and not any(pulse.is_late or pulse.error for pulse in self.pulses)
        return ran and not (self.lost or self.failed or self.held or self.lacking)

    @property
    def waits(self) -> int:
        """How many items wait for the reader."""
        return self.to_verify + self.to_decide + self.to_confirm

    @property
    def silent(self) -> int:
        """How many items are without an answer from those who work on them."""
        return self.unacknowledged + self.wordless + self.unreviewed


@dataclass(frozen=True, slots=True)
class Failing:
    """Somebody whom letters do not reach."""

    name: str
    address: str
    said: str


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that does not hold of one version of a period's seal."""

    period: str
    version: int
    sentence: str
    """Says what is wrong, with places for `period` and `names`; a key of the catalogue."""
    names: str = ""
    """References of items, or codes of units, that differ."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is the matter, as coordinators and administrators are told. Instants are local."""

    on: date
    cause: Cause
    since: datetime | None = None
    """Since when; None where it is not known, or has never been otherwise."""
    count: int = 0
    """How many letters or people it concerns."""
    said: str = ""
    """The last error, or the mail server's words."""
    failing: tuple[Failing, ...] = ()
    broken: tuple[Broken, ...] = ()
