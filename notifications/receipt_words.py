"""A receipt in its reader's words: whole sentences, worded once for both forms of the letter."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from notifications import words
from notifications.receipts import Lost, Receipt
from notifications.telling import Teller
from notifications.wire import flatten
from rules.watch import Pulse
from texts.labels import LETTERS, label
from texts.run_labels import FLOWS

MOST = 30
"""How many undeliverable letters one receipt names; of the others it gives the number."""


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a receipt: a heading, and a sentence a line."""

    heading: str
    lines: list[str]
    is_bad: bool = False


def view(letter: Receipt, locale: str) -> dict[str, Any]:
    """What the templates of the receipt ask for."""
    say = Teller(locale)
    made = (make(letter, say) for make in _PARTS)
    return {
        "since": say.moment(letter.since) if letter.since else "",
        "verdict": _verdict(letter, say),
        "is_quiet": letter.is_sound and not letter.waits and not letter.silent,
        "is_sound": letter.is_sound,
        "parts": [part for part in made if part.lines],
    }


def _verdict(letter: Receipt, say: Teller) -> str:
    """What the subject says behind the letter's name."""
    faults, rest = list(_faults(letter, say)), list(_waiting(letter, say))
    if not faults:
        faults = [say.gettext("everything ran") if rest else say.gettext("all is well")]
    return say.listing([*faults, *rest])


def _faults(letter: Receipt, say: Teller) -> Iterator[str]:
    if letter.missed or any(map(_is_bad, letter.pulses)):
        yield say.gettext("not everything ran")
    if num := len(letter.lost):
        yield say.ngettext("%(num)s letter undeliverable", "%(num)s letters undeliverable", num)
    if num := letter.held:
        yield say.ngettext("%(num)s letter held", "%(num)s letters held", num)
    if num := letter.failed:
        yield say.ngettext("%(num)s letter not taken yet", "%(num)s letters not taken yet", num)
    if letter.lacking:
        years = say.listing([str(year) for year in letter.lacking])
        yield say.gettext("holidays of %(years)s missing", years=years)


def _waiting(letter: Receipt, say: Teller) -> Iterator[str]:
    if num := letter.waits:
        yield say.ngettext("%(num)s item waits for you", "%(num)s items wait for you", num)
    if num := letter.silent:
        yield say.ngettext("%(num)s item without an answer", "%(num)s items without an answer", num)


def _loops(letter: Receipt, say: Teller) -> Part:
    lines = [_pulse(pulse, say) for pulse in letter.pulses]
    lines += [
        say.gettext(
            "No reminders were planned on %(day)s; what came due is owed on the next run.", day=say.day(day)
        )
        for day in letter.missed
    ]
    is_bad = bool(letter.missed) or any(map(_is_bad, letter.pulses))
    return Part(say.gettext("What runs by itself"), lines, is_bad)


def _is_bad(pulse: Pulse) -> bool:
    return pulse.is_late or bool(pulse.error)


def _pulse(pulse: Pulse, say: Teller) -> str:
    loop = label(FLOWS, pulse.loop, say.locale)
    if pulse.succeeded_at is None:
        told = say.gettext("%(loop)s: has not run yet.", loop=loop)
    elif _is_bad(pulse):
        at = say.moment(pulse.succeeded_at)
        told = say.gettext("%(loop)s: has not succeeded since %(at)s.", loop=loop, at=at)
    else:
        told = say.gettext(
            "%(loop)s: last succeeded on %(at)s.", loop=loop, at=say.moment(pulse.succeeded_at)
        )
    if not pulse.error:
        return told
    return say.gettext("%(told)s The last attempt failed: %(error)s", told=told, error=flatten(pulse.error))


def _letters(letter: Receipt, say: Teller) -> Part:
    lines = [say.ngettext("%(num)s letter went out.", "%(num)s letters went out.", letter.sent)]
    if num := letter.waiting - letter.failed:
        lines.append(say.ngettext("%(num)s letter waits to go out.", "%(num)s letters wait to go out.", num))
    if num := letter.failed:
        lines.append(
            say.ngettext(
                "The mail server has not taken %(num)s letter yet; it is tried again.",
                "The mail server has not taken %(num)s letters yet; they are tried again.",
                num,
            )
        )
    if num := letter.held:
        lines.append(
            say.ngettext(
                "The flood guard holds %(num)s letter; rectify remind --confirm releases it.",
                "The flood guard holds %(num)s letters; rectify remind --confirm releases them.",
                num,
            )
        )
    return Part(say.gettext("Letters"), lines, bool(letter.failed or letter.held))


def _lost(letter: Receipt, say: Teller) -> Part:
    lines = [lost_line(lost, say) for lost in letter.lost[:MOST]]
    if (more := len(letter.lost) - MOST) > 0:
        lines.append(
            say.ngettext(
                "%(num)s more letter is not named here.", "%(num)s more letters are not named here.", more
            )
        )
    return Part(say.gettext("Undeliverable letters"), lines, is_bad=True)


def lost_line(lost: Lost, say: Teller) -> str:
    """Whom a letter did not reach, which, and why."""
    values = {
        "name": flatten(lost.name),
        "address": flatten(lost.address),
        "letter": label(LETTERS, lost.letter, say.locale),
        "day": words.plain_day(say.locale, lost.day),
        "said": flatten(lost.said),
    }
    if lost.came_back:
        return say.gettext("%(name)s <%(address)s>: %(letter)s of %(day)s came back (%(said)s)", **values)
    return say.gettext("%(name)s <%(address)s>: %(letter)s of %(day)s was given up (%(said)s)", **values)


def _decisions(letter: Receipt, say: Teller) -> Part:
    lines = []
    if num := letter.to_verify:
        lines.append(
            say.ngettext("%(num)s item to approve or return", "%(num)s items to approve or return", num)
        )
    if num := letter.to_decide:
        lines.append(
            say.ngettext(
                "%(num)s item with a request to decide", "%(num)s items with requests to decide", num
            )
        )
    if num := letter.to_confirm:
        lines.append(say.ngettext("%(num)s draft to confirm", "%(num)s drafts to confirm", num))
    return Part(say.gettext("What waits for you"), lines)


def _silent(letter: Receipt, say: Teller) -> Part:
    lines = []
    if num := letter.unacknowledged:
        lines.append(
            say.ngettext(
                "%(num)s item was handed over and not acknowledged in time",
                "%(num)s items were handed over and not acknowledged in time",
                num,
            )
        )
    if num := letter.wordless:
        lines.append(
            say.ngettext(
                "%(num)s item in work has been without a word for long",
                "%(num)s items in work have been without a word for long",
                num,
            )
        )
    if num := letter.unreviewed:
        lines.append(
            say.ngettext(
                "%(num)s long-term item was not reviewed on its day",
                "%(num)s long-term items were not reviewed on their day",
                num,
            )
        )
    if num := letter.paused:
        lines.append(
            say.ngettext(
                "%(num)s item whose reminders are paused", "%(num)s items whose reminders are paused", num
            )
        )
    return Part(say.gettext("What is silent"), lines)


def _calendar(letter: Receipt, say: Teller) -> Part:
    lines = [
        say.gettext(
            "The holidays of %(year)s are neither published nor entered: make-up days are missing, and "
            "deadlines in that year may be a day off. Enter them under [calendar] in the policy file.",
            year=year,
        )
        for year in letter.lacking
    ]
    return Part(say.gettext("Calendar"), lines, is_bad=True)


_PARTS: tuple[Callable[[Receipt, Teller], Part], ...] = (
    _loops,
    _letters,
    _lost,
    _decisions,
    _silent,
    _calendar,
)
