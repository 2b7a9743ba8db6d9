"""Copies of each minute: the changed pages of the store go to a second disk, or to another machine of the ward.

A chain begins with a whole copy at the start of the process, and again when the changes since are many. The settings
are in the first file, and in each that was written after they were changed. The changes are those since the last file
that was written, so a medium that was away gets what it lacks. Two chains are kept. A replaced machine and another
store of this name are refused. The digests of the pages are in memory alone.
"""

import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from kiosk.backup import create, ledger, page_chain, restore_log
from kiosk.backup.medium_errors import medium_error
from kiosk.backup.pace import Pace
from kiosk.backup.sealing import CopyPart, file_part, seal, settings_parts
from kiosk.backup.unpack import PAGES, STORE, join_pages
from kiosk.base import clock
from kiosk.base.errors import BackupMissing, ForeignCopies, KioskError, StoreDamaged, StoreFull
from kiosk.context import Context
from kiosk.records import marks
from kiosk.records.audit import AuditHead
from kiosk.store import files, pages
from kiosk.store.db import is_sound
from kiosk.store.pages import PageDigests

log = logging.getLogger(__name__)

FAULT = "minute-copy-fault"
"""Mark: the code of the error that prevents these copies now, and since when, as JSON; empty for none."""
EVERY_SECONDS = 60.0
CHAINS = 2
"""Chains that are kept: the one before holds until the new one has proved itself."""
MAX_CHANGES = 240
"""Files that follow a whole copy: four hours."""
MAX_CHANGED_BYTES = 32_000_000
"""Changed pages that are kept in memory; with more, a new chain is smaller."""


@dataclass(frozen=True)
class ChainEnd:
    """The last file that was written to a chain: its path, its salt, and the files and changed bytes before it."""

    path: Path
    generation: int
    salt: str
    digests: PageDigests
    changes: int
    changed_bytes: int
    settings: str
    """Digest of the settings that the chain has up to here."""


@dataclass(frozen=True)
class _Snapshot:
    """A snapshot of the store as the content of a file.

    Attributes:
        follows: the file that it continues; None for a whole copy.
        changed_bytes: the size of the changed pages.
        part: gives the content, for an open file.
    """

    digests: PageDigests
    audit_head: AuditHead
    follows: ChainEnd | None
    changed_bytes: int
    part: Callable[[BinaryIO], CopyPart]


class MinuteCopies:
    """The copies of each minute of one store, made by one process."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._end: ChainEnd | None = None
        self._due = context.clock.monotonic()

    def step(self) -> bool:
        """Make a copy if one is due; return whether one was made. Without a folder in the settings none is due."""
        now = self._context.clock.monotonic()
        if now < self._due or self._context.config.second_folder is None:
            return False
        self._due = now + EVERY_SECONDS
        try:
            self.create()
        except KioskError as fault:
            log.warning("minute copy failed", extra={"code": fault.code})
            return False
        return True

    def create(self) -> Path:
        """Copy what has changed and return the path of the new file; on an error the existing files stay unchanged.

        Raises:
            BackupMissing: the medium is missing.
            BackupFull: the medium is full.
            MachineReplaced: another machine goes on with this store.
            ForeignCopies: the folder has copies of another store of this name.
            StoreDamaged: the store is damaged, or the pages of a chain cannot be trusted any more.
            StoreFull: the kiosk's own disk is too full for a snapshot.
            Exception: whatever else went wrong; its name is stored as the fault.
        """
        try:
            return self._create()
        except KioskError as fault:
            self._record_fault(fault.code)
            raise
        except OSError as error:
            away = medium_error(error, self._context.config.second_folder)
            self._record_fault(away.code)
            raise away from error
        except Exception as error:
            self._record_fault(type(error).__name__)
            raise

    def _create(self) -> Path:
        folder = self._check_folder()
        at = clock.timestamp(self._context.clock.now())
        taken = self._take_changes()
        try:
            self._end = end = self._write(folder, taken or self._take_whole(), at)
        finally:
            self._whole_path.unlink(missing_ok=True)
        # After the file: the next one follows it also where the store is too busy or too full for the mark.
        last = {"generation": end.generation, "at": at, "bytes": end.path.stat().st_size}
        with self._context.store.write() as db:
            marks.put(db, create.MINUTE, json.dumps(last))
            marks.put(db, FAULT, "")
        return end.path

    def _check_folder(self) -> Path:
        config = self._context.config
        folder = config.second_folder
        if folder is None or not folder.is_dir():
            raise BackupMissing
        restore_log.refuse_if_replaced(config, self._context.vault.store_id)
        if page_chain.has_other_store(folder, config.kiosk.id, self._context.vault.store_id):
            raise ForeignCopies
        return folder

    def _take_changes(self) -> _Snapshot | None:
        """Return what has changed since the last file; None when a new chain has to begin."""
        end = self._end
        if end is None or not end.path.exists() or end.changes >= MAX_CHANGES:
            return None
        if end.path.parent != self._context.config.second_folder:
            return None
        if end.changed_bytes > max(MAX_CHANGED_BYTES, end.digests.count * end.digests.page_size):
            return None
        with self._context.store.read() as db:
            changes = pages.find_changes(db, end.digests, MAX_CHANGED_BYTES, Pace().rest)
            audit_head = create.audit_head(self._context)
        if changes is None:
            return None
        content = join_pages(changes.pages)
        return _Snapshot(
            digests=changes.digests,
            audit_head=audit_head,
            follows=end,
            changed_bytes=len(content),
            part=lambda _file: CopyPart(PAGES, len(content), [content]),
        )

    def _take_whole(self) -> _Snapshot:
        """Write all pages beside the store and check them for damage, so that a slow medium holds up no checkpoint.

        Raises:
            StoreFull: the kiosk's own disk is too full.
            StoreDamaged: SQLite finds damage.
        """
        config = self._context.config
        if shutil.disk_usage(config.folder).free < config.store_path.stat().st_size + create.MIN_FREE:
            raise StoreFull
        self._whole_path.unlink(missing_ok=True)
        handle = os.open(self._whole_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file, self._context.store.read() as db:
            digests = pages.write_snapshot(db, file, Pace().rest)
            audit_head = create.audit_head(self._context)
        if not is_sound(self._whole_path):
            raise StoreDamaged
        return _Snapshot(
            digests=digests,
            audit_head=audit_head,
            follows=None,
            changed_bytes=0,
            part=partial(file_part, STORE, self._whole_path),
        )

    @property
    def _whole_path(self) -> Path:
        return self._context.config.folder / "minute.db"

    def _write(self, folder: Path, taken: _Snapshot, at: str) -> ChainEnd:
        """Write a snapshot to the chain; scans first, so that no row of it is without its scan."""
        context = self._context
        config = context.config
        before = taken.follows
        create.mirror_scans(context, folder)
        highest = page_chain.highest_generation(folder, config.kiosk.id)
        generation = max(highest, create.last_generation(context)) + 1
        fields = {
            "number": ledger.highest_number(config, context.vault),
            "generation": generation,
            "made_at": at,
            "trail": [taken.audit_head.seq, taken.audit_head.mac],
            "follows": before.salt if before else "",
            "page_size": taken.digests.page_size,
            "page_count": taken.digests.count,
            "root": taken.digests.root,
        }
        name = page_chain.file_name(config.kiosk.id, context.vault.store_id, generation, is_base=before is None)
        settings = settings_parts(config)
        mark = _digest(settings)
        is_known = before is not None and before.settings == mark
        with files.open_atomic(folder / name) as file:
            salt = seal(context, file, fields, taken.part(file), () if is_known else settings)
        if before is None:
            page_chain.delete_old(folder, config.kiosk.id, context.vault.store_id, CHAINS)
        return ChainEnd(
            path=folder / name,
            generation=generation,
            salt=salt,
            digests=taken.digests,
            changes=before.changes + 1 if before else 0,
            changed_bytes=before.changed_bytes + taken.changed_bytes if before else 0,
            settings=mark,
        )

    def _record_fault(self, code: str) -> None:
        """Store the error that prevents these copies, and since when; once for each kind of error."""
        with suppress(KioskError), self._context.store.write() as db:
            if json.loads(marks.get(db, FAULT) or "{}").get("code") != code:
                fault = {"code": code, "since": clock.timestamp(self._context.clock.now())}
                marks.put(db, FAULT, json.dumps(fault))


def _digest(parts: Iterable[CopyPart]) -> str:
    """Return a digest of the names and the contents of some parts."""
    digest = sha256()
    for part in parts:
        digest.update(f"{part.name} {part.size} ".encode())
        for piece in part.content:
            digest.update(piece)
    return digest.hexdigest()
