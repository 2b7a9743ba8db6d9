"""A town, and scripted portals, for the tests that need real sockets."""

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
    """An empty place for a gateway's tables, of either kind."""
    if request.param == "sqlite":
        return str(tmp_path / "gateway.db")
    server: Postgres = request.getfixturevalue("postgres")
    return server.fresh()


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with a gateway's tables."""
    path = tmp_path_factory.mktemp("ready") / "gateway.db"
    open_engine(str(path)).dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def grown(request: pytest.FixtureRequest, tmp_path: Path, ready: Path) -> Iterator[str]:
    """A place that has a gateway's tables and holds nothing, of either kind."""
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
    """Open a portal that answers so."""
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
