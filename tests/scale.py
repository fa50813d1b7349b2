"""Three workers at 20,000 letters, with real parts: `make scale`. Not part of `make test`.

PostgreSQL, Prefect's server on it, and workers of a process pool run on loopback, in folders that go away.
SCALE_LETTERS makes it smaller, for trying it out.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from conftest import PROJECT, Cluster
from letter_log import LetterLog, letter_log
from offices import office
from pools import POOL, Api, ServerOnPostgres, Worker, clean, wait_for
from sqlalchemy import Engine, func, select, text

from flows.deployments import CATALOGUE
from flows.server import free_port
from models import schema
from models.batch import Batch
from models.message import Message, MessageState
from models.session import open_engine, reading, writing
from services import sample

LETTERS = int(os.environ.get("SCALE_LETTERS", "20000"))
TODAY = date(2026, 11, 25)
SIZE = sample.Size(units=200, people=LETTERS * 4 // 3, items=LETTERS * 3, seed=1)
"""Somewhat more than LETTERS people of this office are owed something today."""
SMTP_SECONDS = 0.02
CONNECTIONS = 4
PATIENCE = 900.0
PARTS = 4
"""Workers are compared at one letter in so many."""


@dataclass
class World:
    """All that runs, and ways to look at it."""

    folder: Path
    cluster: Cluster
    server: ServerOnPostgres
    log: LetterLog
    engine: Engine
    api: Api
    workers: dict[str, Worker] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        ours = {
            "RECTIFY_DIR": str(self.folder),
            "RECTIFY_DATABASE_URL": self.cluster.url("office"),
            "RECTIFY_SMTP_PORT": str(self.log.port),
            "RECTIFY_SMTP_CONNECTIONS": str(CONNECTIONS),
            "RECTIFY_SMTP_DEADLINE": "20",
            "RECTIFY_LEASE": "40",
            "RECTIFY_MAIL_FROM": "rectify@sample.example",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
        }
        theirs = {k: v for k, v in self.server.environment().items() if "DATABASE" not in k}
        return clean() | theirs | ours

    def hire(self, *names: str) -> None:
        for name in names:
            self.workers[name] = Worker(name, self.environment, self.folder / f"{name}.log")
        count = len(self.workers)
        path = f"/work_pools/{POOL}/workers/filter"
        online = {"workers": {"status": {"any_": ["ONLINE"]}}}
        wait_for(lambda: len(self.api.post(path, online)) >= count, 120)

    def sent(self) -> int:
        with reading(self.engine) as session:
            return session.scalar(select(func.count()).where(Message.state == MessageState.SENT)) or 0

    def unsent(self) -> int:
        with reading(self.engine) as session:
            return session.scalar(select(func.count()).where(Message.state != MessageState.SENT)) or 0

    def is_planned(self) -> bool:
        with reading(self.engine) as session:
            there = session.scalar(select(func.count()).select_from(Message)) or 0
            waiting = session.scalar(select(func.count()).select_from(Batch)) or 0
        return bool(there) and not waiting

    def spent(self) -> float:
        """CPU seconds of the workers and all their runs, once these have ended."""
        wait_for(lambda: not any(worker.runs() for worker in self.workers.values()), 120)
        return sum(worker.seconds() for worker in self.workers.values())

    def begin(self) -> str:
        return self.api.start("reminders/office", {"on": TODAY.isoformat(), "confirm": True})


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def run(world: World, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        check=False,
        cwd=PROJECT,
        env=world.environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def world() -> Iterator[World]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rectify-scale-")))
        for name in ("postgresql", "prefect", "office"):
            (folder / name).mkdir()
        folder.chmod(0o755)
        cluster = Cluster(folder / "postgresql", durable=True)
        cluster.start()
        stack.callback(cluster.stop)
        for name in ("office", "prefect"):
            cluster.execute(f"create database {name}")
        engine = open_engine(cluster.url("office"))
        stack.callback(engine.dispose)
        log = stack.enter_context(letter_log(folder / "letters", SMTP_SECONDS))
        database = cluster.url("prefect").replace("psycopg", "asyncpg")
        server = ServerOnPostgres(folder / "prefect", free_port(), database)
        server.start()
        stack.callback(server.stop)
        server.wait()
        api = Api(server)
        stack.callback(api.close)
        world = World(folder / "office", cluster, server, log, engine, api)
        stack.callback(lambda: [worker.stop() for worker in world.workers.values()])
        yield world


def settle(world: World) -> None:
    """The office with its items, and the flows registered in both ways, their schedules switched off."""
    schema.upgrade(world.engine)
    with writing(world.engine) as session:
        sample.fill(session, office(world.folder), SIZE, TODAY)
        session.execute(text("create table day_before as select id, next_reminder_on from item"))
        session.execute(text("create unique index day_before_id on day_before (id)"))
    with writing(world.engine) as session:
        session.execute(text("analyze"))
    run(world, "prefect", "work-pool", "create", POOL, "--type", "process")
    run(world, "prefect", "--no-prompt", "deploy", "--all")
    assert len(world.api.post("/deployments/filter", {})) == len(CATALOGUE)
    run(world, "cli.main", "deploy", "--pool", POOL)
    assert len(world.api.post("/deployments/filter", {})) == len(CATALOGUE)
    for entry in CATALOGUE:
        world.api.switch(f"{entry.flow.name}/office", on=False)


def forget(world: World, *, parts: int = 1) -> None:
    """Undoes the day; then something is due of every pair of items, or of one in so many `parts`."""
    due = "case when item.id / 2 % :parts = 0 then day_before.next_reminder_on end"
    again = f"update item set next_reminder_on = {due} from day_before where day_before.id = item.id"
    with writing(world.engine) as session:
        session.execute(text("truncate reminder, message, run"))
        session.execute(text(again), {"parts": parts})
    with world.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def quiet_run(world: World) -> str:
    """Planned and sent by as many workers as there are, undisturbed. Returns what is to be printed."""
    before, cpu = len(world.log.letters()), world.spent()
    began = time.monotonic()
    key = world.begin()
    wait_for(world.is_planned, PATIENCE)
    planned = time.monotonic() - began
    wait_for(lambda: not world.unsent(), PATIENCE)
    took = time.monotonic() - began
    wait_for(lambda: not world.api.under_way(), PATIENCE)
    assert world.api.state(key) == "COMPLETED"
    letters = len(world.log.letters()) - before
    assert letters == world.sent()
    cpu = world.spent() - cpu
    return (
        f"{len(world.workers)} worker(s): {letters} letters, planned {planned:.0f} s after asking, then sent "
        f"in {took - planned:.0f} s ({letters / (took - planned):.0f} a second); workers' CPU {cpu:.0f} s "
        f"({1000 * cpu / letters:.1f} ms a letter)"
    )


def cost_of_a_run(world: World, times: int = 5) -> str:
    """What Prefect takes for a run that finds nothing to do."""
    size = "select pg_database_size('prefect')"
    with world.engine.connect() as connection:
        began, cpu, room = time.monotonic(), world.spent(), connection.scalar(text(size)) or 0
        for _ in range(times):
            key = world.api.start("delivery/office", {})
            wait_for(lambda key=key: world.api.state(key) == "COMPLETED", 120, 0.1)
        took = (time.monotonic() - began) / times
        cpu = (world.spent() - cpu) / times
        time.sleep(5)
        room = ((connection.scalar(text(size)) or 0) - room) / times / 1000
    return (
        f"one empty run: {took:.1f} s from asking to its end, {cpu:.1f} s CPU, "
        f"{room:.0f} kB in Prefect's database"
    )


def room(world: World) -> str:
    """What a row takes in our database, with its indexes."""
    told = []
    with world.engine.connect() as connection:
        for name in ("item", "event", "reminder", "message"):
            query = f"select pg_total_relation_size('{name}') / count(*) from {name}"
            told.append(f"{name} {connection.scalar(text(query)) or 0:,.0f}")
    return f"bytes a row in our database, indexes included: {', '.join(told)}"


@dataclass(frozen=True)
class Harm:
    """What the kill and the restart did, seen from the mail server."""

    letters: int
    lost: int
    repeated: int
    unlike: int


def harm(world: World, came: list[str]) -> Harm:
    with reading(world.engine) as session:
        known = set(session.scalars(select(Message.message_id)))
    copies = Counter(came)
    names = Counter(line.split()[0] for line in copies)
    unlike = sum(number - 1 for number in names.values()) + len(set(names) - known)
    return Harm(len(known), len(known - set(names)), len(came) - len(copies), unlike)


def killed_at(world: World, key: str, letters: int, before: int) -> set[str]:
    """Kills a worker that is not at the run `key`, once so many letters have come. Returns its runs."""
    wait_for(lambda: len(world.log.letters()) - before >= letters, PATIENCE, 0.1)

    def at_work() -> list[str]:
        runs = {name: worker.runs() - {key} for name, worker in world.workers.items()}
        return [
            name for name, mine in runs.items() if mine and set(map(world.api.state, mine)) == {"RUNNING"}
        ]

    name = wait_for(at_work, 120, 0.1)[0]
    runs = world.workers[name].runs()
    world.workers.pop(name).die()
    return runs


def disturbed_run(world: World) -> None:
    before = len(world.log.letters())
    began = time.monotonic()

    def clock() -> str:
        return f"{time.monotonic() - began:.0f} s"

    world.api.switch("delivery/office", on=True)
    key = world.begin()
    wait_for(world.is_planned, PATIENCE)
    say(f"  {clock()}: planned")
    lost = killed_at(world, key, LETTERS // 4, before)
    killed = time.monotonic()
    say(f"  {clock()}: a worker was killed (SIGKILL) with {len(lost)} run(s) under way")
    wait_for(lambda: len(world.log.letters()) - before >= LETTERS // 2, PATIENCE, 0.1)
    world.server.stop()
    world.server.start()
    world.server.wait()
    say(f"  {clock()}: Prefect's server was restarted")
    wait_for(lambda: world.api.state(key) == "COMPLETED", PATIENCE)
    say(f"  {clock()}: the run was finished, {world.unsent()} letter(s) still leased by the dead worker")
    wait_for(lambda: not world.unsent(), PATIENCE)
    say(f"  {clock()}: all letters were sent, what the dead worker held by others or a scheduled delivery")
    wait_for(lambda: {world.api.state(run) for run in lost} == {"CRASHED"}, 300)
    say(f"  {time.monotonic() - killed:.0f} s after the kill: the lost run is marked as crashed")
    wait_for(lambda: not world.api.under_way(), 300)
    found = harm(world, world.log.letters()[before:])
    say(
        f"  {found.letters} letters: lost {found.lost}, handed over twice {found.repeated} "
        f"(at most {CONNECTIONS} were in flight), copies that differ {found.unlike}"
    )
    assert (found.letters >= LETTERS, found.lost, found.unlike) == (True, 0, 0)
    assert found.repeated <= CONNECTIONS * len(lost)


@pytest.mark.timeout(1800)
def test_three_workers_plan_and_send_a_day_whoever_dies(world: World) -> None:
    began = time.monotonic()
    settle(world)
    say(
        f"\n{SIZE.people} people, {SIZE.items} items; the mail server takes {1000 * SMTP_SECONDS:.0f} ms "
        f"a letter, {CONNECTIONS} connections a sender; {os.cpu_count()} cores; "
        f"set up in {time.monotonic() - began:.0f} s"
    )
    world.hire("first")
    say(cost_of_a_run(world))
    for name in ("", "second", "third"):
        forget(world, parts=PARTS)
        if name:
            world.hire(name)
        say(quiet_run(world))
    say(room(world))
    forget(world)
    say("3 workers, disturbed:")
    disturbed_run(world)
    say(f"make scale took {(time.monotonic() - began) / 60:.1f} min")
