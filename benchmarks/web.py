"""What the pages cost at four clients, beside bare handlers with one statement each, alternating in one run.

Usage: python benchmarks/web.py [--rounds N] [--requests N]

The office is `rectify sample --units 50 --people 500 --items 20000 --seed 1` in an SQLite file. `rectify web`
and benchmarks/bare_pages.py run as processes of their own; four clients in a third ask for the ledger, then
for items, then for the roll-up of the running period, each client without a pause between two requests. They
are signed in as the coordinator of all units, who sees every item. Each page is asked for a few times before
it is measured. The csv is that of the closed items, some 5,000, asked for by one client.
"""

import argparse
import http.client
import multiprocessing
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from figures import Figure
from sqlalchemy import select, text

from config import clock
from models.item import Item
from models.organisation import Grant, Person
from models.session import open_engine, reading, writing
from rules.permissions import Role
from services import accounts

CLIENTS = 4
PASSWORD = "lantern-of-the-benchmark"  # noqa: S105 - opens nothing but a sample
HERE = Path(__file__).parent
RECTIFY = Path(sys.executable).with_name("rectify")


@dataclass(frozen=True, slots=True)
class Site:
    """A server that is measured, and the cookies by which it knows us."""

    name: str
    port: int
    pid: int
    cookies: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """Seconds of each request, and of all together."""

    times: list[float]
    wall: float


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    name: str, port: int, *command: str | Path, started: dict[str, Any] | None = None, **environment: str
) -> Iterator[Site]:
    """The program, from its first answer on, until the block ends; `started` says how, as Popen wants it."""
    known = os.environ | environment
    process = subprocess.Popen(command, env=known, stdout=sys.stderr, **(started or {}))  # noqa: S603 - ours
    try:
        for _ in range(1200):
            if process.poll() is not None:
                raise SystemExit(f"{name} ended with {process.returncode} before it answered")
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield Site(name, port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def filled(folder: Path, items: int = 20_000, **environment: str) -> str:
    """A sample office in `folder`, with a password for its coordinator, whose address is returned."""
    known = os.environ | {"RECTIFY_DIR": str(folder)} | environment
    run = partial(subprocess.run, check=True, stdout=subprocess.DEVNULL, env=known)
    run([RECTIFY, "init"])
    run([RECTIFY, "sample", "--units", "50", "--people", "500", "--items", str(items), "--seed", "1"])
    engine = open_engine(environment.get("RECTIFY_DATABASE_URL") or database(folder))
    with writing(engine) as session:
        session.execute(text("analyze"))
        query = select(Person).join(Grant, Grant.person_id == Person.id).where(Grant.role == Role.COORDINATOR)
        person = session.scalars(query).one()
        accounts.set_password(session, person, PASSWORD, now=clock.now(), door="command")
        email = person.email
    engine.dispose()
    return email


def database(folder: Path) -> str:
    """Where the sample lies."""
    return f"sqlite:///{folder}/rectify.db"


@dataclass(frozen=True, slots=True)
class Door:
    """How one signs in: the page, its fields for the token and the name, and the status of a success."""

    path: str
    token: str
    name: str
    status: int


OURS = Door("/sign-in", "csrf", "email", 303)


def signed_in(site: Site, email: str, door: Door = OURS) -> Site:
    """The site with the cookies of a browser in which `email` has signed in."""
    asked = http.client.HTTPConnection("127.0.0.1", site.port)
    asked.request("GET", door.path)
    page = asked.getresponse()
    found = re.search(rb'name="%b" value="([^"]*)"' % door.token.encode(), page.read())
    said = {door.token: found[1] if found else "", door.name: email, "password": PASSWORD, "next": "/"}
    headers = {
        "Cookie": _kept(page),
        "Origin": f"http://127.0.0.1:{site.port}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    asked.request("POST", door.path, urlencode(said), headers)
    done = asked.getresponse()
    if done.read() and done.status != door.status:
        raise SystemExit(f"signing in was answered with {done.status}")
    return Site(site.name, site.port, site.pid, _kept(done))


def _kept(answer: http.client.HTTPResponse) -> str:
    given = (said.partition(";")[0] for said in answer.headers.get_all("Set-Cookie", []))
    return "; ".join(cookie for cookie in given if not cookie.endswith("="))


def asked(site: Site, paths: Sequence[str], clients: int = CLIENTS) -> Answers:
    """The answers to `paths`, asked for by several clients at once, each over one kept connection."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_asked, (site, paths, clients))


def _asked(site: Site, paths: Sequence[str], clients: int) -> Answers:
    shares = [paths[number::clients] for number in range(clients)]
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        times = [one for share in pool.map(partial(_client, site), shares) for one in share]
    return Answers(times, time.perf_counter() - began)


def _client(site: Site, paths: Sequence[str]) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", site.port)
    times = []
    for path in paths:
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": site.cookies})
        answer = connection.getresponse()
        if not answer.read() or answer.status != 200:
            raise SystemExit(f"{site.name}: {path} was answered with {answer.status}")
        times.append(time.perf_counter() - began)
    return times


@dataclass(frozen=True, slots=True)
class Pace:
    """What a page took: seconds of half the requests at most, of 19 in 20 at most; requests a second."""

    median: float
    late: float
    rate: float


def compare(
    name: str, sites: Sequence[Site], paths: Sequence[str], rounds: int, clients: int = CLIENTS
) -> list[Pace]:
    """Asks the sites in turn, prints the figures of each and the ratios of medians, returns them."""
    for site in sites:
        asked(site, paths[: 5 * clients], clients)
    found: dict[str, list[Answers]] = {site.name: [] for site in sites}
    for _ in range(rounds):
        for site in sites:
            found[site.name].append(asked(site, paths, clients))
    paces = [_tell(f"{name}, {site.name}", found[site.name]) for site in sites]
    for site, pace in zip(sites[1:], paces[1:], strict=True):
        ratio = paces[0].median / pace.median
        sys.stdout.write(f"{name}: median of {sites[0].name} / {site.name} {ratio:.2f}\n")
    return paces


def _tell(name: str, runs: list[Answers]) -> Pace:
    times = sorted(one for run in runs for one in run.times)
    median, late = statistics.median(times), times[int(0.95 * (len(times) - 1))]
    rate = len(times) / sum(run.wall for run in runs)
    sys.stdout.write(f"{name}: p50 {1000 * median:.0f} ms, p95 {1000 * late:.0f} ms, {rate:.0f} a second\n")
    return Pace(median, late, rate)


def peak(site: Site) -> float:
    """MiB that the process has held at most."""
    status = Path(f"/proc/{site.pid}/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def figures(*, rounds: int = 3, requests: int = 200, items: int = 20_000) -> Iterator[Figure]:
    """Fills, serves, asks; prints as it goes."""
    with tempfile.TemporaryDirectory(prefix="rectify-benchmark-") as name:
        folder = Path(name)
        email = filled(folder, items)
        with reading(open_engine(database(folder))) as session:
            references = session.scalars(select(Item.reference).order_by(Item.id).limit(requests)).all()
        with _both(folder, email) as sites:
            for what, paths, bound in (
                ("ledger page", ["/items"] * requests, 120),
                ("item page", [f"/items/{one}" for one in references], 120),
                ("roll-up page", ["/rollup"] * requests, 150),
            ):
                ours, bare = compare(what, sites, paths, rounds)
                yield Figure(f"{what}: p95 at {CLIENTS} clients", 1000 * ours.late, "ms", at_most=bound)
                yield Figure(f"{what}: median / bare handler", ours.median / bare.median)
            sys.stdout.write(f"peak memory of rectify web before files: {peak(sites[0]):.0f} MiB\n")
            ours, bare = compare(
                "csv of closed items", sites, ["/items.csv?state=closed"] * 10, rounds, clients=1
            )
            yield Figure("csv of closed items: median / bare handler", ours.median / bare.median, at_most=2)
            sys.stdout.write(f"peak memory of rectify web: {peak(sites[0]):.0f} MiB\n")
            yield Figure("peak memory of rectify web", peak(sites[0]) * 2**20 / 1e6, "MB", at_most=200)


@contextmanager
def _both(folder: Path, email: str) -> Iterator[tuple[Site, Site]]:
    ours, bare = free_port(), free_port()
    with (
        served("rectify web", ours, RECTIFY, "web", "--port", str(ours), RECTIFY_DIR=str(folder)) as site,
        served("bare", bare, sys.executable, HERE / "bare_pages.py", database(folder), str(bare)) as other,
    ):
        yield signed_in(site, email), other


def main() -> None:
    """Fill, serve, ask, print."""
    wanted = argparse.ArgumentParser(description="What the pages cost at four clients, beside bare handlers.")
    wanted.add_argument("--rounds", type=int, default=3)
    wanted.add_argument("--requests", type=int, default=200, help="of each page, a round")
    said = wanted.parse_args()
    list(figures(rounds=said.rounds, requests=said.requests))


if __name__ == "__main__":
    main()
