"""Several workers at one day and at one period's end: everything once, whoever dies meanwhile."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offices import office
from processes import FORKS
from sqlalchemy import Engine, func, select

from config import clock
from models.batch import Batch, BatchState
from models.item import Item
from models.message import Message, Reminder, Run
from models.period import Period, Rollup, SealProposal
from models.session import open_engine, reading, rehearsing, writing
from rules.planning import Guard
from rules.policy import Policy
from rules.sealing import SealBy
from services import batches, sample
from services.batches import Hand, Sizes, shares_of
from services.closing import close_ended
from services.reminders import DIGESTS, Planned
from services.weekly_overviews import plan_morning

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 1, tzinfo=UTC)
SMALL = Sizes(at_once=5, share=8)
AFTER = datetime(2027, 1, 10, tzinfo=UTC)
LEASE = timedelta(minutes=3)
OFFICE = office(Path(), policy=Policy(guard=Guard(first=1000)))


@pytest.fixture
def url(database_url: str) -> str:
    """The office of a sample, in which some thirty people are owed something."""
    engine = open_engine(database_url)
    with writing(engine) as session:
        sample.fill(session, OFFICE, sample.Size(units=6, people=40, items=120, seed=1), TODAY)
    engine.dispose()
    return database_url


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


def begin(engine: Engine, ahead: int = 0, **said: Any) -> Planned | None:
    days = timedelta(ahead)
    with writing(engine) as session:
        return batches.begin(session, OFFICE, TODAY + days, now=NOW + days, sizes=SMALL, **said)


def written(session: Any) -> dict[str, list[Any]]:
    """All that planning writes, without the numbers of rows, which depend on who came first."""
    letters = select(Message.key, Message.subject, Message.text, Message.html, Message.held, Message.state)
    told = select(
        Reminder.item_id, Reminder.person_id, Reminder.rung, Reminder.outcome, Reminder.reason, Message.key
    ).outerjoin(Message, Message.id == Reminder.message_id)
    next_days = select(Item.id, Item.next_reminder_on)
    runs = select(Run.name, Run.day, Run.counts)
    queries = {"letters": letters, "told": told, "days": next_days, "runs": runs}
    return {name: sorted(map(repr, session.execute(query).all())) for name, query in queries.items()}


def planned_whole(engine: Engine) -> dict[str, list[Any]]:
    """What one worker alone would write."""
    with rehearsing(engine) as session:
        plan_morning(session, OFFICE, TODAY, now=NOW)
        return written(session)


def seen(engine: Engine) -> dict[str, list[Any]]:
    with reading(engine) as session:
        return written(session)


def left(engine: Engine) -> list[BatchState]:
    with reading(engine) as session:
        return list(session.scalars(select(Batch.state).order_by(Batch.id)))


def hands(number: int, work: Callable[[Hand], Any]) -> list[Any]:
    """What that many workers say who do the same at the same time."""
    found: list[Any] = []
    start = threading.Barrier(number)

    def one(name: str) -> None:
        start.wait(10)
        try:
            found.append(work(Hand(name, LEASE)))
        except Exception as error:  # noqa: BLE001 - the test says what it expected instead
            found.append(error)

    threads = [threading.Thread(target=one, args=(f"worker-{n}",)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@given(st.sets(st.integers(1, 500), max_size=40), st.integers(1, 20), st.integers(1, 9))
def test_batches_leave_nobody_out_and_nobody_is_in_two(people: set[int], share: int, most: int) -> None:
    found = shares_of(people, Sizes(share=share, most=most))
    ends = [one.stop for one in found]
    assert ([one.start for one in found], ends[-1]) == ([0, *ends[:-1]], batches.LAST)
    numbers = [sum(person in one for person in people) for one in found]
    assert (len(found) <= most, max(numbers) <= max(share, -(-len(people) // most))) == (True, True)


def test_what_many_workers_plan_is_what_one_would_have_planned(engine: Engine) -> None:
    whole = planned_whole(engine)
    assert begin(engine) is None
    number = len(left(engine))
    done = hands(4, lambda hand: batches.lend_a_hand(engine, OFFICE, hand, lambda: NOW))
    batches.lend_a_hand(engine, OFFICE, Hand("last", LEASE), lambda: NOW)
    assert (number >= 3, sum(done), left(engine)) == (True, number, [])
    assert seen(engine) == whole


def test_who_begins_the_day_again_joins_it(engine: Engine) -> None:
    begin(engine)
    number = len(left(engine))
    assert begin(engine) is None
    assert left(engine) == [BatchState.WAITING] * number


def test_a_small_day_is_planned_at_once(engine: Engine) -> None:
    with writing(engine) as session:
        planned = batches.begin(session, OFFICE, TODAY, now=NOW)
    assert planned is not None
    assert (planned.messages > 5, left(engine)) == (True, [])


def test_whoever_lost_a_batch_plans_nothing_of_it(engine: Engine) -> None:
    begin(engine)
    late = NOW + 2 * LEASE
    with writing(engine) as session:
        lost = batches.claim(session, Hand("first", LEASE), NOW)
    with writing(engine) as session:
        taken = batches.claim(session, Hand("second", LEASE), late)
    assert lost is not None
    assert taken is not None
    assert lost.id == taken.id
    with writing(engine) as session:
        did = [batches.plan_batch(session, OFFICE, one) for one in (lost, taken, taken)]
    assert did == [False, True, False]


def hang(url: str, ready: Any) -> None:
    """A worker that plans a batch and never comes to its end."""
    engine = open_engine(url)
    with writing(engine) as session:
        mine = batches.claim(session, Hand("doomed", LEASE), clock.now())
    assert mine is not None
    with writing(engine) as session:
        batches.plan_batch(session, OFFICE, mine)
        ready.set()
        time.sleep(600)


def test_the_batch_of_a_worker_that_was_killed_is_taken_by_another(engine: Engine, url: str) -> None:
    whole = planned_whole(engine)
    begin(engine)
    ready = FORKS.Event()
    doomed = FORKS.Process(target=hang, args=(url, ready))
    doomed.start()
    assert ready.wait(60)
    doomed.kill()
    doomed.join()
    early = batches.lend_a_hand(engine, OFFICE, Hand("second", LEASE), clock.now)
    waits = left(engine).count(BatchState.LEASED)
    later = batches.lend_a_hand(engine, OFFICE, Hand("second", LEASE), lambda: clock.now() + LEASE)
    assert (early > 0, waits, later, left(engine)) == (True, 1, 1, [])
    assert seen(engine) == whole


def test_a_day_that_nobody_finished_is_told_on_the_next(engine: Engine) -> None:
    whole = planned_whole(engine)
    begin(engine)
    with writing(engine) as session:
        mine = batches.claim(session, Hand("only", LEASE), NOW)
        assert mine is not None
        batches.plan_batch(session, OFFICE, mine)
    begin(engine, ahead=1)
    batches.lend_a_hand(engine, OFFICE, Hand("next", LEASE), lambda: NOW)
    with reading(engine) as session:
        letters = select(func.count()).where(Message.state == "planned")
        days = set(session.scalars(select(Message.day).where(Message.state == "planned")))
        kept = list(session.scalars(select(Run.day).order_by(Run.id)))
        number = session.scalar(letters)
    assert (days, kept) == ({TODAY + timedelta(1)}, [TODAY, TODAY + timedelta(1)])
    assert number == len(whole["letters"])


def test_the_flood_guard_judges_the_whole_day_and_a_word_lets_all_of_it_go(engine: Engine) -> None:
    strict = office(Path(), policy=Policy(guard=Guard(first=1)))
    with writing(engine) as session:
        batches.begin(session, strict, TODAY, now=NOW, sizes=SMALL)
        mine = batches.claim(session, Hand("one", LEASE), NOW)
        assert mine is not None
        batches.plan_batch(session, strict, mine)
        held = session.scalar(select(func.count()).where(Message.held))
    assert held
    begin(engine, confirm=True)
    batches.lend_a_hand(engine, strict, Hand("two", LEASE), lambda: NOW)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).where(Message.held)) == 0


def test_a_day_is_closed_once(engine: Engine) -> None:
    begin(engine, run_id="run")
    hands(3, lambda hand: batches.see_through(engine, OFFICE, hand, lambda: NOW, lambda: time.sleep(0.01)))
    with reading(engine) as session:
        rows = session.execute(select(Run.name, Run.day, Run.flow_run_id)).all()
        planned = batches.outcome(session, TODAY)
        letters = session.scalar(select(func.count()).where(Message.letter.in_(DIGESTS)))
    assert ([tuple(row) for row in rows], planned.messages) == ([("reminders", TODAY, "run")], letters)


def period_end(engine: Engine, by: SealBy) -> list[str]:
    """What one worker deals with at a period's end."""
    sealing = office(Path(), policy=Policy(seal_by=by))
    with writing(engine) as session:
        return [closed.key for closed in close_ended(session, sealing, now=AFTER)]


@pytest.mark.parametrize("by", list(SealBy))
def test_workers_at_one_periods_end_deal_with_it_once(engine: Engine, by: SealBy) -> None:
    found = hands(3, lambda _: period_end(engine, by))
    with reading(engine) as session:
        model = Rollup if by is SealBy.FLOW else SealProposal
        periods = list(session.scalars(select(Period.key).join(model, model.period_id == Period.id)))
        letters = select(func.count(), func.count(Message.person_id.distinct()))
        told = session.execute(letters.where(Message.letter == "rollup")).one()
    assert (sorted(found), periods) == ([[], [], ["2026H2"]], ["2026H2"])
    assert (told[0] > 0, told[0]) == (True, told[1])
