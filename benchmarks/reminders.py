"""What one day's reminders cost, beside a bare loop that sends as many mails, alternating in one run.

Usage: python benchmarks/reminders.py [--large] [--rounds N] [--database URL]

The office is `rectify sample --units 50 --people 500 --items 20000 --seed 1`, its mail server a process that
takes everything. Each side runs in a process of its own, once to warm up and once to be measured. CPU time is
of that process alone: neither the mail server nor PostgreSQL's own processes are in it. `--large` adds ten
times the items, of which none more is due. `--database` names an empty PostgreSQL database; without it the
office lies in an SQLite file that is gone afterwards.

`remind` is measured on two days. On the first, nothing was told before, so that some 46,000 older rungs are
entered beside those that are told. The third working day in a row is a usual one: its digests are about as
long as the mails of the bare loop, and the two days before it are lived uncounted.

The bare loop does only this: one select by SQLAlchemy Core, Jinja2 text and HTML of its owners' items, the
standard library's MIME parts, aiosmtplib on eight kept connections, a claimed row before and a commit after
each mail. It plans nothing, so a day run twice would send twice.
"""

import argparse
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from zoneinfo import ZoneInfo

import bare_loop
from figures import Figure
from sink import sink
from sqlalchemy import Engine, event, text

from config import calendar
from config.calendar import CalendarPolicy
from models import schema
from models.item import Item
from models.session import open_engine, writing
from notifications.outbox import Postbox
from notifications.render import Office as Letterhead
from notifications.smtp import Security, Server
from rules.policy import Policy
from services import reminders, sample
from services.delivery import Channel, deliver
from services.office import Office

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
SIZE = sample.Size(units=50, people=500, items=20_000, seed=1)
COPIES = 9
MIB = 2**20 / 1e6
"""MB in one."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one measured run took."""

    mails: int
    cpu: float
    wall: float
    peak: float
    """MiB of a process that has lived the day once (the usual day with the two before it)."""
    planning: int
    """SQL statements, however many mails."""
    statements: int
    """Of the delivery."""
    commits: int


def _office(folder: Path) -> Office:
    zone = ZoneInfo("Asia/Shanghai")
    letterhead = Letterhead("样例市住房和城乡建设局", "https://rectify.example", "coordinator@sample.example")
    postbox = Postbox(letterhead, "rectify@sample.example", b"a secret of the benchmark", zone=zone)
    return Office(zone, calendar.load(CalendarPolicy(), TODAY), Policy(), postbox, folder)


@contextmanager
def counted(engine: Engine) -> Iterator[Counter[str]]:
    """How often the engine is asked, and how often it commits, within the block."""
    counts: Counter[str] = Counter()

    def ask(*_: object) -> None:
        counts["statements"] += 1

    def commit(_: object) -> None:
        counts["commits"] += 1

    event.listen(engine, "before_cursor_execute", ask)
    event.listen(engine, "commit", commit)
    yield counts
    event.remove(engine, "before_cursor_execute", ask)
    event.remove(engine, "commit", commit)


def our_day(engine: Engine, port: int, ahead: int = 0) -> tuple[int, int, int, int]:
    """Plans and delivers the day that lies `ahead` days after the first.

    Mails, statements of the planning, of the delivery, commits.
    """
    office, day, now = _office(Path()), TODAY + timedelta(ahead), NOW + timedelta(ahead)
    server = Server("127.0.0.1", port, Security.PLAIN, connections=4)
    with counted(engine) as counts:
        with writing(engine) as session:
            reminders.plan(session, office, day, now=now, confirm=True)
        planning = counts["statements"]
        channel = Channel(server, "benchmark", timedelta(seconds=180))
        done = deliver(engine, office.postbox, channel, lambda: now)
    return done.sent, planning, counts["statements"] - planning, counts["commits"]


def bare_day(engine: Engine, port: int) -> tuple[int, int, int, int]:
    """The same by the bare loop."""
    with counted(engine) as counts:
        mails = bare_loop.run(engine, port, TODAY)
    return mails, 1, counts["statements"] - 1, counts["commits"]


def usual_day(engine: Engine, port: int) -> tuple[int, int, int, int]:
    """The third working day in a row."""
    return our_day(engine, port, 2)


SIDES: dict[str, Callable[[Engine, int], tuple[int, int, int, int]]] = {
    "bare loop": bare_day,
    "remind, first day": our_day,
    "remind, usual day": usual_day,
}


def _begin(side: str, engine: Engine, port: int) -> None:
    """Brings the office to the morning of the day."""
    forget(engine)
    if side == "remind, usual day":
        our_day(engine, port)
        our_day(engine, port, 1)


def _measure(side: str, url: str, port: int, told: Connection) -> None:
    engine = open_engine(url)
    _begin(side, engine, port)
    SIDES[side](engine, port)
    peak = _peak()
    _begin(side, engine, port)
    cpu, wall = time.process_time(), time.perf_counter()
    mails, planning, delivery, commits = SIDES[side](engine, port)
    spent = time.process_time() - cpu, time.perf_counter() - wall
    told.send(Cost(mails, *spent, peak, planning, delivery, commits))


def _peak() -> float:
    """MiB. Not `ru_maxrss`: that remembers the process from which this one was started."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measured(side: str, url: str, port: int) -> Cost:
    """One run in a fresh process."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_measure, args=(side, url, port, theirs))
    process.start()
    theirs.close()
    cost: Cost = ours.recv()
    process.join()
    return cost


def fill(engine: Engine, folder: Path, size: sample.Size) -> None:
    """The sample office, with each item's next day put down beside it, so that the day can come again."""
    schema.upgrade(engine)
    with writing(engine) as session:
        sample.fill(session, _office(folder), size, TODAY)
        session.execute(text("create table benchmark_day as select id, next_reminder_on from item"))
        session.execute(text("create unique index benchmark_day_id on benchmark_day (id)"))
        session.execute(text("create table benchmark_claim (person_id integer primary key, sent integer)"))
        session.execute(text("analyze"))


def swell(engine: Engine) -> None:
    """Adds copies of every item, each with its owners and a deadline far off."""
    columns = [column.name for column in Item.__table__.columns]
    far = {
        "id": "id + :step",
        "reference": "reference || :mark",
        "due_on": "case when due_on is null then null else date '2027-12-31' end",
        "next_reminder_on": "case when next_reminder_on is null then null else date '2027-12-01' end",
    }
    with writing(engine) as session:
        plain = session.get_bind().dialect.name != "postgresql"
        wanted = ", ".join(far.get(name, name) for name in columns)
        wanted = wanted.replace("date '", "'") if plain else wanted
        copy = f"insert into item ({', '.join(columns)}) select {wanted} from item where id < :step_of_one"  # noqa: S608
        owners = (
            "insert into assignment (item_id, person_id, role) "
            "select item_id + :step, person_id, role from assignment where item_id < :step_of_one"
        )
        for number in range(1, COPIES + 1):
            named = {"step": number * 1_000_000, "mark": f"-{number}", "step_of_one": 1_000_000}
            session.execute(text(copy), named)
            session.execute(text(owners), named)
        session.execute(text("analyze"))


def forget(engine: Engine) -> None:
    """Undoes the day."""
    with writing(engine) as session:
        for name in ("reminder", "wording", "message", "run", "benchmark_claim"):
            session.execute(text(f"delete from {name}"))  # noqa: S608
        session.execute(
            text(
                "update item set next_reminder_on = "
                "(select next_reminder_on from benchmark_day where benchmark_day.id = item.id) "
                "where id < 1000000"
            )
        )


def compare(name: str, url: str, port: int, rounds: int) -> dict[str, list[Cost]]:
    """Alternates the sides, prints the figures, returns the runs of each."""
    costs: dict[str, list[Cost]] = {side: [] for side in SIDES}
    for _ in range(rounds):
        for side, runs in costs.items():
            runs.append(measured(side, url, port))
    for side, runs in costs.items():
        _tell(f"{name}, {side}", runs)
    cpu = {side: _median(runs, "cpu") for side, runs in costs.items()}
    for side, seconds in cpu.items():
        sys.stdout.write(f"{name}: CPU of {side} / bare loop {seconds / cpu['bare loop']:.2f}\n")
    return costs


def _figures(costs: dict[str, list[Cost]]) -> Iterator[Figure]:
    bare = _median(costs["bare loop"], "cpu")
    for side, runs in costs.items():
        if side != "bare loop":
            cpu, mails = _median(runs, "cpu"), runs[-1].mails
            yield Figure(f"{side}: CPU / bare loop", cpu / bare, at_most=1.5)
            yield Figure(f"{side}: CPU a digest", 1000 * cpu / mails, "ms", at_most=4.5)
            yield Figure(f"{side}: peak memory", MIB * _median(runs, "peak"), "MB", at_most=150)
            yield Figure(f"{side}: commits a mail", runs[-1].commits / mails, "", at_most=2)


def _growth(large: dict[str, list[Cost]], small: dict[str, list[Cost]]) -> Iterator[Figure]:
    for side in SIDES:
        ratio = _median(large[side], "cpu") / _median(small[side], "cpu")
        sys.stdout.write(f"ten times the items, as many due, {side}: {ratio:.2f} x the CPU\n")
        if side != "bare loop":
            yield Figure(f"{side}: CPU with 10 x the items", ratio, at_most=1.3)


def _median(runs: list[Cost], figure: str) -> float:
    return float(statistics.median(getattr(run, figure) for run in runs))


def _tell(name: str, runs: list[Cost]) -> None:
    last, cpu = runs[-1], _median(runs, "cpu")
    sys.stdout.write(
        f"{name}: {last.mails} mails, {cpu:.2f} s CPU ({1000 * cpu / last.mails:.1f} ms a mail), "
        f"{_median(runs, 'wall'):.1f} s wall, peak {_median(runs, 'peak'):.0f} MiB, "
        f"{last.planning} statements + {last.statements / last.mails:.1f} a mail, "
        f"{last.commits / last.mails:.2f} commits a mail\n"
    )


def figures(
    url: str = "", *, rounds: int = 3, is_large: bool = False, size: sample.Size = SIZE
) -> Iterator[Figure]:
    """Fills and measures, prints as it goes; `url` names an empty database, else SQLite serves."""
    with tempfile.TemporaryDirectory(prefix="rectify-benchmark-") as folder, sink() as port:
        url = url or f"sqlite:///{folder}/rectify.db"
        engine = open_engine(url)
        fill(engine, Path(folder), size)
        small = compare(f"{size.items:,} items", url, port, rounds)
        yield from _figures(small)
        if is_large:
            forget(engine)
            swell(engine)
            large = compare(f"{(COPIES + 1) * size.items:,} items", url, port, rounds)
            yield from _growth(large, small)
        engine.dispose()


def main() -> None:
    """Fill, measure, print."""
    asked = argparse.ArgumentParser(description="What one day's reminders cost, beside a bare loop.")
    asked.add_argument("--large", action="store_true", help="also with 200,000 items, as many of them due")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--database", default="", help="an empty PostgreSQL database")
    said = asked.parse_args()
    list(figures(said.database, rounds=said.rounds, is_large=said.large))


if __name__ == "__main__":
    main()
