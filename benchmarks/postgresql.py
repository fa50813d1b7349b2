"""A PostgreSQL of the benchmarks' own; it is the one of the tests."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from clusters import Cluster, in_memory


@contextmanager
def cluster(*, durable: bool = True) -> Iterator[Cluster]:
    """A running server on loopback, gone after the block; in memory where it need not be durable.

    Raises FileNotFoundError, with a sentence, where PostgreSQL is not installed.
    """
    place = None if durable else in_memory()
    with tempfile.TemporaryDirectory(prefix="rectify-postgresql-", dir=place) as folder:
        made = Cluster(Path(folder), durable=durable)
        made.start()
        try:
            yield made
        finally:
            made.stop()


@contextmanager
def database(name: str) -> Iterator[str]:
    """The address of an empty database."""
    with cluster() as made:
        made.execute(f"create database {name}")
        yield made.url(name)
