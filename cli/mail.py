"""remind, deliver, forecast: what goes out, and what will."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, time
from threading import Event, current_thread, main_thread
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.door import opened
from cli.options import AsJson, day
from cli.output import as_json, counts, language, table, tell, warn
from texts.labels import LETTERS, ROLES, label

if TYPE_CHECKING:
    from config.house import House
    from services.delivery import Delivered
    from services.reminders import Planned

MORNING = time(8, 30)
"""The office's local time at which a day's letters are dated when the day is named."""


def remind(
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day; today unless named.")
    ] = None,
    *,
    plan_only: Annotated[bool, typer.Option("--plan-only", help="Leave the sending to deliver.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be sent to whom; store nothing.")
    ] = False,
    confirm: Annotated[bool, typer.Option("--confirm", help="Release what the flood guard holds.")] = False,
    json: AsJson = False,
) -> None:
    """Plan the reminders of a day and send them."""
    from config import clock

    house, named = opened(), day(on)
    now = datetime.combine(named, MORNING, house.settings.zone) if named else clock.now()
    rests = named is None and house.office.quiet_on(now) is not None
    if dry_run and not rests:
        _rehearse(house, now, confirm=confirm, json=json)
        return
    planned = _plan(house, now, confirm=confirm, rests=rests)
    plan_only = plan_only or dry_run
    delivered = None if plan_only else send(house)
    told = {
        "planned": planned.planned,
        "superseded": planned.superseded,
        "messages": planned.messages,
        "overviews": planned.overviews,
        "sent": delivered.sent if delivered else 0,
        "failed": delivered.failed if delivered else 0,
        "held": planned.held,
    }
    _tell(told, json=json)
    if planned.held:
        warn("%(held)d letters are held by the flood guard; release them with --confirm.", held=planned.held)
    stop_if_stopped(delivered)


def _plan(house: "House", now: datetime, *, confirm: bool, rests: bool) -> "Planned":
    """Plans the day of `now`; on a quiet day that nobody named, only says when it goes on."""
    from models.session import writing
    from services.reminders import Planned
    from services.weekly_overviews import plan_morning

    today = house.office.day(now)
    if rests:
        warn(
            "%(day)s is a quiet day: no reminders were planned; what comes due is told on %(next)s. "
            "Name the day with --on to plan it all the same.",
            day=today,
            next=house.office.send_days.on_or_after(today),
        )
        return Planned(0, 0, 0, 0)
    with writing(house.engine) as session:
        return plan_morning(session, house.office, today, now=now, confirm=confirm)


def _rehearse(house: "House", now: datetime, *, confirm: bool, json: bool) -> None:
    from services.rehearsals import rehearse

    today = house.office.day(now)
    found = rehearse(house.engine, house.office, today, now=now, confirm=confirm)
    if json:
        as_json(found)
        return
    table(
        ("Person", "Letter", "Subject", "Held"),
        [
            (one.email, label(LETTERS, one.letter, language()), one.subject, "✓" if one.held else "")
            for one in found.letters
        ],
    )
    tell(
        "Nothing was stored or sent. A run on %(day)s leaves %(letters)d letters to go and %(held)d held.",
        day=today,
        letters=sum(not one.held for one in found.letters),
        held=sum(one.held for one in found.letters),
    )


def deliver(*, json: AsJson = False) -> None:
    """Hand to the mail server what waits in the outbox."""
    delivered = send(opened(reckons=False))
    told = {
        "sent": delivered.sent,
        "failed": delivered.failed,
        "dead": delivered.dead,
        "waiting": delivered.waiting,
    }
    _tell(told, json=json)
    stop_if_stopped(delivered)


def send(house: "House") -> "Delivered":
    """One delivery run through the house's mail server; SIGTERM ends it after the letters under way."""
    from config import clock
    from services.delivery import deliver as hand_over

    _warn_if_held(house)
    if house.settings.redirect_all:
        warn(
            "Trial: letters go to %(address)s alone; those planned for other addresses wait.",
            address=house.settings.redirect_all,
        )
    with _listening() as over:
        return hand_over(house.engine, house.office.postbox, house.channel, clock.now, told=over.is_set)


@contextmanager
def _listening() -> Iterator[Event]:
    """An event that SIGTERM and Ctrl-C set, within the block. Only a main thread can listen to them."""
    over = Event()
    words = (signal.SIGTERM, signal.SIGINT) if current_thread() is main_thread() else ()
    before = {word: signal.signal(word, lambda *_: over.set()) for word in words}
    try:
        yield over
    finally:
        for word, handler in before.items():
            signal.signal(word, handler)


def _warn_if_held(house: "House") -> None:
    from models.session import reading
    from services import restores

    with reading(house.engine) as session:
        at = restores.held_since(session)
    if at:
        tell_held(at.astimezone(house.settings.zone))


def tell_held(at: datetime) -> None:
    """Says, beside the output, that nothing is sent since the restore at the local instant `at`."""
    warn(
        "The database was restored on %(at)s; nothing is sent until rectify resume.",
        at=f"{at:%Y-%m-%d %H:%M}",
    )


def _tell(told: dict[str, Any], *, json: bool) -> None:
    if json:
        as_json(told)
    else:
        counts(told)


def stop_if_stopped(delivered: "Delivered | None") -> None:
    """Says so and leaves with 1 where the mail server refuses the channel as a whole."""
    if delivered and delivered.stopped:
        warn(
            "The mail server takes no letters from us (%(reason)s). Nothing was lost: mend it, then run "
            "rectify deliver.",
            reason=delivered.stopped,
        )
        raise typer.Exit(1)


def forecast(
    days: Annotated[int, typer.Option("--days", min=1, max=400, help="How many days ahead.")] = 14,
    person: Annotated[str | None, typer.Option("--person", metavar="EMAIL", help="Only this person.")] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="From this day; today unless named.")
    ] = None,
    *,
    json: AsJson = False,
) -> None:
    """Tell who will get what, day by day, if nothing changes."""
    from config import clock
    from models.session import reading
    from services import forecasts, listing

    house = opened()
    start = day(on) or house.office.day(clock.now())
    with reading(house.engine) as session:
        found = forecasts.forecast(session, house.office, start, days, person)
        paused = listing.paused(session, start)
    if json:
        as_json(found)
        return
    table(
        ("Day", "Person", "Item", "Rung", "As", "Title"),
        [
            (row.on, row.email, row.reference, row.rung, label(ROLES, row.role, language()), row.title)
            for row in found
        ],
    )
    for item in paused:
        tell("Paused until %(resumes_on)s: %(reference)s %(title)s (%(note)s)", **asdict(item))


COMMANDS = (remind, deliver, forecast)
