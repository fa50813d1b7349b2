"""The one place that reads the clock. Everybody else is told the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
