"""What a use case needs to know of the office it works for, read at the doors and handed down."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.organisation import Person
from notifications.outbox import Postbox
from rules.deadlines import DeadlinePolicy
from rules.ladder import Ladder
from rules.owners import OwnerRule
from rules.planning import Guard
from rules.sealing import SealBy
from rules.working_days import Calendar
from services.organisation import Directory


@dataclass(frozen=True, slots=True)
class Policy:
    """The office's own rules; the defaults are the house's."""

    ladder: Ladder = field(default_factory=Ladder)
    deadlines: DeadlinePolicy = field(default_factory=DeadlinePolicy)
    guard: Guard = field(default_factory=Guard)
    owners: tuple[OwnerRule, ...] = ()
    seal_by: SealBy = SealBy.FLOW


@dataclass(frozen=True, slots=True)
class Office:
    """Zone, calendar, policy, post and the folder for files."""

    zone: ZoneInfo
    calendar: Calendar
    policy: Policy
    postbox: Postbox
    folder: Path
    """Evidence files lie in `folder/evidence`."""

    def day(self, now: datetime) -> date:
        """The office's local day at the instant `now`."""
        return now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Visit:
    """One person's business with the office through one door: everything a use case of theirs works with."""

    session: Session
    office: Office
    directory: Directory
    actor: Person
    now: datetime
    door: str = "command"

    @property
    def today(self) -> date:
        """The office's local day."""
        return self.office.day(self.now)
