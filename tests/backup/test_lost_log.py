"""A write-ahead log that was deleted after a crash is noticed, and no receipt number is given twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.backup.receipt_gaps import ReceiptGap
from kiosk.backup.startup import prepare_store
from kiosk.base.clock import SYSTEM
from kiosk.cli import main
from kiosk.config import ROOT, Config, load
from kiosk.config.sections import BackupSettings
from kiosk.context import Context
from kiosk.health import backup_copies
from kiosk.records import receipts
from kiosk.startup.context_factory import create_store, open_context
from kiosk.store.db import Store, is_log_lost, marker_path
from kiosk.updates import update
from kiosk.updates.errors import NotIdle
from tests.faults.submitting import submit_form

pytestmark = pytest.mark.machine_date

SUBMIT_AND_WAIT = """
import signal, sys
from pathlib import Path
from kiosk.startup.context_factory import open_context
from kiosk.config import load
from tests.faults.submitting import submit_form
context = open_context(load(Path(sys.argv[1])))
for _ in range(3):
    print(submit_form(context)[1], flush=True)
signal.pause()
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    settings = tmp_path / "kiosk.toml"
    (tmp_path / "copies").mkdir()
    settings.write_text('[backup]\npath = "copies"\n')
    config = load(settings)
    create_store(config)
    with closing(open_context(config).store):
        pass
    return config


def submit_and_kill(config: Config) -> list[str]:
    """Submit three forms in another process and kill it; return their numbers. They are in the log only."""
    command = [sys.executable, "-c", SUBMIT_AND_WAIT, str(config.root / "kiosk.toml")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        numbers = [process.stdout.readline().strip() for _ in range(3)]
        os.kill(process.pid, signal.SIGKILL)
    return numbers


def boot(config: Config) -> Context:
    prepare_store(config, SYSTEM)
    return open_context(config)


def wal_of(config: Config) -> Path:
    return config.store_path.with_name("kiosk.db-wal")


def test_numbers_in_a_deleted_log_are_not_given_again(config: Config) -> None:
    numbers = submit_and_kill(config)
    wal_of(config).unlink()
    context = boot(config)
    with closing(context.store):
        number = submit_form(context)[1]
        assert int(number.split("-")[2]) > int(numbers[-1].split("-")[2])
        assert number not in numbers
        check = backup_copies.check(context)
    assert check.code == "COPY-02"
    assert "kiosk.db-wal bị xóa" in check.words
    assert ReceiptGap(SYSTEM.today(), 0, None).words in check.words
    without_copies = replace(context, config=replace(config, backup=BackupSettings()))
    with closing(open_context(config).store) as store:
        assert backup_copies.check(replace(without_copies, store=store)).code == "COPY-02"


def test_a_command_that_comes_first_notices_it_too(config: Config) -> None:
    submit_and_kill(config)
    wal_of(config).unlink()
    with closing(open_context(config).store) as store, store.read() as db:
        assert receipts.last_seq(db, SYSTEM.today()) >= 5000


def test_a_restore_that_comes_first_notices_it_and_names_the_numbers_of_the_log(
    config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = str(config.root / "kiosk.toml")
    assert main(["--config", settings, "backup"]) == 0
    submit_and_kill(config)
    wal_of(config).unlink()
    assert main(["--config", settings, "restore"]) == 2, "the store is sound"
    assert main(["--config", settings, "restore", "--replace"]) == 0
    assert ReceiptGap(SYSTEM.today(), 0, None).words in capsys.readouterr().out


def test_after_a_crash_that_kept_its_log_and_after_an_end_nothing_is_said(config: Config) -> None:
    numbers = submit_and_kill(config)
    for _ in range(2):
        context = boot(config)
        with closing(context.store), context.store.read() as db:
            assert receipts.last_seq(db, SYSTEM.today()) == int(numbers[-1].split("-")[2])
            assert backup_copies.check(context).code != "COPY-02"
        assert not marker_path(config.store_path).exists()
        assert not wal_of(config).exists()


@pytest.mark.parametrize(
    "ask", [lambda config: update.read_offer(config.store_path), lambda config: update.require_idle(config, SYSTEM)]
)
def test_after_a_crash_the_update_unit_may_open_the_store_first(
    config: Config, ask: Callable[[Config], object]
) -> None:
    numbers = submit_and_kill(config)
    with suppress(NotIdle):
        ask(config)
    assert not wal_of(config).exists(), "SQLite deletes the log when its last user closes the store"
    context = boot(config)
    with closing(context.store), context.store.read() as db:
        assert receipts.last_seq(db, SYSTEM.today()) == int(numbers[-1].split("-")[2])
        assert backup_copies.check(context).code != "COPY-02"


def test_the_update_unit_does_not_hide_a_log_that_was_deleted(config: Config) -> None:
    submit_and_kill(config)
    wal_of(config).unlink()
    update.read_offer(config.store_path)
    assert is_log_lost(config.store_path)
    with closing(boot(config).store) as store, store.read() as db:
        assert receipts.last_seq(db, SYSTEM.today()) >= 5000


def test_a_process_that_ends_first_leaves_the_marker_to_the_other(config: Config) -> None:
    first = open_context(config)
    second = open_context(config)
    first.store.close()
    assert marker_path(config.store_path).exists()
    assert not is_log_lost(config.store_path)
    second.store.close()
    assert not marker_path(config.store_path).exists()


def test_a_store_without_a_marker_writes_none(tmp_path: Path) -> None:
    with Store(tmp_path / "kiosk.db"):
        assert not marker_path(tmp_path / "kiosk.db").exists()
