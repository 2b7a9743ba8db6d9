"""Fixtures: a gateway with kiosks on real sockets, and scripted portals."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.gateway.database import open_engine
from sync.portals.kiosk_sync import KioskSync
from tests.sync.answering import answer_with, open_kiosk_sync
from tests.sync.harness import Harness
from tests.sync.postgres import Postgres
from tests.sync.scripted import ScriptedServer
from tests.sync.town import Town


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database: SQLite and PostgreSQL."""
    if request.param == "sqlite":
        return str(tmp_path / "gateway.db")
    server: Postgres = request.getfixturevalue("postgres")
    return server.fresh()


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with a gateway's empty tables."""
    path = tmp_path_factory.mktemp("ready") / "gateway.db"
    open_engine(str(path)).dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def grown(request: pytest.FixtureRequest, tmp_path: Path, ready: Path) -> Iterator[str]:
    """Return the address of a database with a gateway's empty tables: SQLite and PostgreSQL."""
    if request.param == "sqlite":
        yield str(shutil.copy(ready, tmp_path / "gateway.db"))
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.grown() as url:
        yield url


@pytest.fixture
def town(tmp_path: Path, grown: str) -> Iterator[Town]:
    town = Town(tmp_path, database=grown)
    yield town
    town.close()


@pytest.fixture
def harness() -> Iterator[Harness]:
    harness = Harness()
    yield harness
    harness.close()


@pytest.fixture
def ask() -> Iterator[Callable[..., KioskSync]]:
    """Return a function that opens a kiosk-sync adapter to a server with one scripted answer."""
    opened: list[tuple[KioskSync, ScriptedServer]] = []

    def open_(answer: bytes | None, **more: Any) -> KioskSync:
        server = ScriptedServer(answer_with(answer), slow=more.pop("slow", False), mute=more.pop("mute", False))
        found = open_kiosk_sync(server.url, **more)
        opened.append((found, server))
        return found

    yield open_
    for found, server in opened:
        found.close()
        server.close()
