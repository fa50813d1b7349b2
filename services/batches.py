"""Planning a large day together: batches of people that any worker takes, and a close that happens once.

A small day is planned in one transaction, as ever. A large one is begun by one worker, who finds what is owed
and lets the flood guard judge the whole of it; then every worker takes batch after batch; whoever is there
when the last one is done closes the day. A batch is claimed by a conditional update that expires, and planned
and marked as done in one transaction: whoever dies before its end has planned nothing of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, and_, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from models.base import table
from models.batch import Batch, BatchState
from models.message import Run
from models.session import reading, writing
from rules.errors import BusyError
from services import reminders, weekly_overviews
from services.office import Office
from services.organisation import Directory
from services.reminders import Planned

LAST = 2**62
"""Above every id."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How a day is divided."""

    at_once: int = 2000
    """A day on which at most so many people are told something is planned in one transaction."""
    share: int = 1000
    """People in a batch."""
    most: int = 64
    """There are at most so many batches, because each reads items that others read, too."""


SIZES = Sizes()


@dataclass(frozen=True, slots=True)
class Hand:
    """A worker, by a name that no other has, and how long a batch stays theirs."""

    name: str
    lease: timedelta


def begin(
    session: Session,
    office: Office,
    today: date,
    *,
    now: datetime,
    confirm: bool = False,
    run_id: str = "",
    sizes: Sizes = SIZES,
) -> Planned | None:
    """Plans a small day whole, overviews included; of a large one it makes batches and returns None.

    Where there are batches of the day, they are joined. Those of an earlier day that was never closed are
    dropped: what they would have told is still owed, and told today.
    """
    if not confirm and _of(session, today):
        return None
    found = reminders.survey(session, office, today, now=now, confirm=confirm)
    if _of(session, today):
        session.execute(update(table(Batch)).values(held=False))
        return None
    _drop(session)
    if len(found.people) <= sizes.at_once:
        planned = reminders.carry_out(found, run_id)
        return replace(planned, overviews=weekly_overviews.plan(session, office, today, now=now))
    same = {"day": today, "at": now, "held": found.held, "flow_run_id": run_id, "counts": {}}
    blank = {"state": BatchState.WAITING, "leased_by": ""}
    shares = [{"first_id": share[0], "last_id": share[-1]} for share in shares_of(found.people, sizes)]
    session.execute(insert(table(Batch)), [same | blank | share for share in shares])
    return None


def shares_of(people: Iterable[int], sizes: Sizes = SIZES) -> list[range]:
    """Ranges of ids with about as many of `people` in each, which leave out no id."""
    ordered = sorted(people)
    size = max(sizes.share, -(-len(ordered) // sizes.most))
    starts = [0, *(ordered[start] for start in range(size, len(ordered), size))]
    return [range(start, end) for start, end in zip(starts, [*starts[1:], LAST], strict=True)]


def _of(session: Session, day: date) -> bool:
    return session.scalar(select(exists().where(Batch.day == day))) or False


def _drop(session: Session) -> None:
    """Enters what was planned of a day that was never closed, and lets go of the rest of it."""
    if rows := _all(session):
        first = rows[0]
        reminders.keep_run(session, _sum(rows), first.day, first.at, first.flow_run_id)
        session.execute(delete(table(Batch)))


def _all(session: Session) -> Sequence[Row[Any]]:
    return session.execute(select(table(Batch)).order_by(table(Batch).c.id)).all()


def _sum(rows: Iterable[Row[Any]]) -> Planned:
    total: Counter[str] = Counter(dict.fromkeys(asdict(Planned(0, 0, 0, 0)), 0))
    for row in rows:
        total.update(row.counts)
    return Planned(**total)


def claim(session: Session, hand: Hand, now: datetime) -> Row[Any] | None:
    """Claims the first batch that may be taken at `now`; None where there is none."""
    batch = table(Batch).c
    lapsed = and_(batch.state == BatchState.LEASED, batch.lease_until < now)
    free = select(batch.id).where(or_(batch.state == BatchState.WAITING, lapsed)).order_by(batch.id).limit(1)
    taken = (
        update(table(Batch))
        .where(batch.id == free.with_for_update(skip_locked=True).scalar_subquery())
        .values(state=BatchState.LEASED, leased_by=hand.name, lease_until=now + hand.lease)
        .returning(table(Batch))
    )
    return session.execute(taken).first()


def plan_batch(session: Session, office: Office, mine: Row[Any], directory: Directory | None = None) -> bool:
    """Plans a batch that was claimed, unless it is somebody else's by now. Returns whether it did."""
    batch = table(Batch).c
    still = (
        batch.id == mine.id,
        batch.state == BatchState.LEASED,
        batch.leased_by == mine.leased_by,
        batch.lease_until == mine.lease_until,
    )
    # The row is held to the end of the transaction: on PostgreSQL nobody takes it from who is at work.
    kept = session.execute(update(table(Batch)).where(*still).values(state=BatchState.DONE))
    if not kept.rowcount:  # type: ignore[attr-defined]  # an update has it
        return False
    share = range(mine.first_id, mine.last_id + 1)
    known = directory or Directory.load(session)
    done = reminders.enter_share(session, office, known, mine.day, share, now=mine.at, held=mine.held)
    session.execute(update(table(Batch)).where(batch.id == mine.id).values(counts=asdict(done)))
    return True


def close(session: Session, office: Office) -> Planned | None:
    """Ends the day whose batches are all done; None where there is none, or somebody has ended it."""
    rows = _all(session) if reminders.is_alone(session) else []
    if not _is_over(rows):
        return None
    first = rows[0]
    reminders.move_on(session, office, first.day, now=first.at)
    overviews = weekly_overviews.plan(session, office, first.day, now=first.at)
    planned = replace(_sum(rows), overviews=overviews)
    reminders.keep_run(session, planned, first.day, first.at, first.flow_run_id)
    session.execute(delete(table(Batch)))
    return planned


def _is_over(rows: Sequence[Row[Any]]) -> bool:
    return bool(rows) and all(row.state == BatchState.DONE for row in rows)


def lend_a_hand(engine: Engine, office: Office, hand: Hand, clock: Callable[[], datetime]) -> int:
    """Takes batch after batch until none may be taken; closes the day if all are done. How many it planned.

    Where the database is held too long, the batch at hand is left to whoever takes it when its lease is over.
    """
    planned, directory = 0, None
    while (mine := _claimed(engine, hand, clock())) is not None:
        directory = directory or _looked_up(engine)
        with suppress(BusyError), writing(engine) as session:
            planned += plan_batch(session, office, mine, directory)
    if _is_over(_seen(engine)):
        with writing(engine) as session:
            close(session, office)
    return planned


def _looked_up(engine: Engine) -> Directory:
    """The organisation, once for all batches that one worker takes in a row."""
    with reading(engine) as session:
        directory = Directory.load(session)
        directory.load_people()
        return directory


def _seen(engine: Engine) -> Sequence[Row[Any]]:
    with reading(engine) as session:
        return _all(session)


def _claimed(engine: Engine, hand: Hand, now: datetime) -> Row[Any] | None:
    if all(row.state == BatchState.DONE for row in _seen(engine)):
        return None
    with writing(engine) as session:
        return claim(session, hand, now)


def see_through(
    engine: Engine, office: Office, hand: Hand, clock: Callable[[], datetime], wait: Callable[[], None]
) -> None:
    """As `lend_a_hand`, until no batch is left; `wait` passes the time while others are at work."""
    while True:
        lend_a_hand(engine, office, hand, clock)
        if not _seen(engine):
            return
        wait()


def outcome(session: Session, today: date) -> Planned:
    """What the last planning run of the day planned."""
    query = select(Run.counts).where(Run.name == reminders.NAME, Run.day == today)
    return Planned(**(session.scalar(query.order_by(Run.id.desc()).limit(1)) or asdict(Planned(0, 0, 0, 0))))
