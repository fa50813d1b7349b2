"""Redmine 5 as Debian packs it beside Rectify, over the same office on the same PostgreSQL, in one run.

Usage: python benchmarks/redmine.py [--rounds N] [--requests N] [--items N]

benchmarks/redmine.md says how it is installed, what is compared and what is not. The office is that of
`rectify sample --units 50 --people 500 --items 20000 --seed 1`, entered into both. Everything that is started
(PostgreSQL, the mail server, Puma, `rectify web`) listens on loopback and is ended again. Costs are of the
programs' own processes; those of PostgreSQL and the mail server are in neither.

Exit code 1, with a sentence, where Redmine or PostgreSQL is not installed.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import postgresql
from clusters import Cluster
from figures import Figure
from redmine_site import AS, ROOT, Redmine, missing
from sink import sink, taken

import web

OURS, THEIRS = "Rectify", "Redmine"


@dataclass(frozen=True, slots=True)
class Cost:
    """What one day's reminders took; seconds, MB, mails."""

    wall: float
    cpu: float
    peak: float
    mails: int


@dataclass(frozen=True, slots=True)
class Rectify:
    """Our side: a folder and a database that days are copied from."""

    folder: Path
    cluster: Cluster
    sink: int

    def environment(self, database: str = "rectify") -> dict[str, str]:
        """What our programs are told."""
        return {
            "RECTIFY_DIR": str(self.folder),
            "RECTIFY_DATABASE_URL": self.cluster.url(database),
            "RECTIFY_SMTP_PORT": str(self.sink),
        }


def told(port: int, command: Sequence[str | Path], environment: dict[str, str], **where: Any) -> Cost:
    """Runs one program that sends a day's mails."""
    before, began = taken(port), time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | environment, stdout=sys.stderr, **where)  # noqa: S603 - our own programs
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    wall = time.perf_counter() - began
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6, taken(port) - before)


def days(ours: Rectify, theirs: Redmine, rounds: int) -> Iterator[Figure]:
    """One day's reminders by both in turn, every time of the same morning."""
    costs: dict[str, list[Cost]] = {OURS: [], THEIRS: []}
    for number in range(rounds):
        name = f"rectify_day_{number}"
        ours.cluster.execute(f"create database {name} template rectify")
        told_to_owners = (web.RECTIFY, "remind", "--confirm")
        costs[OURS].append(told(ours.sink, told_to_owners, ours.environment(name)))
        rake = ("bundle", "exec", "rake", "redmine:send_reminders", "days=7")
        costs[THEIRS].append(told(theirs.sink, rake, theirs.environment, cwd=ROOT, **AS))
    for side, runs in costs.items():
        sys.stdout.write(_day(side, runs) + "\n")
    for what, aim in (("wall", 20), ("cpu", 20), ("peak", None)):
        ratio = _median(costs[THEIRS], what) / _median(costs[OURS], what)
        yield Figure(f"one day's reminders, {what}: Redmine / Rectify", ratio, at_least=aim)


def _median(runs: list[Cost], figure: str) -> float:
    return float(statistics.median(getattr(run, figure) for run in runs))


def _day(side: str, runs: list[Cost]) -> str:
    walls = ", ".join(f"{run.wall:.1f}" for run in runs)
    return (
        f"one day's reminders, {side}: {runs[-1].mails} mails, {_median(runs, 'wall'):.1f} s wall ({walls}), "
        f"{_median(runs, 'cpu'):.1f} s CPU, {_median(runs, 'peak'):.0f} MB"
    )


def pages(ours: Rectify, theirs: Redmine, email: str, rounds: int, requests: int) -> Iterator[Figure]:
    """Lists and figures at four clients."""
    for workers in (0, 2):
        with _mine(ours, email) as own, theirs.serve(workers) as other:
            peer = web.signed_in(other, email, web.Door("/login", "authenticity_token", "username", 302))
            for what, mine, yours, aim in (
                ("list of 50", "/items", "/issues?per_page=50", 8),
                ("figures of all units", "/rollup", "/projects/unit-1/issues/report", None),
            ):
                us = web.compare(what, [own], [mine] * requests, rounds)[0]
                them = web.compare(what, [peer], [yours] * max(requests // 5, 4), rounds)[0]
                name = f"{what}, {peer.name}: requests a second, Rectify / Redmine"
                yield Figure(name, us.rate / them.rate, at_least=aim)


@contextmanager
def _mine(ours: Rectify, email: str) -> Iterator[web.Site]:
    port = web.free_port()
    command = (web.RECTIFY, "web", "--port", str(port))
    with web.served("Rectify", port, *command, **ours.environment()) as site:
        yield web.signed_in(site, email)


def figures(*, rounds: int = 3, requests: int = 200, items: int = 20_000) -> Iterator[Figure]:
    """Fills both, measures both; prints as it goes. Raises SystemExit where one cannot run."""
    if why := missing():
        raise SystemExit(why)
    with postgresql.cluster() as cluster, sink() as port, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # www-data has to reach its own part
        ours = Rectify(folder / "rectify", cluster, port)
        theirs = Redmine(folder / "redmine", cluster, port)
        cluster.execute("create database rectify")
        email = web.filled(ours.folder, items, **ours.environment())
        theirs.make(cluster.url("rectify"))
        yield from days(ours, theirs, rounds)
        yield from pages(ours, theirs, email, rounds, requests)


def main() -> None:
    """Fill, measure, print."""
    asked = argparse.ArgumentParser(description="Redmine 5 beside Rectify over the same office.")
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument(
        "--requests", type=int, default=200, help="of each page of Rectify, a round; of Redmine's a fifth"
    )
    asked.add_argument("--items", type=int, default=20_000)
    said = asked.parse_args()
    try:
        for figure in figures(rounds=said.rounds, requests=said.requests, items=said.items):
            sys.stdout.write(
                f"{figure.what}: {figure.value:.1f} ({figure.aim or 'no aim'}) {figure.verdict}".rstrip()
                + "\n"
            )
            sys.stdout.flush()
    except FileNotFoundError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
