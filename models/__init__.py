"""Tables and their named selects."""

from models import account, event, item, message, order, organisation, period, report
from models.base import Base

__all__ = ["Base", "account", "event", "item", "message", "order", "organisation", "period", "report"]
