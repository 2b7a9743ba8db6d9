"""Fixtures: a gateway with kiosks on real sockets, and scripted portals."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from sync.gateway import accounts
from sync.gateway.database import open_engine
from sync.portals.kiosk_sync import KioskSync
from tests.sync.harness import Harness
from tests.sync.payments import Payments
from tests.sync.portal_responses import answer_with, open_kiosk_sync
from tests.sync.postgres import Postgres
from tests.sync.practice_gateway import PracticeGateway
from tests.sync.scripted_server import ScriptedServer


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(scope="session", autouse=True)
def passwords_hashed_quickly() -> Iterator[None]:
    """Hash passwords at the lowest cost: many tests add accounts and sign in."""
    patch = pytest.MonkeyPatch()
    patch.setattr(accounts, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patch.undo()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database: SQLite and PostgreSQL."""
    if request.param == "sqlite":
        return str(tmp_path / "gateway.db")
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_url()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an SQLite file with a gateway's empty tables."""
    path = tmp_path_factory.mktemp("migrated") / "gateway.db"
    open_engine(str(path)).dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_database(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> Iterator[str]:
    """Return the address of a database with a gateway's empty tables: SQLite and PostgreSQL."""
    if request.param == "sqlite":
        yield str(shutil.copy(migrated_file, tmp_path / "gateway.db"))
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.migrated() as url:
        yield url


@pytest.fixture
def practice(tmp_path: Path, migrated_database: str) -> Iterator[PracticeGateway]:
    practice = PracticeGateway(tmp_path, database=migrated_database)
    yield practice
    practice.close()


@pytest.fixture
def harness() -> Iterator[Harness]:
    harness = Harness()
    yield harness
    harness.close()


@pytest.fixture
def open_portal() -> Iterator[Callable[..., KioskSync]]:
    """Return a function that opens a kiosk-sync adapter to a server with a scripted answer."""
    pairs: list[tuple[KioskSync, ScriptedServer]] = []

    def open_adapter(answer: bytes | None, **options: Any) -> KioskSync:
        server = ScriptedServer(
            answer_with(answer), slow=options.pop("slow", False), silent=options.pop("silent", False)
        )
        portal = open_kiosk_sync(server.url, **options)
        pairs.append((portal, server))
        return portal

    yield open_adapter
    for portal, server in pairs:
        portal.close()
        server.close()


@pytest.fixture
def payments(practice: PracticeGateway) -> Payments:
    """Return a gateway with a kiosk, the bank account of its ward, and the bank."""
    return Payments(practice)
