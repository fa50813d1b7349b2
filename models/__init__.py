"""Tables and their named selects."""

from models import account, batch, event, item, message, order, organisation, period, report
from models.base import Base

__all__ = [
    "Base",
    "account",
    "batch",
    "event",
    "item",
    "message",
    "order",
    "organisation",
    "period",
    "report",
]
