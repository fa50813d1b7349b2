"""People who left: when what is known of them is to be masked, and what stands in its place."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Departures:
    """The office's own rule for people who left."""

    mask_after_days: int = 0
    """Calendar days after which it happens by itself; 0: never."""

    def masked_before(self, now: datetime) -> datetime | None:
        """Whoever left at this instant or earlier is to be masked at `now`; None where nobody is."""
        return now - timedelta(days=self.mask_after_days) if self.mask_after_days else None


def stand_in_address(number: int) -> str:
    """What stands in place of the address of the person with this number; no letter ever reaches it."""
    return f"left-{number}@masked.invalid"
