"""What a roll-up costs beside plain SQL that returns the same numbers, in one run.

Usage: python benchmarks/rollup.py [--items N] [--rounds N] [--database URL]

The office of benchmarks/past.py has 200 units and five events an item. `--database` names an empty PostgreSQL
database; without it the office lies in an SQLite file that is gone
afterwards. 1,000,000 items on PostgreSQL take a quarter of an hour to enter.

2026H1 is counted from all events, by services/tallies.py and by benchmarks/bare_rollup.py. Then a hundredth
of the items (10,000 of a million) is touched within 2026H2, which is counted from all events, and from what
the seal of 2026H1 carries over. All numbers are compared. At last 2026H2 is sealed and its seal checked, each
in a process of its own (benchmarks/sealing.py), to see how much memory that takes. Costs are CPU seconds of
this process and of PostgreSQL's own, which has to run on this machine: the best of a few rounds in turn.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import astuple
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import bare_rollup
import past
from figures import Figure
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from models.event import Event
from models.period import Rollup
from models.session import open_engine, reading, writing
from notifications.outbox import Postbox
from notifications.render import Office as Letterhead
from rules.periods import parse
from rules.policy import Policy
from rules.rollup import RULE_VERSION, Figures
from rules.working_days import Calendar
from services import rollups
from services.carrying import carry_over
from services.office import Office
from services.tallies import Tally, tally

ZONE = ZoneInfo("Asia/Shanghai")
LATER = datetime(2027, 2, 1, tzinfo=UTC)
CLOCK_TICKS = 100


def _office() -> Office:
    letterhead = Letterhead("样例市住房和城乡建设局", "https://rectify.example", "coordinator@sample.example")
    postbox = Postbox(letterhead, "rectify@sample.example", b"a secret of the benchmark", zone=ZONE)
    return Office(ZONE, Calendar(), Policy(), postbox, Path())


OFFICE = _office()


def plain(session: Session, *, states: bool = False) -> list[list[Any]]:
    """2026H1 by plain SQL."""
    half = parse("2026H1")
    is_text = session.get_bind().dialect.name == "sqlite"
    days: dict[str, date] = {"first_on": half.first_on, "end_on": half.end_on, "today": half.end_on}
    instants = {"start": half.start_at(ZONE), "cut_off": half.cut_off_at(ZONE)}
    given: dict[str, object] = {**days, **instants}
    if is_text:
        given = {name: day.isoformat() for name, day in days.items()}
        given |= {name: f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}" for name, at in instants.items()}
    return bare_rollup.run(session.connection(), given, states=states)


def ours(session: Session, key: str = "2026H1") -> Tally:
    return tally(session, OFFICE, key, as_of=LATER)


def spent(engine: Engine, work: Callable[[Session], object]) -> float:
    """CPU seconds of this process and of the database's own."""
    with reading(engine) as session:
        server = _server(session)
        before = time.process_time() + _used(server)
        work(session)
        return time.process_time() + _used(server) - before


def _server(session: Session) -> Path | None:
    """Where the kernel tells of the process that answers us, if that is on this machine."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    told = Path(f"/proc/{session.scalar(text('select pg_backend_pid()'))}/stat")
    if not told.exists() or "postgres" not in told.read_text("ascii"):
        raise SystemExit("The database's process is not on this machine; its costs cannot be told.")
    return told


def _used(server: Path | None) -> float:
    if server is None:
        return 0.0
    fields = server.read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def best(engine: Engine, rounds: int, sides: dict[str, Callable[[Session], object]]) -> dict[str, float]:
    """The least that each side cost."""
    costs: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, work in sides.items():
            costs[name].append(spent(engine, work))
    return {name: min(several) for name, several in costs.items()}


def check(engine: Engine) -> None:
    """Both give the same numbers of 2026H1, and ours are those that the rules give item by item."""
    with reading(engine) as session:
        found, (figures, moves) = ours(session), plain(session)
        names = {row.unit.code: astuple(row.own) for row in found.units if row.own != Figures()}
        if names != {f"U{unit:03}": tuple(int(n) for n in counts) for unit, *counts in figures}:
            raise SystemExit("The figures are not the same.")
        closed = sum(row[-1] for row in moves if row[1] == "closed")
        if found.movement.closed != closed:
            raise SystemExit("The movement is not the same.")


def seal(engine: Engine, position: int) -> None:
    """What sealing 2026H1 leaves for later counts; without its rows of items, which these do not read."""
    half = parse("2026H1")
    with writing(engine) as session:
        row = Rollup(
            period_id=rollups.period_row(session, half).id,
            version=1,
            rule_version=RULE_VERSION,
            cut_off_at=half.cut_off_at(ZONE),
            content="",
            sha256=past.HASH,
            sealed_at=LATER,
            anchor_position=position,
            anchor_hash=past.HASH,
        )
        session.add(row)
        session.flush()
        carry_over(session, row, half.end_on)


def _tell(name: str, seconds: float, peer: str, of: float) -> None:
    sys.stdout.write(f"{name}: {seconds:.2f} s, {seconds / of:.2f} x {peer} ({of:.2f} s)\n")


def sealing(engine: Engine, step: str) -> tuple[float, float]:
    """MiB and CPU seconds of a step of benchmarks/sealing.py, in a process of its own."""
    script, url = Path(__file__).with_name("sealing.py"), engine.url.render_as_string(hide_password=False)
    told = subprocess.run(  # noqa: S603 - a script of ours
        [sys.executable, str(script), step, url], check=True, stdout=subprocess.PIPE, encoding="ascii"
    )
    mebibytes, seconds = told.stdout.split()
    return float(mebibytes), float(seconds)


def peak() -> float:
    """MiB of this process."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measure(engine: Engine, rounds: int, touched: past.Past) -> Iterator[Figure]:
    """Counts, compares, prints."""
    name = f"{touched.items:,} items"
    check(engine)
    first = best(
        engine,
        rounds,
        {"states": lambda session: plain(session, states=True), "plain": plain, "ours": ours},
    )
    _tell(
        "2026H1 from all events", first["ours"], "plain SQL of the same figures and movement", first["plain"]
    )
    _tell("2026H1 from all events", first["ours"], "plain SQL of unit and state alone", first["states"])
    yield Figure(f"{name}: all events / plain SQL", first["ours"] / first["plain"], at_most=2)
    with reading(engine) as session:
        position = session.scalar(select(func.max(Event.position))) or 0
    past.go_on(engine, touched, position)
    past.settle(engine)
    full = best(engine, rounds, {"full": lambda session: ours(session, "2026H2")})["full"]
    with reading(engine) as session:
        expected = ours(session, "2026H2")
    seal(engine, position)
    past.settle(engine)
    after = best(engine, rounds, {"after": lambda session: ours(session, "2026H2")})["after"]
    with reading(engine) as session:
        if ours(session, "2026H2") != expected:
            raise SystemExit("The seal leads to other figures.")
    _tell("2026H2 from the seal before it", after, "the same from all events", full)
    yield Figure(f"{name}: after a seal / all events", after / full, at_most=0.15)
    sys.stdout.write(f"Peak of this process: {peak():.0f} MiB\n")
    yield Figure(f"{name}: peak memory", peak() * 2**20 / 1e6, "MB", at_most=400)
    for step in ("seal", "check"):
        mebibytes, seconds = sealing(engine, step)
        sys.stdout.write(f"2026H2, {step}: peak {mebibytes:.0f} MiB, {seconds:.1f} s\n")
        yield Figure(f"{name}: peak memory, {step}", mebibytes * 2**20 / 1e6, "MB", at_most=400)


def figures(url: str = "", *, items: int = 20_000, rounds: int = 3) -> Iterator[Figure]:
    """Fills and measures, prints as it goes; `url` names an empty database, else SQLite serves."""
    office = past.Past(items, max(items // 100, 1))
    with tempfile.TemporaryDirectory(prefix="rectify-benchmark-") as folder:
        engine = open_engine(url or f"sqlite:///{folder}/rectify.db")
        events = past.fill(engine, office)
        past.settle(engine)
        sys.stdout.write(f"{items} items, {events} events, {engine.dialect.name}\n")
        yield from measure(engine, rounds, office)
        engine.dispose()


def main() -> None:
    """Fill, measure, print."""
    asked = argparse.ArgumentParser(description="What a roll-up costs beside plain SQL.")
    asked.add_argument("--items", type=int, default=20_000)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--database", default="", help="an empty PostgreSQL database")
    said = asked.parse_args()
    list(figures(said.database, items=said.items, rounds=said.rounds))


if __name__ == "__main__":
    main()
