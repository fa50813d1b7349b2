"""What becomes of a letter, in one word."""

from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a letter: its state, but for letters that the flood guard holds."""

    HELD = "held"
    PLANNED = "planned"
    LEASED = "leased"
    FAILED = "failed"
    SENT = "sent"
    DEAD = "dead"
    CANCELLED = "cancelled"
