"""What all tests share: both databases, each test on a fresh copy, and no way out to the network."""

import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clusters import TEMPLATE, Cluster, in_memory
from sqlalchemy import Dialect, Engine, text

from models import schema
from models.session import open_engine

PROJECT = Path(__file__).parent.parent


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """A connection to anywhere but this machine is an error."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        is_local = not isinstance(address, tuple) or str(address[0]) in {"127.0.0.1", "::1", "localhost"}
        if not is_local:
            raise AssertionError(f"a test reaches out to {address}")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("RECTIFY_", "PREFECT_"))]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = open_engine(f"sqlite:///{path}")
    schema.upgrade(engine)
    with engine.connect() as connection:
        connection.execute(text("pragma wal_checkpoint(truncate)"))
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    # Not below pytest's own folder: that one is closed to the user that PostgreSQL runs as.
    with tempfile.TemporaryDirectory(prefix="rectify-postgresql-", dir=in_memory()) as folder:
        try:
            made = Cluster(Path(folder))
        except FileNotFoundError as error:
            pytest.exit(str(error), returncode=1)
        yield from _running(made)


def _running(cluster: Cluster) -> Iterator[Cluster]:
    cluster.start()
    try:
        cluster.execute(f"create database {TEMPLATE}")
        engine = open_engine(cluster.url(TEMPLATE))
        schema.upgrade(engine)
        engine.dispose()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture
def mortal() -> Iterator[Cluster]:
    """A PostgreSQL that keeps what it has committed when it is killed."""
    with tempfile.TemporaryDirectory(prefix="rectify-torture-") as folder:
        cluster = Cluster(Path(folder), durable=True)
        cluster.start()
        yield cluster
        cluster.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database with our tables, once on each of the two."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copyfile(template, tmp_path / "rectify.db")
        yield f"sqlite:///{tmp_path / 'rectify.db'}"
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        with cluster.copy() as url:
            yield url


@pytest.fixture(scope="session")
def compiled() -> dict[str, tuple[Dialect, dict[Any, Any]]]:
    """What SQLAlchemy has made of our statements in earlier tests, for each kind of database."""
    return {}


@pytest.fixture
def engine(database_url: str, compiled: dict[str, tuple[Dialect, dict[Any, Any]]]) -> Iterator[Engine]:
    engine = open_engine(database_url, patience=1)
    if engine.dialect.name not in compiled:
        engine.connect().close()
        compiled[engine.dialect.name] = engine.dialect, {}
    # A statement is known again by its dialect. A new one for each test would compile all of them anew.
    engine.dialect, known = compiled[engine.dialect.name]
    engine.update_execution_options(compiled_cache=known)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def rectify() -> Path:
    """The installed command."""
    return Path(sys.executable).parent / "rectify"
