"""How often somebody may try to sign in, or come by a link, before they have to wait.

A stranger who fails on purpose locks nobody out: one address can use up only its own tries at an account,
and a browser that has signed in before has tries of its own, whatever others do to the account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts within `window` from the first one on."""

    most: int
    window: timedelta


FROM_ADDRESS = Limit(50, timedelta(minutes=15))
"""From one address, whatever the account; an office may share an address."""
AT_ACCOUNT_FROM_ADDRESS = Limit(8, timedelta(minutes=15))
AT_ACCOUNT = Limit(60, timedelta(hours=1))
"""At one account from all addresses and browsers that never signed in to it."""
FROM_KNOWN_BROWSER = Limit(10, timedelta(minutes=15))
LINKS_FROM_ADDRESS = Limit(20, timedelta(minutes=15))
"""Fresh links that may be asked for from one address."""
PASSWORDS_FROM_ADDRESS = Limit(20, timedelta(minutes=15))
"""Links to set a password that may be asked for from one address, whatever the account."""
PASSWORDS_AT_ACCOUNT_FROM_ADDRESS = Limit(8, timedelta(minutes=15))
PASSWORDS_AT_ACCOUNT = Limit(60, timedelta(hours=1))
"""Far above the one letter an hour that comes of them: who is refused has the link in their mail."""
BY_LINK = Limit(60, timedelta(hours=1))
"""Moves that one person's links may make."""
LONGEST_WINDOW = timedelta(hours=1)


def counted(
    count: int, since_at: datetime | None, limit: Limit, now: datetime
) -> tuple[int, datetime] | None:
    """Count and begin of the window after one more attempt at `now`; None where there may be no more yet."""
    if since_at is None or now >= since_at + limit.window:
        return 1, now
    return (count + 1, since_at) if count < limit.most else None
