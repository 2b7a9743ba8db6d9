"""Creates a backup copy: a snapshot of the store, verified, sealed and added to the rotation, with the scans beside it.

A damaged store is not copied, so no damaged copy replaces a good one. A copy holds the store and the small files that a
new machine needs: the keys (the portal's, the LAN's) and kiosk.toml.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from kiosk.backup import ledger, restore_log, rotation
from kiosk.backup.medium_errors import medium_error
from kiosk.backup.pace import Pace
from kiosk.backup.sealing import CopyPart, file_part, seal, settings_parts
from kiosk.backup.unpack import STORE
from kiosk.backup.verify import is_of_store
from kiosk.base import clock
from kiosk.base.errors import BackupFull, BackupMissing, KioskError, StoreDamaged, StoreFull, StoreUnavailable
from kiosk.config import Config
from kiosk.context import Context
from kiosk.context.long_work import Report, ignore
from kiosk.records import audit, marks, scans
from kiosk.records.audit import AuditHead
from kiosk.store import files
from kiosk.store.db import is_sound
from kiosk.store.owner import open_lock

LAST = "backup"
"""Mark: number, time and bytes of the last copy, and how many copies of other stores lie beside it, as JSON."""
FAULT = "backup-fault"
"""Mark: the code of the error that prevents copies now, empty for none."""
MINUTE = "minute-copy"
"""Mark: generation, time and bytes of the last copy of each minute, as JSON (`minute_copies`)."""
FEWEST = 7
"""As many copies are kept on a full medium: before that, the oldest make room for a new one."""
_SLACK = 1_000_000
MIN_FREE = 200_000_000
"""Bytes that stay free on the kiosk's own disk while a copy is made: forms come first."""


def create(context: Context, report: Report = ignore) -> Path:
    """Create a copy now and return its path; on an error the existing copies stay unchanged.

    Args:
        report: is told how far the copy is.

    Raises:
        BackupMissing: the medium is missing.
        BackupFull: the medium is full.
        StoreDamaged: the store is damaged.
        StoreFull: the kiosk's own disk is too full for a snapshot.
    """
    try:
        path = _create(context, report)
    except KioskError as fault:
        record_fault(context, fault.code)
        raise
    except OSError as error:
        away = medium_error(error, context.config.backup_folder)
        record_fault(context, away.code)
        raise away from error
    return path


def is_running(config: Config) -> bool:
    """Return whether a process makes a copy now: the worker each hour, the pages, or a command."""
    # A lock file of another user keeps copies from being made, which is their own fault (`create`).
    with suppress(StoreUnavailable), open_lock(config.lock_path("copy")) as file:
        try:
            # Shared: pages that look at the same moment see no copy in each other.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def record_fault(context: Context, code: str) -> None:
    """Store the error code that prevents copies, for the maintenance page."""
    with suppress(KioskError), context.store.write() as db:
        marks.put(db, FAULT, code)


def _create(context: Context, report: Report) -> Path:
    config = context.config
    folder = config.backup_folder
    if folder is None:
        raise BackupMissing
    rotation.count_files(folder, config.kiosk.id)  # raises BackupMissing when the medium is missing
    restore_log.refuse_if_replaced(config, context.vault.store_id)
    with _one_at_a_time(config):
        snapshot = config.folder / "copying.db"
        head = audit_head(context)
        generation = last_generation(context)
        try:
            _take_snapshot(context, snapshot, report)
            at = clock.timestamp(context.clock.now())
            dropped = _make_room(context, folder, snapshot.stat().st_size + _SLACK)
            path = rotation.add(
                folder,
                config.kiosk.id,
                highest=ledger.highest_number(config, context.vault),
                write=lambda file, number: seal(
                    context,
                    file,
                    {"number": number, "generation": generation, "made_at": at, "trail": [head.seq, head.mac]},
                    _counted(file_part(STORE, snapshot, file), report),
                    settings_parts(config),
                ),
            )
        finally:
            snapshot.unlink(missing_ok=True)
        number = int(rotation.read_head(path)["number"])
        ledger.record(config, context.vault, number, head)
        others = _delete_old(context, folder)
        report("Đang chép bản chụp giấy tờ", 0, 0)
        mirror_scans(context, folder)
    last = {"number": number, "at": at, "bytes": path.stat().st_size, "others": others, "dropped": dropped}
    with context.store.write() as db:
        marks.put(db, LAST, json.dumps(last))
        marks.put(db, FAULT, "")
    return path


def _make_room(context: Context, folder: Path, needed: int) -> int:
    """Delete the oldest copies of this store on a full medium, down to the fewest; return how many.

    A fresh copy is worth more than one of weeks ago, and a full medium would have no fresh ones until somebody comes.
    """
    if shutil.disk_usage(folder).free >= needed:
        return 0
    copies = rotation.list_copies(folder, context.config.kiosk.id)
    own = [copy for copy in copies if is_of_store(copy, context.vault)]
    dropped = 0
    while len(own) > FEWEST and shutil.disk_usage(folder).free < needed:
        own.pop().path.unlink(missing_ok=True)
        dropped += 1
    return dropped


def _delete_old(context: Context, folder: Path) -> int:
    """Delete old copies of this store; return how many copies of other stores there are, which are never deleted."""
    config = context.config
    copies = rotation.list_copies(folder, config.kiosk.id)
    own = [copy for copy in copies if is_of_store(copy, context.vault)]
    rotation.delete_old(own, config.backup)
    rotation.delete_incomplete(folder, config.kiosk.id)
    return len(copies) - len(own)


@contextmanager
def _one_at_a_time(config: Config) -> Iterator[None]:
    """Wait until another process has made its copy: two would overwrite each other's snapshot."""
    with open_lock(config.lock_path("copy")) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _take_snapshot(context: Context, snapshot: Path, report: Report) -> None:
    """Write a snapshot of the store beside it, and check it for damage."""
    needed = context.config.store_path.stat().st_size + MIN_FREE
    if shutil.disk_usage(context.config.folder).free < needed:
        raise StoreFull
    snapshot.unlink(missing_ok=True)
    handle = os.open(snapshot, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    pace = Pace()

    def end_piece() -> None:
        pace.end_piece(handle)
        report("Đang chụp kho", os.fstat(handle).st_size, context.config.store_path.stat().st_size)

    try:
        context.store.copy_to(snapshot, after_step=end_piece)
    finally:
        os.close(handle)
    report("Đang soát bản chụp của kho", 0, 0)
    if not is_sound(snapshot):
        raise StoreDamaged


def last_generation(context: Context) -> int:
    """Return the generation of the last copy of each minute; a copy that is made now is newer than that one."""
    with context.store.read() as db:
        return int(json.loads(marks.get(db, MINUTE) or "{}").get("generation", 0))


def audit_head(context: Context) -> AuditHead:
    """Return the audit head that the copy and the ledger record.

    While the trail lacks the ledger's head, that head stays recorded: a new copy must not hide that lines were cut off.
    """
    recorded = ledger.audit_head(context.config, context.vault)
    with context.store.read() as db:
        if recorded is not None and not audit.contains(db, recorded):
            return recorded
        return audit.head(db)


def _counted(part: CopyPart, report: Report) -> CopyPart:
    """Return a part that reports how many of its bytes are sealed."""

    def pieces() -> Iterator[bytes]:
        done = 0
        for piece in part.content:
            yield piece
            done += len(piece)
            report("Đang khóa mã và ghi ra ổ sao lưu", done, part.size)

    return replace(part, content=pieces())


def scans_mirror(folder: Path, kiosk_id: str, store_id: str) -> Path:
    """Return the folder of a store's sealed scans beside its copies."""
    return folder / f"{kiosk_id}-{store_id}-scans"


def old_scans_mirror(folder: Path, kiosk_id: str) -> Path:
    """Return the folder in which releases before store ids kept the scans."""
    return folder / f"{kiosk_id}-scans"


def mirror_scans(context: Context, folder: Path) -> None:
    """Copy new scans beside the copies, and delete those whose key is gone.

    Pictures of originals that are deleted at the end of the day are not copied: a copy would keep them longer.
    """
    kiosk_id = context.config.kiosk.id
    mirror = scans_mirror(folder, kiosk_id, context.vault.store_id)
    old_mirror = old_scans_mirror(folder, kiosk_id)
    with context.store.read() as db:
        wanted = scans.copied_file_names(db)
    if old_mirror.is_dir() and not mirror.exists() and _names(old_mirror) & wanted:
        old_mirror.rename(mirror)
    mirror.mkdir(mode=0o700, exist_ok=True)
    existing = _names(mirror)
    for name in sorted(wanted - existing):
        content = files.read(context.config.scans_folder, name)
        if content is not None:
            try:
                files.save(mirror, name, content)
            except StoreFull as error:
                raise BackupFull from error
    for name in existing - wanted:
        files.delete(mirror, name)


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
