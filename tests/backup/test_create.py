"""Creating copies: exact, sealed, rotated, from a store in use; and the warnings when it fails."""

import json
import shutil
import threading
from collections import namedtuple
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.backup import create, restore, rotation, sealed_file, sealing
from kiosk.backup.pace import MAX_REST, MIN_REST, Pace
from kiosk.backup.rotation import BackupCopy
from kiosk.backup.schedule import BackupSchedule
from kiosk.backup.unpack import content_key
from kiosk.base.clock import FixedClock, local
from kiosk.base.errors import BackupFull, BackupMissing, StoreDamaged, StoreFull
from kiosk.config import Config
from kiosk.config.sections import BackupSettings
from kiosk.context import Context
from kiosk.health import backup_copies
from kiosk.records import marks, scans
from kiosk.store import files
from tests.backup.conftest import new_kiosk, scan_row
from tests.faults.submitting import submit_form

Usage = namedtuple("Usage", "total used free")


def numbers(context: Context) -> list[int]:
    assert context.config.backup_folder is not None
    return [copy.number for copy in rotation.list_copies(context.config.backup_folder, context.config.kiosk.id)]


def copies_check(context: Context) -> tuple[str, str]:
    result = backup_copies.check(context)
    assert result.do or result.state in {"ok", "note"}
    return result.state, result.words


def test_a_copy_has_every_form_and_no_readable_name(
    context: Context, config_with_backup: Config, backup_folder: Path
) -> None:
    for _ in range(3):
        submit_form(context)
    path = create.create(context)
    report = restore.drill(config_with_backup)
    assert (report.forms, report.bodies, report.broken, report.trail) == (3, 3, 0, None)
    assert path.parent == backup_folder
    assert b"PK03-26" not in path.read_bytes(), "not even a receipt number can be read on the stick"
    assert path.stat().st_mode & 0o777 == 0o600
    assert not (config_with_backup.folder / "copying.db").exists()
    assert not (config_with_backup.folder / "drill").exists()


def test_two_copies_at_once_do_not_overwrite_each_other(
    context: Context, config_with_backup: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit_form(context)
    copy_to = context.store.copy_to
    second = threading.Thread(target=create.create, args=[context])
    snapshots: list[Path] = []

    def copy_slowly(snapshot: Path, **options: Any) -> None:
        snapshots.append(snapshot)
        if len(snapshots) == 1:
            second.start()
            second.join(0.5)
            assert len(snapshots) == 1, "the second waits until the first has ended"
        copy_to(snapshot, **options)

    monkeypatch.setattr(context.store, "copy_to", copy_slowly)
    create.create(context)
    second.join(60)
    assert not second.is_alive()
    assert numbers(context) == [2, 1]
    assert [restore.drill(config_with_backup, number).forms for number in (1, 2)] == [1, 1]


def test_rows_that_are_only_in_the_wal_are_in_the_copy(context: Context, config_with_backup: Config) -> None:
    submit_form(context)
    log = config_with_backup.store_path.with_name("kiosk.db-wal")
    assert log.stat().st_size > 0, "a copy of the file alone would lose it"
    create.create(context)
    assert restore.drill(config_with_backup).forms == 1


def few(context: Context, *, copies: int, days: int = 0, weeks: int = 0) -> Context:
    """Return the context of a kiosk that keeps few copies."""
    backup = replace(context.config.backup, copies=copies, days=days, weeks=weeks)
    return replace(context, config=replace(context.config, backup=backup))


def test_a_piece_is_synced_and_rested_from_as_long_as_it_took(tmp_path: Path) -> None:
    rests: list[float] = []
    pace = Pace(rests.append)
    with (tmp_path / "piece").open("wb") as file:
        for _ in range(3):
            file.write(b"x")
            pace.end_piece(file.fileno())
    assert len(rests) == 3
    assert min(rests) >= MIN_REST
    assert max(rests) <= MAX_REST


def test_a_copy_rests_after_each_piece_that_it_writes(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    with context.store.write() as db:
        marks.put(db, "large", "x" * 5_000_000)
    synced: list[int] = []
    end_piece = Pace.end_piece
    monkeypatch.setattr(Pace, "end_piece", lambda pace, handle: (synced.append(handle), end_piece(pace, handle)))
    path = create.create(context)
    assert len(synced) >= 2 * path.stat().st_size / sealed_file.PIECE, "the snapshot and the sealed file"


def test_the_ring_keeps_the_newest_few_by_number(context: Context, clock: FixedClock) -> None:
    context = few(context, copies=7)
    for _ in range(9):
        clock.jump(-3600)
        create.create(context)
    assert numbers(context) == [9, 8, 7, 6, 5, 4, 3], "also when the clock runs backwards"


def test_the_last_copy_of_each_day_and_week_is_kept_too(context: Context, clock: FixedClock) -> None:
    context = few(context, copies=2, days=3, weeks=2)
    for _ in range(20):  # two a day, from a Tuesday to the Thursday of the next week
        create.create(context)
        clock.advance(12 * 3600)
    made = {copy.number: f"{local(copy.made_at):%a %H}" for copy in kept(context)}
    assert made == {20: "Thu 20", 19: "Thu 08", 18: "Wed 20", 16: "Tue 20", 12: "Sun 20"}


def test_a_month_of_hourly_copies_leaves_a_day_of_hours_14_days_and_8_weeks() -> None:
    start = datetime(2026, 9, 1, tzinfo=UTC)
    copies = [
        BackupCopy(path=Path(), number=number, made_at=start + timedelta(hours=number), bytes=1, store_id="")
        for number in range(24 * 90, 0, -1)
    ]
    hours = (copies[0].made_at - start) // timedelta(hours=1)
    left = rotation.numbers_to_keep(copies, BackupSettings())
    assert {hours - number for number in left} >= set(range(24))
    assert len(left) == 24 + 12 + 5, "two days are among the hours, three weeks among the hours and days"


def test_a_clock_that_was_years_ahead_pushes_no_good_copy_out(context: Context, clock: FixedClock) -> None:
    context = few(context, copies=2, days=2)
    create.create(context)
    clock.jump(10 * 365 * 86400)
    create.create(context)
    clock.jump(-10 * 365 * 86400)
    for _ in range(3):
        create.create(context)
    assert numbers(context) == [5, 4, 2], "copy 1 was made on the same day as 5"


def test_a_copy_of_another_store_is_never_deleted(
    context: Context, config_with_backup: Config, clock: FixedClock
) -> None:
    for _ in range(2):
        submit_form(context)
        create.create(context)
    name = "d" * 64
    files.save(context.config.scans_folder, name, b"sealed")
    with context.store.write() as db:
        scans.insert(db, scan_row(context, name))
    create.create(context)
    fresh = new_kiosk(config_with_backup, "fresh", clock)
    with closing(fresh.store):
        fresh = few(fresh, copies=2)
        for _ in range(5):
            create.create(fresh)
        assert numbers(fresh) == [8, 7, 3, 2, 1]
        check = backup_copies.check(fresh)
    assert (check.code, "3 bản sao của một kho khác" in check.words) == ("COPY-06", True)
    assert [restore.drill(config_with_backup, number).forms for number in (1, 2, 3)] == [1, 2, 2]
    mirror = create.scans_mirror(config_with_backup.backup_folder, "PK03", context.vault.store_id)  # type: ignore[arg-type]
    assert (mirror / name).read_bytes() == b"sealed"


def without_store_id(path: Path, context: Context) -> None:
    """Write a copy again as releases before store ids did."""
    with path.open("rb") as file:
        head = sealed_file.read_head(file)
        old = json.loads(head)
        key = content_key(context.vault, old["salt"])
        content = list(sealed_file.read(file, key, head))
    del old["store"]
    with path.open("wb") as file:
        sealed_file.write(file, key=key, head=json.dumps(old).encode(), content=content)


def test_a_copy_without_a_store_id_is_of_the_store_whose_key_opens_it(
    context: Context, config_with_backup: Config, clock: FixedClock
) -> None:
    submit_form(context)
    without_store_id(create.create(context), context)
    assert restore.drill(config_with_backup).forms == 1
    fresh = new_kiosk(config_with_backup, "fresh", clock)
    with closing(fresh.store):
        for _ in range(4):
            create.create(few(fresh, copies=2))
    assert numbers(context) == [5, 4, 1], "the other store keeps it"
    for _ in range(2):
        create.create(few(context, copies=2))
    assert numbers(context) == [7, 6, 5, 4], "its own store deletes it in its turn"


def test_scans_beside_copies_of_earlier_releases_stay_in_use(context: Context, backup_folder: Path) -> None:
    name = "e" * 64
    files.save(context.config.scans_folder, name, b"sealed")
    with context.store.write() as db:
        scans.insert(db, scan_row(context, name))
    old = create.old_scans_mirror(backup_folder, "PK03")
    old.mkdir()
    (old / name).write_bytes(b"sealed")
    inode = (old / name).stat().st_ino
    create.create(context)
    mirror = create.scans_mirror(backup_folder, "PK03", context.vault.store_id)
    assert (mirror / name).stat().st_ino == inode
    assert not old.exists()


def test_a_number_is_never_given_to_two_copies(context: Context, backup_folder: Path) -> None:
    for _ in range(3):
        create.create(context)
    for path in backup_folder.glob("*.copy"):
        path.unlink()
    assert create.create(context).name == "PK03-000004.copy"


def kept(context: Context) -> list[BackupCopy]:
    assert context.config.backup_folder is not None
    return rotation.list_copies(context.config.backup_folder, context.config.kiosk.id)


def test_another_kiosk_on_the_same_disk_keeps_its_copies(context: Context, backup_folder: Path) -> None:
    (backup_folder / "PK04-000001.copy").write_bytes(b"of another machine")
    (backup_folder / "photo.jpg").write_bytes(b"of somebody")
    context = few(context, copies=2)
    for _ in range(3):
        create.create(context)
    assert (backup_folder / "PK04-000001.copy").exists()
    assert (backup_folder / "photo.jpg").exists()


def test_a_disk_that_is_not_there_is_never_made(context: Context, backup_folder: Path) -> None:
    backup_folder.rmdir()
    with pytest.raises(BackupMissing):
        create.create(context)
    assert not backup_folder.exists()
    assert copies_check(context)[0] == "warning"
    assert "K-04" in copies_check(context)[1]
    backup_folder.mkdir()
    create.create(context)
    assert "K-04" not in copies_check(context)[1]


def test_a_damaged_store_replaces_no_good_copy(
    context: Context, config_with_backup: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit_form(context)
    create.create(context)
    monkeypatch.setattr(create, "is_sound", lambda _path: False)
    for _ in range(3):
        with pytest.raises(StoreDamaged):
            create.create(context)
    assert numbers(context) == [1]
    assert restore.drill(config_with_backup).forms == 1
    assert "K-12" in copies_check(context)[1]


def test_a_disk_that_is_full_costs_no_copy_that_is_there(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    create.create(context)

    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sealing.sealed_file, "write", full)
    with pytest.raises(BackupFull):
        create.create(context)
    assert numbers(context) == [1]
    assert "K-05" in copies_check(context)[1]
    assert list(context.config.backup_folder.glob(".*")) == []  # type: ignore[union-attr]


def test_on_a_full_medium_the_oldest_copies_make_room_down_to_seven(
    context: Context, backup_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(10):
        create.create(context)

    def usage(path: Path) -> Usage:
        is_full = path == backup_folder and len(numbers(context)) > 8
        return Usage(0, 0, 0 if is_full else 10**12)

    monkeypatch.setattr(create.shutil, "disk_usage", usage)
    create.create(context)
    assert numbers(context) == [11, 10, 9, 8, 7, 6, 5, 4, 3]
    assert backup_copies.check(context).code == "COPY-07"
    monkeypatch.setattr(create.shutil, "disk_usage", lambda path: Usage(0, 0, 0 if path == backup_folder else 10**12))
    create.create(context)
    assert numbers(context) == [12, 11, 10, 9, 8, 7, 6, 5], "seven stay, whatever the medium says"


def test_an_old_newest_copy_is_not_hidden_by_copies_of_another_store(
    context: Context, config_with_backup: Config, clock: FixedClock
) -> None:
    create.create(context)
    fresh = new_kiosk(config_with_backup, "fresh", clock)
    with closing(fresh.store):
        create.create(fresh)
        assert backup_copies.check(fresh).code == "COPY-06"
        clock.advance(timedelta(hours=4).total_seconds())
        assert backup_copies.check(fresh).code == "COPY-04"


def test_forms_come_before_copies_on_the_kiosks_own_disk(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(create.shutil, "disk_usage", lambda _path: Usage(0, 0, 100_000_000))
    with pytest.raises(StoreFull):
        create.create(context)
    assert numbers(context) == []
    assert "K-11" in copies_check(context)[1]


def test_scans_lie_beside_the_ring_sealed_until_their_key_is_gone(context: Context, backup_folder: Path) -> None:
    name = "a" * 64
    files.save(context.config.scans_folder, name, b"sealed")
    scan = scan_row(context, name)
    with context.store.write() as db:
        scans.insert(db, scan)
    create.create(context)
    mirror = create.scans_mirror(backup_folder, "PK03", context.vault.store_id)
    assert [path.name for path in mirror.iterdir()] == [name]
    with context.store.write() as db:
        scans.delete(db, scan.id)
    create.create(context)
    assert list(mirror.iterdir()) == []


def test_pictures_that_are_deleted_at_the_end_of_the_day_are_beside_no_copy(
    context: Context, backup_folder: Path
) -> None:
    names = {"original:bang": "a" * 64, "original-kept:bang": "b" * 64}
    for paper, name in names.items():
        files.save(context.config.scans_folder, name, b"sealed")
        with context.store.write() as db:
            scans.insert(db, replace(scan_row(context, name), paper=paper))
    create.create(context)
    mirror = create.scans_mirror(backup_folder, "PK03", context.vault.store_id)
    assert [path.name for path in mirror.iterdir()] == [names["original-kept:bang"]]


def test_a_copy_is_due_each_hour_and_not_at_each_start(context: Context, clock: FixedClock) -> None:
    hourly = BackupSchedule(context)
    assert [hourly.step(), hourly.step()] == [True, False]
    clock.advance(3599)
    assert not hourly.step()
    clock.advance(1)
    assert hourly.step()
    clock.advance(1800)
    again = BackupSchedule(context)
    assert not again.step(), "a kiosk that starts every half hour copies every hour"
    clock.advance(1801)
    assert again.step()
    clock.jump(-10 * 365 * 86400)
    lost = BackupSchedule(context)
    assert not lost.step()
    clock.advance(3600)
    assert lost.step(), "a clock that is years behind costs no copy"


def test_a_folder_that_is_chosen_while_the_kiosk_runs_gets_a_copy_at_once(context: Context, clock: FixedClock) -> None:
    chosen = context.config
    context.config = replace(chosen, backup=replace(chosen.backup, path=""))
    hourly = BackupSchedule(context)
    assert not hourly.step(), "there is no folder"
    context.config = chosen
    assert [hourly.step(), hourly.step()] == [True, False]
    context.config = replace(chosen, backup=replace(chosen.backup, minutes=10))
    clock.advance(601)
    assert [hourly.step(), hourly.step()] == [True, False]


def test_a_copy_that_failed_is_tried_again_soon(context: Context, clock: FixedClock, backup_folder: Path) -> None:
    backup_folder.rmdir()
    hourly = BackupSchedule(context)
    assert not hourly.step()
    backup_folder.mkdir()
    assert not hourly.step()
    clock.advance(301)
    assert hourly.step()


def test_the_page_shows_the_age_of_the_newest_copy(context: Context, clock: FixedClock) -> None:
    assert copies_check(context)[0] == "note"
    create.create(context)
    assert copies_check(context) == ("warning", "Không nằm trên ổ riêng"), "in a test both lie on one disk"
    clock.advance(timedelta(hours=4).total_seconds())
    assert copies_check(context) == ("warning", "Bản mới nhất lúc 08:30, 24/11")


def test_what_is_half_written_is_no_copy(context: Context, backup_folder: Path) -> None:
    whole = create.create(context)
    (backup_folder / ".PK03-000002.copy.part").write_bytes(whole.read_bytes()[:1000])
    (backup_folder / "PK03-000003.copy").write_bytes(b"")
    shutil.copy(whole, backup_folder / "not-a-copy.copy")
    assert numbers(context) == [1]
    assert create.create(context).name == "PK03-000004.copy"
    assert not (backup_folder / ".PK03-000002.copy.part").exists()
