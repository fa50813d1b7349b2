"""The acts of the demo: a report is taken in, half a year is lived through, and something is entered late."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock_time

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.output import language, line, tell
from cli.story import Deed, Part, Player, Script, late_entry, script, sequel
from config.house import House, actor_for
from config.settings import Settings
from documents.paper import Paper
from models.item import Item
from models.organisation import Person
from models.report import Report
from models.session import reading, writing
from rules.lifecycle import ARROWS, OPEN, WITH_DEADLINE, Kind, Move
from rules.periods import Period, following, parse
from services import items, lines, organisation, reports
from services.evidence import EvidenceFile
from services.moves import Wish
from services.office import Visit
from texts import say
from texts.labels import MOVES, STATES, label

ENTERED_AFTER = 3
"""Working days after a period's end on which its late entry is made."""


@dataclass(frozen=True, slots=True)
class Act:
    """One period that is ready to be lived: the house, the period and what happens in it."""

    house: House
    period: Period
    script: Script


def first_act(house: House, paper: Paper, read_on: date) -> tuple[Act, int]:
    """Takes the report in, confirms it, and writes the script for its items; and the report's number."""
    start_on = house.office.calendar.on_or_after(read_on)
    report, players = _take_in(house, paper, start_on)
    lived = following(parse(report.period))
    return Act(house, lived, script(players, start_on, lived, house.office.calendar)), report.id


def next_act(act: Act, paper: Paper | None, read_on: date) -> Act:
    """The period after: what is still open is carried over, and what `paper` names comes in."""
    house, period = act.house, following(act.period)
    start_on = house.office.calendar.on_or_after(read_on)
    with reading(house.engine) as session:
        carried = _carried(session)
    new = _take_in(house, paper, start_on)[1] if paper else []
    return Act(house, period, sequel(carried, new, start_on, period, house.office.calendar))


def _take_in(house: House, paper: Paper, start_on: date) -> tuple[Report, list[Player]]:
    with writing(house.engine) as session:
        visit = _visit(house, session, start_on, timedelta(hours=9))
        taken = reports.take_in(visit, paper, organisation.root(session))
        done = reports.confirm(visit, taken.report)
        owners = lines.owners_of(session, [item.id for item in done.assigned])
        for item in done.assigned:
            until = item.due_on or say(language(), "no deadline")
            line(f"   {item.reference} {item.title} → {lines.names(owners[item.id])}, {until}")
        session.expunge(taken.report)
        return taken.report, [Player(item.reference, item.due_on, item.state) for item in done.assigned]


def _visit(house: House, session: Session, on: date, after: timedelta) -> Visit:
    """The coordinator at work on a day, so long after midnight."""
    now = at(house.settings, on, 0) + after
    return house.visit(session, _coordinator(session, on), now=now, door="demo")


def at(settings: Settings, day: date, hour: int) -> datetime:
    """The local instant."""
    return datetime.combine(day, clock_time(hour), settings.zone)


def _carried(session: Session) -> list[Player]:
    query = select(Item).where(Item.state.in_(OPEN)).order_by(Item.due_on.is_(None), Item.due_on, Item.id)
    return [Player(item.reference, item.due_on, item.state) for item in session.scalars(query)]


async def live(act: Act) -> int:
    """Plays the script day by day; how many flow runs that took.

    Reminders and the period's end are real Prefect flow runs.
    """
    from flows.period_end import close_periods

    days = sorted({deed.on for deed in act.script.deeds} | set(act.script.mornings))
    for day in days:
        if day in act.script.mornings:
            await _remind(day)
        await asyncio.to_thread(play, act.house, [deed for deed in act.script.deeds if deed.on == day])
    zone = act.house.settings.zone
    closed_at = (act.period.cut_off_at(zone) + timedelta(minutes=10)).astimezone(zone)
    closed = await close_periods(at=closed_at)
    tell("   %(day)s sealed %(periods)s", day=closed_at.date(), periods=", ".join(closed["sealed"]))
    return len(act.script.mornings) + 1


async def _remind(day: date) -> None:
    from flows.reminders import send_reminders

    counts = await send_reminders(on=day)
    told = {"day": day, "planned": counts["planned"], "sent": counts["sent"]}
    tell("   %(day)s reminders: %(planned)d planned, %(sent)d mails sent", **told)


def enter_late(act: Act) -> None:
    """Enters, after the seal, what had been done about one overdue item before the period's end."""
    calendar = act.house.office.calendar
    with reading(act.house.engine) as session:
        reference = _overdue(session, act.period)
    if reference is not None:
        on = calendar.shift(act.period.end_on, ENTERED_AFTER)
        play(act.house, late_entry(reference, on, act.period, calendar))


def _overdue(session: Session, period: Period) -> str | None:
    """A problem that was overdue when the period ended and was acknowledged, else a measure."""
    query = select(Item).where(Item.state.in_(WITH_DEADLINE), Item.due_on < period.end_on)
    found = [item for item in session.scalars(query) if (item.state, Move.SUBMIT) in ARROWS]
    chosen = min(found, key=lambda item: (item.kind is not Kind.PROBLEM, item.reference), default=None)
    return chosen.reference if chosen else None


def play(house: House, deeds: Sequence[Deed]) -> None:
    """Plays the deeds of one day, each in a transaction of its own."""
    for number, deed in enumerate(deeds):
        with writing(house.engine) as session:
            item = items.by_reference(session, deed.reference)
            owner = lines.owners_of(session, [item.id])[item.id][0]
            actor = owner if deed.part is Part.OWNER else _coordinator(session, deed.on)
            now = at(house.settings, deed.on, 10) + timedelta(minutes=7 * number)
            visit = house.visit(session, actor, now=now, door="demo")
            _tell(deed, actor, items.act(visit, deed.reference, _wish(deed, owner)))


def _tell(deed: Deed, actor: Person, change: items.Change) -> None:
    before, after = (label(STATES, state, language()) for state in (change.before, change.after))
    made = label(MOVES, deed.move, language())
    line(f"   {deed.on} {actor.name} {made} {change.reference}: {before} → {after}")


def _coordinator(session: Session, on: date) -> Person:
    return actor_for(session, None, organisation.root(session), on)


def _wish(deed: Deed, owner: Person) -> Wish:
    file = EvidenceFile(f"{deed.evidence}.txt", f"{deed.evidence}\n{deed.note}\n".encode())
    return Wish(
        deed.move,
        deed.note,
        deed.progress,
        deed.due_on,
        owner if deed.move is Move.REASSIGN else None,
        evidence=(file,) if deed.evidence else (),
        happened_on=deed.happened_on,
    )
