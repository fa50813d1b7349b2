"""All benchmarks in one run, and one table of what they found.

Usage: python benchmarks/bench.py [--quick] [--tiny] [PART ...]

Each part runs in a process of its own; what it prints meanwhile goes to standard error, the table to standard
output. The table has the figures that have an aim, and the ratios by a peer; a benchmark run alone prints
more. `--quick` takes a tenth of the size, `--tiny` a hundredth: these show that everything runs, and no more,
since the aims are for the full size. What cannot run here has a row that says why.

Exit code 0 when every part ran, whether its aims were met or missed; 1 when one did not.
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass

import ledger
import postgresql
import reading
import reminders
import rollup
from figures import Figure

import web
from services.sample import Size


@dataclass(frozen=True, slots=True)
class Scale:
    """How large everything is, in parts of the full size, and how often it is repeated."""

    parts: int = 1
    rounds: int = 2

    def of(self, number: int) -> int:
        """So many at this size."""
        return max(number // self.parts, 1)


SCALES = {"full": Scale(), "quick": Scale(10, 1), "tiny": Scale(100, 1)}


def _reading(scale: Scale) -> Iterator[Figure]:
    return (figure for figure in reading.figures(scale.of(10_000_000)) if figure.aim)


def _ledger(scale: Scale) -> Iterator[Figure]:
    return ledger.figures(scale.of(100_000))


def _day(scale: Scale, url: str = "") -> Iterator[Figure]:
    size = Size(units=50, people=scale.of(500), items=scale.of(20_000), seed=1)
    return reminders.figures(url, rounds=scale.rounds, is_large=not url and scale.parts == 1, size=size)


def _day_on_postgresql(scale: Scale) -> Iterator[Figure]:
    with postgresql.database("reminders") as url:
        yield from _day(scale, url)


def _web(scale: Scale) -> Iterator[Figure]:
    return web.figures(rounds=scale.rounds, requests=scale.of(200) + 8, items=scale.of(20_000))


def _rollup(scale: Scale) -> Iterator[Figure]:
    return rollup.figures(items=scale.of(100_000), rounds=scale.rounds)


def _rollup_on_postgresql(scale: Scale) -> Iterator[Figure]:
    with postgresql.database("rollup") as url:
        yield from rollup.figures(url, items=scale.of(200_000), rounds=scale.rounds)


PARTS: dict[str, Callable[[Scale], Iterator[Figure]]] = {
    "reading": _reading,
    "ledger": _ledger,
    "reminders, SQLite": _day,
    "reminders, PostgreSQL": _day_on_postgresql,
    "web": _web,
    "rollup, SQLite": _rollup,
    "rollup, PostgreSQL": _rollup_on_postgresql,
}


def run(name: str, scale: Scale) -> list[Figure] | str:
    """The figures of one part, or why it could not run; in a process that nothing else has used."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        try:
            return pool.submit(_run, name, scale).result()
        except Exception as error:  # noqa: BLE001 - whatever it is stands in the table, and the others go on
            return f"{type(error).__name__}: {error}"


def _run(name: str, scale: Scale) -> list[Figure] | str:
    with redirect_stdout(sys.stderr):
        try:
            return list(PARTS[name](scale))
        except (FileNotFoundError, SystemExit) as error:
            return str(error)


def rows(name: str, found: list[Figure] | str, *, is_full: bool = True) -> Iterator[tuple[str, ...]]:
    """The lines of one part in the table; only at full size is an aim met or missed."""
    if isinstance(found, str):
        yield name, f"did not run: {' '.join(found.split())}", "", "", ""
        return
    for figure in found:
        verdict = figure.verdict if is_full else ""
        yield name, figure.what, f"{figure.value:.2f} {figure.unit}".strip(), figure.aim, verdict


def table(lines: list[tuple[str, ...]]) -> str:
    """Columns as wide as they must be; figures to the right."""
    lines = [("benchmark", "what", "figure", "aim", ""), *lines]
    widths = [max(len(line[at]) for line in lines if line[2]) for at in range(5)]
    laid = (
        f"{line[0]:<{widths[0]}}  {line[1]:<{widths[1]}}  {line[2]:>{widths[2]}}  "
        f"{line[3]:<{widths[3]}}  {line[4]}".rstrip()
        for line in lines
    )
    return "\n".join(laid) + "\n"


def main() -> None:
    """Run everything, print the table."""
    asked = argparse.ArgumentParser(description="All benchmarks in one run, and one table.")
    asked.add_argument("--quick", action="store_const", const="quick", dest="size", default="full")
    asked.add_argument("--tiny", action="store_const", const="tiny", dest="size")
    asked.add_argument("parts", nargs="*", metavar="PART", help=f"all, or of: {'; '.join(PARTS)}")
    said, began = asked.parse_args(), time.perf_counter()
    if unknown := set(said.parts) - set(PARTS):
        asked.error(f"no such part: {', '.join(sorted(unknown))}")
    scale = SCALES[said.size]
    found = {name: run(name, scale) for name in said.parts or PARTS}
    is_full = scale.parts == 1
    lines = [line for name, figures in found.items() for line in rows(name, figures, is_full=is_full)]
    sys.stdout.write(table(lines))
    if not is_full:
        sys.stdout.write(f"Sizes divided by {scale.parts}; the aims are for full ones.\n")
    sys.stdout.write(f"{(time.perf_counter() - began) / 60:.1f} minutes\n")
    sys.exit(any(isinstance(figures, str) for figures in found.values()))


if __name__ == "__main__":
    main()
