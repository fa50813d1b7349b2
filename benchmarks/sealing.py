"""What sealing a period, or checking the seals, takes of memory: one step in a process of its own.

Usage: python benchmarks/sealing.py seal|check URL

benchmarks/rollup.py starts it, on the database that it has filled. It prints the peak in MiB and the seconds
of CPU.
"""

import sys
import time
from collections.abc import Callable

from rollup import LATER, OFFICE, peak
from sqlalchemy import Engine

from models.session import open_engine, reading, writing
from services import rollups
from services.seal_checks import check_seals

KEY = "2026H2"
"""The seal of 2026H1 that rollup.py has left is not whole: it holds no items."""


def seal(engine: Engine) -> None:
    """As the nightly run does it."""
    with writing(engine) as session:
        rollups.seal(session, OFFICE, KEY, by=None, now=LATER)


def check(engine: Engine) -> None:
    """All seals; the one that was made here has to hold."""
    with reading(engine) as session:
        if any(finding.period == KEY for finding in check_seals(session, OFFICE).findings):
            raise SystemExit("The seal does not hold.")


STEPS: dict[str, Callable[[Engine], None]] = {"seal": seal, "check": check}


def main() -> None:
    """The step, and what it took."""
    step, url = sys.argv[1:]
    engine = open_engine(url)
    begun = time.process_time()
    STEPS[step](engine)
    engine.dispose()
    sys.stdout.write(f"{peak():.1f} {time.process_time() - begun:.1f}\n")


if __name__ == "__main__":
    main()
