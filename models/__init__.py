"""Tables and their named selects."""

from models import event, item, message, organisation, period, report
from models.base import Base

__all__ = ["Base", "event", "item", "message", "organisation", "period", "report"]
