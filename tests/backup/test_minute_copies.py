"""Copies of each minute: a chain of changed pages that restores the store of the last minute, whole or not at all."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from kiosk.acts import backups
from kiosk.backup import create, minute_copies, page_chain, restore
from kiosk.backup.minute_copies import MinuteCopies
from kiosk.backup.recovery import RecoveryPaper
from kiosk.backup.startup import prepare_store
from kiosk.base.clock import FixedClock
from kiosk.base.errors import BackupFull, BackupMissing, ForeignCopies, MachineReplaced, StoreDamaged, StoreFull
from kiosk.config import Config
from kiosk.config.sections import BackupSettings
from kiosk.context import Context
from kiosk.health import backup_copies, checks
from kiosk.health import minute_copies as minute_copies_check
from kiosk.portal.signing_key import portal_key
from kiosk.records import audit, marks, scans
from kiosk.startup.context_factory import open_context
from kiosk.store import files, pages
from kiosk.store.db import exclusive
from kiosk.worker import open_worker
from tests.backup.conftest import new_kiosk, overwrite_pages, overwrite_rows, rows, scan_row
from tests.conftest import copy_store
from tests.faults.submitting import submit_form

PAPER = RecoveryPaper(bytes(range(50, 66)))
COUNT = "select count(*) from submissions"
NUMBERS = "select receipt_no from submissions order by receipt_no"


@pytest.fixture(params=["table of pages", "backup API"], autouse=True)
def source(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read the pages in each of the two ways: the SQLite of Debian 12 has no table of them."""
    if request.param == "backup API":
        monkeypatch.setattr(pages, "_has_page_table", lambda _db: False)
    return str(request.param)


@pytest.fixture
def second(tmp_path: Path) -> Path:
    folder = tmp_path / "second-machine"
    folder.mkdir()
    return folder


@pytest.fixture
def context(practice: Config, second: Path, empty_store_file: Path, clock: FixedClock) -> Iterator[Context]:
    """Return a kiosk with copies of each minute and none of each hour."""
    copy_store(empty_store_file, practice.store_path)
    context = open_context(replace(practice, backup=BackupSettings(second=str(second))), clock)
    yield context
    context.store.close()


def make_chain(context: Context, minutes: int) -> MinuteCopies:
    """Submit a form in each of some minutes, and copy it."""
    copies = MinuteCopies(context)
    for _ in range(minutes):
        submit_form(context)
        copies.create()
    return copies


def restored(context: Context, clock: FixedClock) -> Config:
    """Lose the store, and restore what there is; the key stays."""
    context.store.close()
    config = context.config
    config.store_path.unlink()
    with exclusive(config.store_path):
        restore.restore(config, clock)
    return config


def chain_files(second: Path) -> list[str]:
    return sorted(path.name.partition("-")[2].rpartition("-")[2] for path in second.glob("PK03-*-0*"))


def test_the_last_minute_is_restored_and_the_numbers_go_on_at_9001(
    context: Context, clock: FixedClock, second: Path
) -> None:
    make_chain(context, 3)
    assert chain_files(second) == ["00000001.base", "00000002.change", "00000003.change"]
    with context.store.read() as db:
        numbers = db.execute(NUMBERS).fetchall()
    config = restored(context, clock)
    assert rows(config.store_path, NUMBERS) == numbers
    again = open_context(config, clock)
    with closing(again.store):
        with again.store.read() as db:
            assert audit.verify(db, again.audit_key()) is None
            last = restore.last_restore(db)
        assert last is not None
        assert "được khôi phục" in backup_copies.check(again).words
        assert submit_form(again)[1][:16] == "PK03-261124-9001"
        assert MinuteCopies(again).create().name.endswith("00000004.base")


def test_a_change_holds_the_changed_pages_only_and_no_readable_word(context: Context) -> None:
    for _ in range(30):
        submit_form(context)
    copies = MinuteCopies(context)
    base = copies.create()
    submit_form(context)
    change = copies.create()
    assert change.stat().st_size < base.stat().st_size / 3
    for path in (base, change):
        content = path.read_bytes()
        assert b"PK03-261124" not in content
        assert b"SQLite" not in content


def test_what_is_only_in_the_write_ahead_log_is_copied_while_others_write(
    context: Context, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = make_chain(context, 1)
    wal = context.config.store_path.with_name("kiosk.db-wal")
    assert wal.stat().st_size > 0
    other = sqlite3.connect(context.config.store_path, isolation_level=None)
    written = 0

    def write_between(_self: object) -> None:
        nonlocal written
        written += 1
        other.execute("insert or replace into marks (key, value) values (?, 'x')", [f"between {written}"])
        other.execute("update submissions set unit = 'H57.99.09'")

    submit_form(context)
    with closing(other), monkeypatch.context() as patch:
        patch.setattr(minute_copies.Pace, "rest", write_between)
        copies.create()
    assert written > 0
    config = restored(context, clock)
    assert rows(config.store_path, "select distinct unit from submissions") == [("H57.99.01",)]
    assert rows(config.store_path, "select count(*) from marks where key like 'between %'") == [(0,)]
    assert rows(config.store_path, "pragma integrity_check") == [("ok",)]


def test_pages_that_are_no_longer_in_the_store_are_cut_off(context: Context, clock: FixedClock) -> None:
    with context.store.write() as db:
        db.execute("create table bulk (content blob)")
        db.execute("insert into bulk select zeroblob(500000)")
    copies = MinuteCopies(context)
    copies.create()
    with context.store.write() as db:
        db.execute("drop table bulk")
    connection = sqlite3.connect(context.config.store_path)
    connection.execute("vacuum")
    connection.close()
    submit_form(context)
    copies.create()
    config = restored(context, clock)
    assert rows(config.store_path, COUNT) == [(1,)]
    assert rows(config.store_path, "pragma integrity_check") == [("ok",)]


@pytest.mark.parametrize("damage", ["cut", "flip", "gone", "other"])
def test_a_damaged_file_ends_the_chain_before_it_and_never_gives_a_half(
    context: Context, clock: FixedClock, second: Path, damage: str
) -> None:
    make_chain(context, 4)
    third = next(second.glob("*-00000003.change"))
    if damage == "cut":
        third.write_bytes(third.read_bytes()[:-100])
    elif damage == "flip":
        overwrite_pages(third)
    elif damage == "gone":
        third.unlink()
    else:
        third.write_bytes(next(second.glob("*-00000002.change")).read_bytes())
    config = restored(context, clock)
    assert rows(config.store_path, COUNT) == [(2,)]


def test_a_damaged_whole_copy_leaves_the_chain_before_it(context: Context, clock: FixedClock, second: Path) -> None:
    make_chain(context, 2)
    make_chain(context, 1)
    overwrite_pages(next(second.glob("*-00000003.base")))
    config = restored(context, clock)
    assert rows(config.store_path, COUNT) == [(2,)]


def test_two_chains_are_kept_and_a_long_one_ends(
    context: Context, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minute_copies, "MAX_CHANGES", 2)
    (second / f".PK03-{context.vault.store_id}-00000001.base.abc").write_bytes(b"half")
    make_chain(context, 8)
    assert chain_files(second) == [
        *("00000004.base", "00000005.change", "00000006.change"),
        *("00000007.base", "00000008.change"),
    ]
    assert list(second.glob(".*")) == []


def test_more_changes_than_fit_into_memory_begin_a_chain(
    context: Context, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minute_copies, "MAX_CHANGED_BYTES", 4096)
    make_chain(context, 2)
    assert chain_files(second) == ["00000001.base", "00000002.base"]


def test_a_second_disk_that_was_away_for_a_week_raises_an_alarm_and_catches_up(
    context: Context, clock: FixedClock, second: Path
) -> None:
    copies = make_chain(context, 1)
    away = second.rename(second.with_name("away"))
    for _ in range(7):
        submit_form(context)
        clock.advance(86400)
        with pytest.raises(BackupMissing):
            copies.create()
        result = minute_copies_check.check(context)
        assert (result.state, result.code) == ("warning", "COPY-08")
        assert "từ 08:30, 25/11" in result.words
    assert not second.exists(), "a folder that is away is never made"
    away.rename(second)
    copies.create()
    assert chain_files(second) == ["00000001.base", "00000002.change"]
    assert minute_copies_check.check(context).code in ("", "COPY-09")
    config = restored(context, clock)
    assert rows(config.store_path, COUNT) == [(8,)]


def test_an_exchanged_disk_gets_a_whole_copy(context: Context, second: Path) -> None:
    copies = make_chain(context, 2)
    for path in second.glob("PK03-*-0*"):
        path.unlink()
    submit_form(context)
    assert copies.create().suffix == ".base"


@pytest.mark.parametrize(("number", "error"), [(errno.ENOSPC, BackupFull), (errno.EROFS, BackupMissing)])
def test_a_full_or_read_only_disk_costs_nothing_that_is_there(
    context: Context,
    clock: FixedClock,
    second: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    error: type[Exception],
) -> None:
    copies = make_chain(context, 2)
    submit_form(context)

    def refuse(_path: Path, _mode: int = 0) -> None:
        raise OSError(number, "refused")

    with monkeypatch.context() as patch:
        patch.setattr(minute_copies.files, "open_atomic", refuse)
        with pytest.raises(error):
            copies.create()
    assert minute_copies_check.check(context).code == "COPY-08"
    assert chain_files(second) == ["00000001.base", "00000002.change"]
    copies.create()
    config = restored(context, clock)
    assert rows(config.store_path, COUNT) == [(3,)]


def test_another_store_of_this_name_is_refused_and_left_alone(
    context: Context, clock: FixedClock, second: Path
) -> None:
    make_chain(context, 2)
    other = new_kiosk(context.config, "other", clock)
    with closing(other.store):
        with pytest.raises(ForeignCopies):
            MinuteCopies(other).create()
        assert minute_copies_check.check(other).code == "COPY-11"
    assert chain_files(second) == ["00000001.base", "00000002.change"]


def test_a_machine_that_was_replaced_copies_no_more(context: Context, clock: FixedClock, second: Path) -> None:
    copies = make_chain(context, 2)
    taken_over = replace(context.config, root=context.config.root / "stand-by")
    taken_over.folder.mkdir(parents=True)
    shutil.copyfile(context.config.key_path, taken_over.key_path)
    with exclusive(taken_over.store_path):
        restore.restore(taken_over, clock)
    submit_form(context)
    with pytest.raises(MachineReplaced):
        copies.create()
    assert minute_copies_check.check(context).code == "COPY-10"
    assert chain_files(second) == ["00000001.base", "00000002.change"]
    stand_by = open_context(taken_over, clock)
    with closing(stand_by.store):
        assert MinuteCopies(stand_by).create().suffix == ".base"


def test_a_damaged_store_replaces_no_good_chain(context: Context, second: Path) -> None:
    make_chain(context, 2)
    context.store.close()
    overwrite_rows(context.config.store_path, "submissions")
    again = open_context(context.config, FixedClock(context.clock.now()))
    with closing(again.store), pytest.raises(StoreDamaged):
        MinuteCopies(again).create()
    assert chain_files(second) == ["00000001.base", "00000002.change"]


def test_the_newest_of_hour_and_minute_is_restored_whatever_the_clock_said(
    context: Context, clock: FixedClock, tmp_path: Path
) -> None:
    (tmp_path / "hourly").mkdir()
    both = replace(context.config.backup, path=str(tmp_path / "hourly"))
    context = replace(context, config=replace(context.config, backup=both))
    copies = make_chain(context, 1)
    submit_form(context)
    clock.jump(-86400)
    create.create(context)
    keys = restore.CopyKeys(vault=context.vault)
    assert not restore.list_usable(context.config, keys)[0].is_of_minute
    submit_form(context)
    copies.create()
    newest = restore.list_usable(context.config, keys)[0]
    assert (newest.is_of_minute, newest.number) == (True, 1)
    assert restore.drill(context.config).forms == 3
    for path in Path(str(both.second)).glob("PK03-*-0*"):
        path.unlink()
    assert restore.drill(context.config).forms == 2


def test_scans_are_beside_the_copies_of_each_minute(context: Context, clock: FixedClock) -> None:
    copies = make_chain(context, 1)
    name = "d" * 64
    files.save(context.config.scans_folder, name, b"sealed")
    with context.store.write() as db:
        scans.insert(db, scan_row(context, name))
    copies.create()
    shutil.rmtree(context.config.scans_folder)
    config = restored(context, clock)
    assert (config.scans_folder / name).read_bytes() == b"sealed"


def test_the_paper_alone_restores_the_last_minute_with_the_newest_key_of_the_portal(
    context: Context, clock: FixedClock
) -> None:
    backups.save_paper(context, PAPER)
    portal_key(context.config.portal_key_path)
    copies = make_chain(context, 2)
    context.config.portal_key_path.write_bytes(b"n" * 32)  # the key was renewed between two minutes
    submit_form(context)
    copies.create()
    config = context.config
    key = config.key_path.read_bytes()
    context.store.close()
    shutil.rmtree(config.folder)
    config.folder.mkdir(parents=True)
    with exclusive(config.store_path):
        done = restore.restore(config, clock, paper=PAPER)
    assert (done.report.forms, done.report.broken, done.report.trail) == (3, 0, None)
    assert config.key_path.read_bytes() == key
    assert config.portal_key_path.read_bytes() == b"n" * 32


def test_a_store_that_is_damaged_at_boot_goes_on_with_the_last_minute(context: Context, clock: FixedClock) -> None:
    make_chain(context, 3)
    context.store.close()
    overwrite_pages(context.config.store_path)
    prepare_store(context.config, clock)
    assert rows(context.config.store_path, COUNT) == [(3,)]


def test_the_worker_copies_each_minute(context: Context, clock: FixedClock, second: Path) -> None:
    worker = open_worker(context)
    for _ in range(40):
        clock.advance(10)
        while worker.step():
            pass
    worker.close()
    assert len(page_chain.list_chains(second, "PK03")[0]) >= 5
    assert minute_copies_check.check(context).code == "COPY-09", "the second machine of the test is on the same disk"


def test_a_clock_that_is_reset_at_boot_does_not_change_which_copy_is_the_newest(
    context: Context, clock: FixedClock
) -> None:
    make_chain(context, 2)
    clock.jump(-20 * 86400)
    make_chain(context, 2)
    config = restored(context, clock)
    assert rows(config.store_path, COUNT) == [(4,)]


def test_a_file_whose_mark_was_not_stored_is_followed_and_nothing_forks(
    context: Context, clock: FixedClock, second: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = make_chain(context, 2)
    submit_form(context)
    put = marks.put
    monkeypatch.setattr(marks, "put", lambda *_: (_ for _ in ()).throw(StoreFull()))
    with pytest.raises(StoreFull):
        copies.create()
    monkeypatch.setattr(marks, "put", put)
    submit_form(context)
    copies.create()
    (chain,) = page_chain.list_chains(second, "PK03")
    assert len(chain) == 4
    config = restored(context, clock)
    assert rows(config.store_path, COUNT) == [(4,)]


def test_of_two_files_that_follow_one_the_newer_is_restored(context: Context, second: Path) -> None:
    copies = make_chain(context, 2)
    end = copies._end
    submit_form(context)
    older = copies.create()
    copies._end = end
    submit_form(context)
    newer = copies.create()
    assert older.exists()
    (chain,) = page_chain.list_chains(second, "PK03")
    assert chain[-1].path == newer


def test_whatever_prevents_the_copies_is_an_alarm(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(db: Database, *_: object) -> None:
        db.execute("select data from no_such_table")

    monkeypatch.setattr(pages, "write_snapshot", fail)
    copies = MinuteCopies(context)
    for _ in range(2):
        with pytest.raises(sqlite3.OperationalError):
            copies.create()
    (result,) = [check for check in checks.look(context) if check.name == "Bản từng phút"]
    assert (result.state, result.code) == ("warning", "COPY-08")
    assert "OperationalError" in result.words


def test_no_copy_of_the_pages_is_left_beside_the_store(context: Context, source: str) -> None:
    make_chain(context, 3)
    left = {path.name for path in context.config.folder.iterdir() if "pages" in path.name or "minute" in path.name}
    assert left == set(), source
