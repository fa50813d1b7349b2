"""A clock that is set while the loops run, by hand or for summer time: nothing is owed twice or lost."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from faulty_server import FaultyServer
from offices import MONDAY, ZONE, Bureau, found
from sqlalchemy import select
from torture import SCALE, tell

from models.event import Event
from models.message import MessageState, Reminder
from models.session import open_engine, reading, writing
from notifications import outbox
from notifications.smtp import Security, Server
from rules.lifecycle import Move
from services import history
from services.delivery import Channel, deliver
from services.weekly_overviews import plan_morning

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MORNING = time(8, 30)
LEASE = timedelta(minutes=3)
PROBLEM, MEASURE = "2026H1-P01", "2026H1-M01"
DUE_ON = date(2026, 7, 17)

ZONES = ("Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca")
"""Forward and back by an hour, in the night and at midnight, by half an hour, and for a month alone."""
CHANGES = 2 if SCALE == 1 else 10
"""How many changes of each zone are lived through."""


def morning(bureau: Bureau, now: datetime, server: FaultyServer) -> None:
    """What runs by itself: planning, and handing over."""
    with writing(bureau.engine) as session:
        plan_morning(session, bureau.office, bureau.office.day(now), now=now, confirm=True)
    hand_over(bureau, now, server)


def hand_over(bureau: Bureau, now: datetime, server: FaultyServer) -> None:
    to = Server("127.0.0.1", server.port, Security.PLAIN, deadline=5)
    deliver(bureau.engine, bureau.office.postbox, Channel(to, "test", LEASE), lambda: now)


def owed(bureau: Bureau) -> Counter[tuple[object, ...]]:
    """Each rung that was told, to whom, and for which day."""
    return Counter((it.item_id, it.person_id, it.rung, it.rung_on) for it in bureau.reminders())


def handed_over(bureau: Bureau, server: FaultyServer) -> None:
    """Each letter went out once."""
    sent = Counter(str(message_from_bytes(mail)["Message-ID"]) for mail in server.mails)
    letters = bureau.messages()
    assert sent == Counter(letter.message_id for letter in letters)
    assert {letter.state for letter in letters} == {MessageState.SENT}


def is_in_order(bureau: Bureau) -> bool:
    with reading(bureau.engine) as session:
        at = session.scalars(select(Event.at).order_by(Event.position)).all()
        return history.verify(session).fault is None and list(at) == sorted(at)


def weeks(
    bureau: Bureau, server: FaultyServer, set_on: date | None, by: timedelta, back_on: date | None
) -> None:
    """Three weeks of mornings; from the afternoon of `set_on` on the clock is wrong, until `back_on`."""
    bureau.new_item(PROBLEM, due_on=DUE_ON)
    wrong = timedelta()
    for day in (MONDAY.date() + DAY * number for number in range(21)):
        if day == back_on:
            wrong = timedelta()
        clock = datetime.combine(day, MORNING, ZONE) + wrong
        morning(bureau, clock, server)
        if day == set_on:
            wrong = by
            # The clock is set in mid-day: what runs every few minutes runs on with another time.
            morning(bureau, datetime.combine(day, time(8, 45), ZONE) + wrong, server)
            bureau.act(PROBLEM, Move.ACKNOWLEDGE, "owner", datetime.combine(day, time(9), ZONE) + wrong)


@pytest.mark.parametrize(
    ("by", "back_on"),
    [(timedelta(), None), (-HOUR, None), (DAY, date(2026, 7, 9)), (-HOUR, date(2026, 7, 10)), (-DAY, None)],
    ids=["right", "an hour back", "a day forward, mended", "an hour back, mended", "a day back"],
)
def test_every_rung_is_owed_once_and_every_letter_goes_out_once_whatever_the_clock_does(
    bureau: Bureau, by: timedelta, back_on: date | None
) -> None:
    with FaultyServer() as server:
        weeks(bureau, server, date(2026, 7, 8), by, back_on)
        handed_over(bureau, server)
    found = owed(bureau)
    tell(
        f"{bureau.engine.dialect.name}, clock off by {by}: {found.total()} rungs, {len(server.mails)} letters"
    )
    assert max(found.values()) == 1
    before = [rung for _, _, rung, on in found if on < DUE_ON]
    assert len(before) == len(set(before)) > 0
    assert {on for *_, on in found} >= {DUE_ON}
    assert is_in_order(bureau)


def test_a_letter_that_a_dead_sender_held_goes_out_once_after_the_clock_went_back(bureau: Bureau) -> None:
    bureau.new_item(PROBLEM)
    with writing(bureau.engine) as session:
        assert outbox.claim(session, "dead", MONDAY, LEASE) is not None
    with FaultyServer() as server:
        for minutes in (0, 30, 60, 62):
            hand_over(bureau, MONDAY - HOUR + timedelta(minutes=minutes), server)
        assert server.mails == []
        hand_over(bureau, MONDAY + LEASE + timedelta(seconds=1), server)
        handed_over(bureau, server)


def test_a_clock_that_ran_a_day_ahead_leaves_no_reader_without_the_days_letter(bureau: Bureau) -> None:
    bureau.new_item(PROBLEM, due_on=MONDAY.date() + DAY)
    with FaultyServer() as server:
        for now in (MONDAY + DAY, MONDAY, MONDAY + DAY, MONDAY + 2 * DAY):
            morning(bureau, now, server)
        handed_over(bureau, server)
    rungs = {(it.rung, it.planned_on) for it in bureau.reminders(Reminder.role == "owner")}
    assert (MONDAY.date() + DAY in {on for _, on in rungs}, is_in_order(bureau)) == (True, True)


def changes(zone: ZoneInfo) -> list[datetime]:
    """The hours at which the zone's clocks are changed, from 2026 on, as instants of the hour before."""
    start = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
    hours = (start + HOUR * number for number in range(24 * 366 * 6))
    return [one for one, next_ in pairwise(hours) if _offset(one, zone) != _offset(next_, zone)][:CHANGES]


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def lived(bureau: Bureau, zone: ZoneInfo, first: date, server: FaultyServer) -> Counter[tuple[object, ...]]:
    """Eleven days of the office in this zone, seen every half hour of real time; what came due."""
    there = Bureau(bureau.engine, replace(bureau.office, zone=zone))
    begins = datetime.combine(first, time(0, 10), zone).astimezone(ZoneInfo("UTC"))
    there.new_item(PROBLEM, due_on=first + 7 * DAY, now=begins)
    planned: set[date] = set()
    days = []
    for number in range(11 * 48):
        now = begins + timedelta(minutes=30 * number)
        local = now.astimezone(zone)
        days.append(there.office.day(now))
        if local.time() >= MORNING and local.date() not in planned:
            planned.add(local.date())
            morning(there, now, server)
    assert days == sorted(days)
    assert set(days) >= {first + DAY * number for number in range(11)}
    handed_over(there, server)
    return Counter((it.person_id, it.rung, it.rung_on, it.planned_on) for it in there.reminders())


def lived_anew(template: Path, folder: Path, zone: ZoneInfo, first: date) -> Counter[tuple[object, ...]]:
    folder.mkdir()
    shutil.copyfile(template, folder / "rectify.db")
    engine = open_engine(f"sqlite:///{folder / 'rectify.db'}")
    with FaultyServer() as server:
        bureau = found(engine, folder)
        seen = lived(bureau, zone, first, server)
    assert is_in_order(bureau)
    engine.dispose()
    return seen


@pytest.mark.parametrize("name", ZONES)
def test_around_a_change_of_the_clocks_the_same_comes_due_on_the_same_days_as_elsewhere(
    sqlite_template: Path, tmp_path: Path, name: str
) -> None:
    zone = ZoneInfo(name)
    firsts = [at.astimezone(zone).date() - 5 * DAY for at in changes(zone)]
    for number, first in enumerate(firsts):
        here = lived_anew(sqlite_template, tmp_path / f"here-{number}", zone, first)
        elsewhere = lived_anew(sqlite_template, tmp_path / f"elsewhere-{number}", ZONE, first)
        assert here == elsewhere, first
        assert (here.total() > 3, max(here.values())) == (True, 1)
    tell(f"{name}: {len(firsts)} changes of the clocks, and nothing came due otherwise than elsewhere")
    assert len(firsts) == CHANGES
