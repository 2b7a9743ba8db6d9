"""A kiosk's floor in a fresh folder: clock, settings, grown store, vault."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from kiosk import passwords
from kiosk.app import create_app, open_context
from kiosk.clock import FixedClock
from kiosk.config import ROOT, Config, load
from kiosk.procedures import catalogue_cache, loader
from kiosk.procedures.model import Procedure
from kiosk.procedures.overrides import Override
from kiosk.store.db import Store
from kiosk.store.schema import grow
from kiosk.store.vault import Vault, open_vault
from tests.journeys.walker import Walker

if TYPE_CHECKING:
    from playwright.sync_api import Playwright


_READ, _KEPT = loader.read_procedure, catalogue_cache.load_or_read
ONLY_ASKED = {"faults"}
"""Marks of tests that run when ``-m`` names them, and not otherwise."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes minutes, unless it is asked for by its mark."""
    unasked = {mark for mark in ONLY_ASKED if mark not in str(config.option.markexpr)}
    left_out = [item for item in items if any(item.get_closest_marker(mark) for mark in unasked)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def clock() -> FixedClock:
    """Half past eight in the ward on Tuesday 24 November 2026."""
    return FixedClock(datetime(2026, 11, 24, 1, 30, tzinfo=UTC))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return replace(Config(), root=tmp_path)


@pytest.fixture(scope="session")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with all its tables and nothing in them: to grow one takes longer than most tests."""
    path = tmp_path_factory.mktemp("grown") / "kiosk.db"
    with Store(path) as store:
        grow(store)
    return path


def lay(grown: Path, path: Path) -> None:
    """Lay a copy of the grown store where a kiosk will open its own."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(grown, path)
    path.chmod(0o600)


@pytest.fixture
def store(config: Config, grown: Path) -> Iterator[Store]:
    lay(grown, config.store_path)
    with Store(config.store_path) as store:
        yield store


@pytest.fixture
def vault(config: Config, store: Store) -> Vault:
    return open_vault(config.key_path, store)


@pytest.fixture(scope="session")
def play() -> Iterator["Playwright"]:
    """The one Playwright of a test run: a second one beside it refuses to start."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        yield tool


@pytest.fixture
def practice(tmp_path: Path) -> Config:
    """The settings of the house, practising in a fresh folder."""
    return replace(load(ROOT / "kiosk.toml"), root=tmp_path).practising()


@pytest.fixture(scope="session", autouse=True)
def shelf_read_once() -> Iterator[None]:
    """Each file of the shelf is read once for all kiosks of a run, and the shelf as shipped is one: both are frozen."""
    patch = pytest.MonkeyPatch()
    once, shipped = cache(loader.read_procedure), list[loader.Catalogue]()

    def kept(path: Path, safe: catalogue_cache.Sealer, folders: Iterable[Path], others: Iterable[Path],
             read: Callable[[], loader.Catalogue]) -> loader.Catalogue:  # fmt: skip
        folders, others = list(folders), list(others)
        if folders or others:
            return _KEPT(path, safe, folders, others, read)
        if not shipped:
            shipped.append(read())
        return shipped[0]

    def read(path: Path, overrides: Mapping[str, Override] = loader.NO_OVERRIDES) -> Procedure:
        is_shipped = path.parent == loader.CATALOGUE and not overrides
        return once(path) if is_shipped else _READ(path, overrides)

    patch.setattr(loader, "read_procedure", read)
    patch.setattr(catalogue_cache, "load_or_read", kept)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def passwords_hashed_quickly() -> Iterator[None]:
    """The same hash with the least of time and memory: hundreds of tests sign in, and one asks for the real cost."""
    patch = pytest.MonkeyPatch()
    patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once for all kiosks of a run: that is half of a walk's time."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


def whole(practice: Config, clock: FixedClock, compiled: FileSystemBytecodeCache) -> Flask:
    """A practice kiosk with pages of its own, whose faults reach the test."""
    app = create_app(practice, clock)
    app.jinja_env.bytecode_cache = compiled
    app.testing = True
    app.error_handler_spec[None][None].pop(Exception)
    return app


@pytest.fixture(scope="session")
def hung(tmp_path_factory: pytest.TempPathFactory, compiled: FileSystemBytecodeCache) -> Flask:
    """The pages of a practice kiosk, hung up once a run: they know no room but that of the app which answers."""
    config = replace(load(ROOT / "kiosk.toml"), root=tmp_path_factory.mktemp("hung")).practising()
    app = whole(config, FixedClock(datetime(2026, 11, 24, 1, 30, tzinfo=UTC)), compiled)
    app.extensions.pop("context").store.close()
    return app


@pytest.fixture
def app(practice: Config, clock: FixedClock, hung: Flask, grown: Path) -> Iterator[Flask]:
    """A whole practice kiosk whose faults reach the test; its pages are those of all others."""
    lay(grown, practice.store_path)
    app = copy(hung)
    app.view_functions = dict(hung.view_functions)
    app.extensions = {**hung.extensions, "context": open_context(practice, clock)}
    yield app
    app.extensions["context"].store.close()


@pytest.fixture
def own_app(practice: Config, clock: FixedClock, compiled: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The same with pages of its own, for a test that hangs up more."""
    app = whole(practice, clock, compiled)
    yield app
    app.extensions["context"].store.close()


@pytest.fixture
def walker(app: Flask) -> Walker:
    """Somebody who stands before the screen."""
    return Walker(app).go("/")
