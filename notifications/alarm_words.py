"""An alarm in its reader's words: what is the matter, what it means, what to do now."""

from collections.abc import Callable, Iterator
from typing import Any

from notifications.receipts import Alarm
from notifications.telling import Teller
from notifications.wire import flatten
from rules.watch import Cause

MOST = 30
"""How many addresses, or seals, one alarm names; of the other addresses it gives the number."""


def view(letter: Alarm, locale: str) -> dict[str, Any]:
    """What the templates of the alarm ask for."""
    say = Teller(locale)
    return {
        "what": headline(letter, locale),
        "lines": _lines(letter, say),
        "todo": _TODO[letter.cause](say),
        "is_of_seals": letter.cause is Cause.SEALS,
    }


def broken(letter: Alarm, locale: str) -> Iterator[str]:
    """What does not hold of which seal, a sentence each."""
    say = Teller(locale)
    for one in letter.broken[:MOST]:
        what = say.gettext(one.sentence, period=one.period, names=one.names)
        yield say.gettext("Version %(version)s: %(what)s", version=one.version, what=what)


def headline(letter: Alarm, locale: str) -> str:
    """What is the matter, in few words: for the subject, and for the command line."""
    return _HEADS[letter.cause](letter, Teller(locale))


def _reminders(_letter: Alarm, say: Teller) -> str:
    return say.gettext("today's reminders were not planned")


def _channel(_letter: Alarm, say: Teller) -> str:
    return say.gettext("the mail server takes no letters from us")


def _waiting(letter: Alarm, say: Teller) -> str:
    return say.ngettext(
        "%(num)s letter has waited for long", "%(num)s letters have waited for long", letter.count
    )


def _held(letter: Alarm, say: Teller) -> str:
    return say.ngettext(
        "%(num)s held letter waits to be released", "%(num)s held letters wait to be released", letter.count
    )


def _addresses(letter: Alarm, say: Teller) -> str:
    return say.ngettext(
        "mail does not reach %(num)s person", "mail does not reach %(num)s people", len(letter.failing)
    )


def _mailbox(_letter: Alarm, say: Teller) -> str:
    return say.gettext("the mailbox for returned mail cannot be read")


def _seals(letter: Alarm, say: Teller) -> str:
    periods = len({one.period for one in letter.broken})
    return say.ngettext(
        "the seal of %(num)s period does not hold", "the seals of %(num)s periods do not hold", periods
    )


_HEADS: dict[Cause, Callable[[Alarm, Teller], str]] = {
    Cause.REMINDERS: _reminders,
    Cause.CHANNEL: _channel,
    Cause.WAITING: _waiting,
    Cause.HELD: _held,
    Cause.ADDRESSES: _addresses,
    Cause.MAILBOX: _mailbox,
    Cause.SEALS: _seals,
}


def _lines(letter: Alarm, say: Teller) -> list[str]:
    lines = [_MEANING[letter.cause](say)]
    if letter.since:
        lines.append(say.gettext("Since: %(at)s", at=say.moment(letter.since)))
    if letter.said:
        lines.append(say.gettext("The last words: %(said)s", said=flatten(letter.said)))
    lines += broken(letter, say.locale)
    for one in letter.failing[:MOST]:
        name, address, said = flatten(one.name), flatten(one.address), flatten(one.said)
        lines.append(say.gettext("%(name)s <%(address)s> (%(said)s)", name=name, address=address, said=said))
    if (more := len(letter.failing) - MOST) > 0:
        lines.append(
            say.ngettext(
                "%(num)s more person is not named here.", "%(num)s more people are not named here.", more
            )
        )
    return lines


_MEANING: dict[Cause, Callable[[Teller], str]] = {
    Cause.REMINDERS: lambda say: say.gettext(
        "It is a working day, and nobody has been reminded of anything. Nothing is lost: what came due is "
        "owed on the next run."
    ),
    Cause.CHANNEL: lambda say: say.gettext(
        "Encryption, sign-in or sender are refused. Nothing is lost: every letter waits until this is "
        "mended, and this alarm waited with them."
    ),
    Cause.WAITING: lambda say: say.gettext(
        "These letters were planned and have not reached the mail server. They are tried again until five "
        "days have passed."
    ),
    Cause.HELD: lambda say: say.gettext(
        "A run would have sent many more letters than usual, and nobody has released them. Until then their "
        "readers hear nothing."
    ),
    Cause.ADDRESSES: lambda say: say.gettext(
        "Letters to these addresses were refused for good or came back. Further ones are still tried; what "
        "they remind of is told to nobody."
    ),
    Cause.MAILBOX: lambda say: say.gettext(
        "Letters go out as ever, but nobody learns which of them came back. What has come back lies there "
        "and is read as soon as this is mended."
    ),
    Cause.SEALS: lambda say: say.gettext(
        "What was sealed was recomputed from the history and is not the same. Somebody changed the stored "
        "rows past the program, or a copy of other days was restored."
    ),
}
_TODO: dict[Cause, Callable[[Teller], str]] = {
    Cause.REMINDERS: lambda say: say.gettext(
        "Please see to it that rectify serve is running, and run rectify remind once by hand."
    ),
    Cause.CHANNEL: lambda say: say.gettext(
        "Please look whether letters go out again; if not, check the settings of the mail server and run "
        "rectify deliver."
    ),
    Cause.WAITING: lambda say: say.gettext(
        "Please see to it that rectify serve is running and that the mail server answers, and run rectify "
        "deliver."
    ),
    Cause.HELD: lambda say: say.gettext(
        "Please look at them with rectify remind --dry-run, and release them with rectify remind --confirm."
    ),
    Cause.ADDRESSES: lambda say: say.gettext(
        "Please correct the addresses, or tell these people in another way what they have to do."
    ),
    Cause.MAILBOX: lambda say: say.gettext(
        "Please check the settings RECTIFY_BOUNCE_* and the mailbox's password, and run rectify check."
    ),
    Cause.SEALS: lambda say: say.gettext(
        "Please publish nothing from these periods, run rectify verify, and compare the database with its "
        "last good copy."
    ),
}
