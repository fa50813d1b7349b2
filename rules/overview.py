"""The weekly overview: on which day it goes out, and what it counts."""

from dataclasses import dataclass
from datetime import date, timedelta

from rules.working_days import Calendar


@dataclass(frozen=True, slots=True)
class OverviewPolicy:
    """When leaders and coordinators hear how their line stands, and how much of it."""

    weekday: int = 1
    """1 for Monday to 7 for Sunday: the first working day of the week from then on. 0: never."""
    ahead_days: int = 14
    """What comes due within so many days is counted."""
    named: int = 5
    """How many items of each kind are named."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items of a unit stand how."""

    open: int = 0
    overdue: int = 0
    """Of the open ones."""
    soon: int = 0
    """Of the open ones, those that come due shortly."""
    waiting: int = 0
    """Of the open ones, those that wait for a decision on their closing."""
    closed: int = 0
    """In the week before."""

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.open + other.open,
            self.overdue + other.overdue,
            self.soon + other.soon,
            self.waiting + other.waiting,
            self.closed + other.closed,
        )


def week_of(day: date) -> str:
    """The ISO week in which `day` lies, such as `2026-W48`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(day: date) -> date:
    """The Monday of the week in which `day` lies."""
    return day - timedelta(days=day.weekday())


def week_before(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week before that of `day`."""
    monday = monday_of(day)
    return monday - timedelta(days=7), monday - timedelta(days=1)


def is_due(today: date, policy: OverviewPolicy, calendar: Calendar) -> bool:
    """Whether this week's overview is owed by `today`: on its day, and after it where no run came that day.

    A week without a working day from `weekday` on owes none.
    """
    if not policy.weekday:
        return False
    return calendar.on_or_after(monday_of(today) + timedelta(days=policy.weekday - 1)) <= today
