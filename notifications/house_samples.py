"""Receipts and alarms as the housing office of Yunzhou might get them."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from notifications.letters import Letter
from notifications.receipts import Alarm, Broken, Failing, Lost, Receipt
from rules.watch import Cause, Loop, Pulse

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 9, 25)


def receipt() -> Receipt:
    """A day on which a good deal went wrong."""
    return Receipt(
        on=TODAY,
        since=datetime(2026, 9, 24, 17, 2, tzinfo=ZONE),
        sent=41,
        waiting=4,
        failed=3,
        held=12,
        lost=(
            Lost(
                "许晓岚",
                "xu.xiaolan@yunzhou.example",
                "digest",
                TODAY,
                "550 5.1.1 User unknown in virtual mailbox table",
            ),
            Lost(
                "王芳", "wang.fang@yunzhou.example", "assignment", date(2026, 9, 22), "5.2.1 disabled", True
            ),
        ),
        pulses=(
            Pulse(Loop.REMINDERS, datetime(2026, 9, 24, 8, 30, tzinfo=ZONE)),
            Pulse(
                Loop.DELIVERY, datetime(2026, 9, 25, 9, 55, tzinfo=ZONE), "535 5.7.8 authentication failed"
            ),
            Pulse(Loop.PERIOD_END, None, is_late=True),
            Pulse(Loop.HOUSEKEEPING, datetime(2026, 9, 25, 16, 7, tzinfo=ZONE)),
        ),
        missed=(TODAY,),
        to_verify=2,
        to_decide=1,
        to_confirm=6,
        unacknowledged=3,
        wordless=5,
        unreviewed=1,
        paused=1,
        lacking=(2027,),
    )


def quiet_receipt() -> Receipt:
    """A day on which nothing went wrong and nobody is waited for."""
    return Receipt(on=TODAY, since=receipt().since, sent=9, pulses=sound_pulses())


def waiting_receipt() -> Receipt:
    """A day on which nothing went wrong and people are waited for."""
    return replace(quiet_receipt(), to_verify=1, wordless=2)


def sound_pulses() -> tuple[Pulse, ...]:
    """Every loop alive."""
    return tuple(Pulse(loop, datetime(2026, 9, 25, 16, 55, tzinfo=ZONE)) for loop in Loop)


def alarm(cause: Cause = Cause.CHANNEL) -> Alarm:
    """One thing that is the matter."""
    since = datetime(2026, 9, 24, 9, 55, tzinfo=ZONE)
    failing = (
        Failing("许晓岚", "xu.xiaolan@yunzhou.example", "550 5.1.1 User unknown"),
        Failing("王芳", "wang.fang@yunzhou.example", "5.2.1 mailbox disabled"),
    )
    items = "The history no longer gives the sealed items of %(period)s: %(names)s."
    broken = (
        Broken("2026H1", 1, "The seal of %(period)s is broken: it was changed."),
        Broken("2026-08", 2, items, "2026H1-P03, 2026H1-M07"),
    )
    found = {
        Cause.REMINDERS: Alarm(TODAY, cause, since),
        Cause.CHANNEL: Alarm(TODAY, cause, since, said="535 5.7.8 authentication failed"),
        Cause.WAITING: Alarm(TODAY, cause, since, 7, "421 too busy"),
        Cause.HELD: Alarm(TODAY, cause, since, 120),
        Cause.ADDRESSES: Alarm(TODAY, cause, count=2, failing=failing),
        Cause.MAILBOX: Alarm(TODAY, cause, since, said="[AUTHENTICATIONFAILED] Authentication failed."),
        Cause.SEALS: Alarm(TODAY, cause, count=2, broken=broken),
    }
    return found[cause]


HOUSE_LETTERS: dict[str, Letter] = {
    "receipt": receipt(),
    "receipt-quiet": quiet_receipt(),
    "receipt-waiting": waiting_receipt(),
    **{f"alarm-{cause.value}": alarm(cause) for cause in Cause},
}
