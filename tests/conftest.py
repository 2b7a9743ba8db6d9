"""Fixtures of all tests: clock, config, migrated store, vault and app in a fresh folder."""

import gc
import os
import shutil
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from hypothesis import settings

from kiosk.base.clock import FixedClock, SystemClock
from kiosk.config import ROOT, Config, load
from kiosk.context import Context
from kiosk.procedures import loader
from kiosk.procedures.documents import Documents
from kiosk.procedures.model import Procedure
from kiosk.procedures.overrides import Override
from kiosk.procedures.shared_parts import SharedParts
from kiosk.security import passwords
from kiosk.startup import context_factory
from kiosk.startup.context_factory import open_context
from kiosk.store.db import Store
from kiosk.store.schema import grow
from kiosk.store.vault import Vault, open_vault
from kiosk.web.app import create_app
from tests import machine_date, selection
from tests.chromium import ARGS, for_pages
from tests.journeys.walker import Walker
from tests.prepared import PREPARATIONS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright


_read_procedure = loader.read_procedure
# A machine that is busy with other work is no fault. CI=true loads a profile of this kind by itself; so does every run.
settings.register_profile("any pace", deadline=None)
settings.load_profile("any pace")
ONLY_ASKED = {"faults", "machine", "prometheus", "province"}
"""Marks of tests that run only when `-m` names them."""
NGINX = Path("/usr/sbin/nginx")
PROMTOOL = Path("/usr/bin/promtool")
PROGRAMS = {"nginx": NGINX, "promtool": PROMTOOL}
"""Programs of Debian that tests with a mark of this name need."""
ABOUT_DISKS = ("faults", "machine")
"""Marks of tests for which a disk in memory is another thing than a disk."""
MEMORY_DISK = Path("/dev/shm")
LEFT_OUT = pytest.StashKey[Counter[str]]()
"""Number of tests, or of files, that this run left out, by a key of `selection.WHERE`."""
LEAST_MEMORY = 4 << 30  # bytes; the folders of failed tests stay, those of others are deleted


def pytest_configure(config: pytest.Config) -> None:
    """Put the folders of tests on a disk in memory, and read the catalogue once.

    80 s of tests with a store take 50 s on that disk, and no disk waits. Tests about disks use a real one.
    """
    is_about_disks = any(mark in str(config.option.markexpr) for mark in ABOUT_DISKS)
    if not is_about_disks and MEMORY_DISK.is_dir() and shutil.disk_usage(MEMORY_DISK).free >= LEAST_MEMORY:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY_DISK))
    _read_catalogue_once()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage among the collected tests, now and later: they live as long as the run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def _read_catalogue_once() -> None:
    """Read each procedure file, and the shipped catalogue, once for all tests: both are immutable.

    Modules of tests read procedures while they are collected, so this comes before fixtures.
    """
    read_once = cache(loader.read_procedure)
    read_shipped = cache(loader.read_usable_catalogue)

    def read_usable_catalogue(*folders: Path, **others: Path | None) -> loader.Catalogue:
        is_shipped = folders == (loader.CATALOGUE,) and not others["overrides"]
        return read_shipped() if is_shipped else loader.read_usable_catalogue(*folders, **others)

    def read_procedure(
        path: Path,
        overrides: Mapping[str, Override] = loader.NO_OVERRIDES,
        documents: Documents | None = None,
        shared: SharedParts | None = None,
        *,
        ward: Path | None = None,
    ) -> Procedure:
        if path.parent == loader.CATALOGUE and (shipped := read_once(path)).code not in overrides:
            return shipped
        return _read_procedure(path, overrides, documents, shared, ward=ward)

    loader.read_procedure = read_procedure
    context_factory.read_usable_catalogue = read_usable_catalogue


def pytest_addoption(parser: pytest.Parser) -> None:
    selection.add_options(parser)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return two workers more than cores: a worker waits half its time, for browsers, sockets and timers.

    One file runs in this process: a worker imports the kiosk again, which takes 3 s.
    """
    return 0 if selection.is_one_file(config) else (os.cpu_count() or 1) + 2


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not read a file of which this run leaves all tests out, unless the command line names it."""
    if reason := selection.leave_out_file(collection_path, config):
        config.stash.setdefault(LEFT_OUT, Counter())[reason] += 1
        return True
    return None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests that take minutes, unless `-m` names their mark, and those that this run leaves out."""
    unasked = {mark for mark in ONLY_ASKED if mark not in str(config.option.markexpr)}
    left_out = [item for item in items if any(item.get_closest_marker(mark) for mark in unasked)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for mark, program in PROGRAMS.items():
        _deselect_without(config, items, mark=mark, program=program)
    config.stash.setdefault(LEFT_OUT, Counter()).update(selection.leave_out(config, items))
    if hasattr(config, "workeroutput"):
        config.workeroutput["left_out"] = dict(config.stash[LEFT_OUT])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Keep what a worker left out: each worker collects the same tests."""
    node.config.stash[LEFT_OUT] = Counter(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that did not run, and where they run."""
    for line in selection.report(terminalreporter.config.stash.get(LEFT_OUT, Counter())):
        terminalreporter.write_line(line)


def _deselect_without(config: pytest.Config, items: list[pytest.Item], *, mark: str, program: Path) -> None:
    """Deselect the tests that need a program where it is missing; on CI that is an error."""
    left_out = [item for item in items if item.get_closest_marker(mark)]
    if program.exists() or not left_out:
        return
    if os.environ.get("CI"):
        raise pytest.UsageError(f"{program} is missing: {len(left_out)} tests with it cannot run")
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    print(f"Deselected: {len(left_out)} tests with {mark}, because {program} is missing (apt install {mark}).")


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock at half past eight in the ward on Tuesday 24 November 2026."""
    return FixedClock(datetime(2026, 11, 24, 1, 30, tzinfo=UTC))


@pytest.fixture(autouse=True)
def one_date(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that asks the machine for the time gets that of the test's `clock`; a test with a mark sees the machine."""
    is_seen = machine_date.is_seen(request.node)
    if "clock" in request.fixturenames or not is_seen:
        clock: FixedClock = request.getfixturevalue("clock")
        monkeypatch.setattr(SystemClock, "now", lambda _machine: clock.now())
    if not is_seen:
        machine_date.hide(monkeypatch)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return replace(Config(), root=tmp_path)


@pytest.fixture(scope="session")
def empty_store_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate an empty store once for all tests, because a migration takes longer than most tests."""
    path = tmp_path_factory.mktemp("empty-store") / "kiosk.db"
    with Store(path) as store:
        grow(store)
    return path


def copy_store(source: Path, path: Path) -> None:
    """Copy a store to the path at which a kiosk will open it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(source, path)
    path.chmod(0o600)


@pytest.fixture
def store(config: Config, empty_store_file: Path) -> Iterator[Store]:
    copy_store(empty_store_file, config.store_path)
    with Store(config.store_path) as store:
        yield store


@pytest.fixture
def vault(config: Config, store: Store) -> Vault:
    return open_vault(config.key_path, store)


@pytest.fixture(scope="session")
def play() -> Iterator["Playwright"]:
    """Start the one Playwright of a test run; a second one in the process refuses to start."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)  # only a hang takes so long
    with sync_playwright() as tool:
        yield tool


@pytest.fixture(scope="session")
def chromium(play: "Playwright") -> Iterator["Browser"]:
    """Start the one browser of a test run for pages."""
    browser = play.chromium.launch(executable_path=for_pages(), args=ARGS)
    yield browser
    browser.close()


shipped_config = cache(load)
"""`load`, once a run: the shipped config is immutable."""


@pytest.fixture
def practice(tmp_path: Path) -> Config:
    """Return the shipped config in practice mode, with a fresh folder."""
    return replace(shipped_config(ROOT / "kiosk.toml"), root=tmp_path, file=None).practising()


@pytest.fixture(scope="session", autouse=True)
def passwords_hashed_quickly() -> Iterator[None]:
    """Hash passwords at the lowest cost: hundreds of tests sign in, and one test checks the real cost."""
    patch = pytest.MonkeyPatch()
    patch.setattr(passwords, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    yield
    patch.undo()


def build_app(practice: Config, clock: FixedClock) -> Flask:
    """Build the app of a practice kiosk; its exceptions reach the test."""
    app = create_app(practice, clock)
    app.testing = True
    app.error_handler_spec[None][None].pop(Exception)
    return app


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Build the routes of a practice kiosk once for all tests; they use the context of the app that serves them."""
    config = replace(shipped_config(ROOT / "kiosk.toml"), root=tmp_path_factory.mktemp("shared")).practising()
    app = build_app(config, FixedClock(datetime(2026, 11, 24, 1, 30, tzinfo=UTC)))
    app.extensions.pop("context").store.close()
    return app


@pytest.fixture(scope="session")
def prepared_folder(
    shared_app: Flask, empty_store_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, datetime], Path]:
    """Return a function that returns the data folder of a kiosk with a prepared store, made at a time."""

    @cache
    def prepare(name: str, at: datetime) -> Path:
        config = replace(
            shipped_config(ROOT / "kiosk.toml"), root=tmp_path_factory.mktemp(name), file=None
        ).practising()
        copy_store(empty_store_file, config.store_path)
        app = with_context(shared_app, open_context(config, FixedClock(at)))
        PREPARATIONS[name](app)
        app.extensions["context"].store.close()
        return config.folder

    return prepare


def with_context(shared_app: Flask, context: Context) -> Flask:
    """Return an app with the shared routes and a context of its own."""
    app = copy(shared_app)
    app.view_functions = dict(shared_app.view_functions)
    app.extensions = {**shared_app.extensions, "context": context}
    return app


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    practice: Config,
    clock: FixedClock,
    shared_app: Flask,
    empty_store_file: Path,
    prepared_folder: Callable[[str, datetime], Path],
) -> Iterator[Flask]:
    """Return a practice kiosk with a store of its own, empty or prepared; its exceptions reach the test."""
    prepared = PREPARATIONS.keys() & set(request.fixturenames)
    if prepared:
        shutil.copytree(prepared_folder(prepared.pop(), clock.now()), practice.folder)
    else:
        copy_store(empty_store_file, practice.store_path)
    app = with_context(shared_app, open_context(practice, clock))
    yield app
    app.extensions["context"].store.close()


@pytest.fixture
def birth_filed(app: Flask) -> Context:
    """Return the context of a ward where a mother has registered the birth of her child at the touchscreen."""
    context: Context = app.extensions["context"]
    return context


@pytest.fixture
def own_app(practice: Config, clock: FixedClock) -> Iterator[Flask]:
    """Return a practice kiosk with routes of its own, for a test that adds some."""
    app = build_app(practice, clock)
    yield app
    app.extensions["context"].store.close()


@pytest.fixture
def walker(app: Flask) -> Walker:
    """Return a citizen's browser at the start page."""
    return Walker(app).go("/")
