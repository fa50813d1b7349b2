"""Weeks of an office's life with random runs, faults and changes, against what docs/delivery.md promises."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from offices import PROOF, Bureau
from sqlalchemy import Row, select, update
from working_years import CHINA, PLAIN

from models.item import Assignment, Evidence, Item, Request
from models.message import Heartbeat, Message, MessageState, Reminder, ReminderOutcome, Run, Wording
from models.organisation import Person
from models.session import reading, writing
from notifications import outbox
from notifications.smtp import Answer, Ruling
from rules.errors import RefusedError
from rules.ladder import due_rungs, next_rung_on
from rules.lifecycle import OPEN, Move
from rules.permissions import ENTRUSTED
from rules.planning import Guard, reached
from rules.quiet import Quiet
from services import digests, reminders
from services.organisation import Directory

P01, M01 = "2026H1-P01", "2026H1-M01"
START = datetime(2026, 9, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "America/Santiago", "Australia/Lord_Howe")
WAITS = (MessageState.PLANNED, MessageState.LEASED, MessageState.FAILED)
DIGEST = Message.letter.in_(reminders.DIGESTS)
EVER = st.integers(1, 45)
QUIET = (
    Quiet(),
    Quiet(weekdays=("friday", "wednesday")),
    Quiet(days=(date(2026, 9, 30),), spans=("2026-09-07/2026-09-18", "2026-10-08/2026-11-02")),
)


class PowerCutError(Exception):
    """The machine stops before the commit."""


@dataclass
class Life:
    """The office on its way through time, and what its people have read so far."""

    bureau: Bureau
    now: datetime
    held: Row[Any] | None = None
    """A letter that a sender has claimed and of which no answer is known yet."""
    told: Counter[tuple[int, int, str, int]] = field(default_factory=Counter)
    """(item, person, rung, deadline version) -> how many letters that were sent named it as waiting."""
    has_new_people: bool = False
    """Whether somebody came or left: a successor hears of an item at its next rung, not at once."""

    @property
    def today(self) -> date:
        return self.bureau.office.day(self.now)

    def act(self, move: Move, who: str, on: str, **said: Any) -> None:
        """The move, where the item admits it."""
        try:
            self.bureau.act(on, move, who, self.now, **said)
        except RefusedError:
            return

    def rests(self) -> bool:
        """Whether the scheduled run leaves today alone."""
        return self.bureau.office.quiet_on(self.now) is not None

    def run(self) -> None:
        if self.rests():
            return
        with writing(self.bureau.engine) as session:
            reminders.plan(session, self.bureau.office, self.today, now=self.now)
        check_run(self)

    def break_off(self) -> None:
        if self.rests():
            return
        with pytest.raises(PowerCutError), writing(self.bureau.engine) as session:  # noqa: PT012
            reminders.plan(session, self.bureau.office, self.today, now=self.now)
            raise PowerCutError

    def claim(self) -> Row[Any] | None:
        with writing(self.bureau.engine) as session:
            quiet_on = self.bureau.office.quiet_on(self.now)
            return outbox.claim(session, "sender", self.now, timedelta(minutes=10), quiet_on=quiet_on)

    def settle(self, message: Row[Any], ruling: Ruling) -> None:
        with writing(self.bureau.engine) as session:
            waiting = session.scalars(
                select(Reminder).where(
                    Reminder.message_id == message.id, Reminder.outcome == ReminderOutcome.PLANNED
                )
            )
            if ruling is Ruling.SENT:
                self.told.update((r.item_id, r.person_id, r.rung, r.deadline_version) for r in waiting)
            outbox.settle(session, message, Answer(ruling, "the server's word"), self.now)

    def deliver(self, ruling: Ruling) -> None:
        """Every letter that may go now gets the same answer."""
        while message := self.claim():
            check_untried_is_true(self, message)
            self.settle(message, ruling)
            if ruling is Ruling.STOPPED:
                return

    def hold(self) -> None:
        self.held = self.held or self.claim()

    def let_go(self, ruling: Ruling) -> None:
        if self.held is not None:
            self.settle(self.held, ruling)
        self.held = None

    def employ(self, who: str, *, active: bool) -> None:
        with writing(self.bureau.engine) as session:
            here = Person.email == f"{who}@office.example"
            session.execute(update(Person).where(here).values(active=active))
        self.has_new_people = True


def check_untried_is_true(life: Life, message: Row[Any]) -> None:
    """A letter of today that nobody tried to send yet names no item that is closed or paused.

    On a quiet day no reminder sets out.
    """
    assert not (message.letter in reminders.DIGESTS and life.rests())
    if message.attempts or message.day != life.today or message.letter not in reminders.DIGESTS:
        return
    if life.held is not None:
        return
    with reading(life.bureau.engine) as session:
        items = session.scalars(
            select(Item)
            .join(Reminder, Reminder.item_id == Item.id)
            .where(Reminder.message_id == message.id, Reminder.outcome == ReminderOutcome.PLANNED)
        ).all()
        false = [i for i in items if i.state not in OPEN or digests.standing(i).is_paused(life.today)]
    assert items
    assert false == []


def check_run(life: Life) -> None:
    """What must be true whenever a run has ended."""
    with reading(life.bureau.engine) as session:
        rows = list(session.scalars(select(Reminder)))
        letters = {letter.id: letter for letter in session.scalars(select(Message).where(DIGEST))}
        dues = digests.read(session, Directory.load(session), Item.id > 0, life.today)
        nexts = dict(session.execute(select(Item.id, Item.next_reminder_on)).tuples().all())
    assert [r for r in rows if r.planned_on < r.rung_on] == []
    assert max(Counter((m.person_id, m.day) for m in letters.values()).values(), default=1) == 1
    waiting = [m for m in letters.values() if m.state in WAITS and m.state is not MessageState.LEASED]
    assert [m.day for m in waiting if m.day != life.today] == []
    planned = [r for r in rows if r.outcome is ReminderOutcome.PLANNED]
    assert [r.rung for r in planned if letters[r.message_id or 0].state not in WAITS] == []
    assert {m.id for m in waiting} <= {r.message_id for r in planned}
    check_owed(life, dues, nexts, rows, letters)


def check_owed(
    life: Life,
    dues: list[digests.Due],
    nexts: dict[int, date | None],
    rows: list[Reminder],
    letters: dict[int, Message],
) -> None:
    ladder, calendar = life.bureau.office.policy.ladder, life.bureau.office.calendar
    taken = {m.person_id for m in letters.values() if m.day == life.today and m.attempts}
    taken |= {m.person_id for m in letters.values() if m.day == life.today and m.state not in WAITS}
    taken |= {m.person_id for m in letters.values() if m.state is MessageState.LEASED}
    kept = {
        (r.item_id, r.deadline_version, r.person_id, r.rung)
        for r in rows
        if r.outcome is not ReminderOutcome.CANCELLED
    }
    for due in dues:
        standing, version = due.subject.standing, due.row.deadline_version
        rungs = due_rungs(standing, life.today, ladder, calendar)
        owed = {
            (due.row.id, version, person, rung.key)
            for rung in rungs
            for person in reached(due.subject, rung.key, ladder)
        }
        late = owed - kept
        again = nexts[due.row.id]
        if life.has_new_people and late:
            assert again in {life.today + DAY, first_day_of_more(life, due)}
            continue
        assert {person for _, _, person, _ in late} <= taken
        if late:
            assert again == life.today + DAY
            continue
        assert again == first_day_of_more(life, due)


def first_day_of_more(life: Life, due: digests.Due) -> date | None:
    """Day by day, without the ladder's own short cut; a day of nothing new costs nothing but a look."""
    ladder, calendar = life.bureau.office.policy.ladder, life.bureau.office.calendar
    standing = due.subject.standing
    known = {rung.key for rung in due_rungs(standing, life.today, ladder, calendar)}
    for day in (life.today + n * DAY for n in range(1, 400)):
        if {rung.key for rung in due_rungs(standing, day, ladder, calendar)} - known:
            return day
    assert next_rung_on(standing, life.today, ladder, calendar) is None
    return None


def people() -> st.SearchStrategy[str]:
    return st.sampled_from(["owner", "second", "stranger", "head"])


def changes() -> st.SearchStrategy[tuple[Any, ...]]:
    """What people do to an item: a move, who makes it, and what they say."""
    day = EVER.map(lambda more: more * DAY)
    boss = "coordinator"
    return st.one_of(
        st.tuples(st.just(Move.PAUSE), st.just(boss), st.fixed_dictionaries({"until": day})),
        st.tuples(st.just(Move.RESUME), st.just(boss), st.just({})),
        st.tuples(
            st.just(Move.ENTRUST),
            st.just(boss),
            st.fixed_dictionaries(
                {"entrusted": st.dictionaries(st.sampled_from(sorted(ENTRUSTED)), people())}
            ),
        ),
        st.tuples(
            st.just(Move.REASSIGN),
            st.just(boss),
            st.fixed_dictionaries(
                {"to": people()}, optional={"due_on": day, "co": people().map(lambda p: (p,))}
            ),
        ),
        st.tuples(
            st.just(Move.REQUEST_EXTENSION), st.just("whoever"), st.fixed_dictionaries({"due_on": day})
        ),
        st.tuples(
            st.sampled_from([Move.GRANT_EXTENSION, Move.APPROVE, Move.REOPEN, Move.CANCEL]),
            st.just(boss),
            st.just({}),
        ),
        st.tuples(
            st.sampled_from([Move.REJECT, Move.SUSTAIN]),
            st.just(boss),
            st.fixed_dictionaries({}, optional={"due_on": day}),
        ),
        st.tuples(st.just(Move.ACKNOWLEDGE), st.just("whoever"), st.just({})),
        st.tuples(st.just(Move.REPORT), st.just("whoever"), st.just({"progress": 40})),
        st.tuples(st.just(Move.SUBMIT), st.just("whoever"), st.just({"evidence": (PROOF,)})),
    )


RULINGS = st.sampled_from([Ruling.SENT, Ruling.SENT, Ruling.SENT, Ruling.RETRY, Ruling.DEAD, Ruling.STOPPED])
STEPS = st.one_of(
    st.tuples(st.just("run")),
    st.tuples(st.just("run and send"), RULINGS),
    st.tuples(st.just("break off")),
    st.tuples(st.just("send"), RULINGS),
    st.tuples(st.just("hold")),
    st.tuples(st.just("let go"), RULINGS),
    st.tuples(st.just("change"), st.sampled_from([P01, M01]), changes()),
    st.tuples(st.just("change"), st.sampled_from([P01, M01]), changes()),
    st.tuples(st.just("employ"), people(), st.booleans()),
)
HOURS = st.one_of(st.integers(0, 3), st.integers(6, 80), st.integers(100, 900))


def live(life: Life, step: tuple[Any, ...]) -> None:
    match step:
        case ("run",):
            life.run()
        case ("run and send", ruling):
            life.run()
            life.deliver(ruling)
        case ("break off",):
            life.break_off()
        case ("send", ruling):
            life.deliver(ruling)
        case ("hold",):
            life.hold()
        case ("let go", ruling):
            life.let_go(ruling)
        case ("employ", who, active):
            life.employ(who, active=active)
        case ("change", on, (move, who, said)):
            change(life, on, move, who, said)


def change(life: Life, on: str, move: Move, who: str, said: dict[str, Any]) -> None:
    days = {key: life.today + more for key, more in said.items() if isinstance(more, timedelta)}
    note = {} if move in {Move.ACKNOWLEDGE, Move.SUBMIT} else {"note": "理由"}
    for actor in ("owner", "second", "stranger", "head") if who == "whoever" else (who,):
        life.act(move, actor, on, **(said | days | note))


def begin(bureau: Bureau) -> None:
    """Two items just handed over, nobody reminded yet, everybody in office."""
    if not bureau.item_exists(P01):
        bureau.take_in(now=START)
    with writing(bureau.engine) as session:
        for model in (Reminder, Wording, Message, Run, Heartbeat, Assignment, Request, Evidence):
            session.query(model).delete()
        session.execute(update(Person).values(active=True))
        fresh: dict[str, Any] = {"state": "draft", "confirmed_on": None, "resumes_on": None, "pause_note": ""}
        dates = ("due_on", "since_on", "word_on", "submitted_on", "review_on", "ended_on", "next_reminder_on")
        session.execute(update(Item).values(**fresh, **dict.fromkeys(dates), submitted_by_id=None))
    bureau.new_item(P01, due_on=date(2026, 9, 30), now=START)
    bureau.new_item(M01, due_on=date(2026, 9, 12), now=START)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    zone=st.sampled_from(ZONES),
    calendar=st.sampled_from([PLAIN, CHINA]),
    quiet=st.sampled_from(QUIET),
    steps=st.lists(st.tuples(HOURS, STEPS), min_size=5, max_size=30),
)
def test_whatever_happens_each_due_rung_has_one_outcome_and_no_letter_is_false(
    bureau: Bureau, zone: str, calendar: Any, quiet: Quiet, steps: list[tuple[int, tuple[Any, ...]]]
) -> None:
    office = replace(bureau.office, zone=ZoneInfo(zone), calendar=calendar)
    life = Life(replace(bureau, office=office).with_policy(guard=Guard(first=10**6), quiet=quiet), START)
    begin(life.bureau)
    life.deliver(Ruling.SENT)
    for hours, step in steps:
        life.now += timedelta(hours=hours)
        live(life, step)
    life.let_go(Ruling.SENT)
    for _ in range(2):
        life.now += DAY
        while life.rests():
            life.now += DAY
        life.run()
        life.deliver(Ruling.SENT)
    assert max(life.told.values(), default=1) == 1
    assert life.bureau.reminders(Reminder.outcome == ReminderOutcome.PLANNED) == []
