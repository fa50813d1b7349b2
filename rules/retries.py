"""When a letter that was not accepted is handed over again."""

from datetime import datetime, timedelta
from hashlib import sha256

STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120))
GIVE_UP_AFTER = timedelta(days=5)


def next_attempt_at(attempts: int, first_at: datetime, now: datetime, salt: str) -> datetime | None:
    """The instant of the next attempt after `attempts` failed ones, or None when it is time to give up.

    That is five days after the first attempt, however long the letter had lain before it.
    Waits 1, 5, 15, 30, 60 minutes, then 2 hours, each varied by up to 20 % so that letters that failed
    together do not return together; `salt` (the letter's key) makes the variation repeatable.
    """
    wait = STEPS[min(max(attempts, 1), len(STEPS)) - 1]
    again_at = now + wait * (0.8 + 0.4 * _fraction(f"{salt}/{attempts}"))
    return again_at if again_at <= first_at + GIVE_UP_AFTER else None


def _fraction(word: str) -> float:
    return int.from_bytes(sha256(word.encode()).digest()[:4]) / 2**32
