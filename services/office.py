"""What a use case needs to know of the office it works for, read at the doors and handed down."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from models.organisation import Person
from notifications.outbox import Postbox
from rules.policy import Policy
from rules.quiet import SendDays
from rules.working_days import Calendar
from services.organisation import Directory

LINK = "link"
"""The door of whoever comes by the link of a letter. They have not signed in, and may do little."""


@dataclass(frozen=True, slots=True)
class Office:
    """Zone, calendar, policy, post and the folder for files."""

    zone: ZoneInfo
    calendar: Calendar
    policy: Policy
    postbox: Postbox
    folder: Path
    """Evidence files lie in `folder/evidence`."""
    own_days: frozenset[date] = frozenset()
    """Days on which this office alone is free, or works although others are free; the calendar holds them."""

    @property
    def send_days(self) -> SendDays:
        """The days on which reminders go out."""
        return SendDays(self.calendar, self.policy.quiet)

    def day(self, now: datetime) -> date:
        """The office's local day at the instant `now`."""
        return now.astimezone(self.zone).date()

    def quiet_on(self, now: datetime) -> date | None:
        """The day at the instant `now` if it is a quiet one."""
        today = self.day(now)
        return today if self.policy.quiet.is_quiet(today) else None


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
