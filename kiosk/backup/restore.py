"""Restores a copy: it is opened and verified in a folder of its own, prepared, and then replaces the store.

Nothing is deleted: the old store is set aside. The rename of the prepared file to `RESTORED` is the commit point; a
power cut before it leaves the old store, and after it the next start finishes the restore (`finish`). Before the commit
point the copy is prepared: the day's receipt numbers move to a block of their own, all sessions end, the audit trail
gets a line, and a mark says which receipt numbers are missing.
"""

import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kiosk.backup import ledger, page_chain, receipt_gaps, register_numbers, restore_log, rotation
from kiosk.backup.create import old_scans_mirror, scans_mirror
from kiosk.backup.medium_errors import closed
from kiosk.backup.receipt_gaps import ReceiptGap
from kiosk.backup.recovery import RecoveryPaper
from kiosk.backup.rotation import BackupCopy
from kiosk.backup.unpack import KEY, PORTAL_KEY, STORE, CopyKeys
from kiosk.backup.verify import CopyReport, verify
from kiosk.base import clock as clocks
from kiosk.base.clock import Clock
from kiosk.base.errors import (
    BackupMissing,
    KioskError,
    NoCopy,
    ReceiptNumbersUsedUp,
    RecoveryPaperWrong,
    SealBroken,
    StoreDamaged,
    StoreFull,
    StoreUnavailable,
)
from kiosk.config import Config
from kiosk.context import AUDIT
from kiosk.context.long_work import Report, ignore
from kiosk.records import audit, marks, receipts, renewals, scans, sessions
from kiosk.store import files
from kiosk.store.db import Store, marker_path
from kiosk.store.vault import Vault, read_store_id, read_vault
from sync import link

log = logging.getLogger(__name__)

RESTORED = "kiosk.restored"
_RESTORING = "restoring"
GAPS_SHOWN_FOR = timedelta(days=7)
"""The technician reads of missing numbers so long after the last restore, with those of restores just before it."""
_MAX_DAYS = timedelta(days=31)
_MAX_LISTED = 20
_NOT_THIS_PAPER = (
    "Không bản sao nào mở được bằng giấy khôi phục này. Xem lại có đúng giấy của máy, đúng ổ sao lưu không.",
    "No copy opens with this recovery paper. Check that it is the paper of this machine, and the right disk.",
)


@dataclass(frozen=True)
class RestoreResult:
    """A finished restore.

    Attributes:
        gaps: the missing receipt numbers, empty only when a sound store of the same id shows that none is missing.
        newest: the number of the newest copy that was ever made; greater than the copy's when that one cannot be used.
            The copy's own number when it was chosen.
        aside: the folder of the old store.
    """

    report: CopyReport
    gaps: tuple[ReceiptGap, ...]
    newest: int
    aside: Path | None


@dataclass(frozen=True)
class LastRestore:
    """The last restore of a store: its time, the missing receipt numbers, its copy, and the newest copy of then.

    The numbers are also those of the restores within `GAPS_SHOWN_FOR` before it. Without a copy (`has_copy`) nothing
    was restored: the store had lost its write-ahead log. A copy of each minute has the number of the copy of each hour
    before it.
    """

    at: datetime
    gaps: tuple[ReceiptGap, ...]
    copy: int
    newest: int
    has_copy: bool


def drill(
    config: Config, number: int | None = None, paper: RecoveryPaper | None = None, report: Report = ignore
) -> CopyReport:
    """Open and verify the newest copy, or one by number, without restoring it.

    Args:
        paper: open it with the recovery paper, as a machine would that has lost its key.
        report: is told how far it is.

    Raises:
        NoCopy: there is none.
        SealBroken: it does not open under this key.
        RecoveryPaperWrong: it is not sealed to this paper.
        StoreDamaged: its store is damaged.
    """
    require_copies(config)
    keys = _keys(config, paper)
    with _working_folder(config, "drill") as folder:
        return verify(list_usable(config, keys, number)[0], keys, folder, report)


def restore(
    config: Config, clock: Clock, number: int | None = None, paper: RecoveryPaper | None = None
) -> RestoreResult:
    """Replace the store with the newest undamaged copy, or with one by number; the caller holds the exclusive lock.

    A copy with broken records is used only when no other is better.

    Args:
        paper: open the copies with the recovery paper, and restore the key file too.

    Raises:
        NoCopy: there is no usable copy.
        RecoveryPaperWrong: no copy is sealed to this paper.
    """
    require_copies(config)
    keys = _keys(config, paper)
    copies = list_usable(config, keys, number)
    for max_broken in (0, None):
        for copy in copies:
            with _usable_only(), _working_folder(config, _RESTORING) as folder:
                report = verify(copy, keys, folder)
                if max_broken is None or report.broken <= max_broken:
                    newest = max(copy.number, 0 if number else ledger.highest_number(config, report.vault))
                    gaps = _prepare(config, report, clock=clock, path=folder / STORE, newest=newest)
                    _stage_portal_key(config, report, folder / PORTAL_KEY)
                    _add_missing_keys(config, folder)
                    _stage_key(config, report)
                    _fetch_scans(config, report.vault, folder / STORE, copy.path.parent)
                    (folder / STORE).rename(config.folder / RESTORED)
                    return RestoreResult(report=report, gaps=gaps, newest=newest, aside=_finish(config, report))
            log.warning("copy unusable", extra={"number": copy.number})
    raise RecoveryPaperWrong(*_NOT_THIS_PAPER) if paper else NoCopy


def _keys(config: Config, paper: RecoveryPaper | None) -> CopyKeys:
    return CopyKeys(paper=paper) if paper else CopyKeys(vault=read_vault(config.key_path))


def _usable_only() -> AbstractContextManager[None]:
    """Go on with the next copy when one does not open or is damaged."""
    return suppress(SealBroken, StoreDamaged, RecoveryPaperWrong)


def finish(config: Config) -> Path | None:
    """Replace the store with a prepared one, if there is one; return the folder of the old store.

    Raises:
        StoreUnavailable: the key file of the copy cannot be written.
    """
    ready = config.folder / RESTORED
    store = config.store_path
    _delete_left_behind(config)
    if not ready.exists():
        for path in (config.key_path, config.portal_key_path):
            _staged(path).unlink(missing_ok=True)
        return None
    aside = config.folder / "aside" / f"{len(restore_log.read_restores(config)):03d}"
    aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The write-ahead log first: SQLite would replay it into another store.
    for path in (store.with_name(f"{store.name}-wal"), store.with_name(f"{store.name}-shm"), store):
        if path.exists():
            path.rename(aside / path.name)
    marker_path(store).unlink(missing_ok=True)
    with _translated_key(config):
        _replace_staged(config.key_path, aside / KEY)
    _replace_staged(config.portal_key_path, aside / PORTAL_KEY)
    files.sync_folder(aside)
    ready.rename(store)
    files.sync_folder(config.folder)
    return aside if any(aside.iterdir()) else None


def _delete_left_behind(config: Config) -> None:
    """Delete what a restore left when it was cut short; the caller's lock keeps another restore out."""
    shutil.rmtree(config.folder / _RESTORING, ignore_errors=True)
    keys = (config.key_path, config.portal_key_path)
    halves = [half for key in keys for half in key.parent.glob(f".{_staged(key).name}.*")]
    for path in (*config.folder.glob(".restores.*"), *halves):
        path.unlink(missing_ok=True)


def last_restore(db: Database) -> LastRestore | None:
    """Return the last restore of a store; None without one."""
    restores = receipt_gaps.marked_restores(db)
    if not restores:
        return None
    last = restores[-1]
    at = clocks.parse_timestamp(last["at"])
    number = last.get("copy", 0)
    gaps = [gap for entry in restores if _is_recent(entry, at) for gap in receipt_gaps.parse_gaps(entry)]
    return LastRestore(
        at=at,
        gaps=tuple(dict.fromkeys(gaps)),
        copy=number,
        newest=last.get("newest", number),
        has_copy="made_at" in last,
    )


def _is_recent(entry: dict[str, Any], at: datetime) -> bool:
    """Return whether the gaps of a restore are still news at a later one."""
    return at - clocks.parse_timestamp(entry["at"]) < GAPS_SHOWN_FOR


def _finish(config: Config, report: CopyReport) -> Path | None:
    aside = finish(config)
    log.warning("store restored", extra={"number": report.copy.number, "count": report.forms})
    return aside


def require_copies(config: Config) -> None:
    """Make sure that there are copies, before anybody is asked for a key.

    Raises:
        NoCopy: there is none.
        BackupMissing: a medium is missing, and there is none on the other.
    """
    missing: list[BackupMissing] = []
    for folder, count in (
        (config.backup_folder, rotation.count_files),
        (config.second_folder, page_chain.highest_generation),
    ):
        try:
            if folder and count(folder, config.kiosk.id):
                return
        except BackupMissing as error:
            missing.append(error)
    raise missing[0] if missing else _no_copy(config)


def list_usable(config: Config, keys: CopyKeys, number: int | None = None) -> list[BackupCopy]:
    """Return the copies of each hour and, where no number is asked for, of each minute, the newest first.

    A copy of each minute is the newest whole generation of its chain. A medium that is missing gives none while the
    other one gives some.

    Raises:
        NoCopy: there is none.
        BackupMissing: a medium is missing, and there is none on the other.
    """
    copies: list[BackupCopy] = []
    missing: list[BackupMissing] = []
    for folder, list_in in ((config.backup_folder, _hourly), (config.second_folder, partial(_of_minute, keys))):
        try:
            copies += list_in(config, folder) if folder else []
        except BackupMissing as error:
            missing.append(error)
    chosen = [copy for copy in copies if number is None or (copy.number == number and not copy.is_of_minute)]
    if not chosen:
        if copies:
            raise NoCopy
        raise missing[0] if missing else _no_copy(config)
    return sorted(chosen, key=lambda copy: copy.order, reverse=True)


def _no_copy(config: Config) -> KioskError:
    """Return why the media give no copy: all are of other machines, belong to another user, or cannot be read."""
    folders = [folder for folder in (config.backup_folder, config.second_folder) if folder and folder.is_dir()]
    kiosks = {kiosk for folder in folders for kiosk in rotation.list_kiosks(folder) | page_chain.list_kiosks(folder)}
    if kiosks and config.kiosk.id not in kiosks:
        names = ", ".join(sorted(kiosks))
        return NoCopy(
            f"Ổ sao lưu không có bản nào của máy {config.kiosk.id}, chỉ có của {names}. Máy này thay máy đó thì thêm "
            f"--settings {folders[0]} vào lệnh: máy lấy cả cài đặt của máy cũ.",
            f"The disk has no copy of {config.kiosk.id}, only of {names}. If this machine replaces that one, add "
            f"--settings {folders[0]} to the command, which takes its settings too.",
        )
    for folder in folders:
        if any(not os.access(path, os.R_OK) for path in folder.glob(f"{config.kiosk.id}-*")):
            return closed(folder)
    return NoCopy()


def _hourly(config: Config, folder: Path) -> list[BackupCopy]:
    for path in rotation.list_renamed(folder, config.kiosk.id):
        log.warning("renamed copy refused", extra={"number": path.stem.rpartition("-")[2]})
    return rotation.list_copies(folder, config.kiosk.id)


def _of_minute(keys: CopyKeys, config: Config, folder: Path) -> list[BackupCopy]:
    return page_chain.list_copies(folder, config.kiosk.id, keys)


@contextmanager
def _working_folder(config: Config, name: str) -> Iterator[Path]:
    """Make a private, empty folder beside the store, and delete it at the end."""
    folder = config.folder / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(config: Config, report: CopyReport, *, clock: Clock, path: Path, newest: int) -> tuple[ReceiptGap, ...]:
    """Prepare the copied store at `path`; return the missing receipt numbers."""
    copy = report.copy
    now = clocks.timestamp(clock.now())
    days = _days(copy, clock.today())
    earlier = [day for entry in restore_log.read_restores(config) for day in entry["days"]]
    # Logged before the copy is changed: a restore that is cut short counts too.
    store_id = report.vault.store_id
    entry = {"at": now, "days": [day.isoformat() for day in days], "copy": copy.number, "store": store_id}
    restore_log.append(config, entry)
    with Store(path) as store, store.write() as db:
        gaps = receipt_gaps.find_gaps(db, config.store_path, store_id=store_id, days=days)
        gaps = [gap for gap in gaps if _may_be_missing(gap, copy, clock.today())]
        for day in days:
            _start_block(db, day, 1 + earlier.count(day.isoformat()))
        sessions.delete_all(db)
        line = audit.AuditLine(act="restore", actor="worker", subject=config.kiosk.id, facts={"copy": copy.number})
        audit.append(db, key=report.vault.key_for(AUDIT), now=clock.now(), line=line)
        numbers = register_numbers.read_last(config.store_path, store_id, register_numbers.years_of(days))
        _mark_restored(db, copy, gaps, at=now, newest=newest, numbers=numbers)
        restores = max(restore_log.count_restores(db) + 1, len(restore_log.read_restores(config)))
        marks.put(db, restore_log.MARK, str(restores))
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return tuple(gaps)


def _days(copy: BackupCopy, today: date) -> list[date]:
    """Return the days up to today on which a receipt number may have been issued after the copy.

    A clock before the copy, or far after it, is probably wrong (an empty battery, a time not yet set). Then the 31 days
    after the copy and the 31 days before today are returned, because the real day may be any of them.
    """
    made = _day_of(copy)
    if made <= today <= made + _MAX_DAYS:
        return _span(made, today)
    return sorted({*_span(made, made + _MAX_DAYS), *_span(today - _MAX_DAYS, today)})


def _day_of(copy: BackupCopy) -> date:
    return clocks.local(copy.made_at).date()


def _span(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _may_be_missing(gap: ReceiptGap, copy: BackupCopy, today: date) -> bool:
    """Return whether numbers are missing: those of an unreadable day, if it may be after the copy."""
    made = _day_of(copy)
    return gap.known is not None or gap.day == made or made < gap.day <= today <= made + _MAX_DAYS


def continue_after_lost_log(config: Config, db: Database, clock: Clock) -> None:
    """Continue today's numbers in a block of their own, as after a restore; list the numbers that may be missing."""
    now = clocks.timestamp(clock.now())
    days = sorted({clock.today(), receipts.last_day(db) or clock.today()})
    earlier = [day for entry in restore_log.read_restores(config) for day in entry["days"]]
    entry = {"at": now, "days": [day.isoformat() for day in days], "copy": 0, "store": read_store_id(db)}
    restore_log.append(config, entry)
    gaps = [ReceiptGap(day, receipts.last_seq(db, day), None) for day in days]
    for day in days:
        _start_block(db, day, 1 + earlier.count(day.isoformat()))
    numbers: dict[int, dict[str, int]] = {year: {} for year in register_numbers.years_of(days)}
    _append_mark(db, {"at": now, "copy": 0, register_numbers.FIELD: numbers}, gaps)


def _start_block(db: Database, day: date, restores: int) -> None:
    try:
        receipts.start_restore_block(db, day, restores)
    except ReceiptNumbersUsedUp:  # the third restore of a day: paper until tomorrow
        receipts.close_day(db, day)


def _mark_restored(
    db: Database,
    copy: BackupCopy,
    gaps: list[ReceiptGap],
    *,
    at: str,
    newest: int,
    numbers: Mapping[int, Mapping[str, int]],
) -> None:
    restored = {
        "at": at,
        "copy": copy.number,
        "newest": newest,
        "made_at": clocks.timestamp(copy.made_at),
        register_numbers.FIELD: numbers,
    }
    _append_mark(db, restored, gaps)


def _append_mark(db: Database, restored: dict[str, Any], gaps: list[ReceiptGap]) -> None:
    restores = [*receipt_gaps.marked_restores(db), {**restored, "gaps": [gap.fields for gap in gaps]}]
    marks.put(db, receipt_gaps.MARK, json.dumps(restores[-_MAX_LISTED:]))


def _add_missing_keys(config: Config, folder: Path) -> None:
    """Move the copy's key files to where there are none, so that a new machine continues under the old name.

    A key that is there may be newer than the copy's.
    """
    for path in folder.rglob("*"):
        if not path.is_file() or path.name.startswith(STORE):
            continue
        target = config.folder / path.relative_to(folder)
        if not target.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            path.rename(target)
            files.sync_folder(target.parent)


def _staged(key: Path) -> Path:
    """Return the path of a key file that waits for the commit point; it lies on the medium of the key."""
    return key.with_name(f".{key.name}.restored")


def _stage_portal_key(config: Config, report: CopyReport, copied: Path) -> None:
    """Stage the copy's portal key, if the one that is there is of a new store and was never enrolled.

    An enrolment for the new store has revoked the key in the copy.
    """
    if copied.exists() and config.portal_key_path.exists() and _is_new_store(config.store_path, report.vault.store_id):
        copied.rename(_staged(config.portal_key_path))
        files.sync_folder(config.folder)


def _is_new_store(store: Path, store_id: str) -> bool:
    """Return whether a store is another one than the copy's, and the portal never accepted its key."""
    if not store.exists():
        return False
    with suppress(sqlite3.Error), closing(receipt_gaps.connect(store)) as connection:
        db = Database(connection, execute_plugins=False)
        is_enrolled = link.has_been_known(db) or renewals.has_succeeded(db)
        return read_store_id(db) != store_id and not is_enrolled
    return False


def _stage_key(config: Config, report: CopyReport) -> None:
    """Stage the key file of the copy, unless this machine has it."""
    if not report.key_file or (config.key_path.exists() and config.key_path.read_bytes() == report.key_file):
        return
    with _translated_key(config):
        files.write_atomic(_staged(config.key_path), report.key_file)


def _replace_staged(key: Path, aside: Path) -> None:
    """Put a staged key file in place; the key of the old store goes to `aside`."""
    staged = _staged(key)
    if staged.exists():
        if key.exists():
            files.write_atomic(aside, key.read_bytes())
        staged.rename(key)
        files.sync_folder(key.parent)


@contextmanager
def _translated_key(config: Config) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(
            f"Máy không ghi được tệp khóa {config.key_path}: cắm USB khóa, hoặc sửa [kiosk] key trong kiosk.toml.",
            f"The key file {config.key_path} cannot be written: plug the USB key in, or correct [kiosk] key.",
        ) from error


def _fetch_scans(config: Config, vault: Vault, path: Path, folder: Path) -> None:
    """Copy missing scans of the restored store at `path` from beside the copies."""
    mirrors = (scans_mirror(folder, config.kiosk.id, vault.store_id), old_scans_mirror(folder, config.kiosk.id))
    with Store(path) as store, store.read() as db:
        wanted = scans.file_names(db)
    for name in sorted(wanted):
        if (config.scans_folder / name).exists():
            continue
        contents = (files.read(mirror, name) for mirror in mirrors)
        content = next((content for content in contents if content is not None), None)
        if content is not None:
            try:
                files.save(config.scans_folder, name, content)
            except StoreFull:
                log.warning("scans not fetched")
                return
