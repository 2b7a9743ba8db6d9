"""A process that is killed at each change of a file during a restore leaves the old store or the new one, whole."""

import os
import shutil
import sqlite3
import sys
import warnings
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.acts import backups
from kiosk.backup import create, restore
from kiosk.backup.minute_copies import MinuteCopies
from kiosk.backup.recovery import RecoveryPaper
from kiosk.backup.startup import prepare_store
from kiosk.base.clock import FixedClock
from kiosk.base.errors import KioskError
from kiosk.config import Config
from kiosk.config.sections import BackupSettings
from kiosk.startup.context_factory import open_context
from kiosk.store.db import exclusive
from tests.backup.conftest import rows
from tests.conftest import copy_store
from tests.faults.submitting import submit_form

CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.chmod", "os.truncate", "sqlite3.connect"}
PAPER = RecoveryPaper(bytes(range(9, 25)))
COUNT = "select count(*) from submissions"
KILLED = 9


def killed_at(step: int, action: Callable[[], object]) -> bool:
    """Run an action in a process that is killed before its change of a file of this number; False: it ran whole."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of a fork beside threads: the child starts none
        child = os.fork()
    if child == 0:
        left = step

        def count(event: str, args: tuple[object, ...]) -> None:
            nonlocal left
            is_write = event == "open" and isinstance(args[2], int) and bool(args[2] & (os.O_WRONLY | os.O_RDWR))
            if event in CHANGES or is_write:
                left -= 1
                if left == 0:
                    os._exit(KILLED)

        sys.addaudithook(count)
        with suppress(BaseException):
            action()
            os._exit(0)
        os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, KILLED)
    return status == KILLED


def each_kill(tree: Path, attempt: Callable[[Path], object], check: Callable[[Path, int], None]) -> int:
    """Kill an attempt at each step, each time on a fresh copy of a tree; return the number of steps."""
    step = 0
    while True:
        step += 1
        folder = tree.with_name(f"{tree.name}-{step}")
        shutil.copytree(tree, folder)
        was_killed = killed_at(step, lambda folder=folder: attempt(folder))  # type: ignore[misc]
        check(folder, step)
        shutil.rmtree(folder)
        if not was_killed:
            return step - 1


@pytest.fixture
def tree(tmp_path: Path, empty_store_file: Path, clock: FixedClock) -> Path:
    """Return a folder with a kiosk of three forms, an hourly copy of the first and minute copies of two."""
    root = tmp_path / "tree"
    for name in ("hourly", "minute"):
        (root / name).mkdir(parents=True)
    config = config_in(root)
    copy_store(empty_store_file, config.store_path)
    context = open_context(config, clock)
    with closing(context.store):
        backups.save_paper(context, PAPER)
        copies = MinuteCopies(context)
        submit_form(context)
        create.create(context)
        copies.create()
        submit_form(context)
        copies.create()
        submit_form(context)
    return root


def config_in(root: Path) -> Config:
    backup = BackupSettings(path=str(root / "hourly"), second=str(root / "minute"))
    return replace(Config(root=root).practising(), backup=backup)


def run_restore(root: Path, clock: FixedClock, paper: RecoveryPaper | None = None) -> None:
    config = config_in(root)
    config.folder.mkdir(parents=True, exist_ok=True)
    with exclusive(config.store_path):
        restore.finish(config)
        restore.restore(config, clock, paper=paper)


def forms_after_boot(root: Path, clock: FixedClock) -> int:
    """Boot the kiosk of a folder as a start does; return its forms after SQLite found no damage."""
    config = config_in(root)
    prepare_store(config, clock)
    with closing(open_context(config, clock).store):
        pass
    with closing(sqlite3.connect(config.store_path)) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    leftovers = [path.name for path in config.folder.iterdir() if "restor" in path.name and path.name != "restores"]
    assert leftovers == []
    return int(rows(config.store_path, COUNT)[0][0])


def test_killed_at_each_step_of_a_restore_the_store_is_the_old_or_the_new_one(tree: Path, clock: FixedClock) -> None:
    seen: list[int] = []

    def check(folder: Path, _step: int) -> None:
        seen.append(forms_after_boot(folder, clock))

    steps = each_kill(tree, lambda folder: run_restore(folder, clock), check)
    assert steps >= 20
    assert set(seen) == {3, 2}, "the old store has three forms, the newest minute copy two"
    assert seen == sorted(seen, reverse=True), "after the commit point it is never the old one again"


def test_killed_at_each_step_of_a_take_over_it_is_done_again_and_whole(tree: Path, clock: FixedClock) -> None:
    shutil.rmtree(config_in(tree).folder)  # the stand-by has no store and no key

    def check(folder: Path, _step: int) -> None:
        with suppress(KioskError):
            prepare_store(config_in(folder), clock)
        if not config_in(folder).store_path.exists():
            run_restore(folder, clock, PAPER)
        assert forms_after_boot(folder, clock) == 2

    steps = each_kill(tree, lambda folder: run_restore(folder, clock, PAPER), check)
    assert steps >= 20


def test_killed_at_each_step_of_a_minute_copy_the_newest_whole_one_is_restored(tree: Path, clock: FixedClock) -> None:
    seen: list[int] = []

    def copy(folder: Path) -> None:
        context = open_context(config_in(folder), clock)
        MinuteCopies(context).create()

    def check(folder: Path, _step: int) -> None:
        run_restore(folder, clock)
        seen.append(forms_after_boot(folder, clock))

    each_kill(tree, copy, check)
    assert set(seen) == {2, 3}
    assert seen == sorted(seen)
