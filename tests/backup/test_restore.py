"""Restoring: nothing is deleted, no number is issued twice, gaps are listed, and a power cut changes nothing."""

import errno
import os
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.backup import create, restore, rotation, sealed_file
from kiosk.backup.receipt_gaps import ReceiptGap
from kiosk.backup.startup import prepare_store
from kiosk.base.clock import FixedClock
from kiosk.base.errors import (
    BackupMissing,
    KeyMissing,
    KioskRunning,
    NoCopy,
    ReceiptNumbersUsedUp,
    SealBroken,
    StoreDamaged,
)
from kiosk.config import Config
from kiosk.context import Context
from kiosk.health import backup_copies
from kiosk.portal.signing_key import portal_key
from kiosk.records import audit, scans
from kiosk.startup.context_factory import open_context
from kiosk.store import files
from kiosk.store.db import exclusive
from kiosk.store.owner import user_name
from kiosk.web.app import create_app
from tests.backup.conftest import overwrite_pages, rows, scan_row
from tests.backup.power_cuts import power_cut_at_rename
from tests.faults.submitting import submit_form

COUNT = "select count(*) from submissions"


def set_aside_path(config: Config, number: int = 1) -> Path:
    return config.folder / "aside" / f"{number:03d}" / "kiosk.db"


def boot(config: Config, clock: FixedClock) -> Context:
    """Prepare the store and open the context, as a start does before the first page."""
    prepare_store(config, clock)
    return open_context(config, clock)


def close_with_copy(context: Context, before: int, after: int = 0) -> Config:
    """Submit forms, create a copy, submit more, and close the store."""
    for _ in range(before):
        submit_form(context)
    create.create(context)
    for _ in range(after):
        submit_form(context)
    context.store.close()
    return context.config


def count(context: Context) -> int:
    with context.store.read() as db:
        return int(db.execute(COUNT).fetchone()[0])


def test_a_damaged_store_is_set_aside_and_replaced_by_the_newest_copy(context: Context, clock: FixedClock) -> None:
    config = close_with_copy(context, 3, after=2)
    overwrite_pages(config.store_path)
    damaged = config.store_path.read_bytes()
    again = boot(config, clock)
    with closing(again.store), again.store.read() as db:
        assert db.execute(COUNT).fetchone() == (3,)
        assert audit.verify(db, again.audit_key()) is None
        assert [line.act for _, line in audit.of_subject(db, "PK03")] == ["restore"]
        last = restore.last_restore(db)
    assert last is not None
    assert last.at == clock.now()
    assert last.gaps in ((ReceiptGap(clock.today(), 3, 5),), (ReceiptGap(clock.today(), 3, None),))
    assert set_aside_path(config).read_bytes() == damaged, "what was damaged is kept as it was"
    assert not (config.folder / "restoring").exists()


def test_the_technician_reads_which_numbers_are_missing(context: Context, clock: FixedClock) -> None:
    config = close_with_copy(context, 3, after=2)
    again = _replaced(config, clock)
    with closing(again.store):
        result = backup_copies.check(again)
    assert result.state == "warning"
    assert "thiếu số phiếu ngày 24/11, từ 0004 đến 0005" in result.words
    assert "khai lại" in result.do


def test_missing_numbers_do_not_hide_that_no_copy_can_be_taken(
    context: Context, clock: FixedClock, backup_folder: Path
) -> None:
    again = _replaced(close_with_copy(context, 3, after=2), clock)
    backup_folder.rename(backup_folder.with_name("away"))
    with closing(again.store):
        with pytest.raises(BackupMissing):
            create.create(again)
        result = backup_copies.check(again)
    assert result.code == "COPY-02"
    assert "nay chưa sao lưu được (K-04)" in result.words
    assert "Cắm lại ổ sao lưu" in result.do


def _replaced(config: Config, clock: FixedClock) -> Context:
    with exclusive(config.store_path):
        restore.restore(config, clock)
    return open_context(config, clock)


def test_numbers_issued_after_the_copy_are_never_issued_again(context: Context, clock: FixedClock) -> None:
    config = close_with_copy(context, 3, after=2)
    again = _replaced(config, clock)
    with closing(again.store):
        assert [submit_form(again)[1][:16] for _ in range(2)] == ["PK03-261124-9001", "PK03-261124-9002"]
        create.create(again)
    once_more = _replaced(config, clock)
    with closing(once_more.store):
        assert submit_form(once_more)[1][:16] == "PK03-261124-9501"
    third = _replaced(config, clock)
    with closing(third.store):
        with pytest.raises(ReceiptNumbersUsedUp):
            submit_form(third)
        assert count(third) == 5, "the other pages go on, and tomorrow the forms too"
        clock.advance(86400)
        assert submit_form(third)[1][:16] == "PK03-261125-0001"


def test_a_second_restore_of_the_same_copy_lists_what_both_lost_and_no_unused_number(
    context: Context, clock: FixedClock
) -> None:
    config = close_with_copy(context, 3, after=2)
    again = _replaced(config, clock)
    submit_form(again)
    again.store.close()
    with exclusive(config.store_path):
        gaps = restore.restore(config, clock).gaps
    assert gaps == (ReceiptGap(clock.today(), 3, 5), ReceiptGap(clock.today(), 9000, 9001))
    with exclusive(config.store_path):
        assert restore.restore(config, clock).gaps == gaps, "nothing was issued in the second block"


def test_a_second_restore_without_a_form_between_lists_the_numbers_of_the_first_only(
    context: Context, clock: FixedClock
) -> None:
    config = close_with_copy(context, 3, after=2)
    _replaced(config, clock).store.close()
    again = _replaced(config, clock)
    with closing(again.store):
        words = backup_copies.check(again).words
    assert "thiếu số phiếu ngày 24/11, từ 0004 đến 0005" in words
    assert "900" not in words


def test_the_numbers_of_the_first_restore_are_listed_after_a_second_one_of_a_later_copy(
    context: Context, clock: FixedClock
) -> None:
    config = close_with_copy(context, 3, after=2)
    again = _replaced(config, clock)
    close_with_copy(again, 1, after=2)
    once_more = _replaced(config, clock)
    with closing(once_more.store):
        words = backup_copies.check(once_more).words
    assert "ngày 24/11, từ 0004 đến 0005; ngày 24/11, từ 9002 đến 9003" in words


def test_a_number_that_a_later_copy_brings_back_is_not_missing(context: Context, clock: FixedClock) -> None:
    create.create(context)
    config = close_with_copy(context, 3, after=2)
    with exclusive(config.store_path):
        restore.restore(config, clock, 1)
        assert restore.restore(config, clock).gaps == (ReceiptGap(clock.today(), 3, 5),)


def test_numbers_of_a_damaged_store_in_a_later_block_say_nothing_of_the_first(
    context: Context, clock: FixedClock
) -> None:
    config = close_with_copy(context, 3, after=2)
    again = _replaced(config, clock)
    submit_form(again)
    again.store.close()
    overwrite_pages(config.store_path, at=0.9)
    with exclusive(config.store_path):
        gaps = restore.restore(config, clock).gaps
    today = clock.today()
    assert gaps in (
        (ReceiptGap(today, 3, None),),
        (ReceiptGap(today, 3, None), ReceiptGap(today, 9000, 9001)),
    )


def test_numbers_are_not_issued_again_by_a_clock_that_falls_back_a_day(context: Context, clock: FixedClock) -> None:
    config = close_with_copy(context, 1)
    clock.advance(86400)
    again = _replaced(config, clock)
    clock.jump(-86400)
    with closing(again.store):
        assert submit_form(again)[1][:16] == "PK03-261124-9001"


@pytest.mark.parametrize("days", [-20, -1, 45, 3650])
def test_numbers_are_not_issued_again_when_the_clock_was_wrong_during_the_restore(
    context: Context, clock: FixedClock, days: int
) -> None:
    config = close_with_copy(context, 3, after=2)
    clock.jump(days * 86400)
    again = _replaced(config, clock)
    clock.jump(-days * 86400)
    with closing(again.store), again.store.read() as db:
        last = restore.last_restore(db)
    assert last is not None
    assert last.gaps == (ReceiptGap(clock.today(), 3, 5),)
    once_more = open_context(config, clock)
    with closing(once_more.store):
        assert submit_form(once_more)[1][:16] == "PK03-261124-9001"
        create.create(once_more)
        assert submit_form(once_more)[1][:16] == "PK03-261124-9002"
    second = _replaced(config, clock)
    with closing(second.store):
        assert submit_form(second)[1][:16] == "PK03-261124-9501"


def test_how_often_a_day_was_restored_is_known_when_the_kiosks_disk_is_new(context: Context, clock: FixedClock) -> None:
    config = close_with_copy(context, 1)
    _replaced(config, clock).store.close()
    key = config.key_path.read_bytes()
    shutil.rmtree(config.folder)
    config.folder.mkdir(parents=True)
    config.key_path.write_bytes(key)
    with closing(_replaced(config, clock).store) as store, store.read() as db:
        assert db.execute("select last from receipts").fetchall() == [(9500,)]


def test_a_new_disk_and_the_key_from_the_safe_are_enough(context: Context, clock: FixedClock) -> None:
    seed = portal_key(context.config.portal_key_path)
    name = "c" * 64
    files.save(context.config.scans_folder, name, b"sealed")
    scan = scan_row(context, name)
    with context.store.write() as db:
        scans.insert(db, scan)
    config = close_with_copy(context, 2)
    key = config.key_path.read_bytes()
    shutil.rmtree(config.folder)
    config.folder.mkdir(parents=True)
    with pytest.raises(KeyMissing):
        restore.restore(config, clock)
    config.key_path.write_bytes(key)
    with closing(boot(config, clock).store) as store, store.read() as db:
        assert db.execute(COUNT).fetchone() == (2,)
    assert config.portal_key_path.read_bytes() == seed, "the portal goes on knowing this kiosk"
    assert (config.scans_folder / name).read_bytes() == b"sealed"


def test_a_key_that_is_there_is_not_overwritten_by_an_older_one(context: Context, clock: FixedClock) -> None:
    portal_key(context.config.portal_key_path)
    config = close_with_copy(context, 1)
    config.portal_key_path.write_bytes(b"n" * 32)
    _replaced(config, clock).store.close()
    assert config.portal_key_path.read_bytes() == b"n" * 32


def test_a_renamed_copy_is_refused_also_at_boot(context: Context, clock: FixedClock) -> None:
    create.create(context)
    config = close_with_copy(context, 2)
    folder = config.backup_folder
    assert folder is not None
    (folder / "PK03-000001.copy").rename(folder / "PK03-000900.copy")
    overwrite_pages(config.store_path)
    with closing(boot(config, clock).store) as store, store.read() as db:
        assert db.execute(COUNT).fetchone() == (2,), "copy 1, of before the forms, is not the newest"
    (folder / "PK03-000002.copy").unlink()
    with pytest.raises(NoCopy):
        restore.drill(config)


def test_copies_of_another_machine_alone_are_named(context: Context) -> None:
    config = close_with_copy(context, 1)
    other = replace(config, kiosk=replace(config.kiosk, id="PK07"))
    with pytest.raises(NoCopy) as refused:
        restore.drill(other)
    assert "của máy PK07, chỉ có của PK03." in refused.value.vi


def test_copies_that_belong_to_another_user_are_named_with_the_command(
    context: Context, monkeypatch: pytest.MonkeyPatch, backup_folder: Path
) -> None:
    """The tests may run as root, which opens everything."""
    config = close_with_copy(context, 1)

    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "", str(path))

    monkeypatch.setattr(rotation, "read_head", refuse)
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path).parent != backup_folder)
    with pytest.raises(BackupMissing) as refused:
        restore.drill(config)
    assert f"chown -R {user_name(os.geteuid())}: {backup_folder} " in refused.value.vi


def test_a_copy_with_a_forged_number_does_not_open(context: Context, clock: FixedClock) -> None:
    path = create.create(context)
    config = close_with_copy(context, 2)
    forged = path.with_name("PK03-000900.copy")
    forged.write_bytes(path.read_bytes().replace(b'"number": 1,', b'"number": 900,'))
    content = bytearray(forged.read_bytes())
    length = len(sealed_file.MAGIC)
    content[length : length + 4] = (int.from_bytes(content[length : length + 4], "big") + 2).to_bytes(4, "big")
    forged.write_bytes(content)
    with pytest.raises(SealBroken):
        restore.drill(config, 900)
    with closing(_replaced(config, clock).store) as store, store.read() as db:
        assert db.execute(COUNT).fetchone() == (2,)


def test_a_restore_from_an_older_copy_says_that_the_newest_is_gone(context: Context, clock: FixedClock) -> None:
    create.create(context)
    config = close_with_copy(context, 2, after=1)
    (config.backup_folder / "PK03-000002.copy").unlink()  # type: ignore[operator]
    again = _replaced(config, clock)
    with closing(again.store):
        assert "dùng bản sao 1 vì bản 2 không còn" in backup_copies.check(again).words
        assert create.create(again).name == "PK03-000003.copy"


def test_a_new_store_in_the_place_of_the_lost_one_proves_no_number(context: Context, clock: FixedClock) -> None:
    config = close_with_copy(context, 3, after=2)
    key = config.key_path.read_bytes()
    shutil.rmtree(config.folder)
    fresh = open_context(config, clock)
    for _ in range(4):
        submit_form(fresh)
    fresh.store.close()
    config.key_path.write_bytes(key)
    with exclusive(config.store_path):
        assert restore.restore(config, clock).gaps == (ReceiptGap(clock.today(), 3, None),)


def test_a_store_behind_its_copy_proves_no_number(context: Context, clock: FixedClock) -> None:
    early = context.config.store_path.with_name("early")
    submit_form(context)
    early.touch()
    context.store.copy_to(early)
    config = close_with_copy(context, 2)
    early.rename(config.store_path)
    with exclusive(config.store_path):
        assert restore.restore(config, clock).gaps == (ReceiptGap(clock.today(), 3, None),)


def test_a_restore_ends_all_sessions(context: Context, clock: FixedClock) -> None:
    with context.store.write() as db:
        db.execute("insert into sessions (id, audience, created_at, seen_at) values ('s', 'officer', ?, ?)",
                   ["2026-11-24T01:05:00.000Z"] * 2)  # fmt: skip
    config = close_with_copy(context, 1)
    with closing(_replaced(config, clock).store) as store, store.read() as db:
        assert db.execute("select count(*) from sessions").fetchone() == (0,)


def test_a_store_that_vanished_while_its_key_is_there_is_damage(context: Context, clock: FixedClock) -> None:
    config = close_with_copy(context, 2)
    for spoiled in (config.store_path.unlink, lambda: config.store_path.write_bytes(b"")):
        spoiled()
        with closing(boot(config, clock).store) as store, store.read() as db:
            assert db.execute(COUNT).fetchone() == (2,), "an empty store would give the day's numbers again"


def test_without_a_copy_everything_stays_as_it_lies(context: Context, clock: FixedClock) -> None:
    submit_form(context)
    context.store.close()
    config = context.config
    overwrite_pages(config.store_path)
    damaged = config.store_path.read_bytes()
    with pytest.raises(StoreDamaged):
        prepare_store(config, clock)
    app = create_app(config, clock)
    for_citizens = app.test_client().get("/")
    assert for_citizens.status_code == 503
    assert "K-12" in for_citizens.text
    assert "Đừng xóa gì" not in for_citizens.text
    assert "Đừng xóa gì" in app.test_client().get("/technician/").text
    assert config.store_path.read_bytes() == damaged
    assert not (config.folder / "aside").exists()


def test_a_newest_copy_that_does_not_open_is_passed_over(context: Context, clock: FixedClock) -> None:
    submit_form(context)
    create.create(context)
    submit_form(context)
    overwrite_pages(create.create(context))
    config = close_with_copy(context, 1)
    overwrite_pages(sorted(config.backup_folder.glob("*.copy"))[-1])  # type: ignore[union-attr]
    with closing(_replaced(config, clock).store) as store, store.read() as db:
        assert db.execute(COUNT).fetchone() == (1,)


def test_a_copy_with_a_rotten_record_is_taken_only_when_no_other_is_better(context: Context, clock: FixedClock) -> None:
    form = submit_form(context)[0]
    submit_form(context)
    create.create(context)
    with context.store.write() as db:
        db.execute("update submissions set body = zeroblob(length(body)) where id = ?", [form])
    create.create(context)
    assert restore.drill(context.config).broken == 1
    config = close_with_copy(context, 0)
    with exclusive(config.store_path):
        assert restore.restore(config, clock).report.copy.number == 1
        (config.backup_folder / "PK03-000001.copy").unlink()  # type: ignore[operator]
        done = restore.restore(config, clock)
    assert (done.report.copy.number, done.report.broken, done.report.forms) == (3, 1, 2)


def test_a_copy_under_another_key_does_not_open(context: Context, clock: FixedClock) -> None:
    config = close_with_copy(context, 1)
    text = config.key_path.read_text()
    config.key_path.write_text(text.replace(text[20:24], "AAAA"))
    with pytest.raises(SealBroken):
        restore.drill(config)
    with pytest.raises(NoCopy), exclusive(config.store_path):
        restore.restore(config, clock)
    assert rows(config.store_path, COUNT) == [(1,)]


def test_a_store_that_is_open_is_left_alone(context: Context, clock: FixedClock) -> None:
    submit_form(context)
    create.create(context)
    overwrite_pages(context.config.store_path)
    prepare_store(context.config, clock)
    with pytest.raises(KioskRunning), exclusive(context.config.store_path):
        pass
    assert not (context.config.folder / "aside").exists()


@pytest.mark.parametrize("at", range(1, 12))
def test_a_power_cut_at_any_rename_loses_neither_store_nor_copy(
    context: Context, clock: FixedClock, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = close_with_copy(context, 2, after=1)
    overwrite_pages(config.store_path)
    damaged = config.store_path.read_bytes()
    with power_cut_at_rename(monkeypatch, at):
        prepare_store(config, clock)
    with closing(boot(config, clock).store) as store, store.read() as db:
        assert db.execute(COUNT).fetchone() == (2,)
    set_aside = [path.read_bytes() for path in (config.folder / "aside").rglob("kiosk.db")]
    assert damaged in set_aside
    assert not (config.folder / restore.RESTORED).exists()


def test_the_log_of_the_old_store_is_not_read_into_the_new_one(context: Context, clock: FixedClock) -> None:
    config = close_with_copy(context, 2)
    (config.folder / "kiosk.db-wal").write_bytes(b"w" * 5000)
    overwrite_pages(config.store_path)
    boot(config, clock).store.close()
    assert (set_aside_path(config).parent / "kiosk.db-wal").exists()
    assert rows(config.store_path, COUNT) == [(2,)]


def test_what_is_sent_again_after_a_restore_is_what_was_frozen(context: Context, clock: FixedClock) -> None:
    form, number = submit_form(context)
    config = close_with_copy(context, 0)
    again = _replaced(config, clock)
    clock.advance(timedelta(minutes=1).total_seconds())
    with closing(again.store), again.store.read() as db:
        assert db.execute("select receipt_no, delivery from submissions where id = ?", [form]).fetchall() == [
            (number, "queued")
        ]
        assert db.execute("select state from outbox where subject = ?", [form]).fetchall() == [("todo",)]
