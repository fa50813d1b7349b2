"""Why a mail came or did not: one person's day, from what is on record about it, put into reasons.

A day that has passed is told from the record alone. What an item would have owed is reckoned only while it
still stands as it stood then; the rest would be a guess.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from rules.ladder import Ladder, Rung, next_rung_on
from rules.lifecycle import OPEN, State
from rules.permissions import Role
from rules.planning import Subject, plan_item
from rules.quiet import Quiet, SendDays
from rules.reasons import Kept, Reason, recall
from rules.working_days import Calendar

FAR = 60
"""After so many rungs that reach somebody else, nobody waits for one that reaches this person."""


class Finding(StrEnum):
    """What there is to say of a day, a letter or an item. The value is the sentence."""

    LEFT = "This person has left; nobody who has left gets mail."
    NO_PART = "This person has no part in any open item."
    BAD_ADDRESS = "The last letter to this address (of %(day)s) could not be delivered: %(answer)s"
    FREE_DAY = "The office does not work on this day; nothing is planned on it unless somebody names it."
    QUIET_DAY = "By the office's policy no reminders go out on this day; what comes due is told on the next."
    TO_COME = "This day is still to come; what follows is how things stand now."
    NOT_YET = "The reminders of this day have not been planned yet."
    NOT_RUN = "No reminders were planned on this day; what came due was owed on the next run."
    RUN = "The reminders of this day were planned, the last time at %(at)s."

    SENT = "Sent at %(at)s (attempt %(attempts)s); the mail server said: %(answer)s"
    BOUNCED = "It came back: a report that was read at %(at)s says that it reached nobody (%(answer)s)."
    HELD = "Held by the flood guard; rectify remind --confirm releases it."
    WAITS = "Waits in the outbox for the next delivery."
    STOPPED = "Waits in the outbox: the mail server takes no letters from us (%(answer)s)."
    UNDER_WAY = "A sender is handing it over."
    REFUSED = "Not taken at attempt %(attempts)s (%(answer)s); tried again from %(again_at)s on."
    DEAD = "Given up at attempt %(attempts)s: %(answer)s"
    WITHDRAWN = "Withdrawn before it went out."

    TOLD = "Reminded: %(rung)s. The mail server took the letter."
    PLANNED = "Reminder planned: %(rung)s. Its letter has not gone out yet."
    GUARDED = "Reminder planned: %(rung)s. The flood guard holds its letter."
    STOOD_BACK = "No reminder of its own for “%(rung)s”: a more pressing one stands for it (%(by)s)."
    LOST = "Reminder planned: %(rung)s. Its letter could not be delivered (%(answer)s)."
    DROPPED = "Reminder planned: %(rung)s. A coordinator dropped its letter: %(note)s"
    VOIDED = "A reminder was planned and cancelled before it went out: %(rung)s."
    LATER = "“%(rung)s” was due by this day and was put into the letter of %(on)s."
    LATER_MERGED = "“%(rung)s” was due by this day; on %(on)s a more pressing one stood for it (%(by)s)."
    DUE = "“%(rung)s” is due; the next run plans it."
    MISSED_LETTER = "“%(rung)s” came due after this day's letter had gone out; it waits for the next one."
    EXPECTED = "As things stand, “%(rung)s” will have come due by this day."
    PAUSED = "Its reminders are paused until %(on)s: %(note)s"
    NOTHING_DUE = "Nothing was due for this person."
    NOTHING_PLANNED = "Nothing was planned for this person."

    NOT_ENTERED = "It had not been entered yet."
    DRAFT = "It waits for a coordinator to confirm it and hand it over; reminders begin then."
    CLOSED = "It is closed; a closed item brings no reminders."
    CANCELLED = "It is cancelled; a cancelled item brings no reminders."
    SUSTAINED = "It is sustained, without a deadline; it comes up on its review date."
    LAST = "The last reminder before was of %(on)s: %(rung)s."
    NEXT = "The next reminder comes due on %(on)s: %(rung)s."
    NO_NEXT = "As it stands, no further reminder will reach this person."
    MOVED_ON = "It has changed since that day; what was foreseen then is not kept. Now: %(state)s."
    PARTED = "This person has no part in it any more."


@dataclass(frozen=True, slots=True)
class Day:
    """What is on record about one person's day."""

    on: date
    today: date
    works: bool
    """Whether the office works on it."""
    planned_at: datetime | None
    """When reminders were last planned for it."""
    active: bool = True
    parts: int = 0
    """How many open items the person has a part in."""
    had_letter: bool = False
    """Whether the day's digest was handed over, or tried."""
    quiet: Quiet = field(default_factory=Quiet)
    undelivered: tuple[date, str] | None = None
    """Day and answer of the last letter to the person, where that one is dead."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter as the outbox knows it. Instants are local to the office."""

    state: str
    held: bool
    attempts: int
    answer: str
    sent_at: datetime | None
    again_at: datetime | None
    came_back: tuple[datetime, str] | None = None
    """When the report was read that it came back, and the report's words."""


@dataclass(frozen=True, slots=True)
class Told:
    """One rung of one item for the person, with its outcome."""

    rung: str
    rung_on: date
    planned_on: date
    outcome: str
    reason: str
    held: bool


@dataclass(frozen=True, slots=True)
class Matter:
    """One item that the person has, or had on the day, a part in."""

    state: State | None
    """At the day's end; None when it had not been entered."""
    state_now: State
    is_as_then: bool
    """Whether nothing has changed it since the day."""
    subject: Subject
    """With this person alone in its `people`."""
    told: tuple[Told, ...]
    paused: tuple[date, str] | None = None
    """Until which day its reminders were paused on the day, and why."""


def about_day(day: Day) -> list[Reason]:
    """What holds of the whole day, whatever the item."""
    reasons = [] if day.active else [Reason(Finding.LEFT)]
    if day.undelivered:
        on, answer = day.undelivered
        reasons.append(Reason(Finding.BAD_ADDRESS, {"day": on, "answer": answer}))
    if not day.works:
        reasons.append(Reason(Finding.FREE_DAY))
    elif day.quiet.is_quiet(day.on):
        reasons.append(Reason(Finding.QUIET_DAY))
    reasons += _run(day)
    return reasons if day.parts else [*reasons, Reason(Finding.NO_PART)]


def _run(day: Day) -> Iterator[Reason]:
    if day.planned_at is not None:
        yield Reason(Finding.RUN, {"at": day.planned_at})
    elif day.on > day.today:
        yield Reason(Finding.TO_COME)
    elif day.works and not day.quiet.is_quiet(day.on):
        yield Reason(Finding.NOT_YET if day.on == day.today else Finding.NOT_RUN)


def about_letter(letter: Posted) -> list[Reason]:
    """What became of a letter."""
    values: dict[str, object] = {"attempts": letter.attempts, "answer": letter.answer or "—"}
    if letter.state == "sent":
        return [Reason(Finding.SENT, values | {"at": letter.sent_at}), *_came_back(letter)]
    if letter.state == "dead":
        return [Reason(Finding.DEAD, values)]
    if letter.state == "cancelled":
        return [Reason(Finding.WITHDRAWN), *_recalled(letter.answer)]
    return [_waiting(letter, values)]


def _came_back(letter: Posted) -> Iterator[Reason]:
    if letter.came_back:
        at, words = letter.came_back
        yield Reason(Finding.BOUNCED, {"at": at, "answer": words or "—"})


def _waiting(letter: Posted, values: dict[str, object]) -> Reason:
    if letter.held:
        return Reason(Finding.HELD)
    if letter.state == "leased":
        return Reason(Finding.UNDER_WAY)
    if letter.state == "failed":
        return Reason(Finding.REFUSED, values | {"again_at": letter.again_at or "—"})
    return Reason(Finding.STOPPED, {"answer": letter.answer}) if letter.answer else Reason(Finding.WAITS)


def _recalled(words: str) -> list[Reason]:
    found = recall(words)
    return [found] if found else []


def about_item(matter: Matter, day: Day, ladder: Ladder, calendar: Calendar) -> list[Reason]:
    """What was decided about the item for the person on the day: never nothing."""
    reasons = _decided(matter, day) or [*_quiet(matter, day, ladder, calendar)]
    if not matter.subject.people:
        reasons.append(Reason(Finding.PARTED))
    elif matter.is_as_then:
        reasons += _ahead(matter, day, ladder, calendar)
    return reasons


def _decided(matter: Matter, day: Day) -> list[Reason]:
    """What a run decided on the day, what was to be told first."""
    of_the_day = [told for told in matter.told if told.planned_on == day.on]
    merged = [_stood_back(told) for told in of_the_day if told.outcome == "superseded"]
    own = [reason for told in of_the_day if told.outcome != "superseded" for reason in _outcome(told)]
    return own + merged if own or not merged else _later(matter, day) + merged


def _outcome(told: Told) -> list[Reason]:
    rung = {"rung": told.rung}
    if told.outcome == "planned":
        return [Reason(Finding.GUARDED if told.held else Finding.PLANNED, rung)]
    if told.outcome == "skipped":
        return [_skipped(told)]
    if told.outcome == "cancelled":
        return [Reason(Finding.VOIDED, rung), *_recalled(told.reason)]
    return [Reason(Finding.TOLD, rung)]


def _skipped(told: Told) -> Reason:
    found = recall(told.reason)
    if found and found.sentence is Kept.DROPPED:
        return Reason(Finding.DROPPED, {"rung": told.rung, **found.values})
    return Reason(Finding.LOST, {"rung": told.rung, "answer": told.reason or "—"})


def _stood_back(told: Told) -> Reason:
    return Reason(Finding.STOOD_BACK, {"rung": told.rung, "by": _leader(told)})


def _leader(told: Told) -> object:
    """The key of the rung that stands for this one."""
    found = recall(told.reason)
    return found.values["by"] if found and found.sentence is Kept.SUPERSEDED else "—"


_STILL = {
    None: Finding.NOT_ENTERED,
    State.DRAFT: Finding.DRAFT,
    State.CLOSED: Finding.CLOSED,
    State.CANCELLED: Finding.CANCELLED,
}


def _quiet(matter: Matter, day: Day, ladder: Ladder, calendar: Calendar) -> Iterator[Reason]:
    """Why nothing was decided that day."""
    if matter.state not in OPEN:
        yield Reason(_STILL[matter.state])
    else:
        if matter.state is State.SUSTAINED:
            yield Reason(Finding.SUSTAINED)
        if matter.paused:
            until, note = matter.paused
            yield Reason(Finding.PAUSED, {"on": until, "note": note})
        else:
            yield _owed(matter, day, ladder, calendar)
        yield from _last(matter, day)
    if not matter.is_as_then and matter.state != matter.state_now:
        yield Reason(Finding.MOVED_ON, {"state": matter.state_now})


def _owed(matter: Matter, day: Day, ladder: Ladder, calendar: Calendar) -> Reason:
    if later := _later(matter, day):
        return later[0]
    if not matter.is_as_then:
        return Reason(Finding.NOTHING_PLANNED)
    owed = [o.rung for o in plan_item(matter.subject, day.on, ladder, calendar) if not o.superseded_by]
    return Reason(_open_end(day), {"rung": max(owed).key}) if owed else Reason(Finding.NOTHING_DUE)


def _later(matter: Matter, day: Day) -> list[Reason]:
    """What was due by the day and decided after it; at most one, its own reminder before a merged one."""
    found = [told for told in matter.told if told.rung_on <= day.on < told.planned_on]
    first = min(found, key=lambda told: (told.outcome == "superseded", told.planned_on), default=None)
    if first is None:
        return []
    values = {"rung": first.rung, "on": first.planned_on}
    if first.outcome == "superseded":
        return [Reason(Finding.LATER_MERGED, values | {"by": _leader(first)})]
    return [Reason(Finding.LATER, values)]


def _open_end(day: Day) -> Finding:
    """What is to be said of a rung that is due and has no outcome."""
    if day.on > day.today:
        return Finding.EXPECTED
    return Finding.MISSED_LETTER if day.had_letter else Finding.DUE


def _last(matter: Matter, day: Day) -> Iterator[Reason]:
    before = [told for told in matter.told if told.planned_on < day.on and told.outcome == "sent"]
    if before:
        last = max(before, key=lambda told: (told.planned_on, told.rung_on))
        yield Reason(Finding.LAST, {"on": last.planned_on, "rung": last.rung})


def _ahead(matter: Matter, day: Day, ladder: Ladder, calendar: Calendar) -> Iterator[Reason]:
    if matter.state in OPEN:
        found = next_told(matter.subject, day.on, ladder, SendDays(calendar, day.quiet))
        yield (
            Reason(Finding.NEXT, {"on": found[0], "rung": found[1].key}) if found else Reason(Finding.NO_NEXT)
        )


def next_told(subject: Subject, day: date, ladder: Ladder, sending: SendDays) -> tuple[date, Rung] | None:
    """The first day after `day` that brings somebody of the subject something new, and what: the worst of it.

    What is owed on `day` itself counts as told on it.
    """
    on: date | None = day
    calendar = sending.calendar
    settled = subject.settled | {(o.person, o.rung.key) for o in plan_item(subject, day, ladder, calendar)}
    later = replace(subject, settled=settled)
    for _ in range(FAR):
        on = next_rung_on(subject.standing, on, ladder, calendar) if on else None
        if on is None:
            return None
        on = sending.on_or_after(on)
        if owed := [o.rung for o in plan_item(later, on, ladder, calendar) if not o.superseded_by]:
            return on, max(owed)
    return None


def roles_of(subject: Subject) -> tuple[Role, ...]:
    """The roles in which the person has a part in the item, in the order of `Role`."""
    return tuple(role for role in Role if role in subject.people)
