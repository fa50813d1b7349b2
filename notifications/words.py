"""Dates, days left and what to do, in the reader's words. Pure; `on` is the day the letter speaks of."""

from datetime import date
from functools import cache, lru_cache
from gettext import NullTranslations

from notifications.letters import Line
from notifications.wire import flatten
from rules.lifecycle import Kind, State
from rules.lights import Light
from rules.periods import PeriodKind, kind_of, parse
from rules.rollup import Figures
from texts import translations
from texts.labels import KINDS, LIGHTS, STATES, label


def trial(locale: str, address: str) -> str:
    """What stands before the subject, and above the text, of a letter that a trial redirects."""
    said = translations(locale).gettext("[Trial, meant for %(address)s] ")
    return said % {"address": address} if address else ""


@lru_cache(maxsize=4096)
def day(locale: str, on: date) -> str:
    """`2026年9月30日 星期三`, `Wednesday, 30 September 2026`."""
    form = translations(locale).gettext("%(weekday)s, %(day)s %(month)s %(year)s")
    return form % {**_parts(locale, on), "weekday": _weekdays(locale)[on.weekday()]}


@lru_cache(maxsize=4096)
def plain_day(locale: str, on: date) -> str:
    """As `day`, without the weekday: for subjects."""
    return translations(locale).gettext("%(day)s %(month)s %(year)s") % _parts(locale, on)


@lru_cache(maxsize=4096)
def left(locale: str, light: Light, days: int, ahead: int) -> str:
    """How much time is left: `days` in working days, negative when late; `ahead` is -1, 0 or 1."""
    say = translations(locale)
    if light is Light.DONE:
        return ""
    if ahead == 0:
        return say.gettext("due today")
    if ahead > 0 >= days:
        return say.gettext("no working day left before it")
    if ahead > 0:
        return say.ngettext("%(num)s working day left", "%(num)s working days left", days) % {"num": days}
    if days >= 0:
        return say.gettext("overdue")
    return say.ngettext("%(num)s working day late", "%(num)s working days late", -days) % {"num": -days}


def calendar_name(locale: str, office: str) -> str:
    """What a calendar of deadlines is called."""
    return translations(locale).gettext("Rectification deadlines · %(office)s") % {"office": office}


def due_title(locale: str, reference: str, title: str) -> str:
    """What a deadline is called in a calendar."""
    form = translations(locale).gettext("Due: [%(reference)s] %(title)s")
    return form % {"reference": reference, "title": title}


def review_title(locale: str, reference: str, title: str) -> str:
    """What the day on which an item is reviewed is called in a calendar."""
    form = translations(locale).gettext("Review: [%(reference)s] %(title)s")
    return form % {"reference": reference, "title": title}


@lru_cache(maxsize=4096)
def standing(locale: str, kind: Kind, light: Light, state: State, progress: int) -> str:
    """What an item is and how it stands; the light is left out where state or deadline say the same."""
    done = translations(locale).gettext("%(progress)s done") % {"progress": f"{progress}%"}
    lit = [] if light in {Light.DONE, Light.UNDATED} else [label(LIGHTS, light, locale)]
    return " · ".join([label(KINDS, kind, locale), *lit, label(STATES, state, locale), done])


@lru_cache(maxsize=4096)
def deadline(locale: str, due_on: date | None, time_left: str) -> str:
    """By when, with what `left` says of it."""
    say = translations(locale)
    if due_on is None:
        return say.gettext("No fixed deadline")
    if not time_left:
        return say.gettext("Deadline: %(due)s") % {"due": day(locale, due_on)}
    return say.gettext("Deadline: %(due)s (%(left)s)") % {"due": day(locale, due_on), "left": time_left}


@lru_cache(maxsize=4096)
def original(locale: str, due_on: date) -> str:
    """The deadline that there was before extensions."""
    return translations(locale).gettext("Original deadline: %(due)s") % {"due": day(locale, due_on)}


@lru_cache(maxsize=4096)
def charge(locale: str, unit: str, owner: str) -> str:
    """Who is in charge; `owner` may be empty."""
    say = translations(locale)
    form = say.gettext("Unit: %(unit)s; owner: %(owner)s") if owner else say.gettext("Unit: %(unit)s")
    return form % {"unit": unit, "owner": owner}


def quoted(locale: str, quote: str) -> str:
    """The report's own words."""
    return _quoting(locale) % {"quote": quote}


@cache
def _quoting(locale: str) -> str:
    return translations(locale).gettext("The report says: “%(quote)s”")


@lru_cache(maxsize=4096)
def link(locale: str, reference: str) -> str:
    """What stands for an item's address."""
    return translations(locale).gettext("Open item %(reference)s") % {"reference": reference}


def itself(locale: str, unit: str) -> str:
    """The unit without those below it."""
    return translations(locale).gettext("%(unit)s itself") % {"unit": unit}


def lines(note: str) -> list[str]:
    """A note's lines, each of them flat."""
    return [flat for line in note.splitlines() if (flat := flatten(line))]


def asked(locale: str, kind: str, until: date | None) -> str:
    """What a request asks for; `kind` is `extension` or `cancellation`."""
    say = translations(locale)
    if kind == "cancellation" or until is None:
        return say.gettext("Asked for: to cancel it")
    return say.gettext("Asked for: more time, until %(until)s") % {"until": day(locale, until)}


@lru_cache(maxsize=4096)
def why(locale: str, topic: str) -> str:
    """What a rung has to say beyond the deadline, or nothing."""
    name, _, rest = topic.partition("-")
    number, _, late = rest.partition("-")
    if not (number.isascii() and number.isdigit()):
        return ""
    return _review(locale, number, late) if name == "review" else _waited(locale, name, int(number))


@cache
def todo(locale: str, state: State, light: Light, topic: str) -> str:
    """What the owner of an item is asked to do now. `topic` is the rung's first word."""
    say = translations(locale)
    return say.gettext("To do now: %(todo)s") % {"todo": _todo(say, state, light, topic)}


def _todo(say: NullTranslations, state: State, light: Light, topic: str) -> str:
    if state is State.ASSIGNED:
        return say.gettext("Please acknowledge it and start the work.")
    if state is State.SUBMITTED:
        return say.gettext("It is submitted; please wait for the decision.")
    if state is State.SUSTAINED:
        return say.gettext("Please report what was done since the last review.")
    if light is Light.OVERDUE:
        return say.gettext(
            "Please finish it at once and submit it for approval, or say why and ask for more time."
        )
    if topic == "silent":
        return say.gettext("Please report how far it has come.")
    return say.gettext("Please finish it in time, hand in the evidence and submit it for approval.")


def period(locale: str, key: str) -> str:
    """`2026年下半年`, `the 2nd half of 2026`. Raises SettingError when `key` names no period."""
    found = parse(key)
    kind = kind_of(found)
    year, month = found.first_on.year, found.first_on.month
    if kind is PeriodKind.MONTH:
        form = translations(locale).gettext("%(month)s %(year)s")
        return form % {"month": _months(locale)[month - 1], "year": year}
    return _stretches(locale)[kind, month] % {"year": year}


def topic_word(line: Line) -> str:
    """The first word of the line's rung."""
    return line.topic.partition("-")[0]


def _parts(locale: str, on: date) -> dict[str, object]:
    return {"day": on.day, "month": _months(locale)[on.month - 1], "year": on.year}


def _review(locale: str, number: str, late: str) -> str:
    say = translations(locale)
    on = day(locale, date(int(number[:4]), int(number[4:6]), int(number[6:])))
    if not late:
        return say.gettext("To be reviewed on %(on)s.") % {"on": on}
    form = say.ngettext(
        "To be reviewed on %(on)s; nothing has been reported for %(num)s working day since.",
        "To be reviewed on %(on)s; nothing has been reported for %(num)s working days since.",
        int(late),
    )
    return form % {"on": on, "num": late}


@cache
def _waited(locale: str, name: str, days: int) -> str:
    say = translations(locale)
    forms = {
        "unacknowledged": say.ngettext(
            "Handed over %(num)s working day ago and not acknowledged yet.",
            "Handed over %(num)s working days ago and not acknowledged yet.",
            days,
        ),
        "silent": say.ngettext(
            "No word on it for %(num)s working day.", "No word on it for %(num)s working days.", days
        ),
        "unverified": say.ngettext(
            "It has waited for a decision for %(num)s working day.",
            "It has waited for a decision for %(num)s working days.",
            days,
        ),
    }
    return forms[name] % {"num": days} if name in forms else ""


@cache
def _weekdays(locale: str) -> tuple[str, ...]:
    say = translations(locale)
    return (
        say.gettext("Monday"),
        say.gettext("Tuesday"),
        say.gettext("Wednesday"),
        say.gettext("Thursday"),
        say.gettext("Friday"),
        say.gettext("Saturday"),
        say.gettext("Sunday"),
    )


@cache
def _months(locale: str) -> tuple[str, ...]:
    say = translations(locale)
    return (
        say.gettext("January"),
        say.gettext("February"),
        say.gettext("March"),
        say.gettext("April"),
        say.gettext("May"),
        say.gettext("June"),
        say.gettext("July"),
        say.gettext("August"),
        say.gettext("September"),
        say.gettext("October"),
        say.gettext("November"),
        say.gettext("December"),
    )


@cache
def _stretches(locale: str) -> dict[tuple[PeriodKind, int], str]:
    say = translations(locale)
    return {
        (PeriodKind.QUARTER, 1): say.gettext("the 1st quarter of %(year)s"),
        (PeriodKind.QUARTER, 4): say.gettext("the 2nd quarter of %(year)s"),
        (PeriodKind.QUARTER, 7): say.gettext("the 3rd quarter of %(year)s"),
        (PeriodKind.QUARTER, 10): say.gettext("the 4th quarter of %(year)s"),
        (PeriodKind.HALF, 1): say.gettext("the 1st half of %(year)s"),
        (PeriodKind.HALF, 7): say.gettext("the 2nd half of %(year)s"),
        (PeriodKind.YEAR, 1): say.gettext("the year %(year)s"),
    }


def figures(locale: str, total: Figures) -> list[tuple[str, int]]:
    """What a roll-up counts: words and numbers."""
    say = translations(locale).gettext
    return [
        (say("Items in scope"), total.in_scope),
        (say("Newly assigned"), total.opened),
        (say("Closed"), total.closed),
        (say("Overdue"), total.overdue),
        (say("Sustained"), total.sustained),
        (say("Cancelled"), total.cancelled),
        (say("Long-term or undated"), total.undated),
        (say("Extensions granted"), total.extensions),
    ]
