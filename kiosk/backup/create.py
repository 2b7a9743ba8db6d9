"""Taking a copy: a steady picture of the store, looked over, sealed, and put into the ring; the scans beside it.

A store that is found damaged is not copied, so that no damage ever takes the place of a good copy. What a copy holds
is the store and the small keys without which another machine could not go on (the portal's, the LAN's); the vault's own
key is not among them: it seals the copy, and lies in the ward's safe.
"""

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from kiosk import clock, codes
from kiosk.backup import rotation, sealed_file
from kiosk.config import Config
from kiosk.context import Context
from kiosk.errors import BackupAway, BackupFull, KioskError, StoreDamaged, StoreFull
from kiosk.records import marks, scans
from kiosk.store import files
from kiosk.store.db import is_sound

LAST, FAULT = "backup", "backup-fault"
"""Marks: the last copy (its number, time and bytes), and the code of what stops the copies now, empty for nothing."""
STORE = "kiosk.db"
_ROOM = 200_000_000
"""Bytes that must stay free on the kiosk's own disk while a copy is taken: forms come first."""


def take(context: Context) -> Path:
    """Take a copy now; return where it lies. BackupAway, BackupFull, StoreDamaged, StoreFull: nothing was changed."""
    try:
        made = _take(context)
    except KioskError as fault:
        note_fault(context, fault.code)
        raise
    except OSError as error:
        away = BackupFull() if error.errno == errno.ENOSPC else BackupAway()
        note_fault(context, away.code)
        raise away from error
    return made


def note_fault(context: Context, code: str) -> None:
    """Leave word of what stops the copies, for the maintenance page."""
    with suppress(KioskError), context.store.write() as db:
        marks.put(db, FAULT, code)


def _take(context: Context) -> Path:
    config, folder = context.config, context.config.backup_folder
    if folder is None:
        raise BackupAway
    rotation.listed(folder, config.kiosk.id)  # is the medium there at all
    with _one_at_a_time(config):
        picture = config.folder / "copying.db"
        try:
            _draw(context, picture)
            at = clock.stamp(context.clock.now())
            path = rotation.add(folder, config.kiosk.id, lambda file, number: _seal(context, picture, file, number, at))
        finally:
            picture.unlink(missing_ok=True)
        rotation.keep(folder, config.kiosk.id, config.backup.copies)
        _mirror(context, folder)
    told = {"number": rotation.read_head(path)["number"], "at": at, "bytes": path.stat().st_size}
    with context.store.write() as db:
        marks.put(db, LAST, json.dumps(told))
        marks.put(db, FAULT, "")
    return path


@contextmanager
def _one_at_a_time(config: Config) -> Iterator[None]:
    """Wait for a copy that another process takes: whoever drew over its picture would have half a store sealed."""
    with config.lock_path("copy").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _draw(context: Context, picture: Path) -> None:
    """Draw a steady picture of the store beside it, and look it over."""
    needed = context.config.store_path.stat().st_size + _ROOM
    if shutil.disk_usage(context.config.folder).free < needed:
        raise StoreFull
    picture.unlink(missing_ok=True)
    os.close(os.open(picture, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    context.store.copy_to(picture)
    if not is_sound(picture):
        raise StoreDamaged


def _seal(context: Context, picture: Path, file: BinaryIO, number: int, at: str) -> None:
    parts = [(STORE, picture), *_small(context.config)]
    sizes = [(name, path.stat().st_size) for name, path in parts]
    told = {"kiosk": context.config.kiosk.id, "number": number, "made_at": at, "salt": codes.token(), "parts": sizes}
    head = json.dumps(told).encode()
    sealed_file.write(
        file, context.vault.key_for(f"copy {told['salt']}"), head, _content([path for _name, path in parts])
    )


def _small(config: Config) -> Iterator[tuple[str, Path]]:
    """Name the small files of the kiosk that go along."""
    if config.portal_key_path.is_file():
        yield "portal.key", config.portal_key_path
    for path in sorted(config.tls_folder.glob("*.*")):
        yield f"tls/{path.name}", path


def _content(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while some := file.read(sealed_file.PIECE):
                yield some


def mirror_of(folder: Path, kiosk_id: str) -> Path:
    """Name the folder beside the ring in which the scans lie, sealed as they are."""
    return folder / f"{kiosk_id}-scans"


def _mirror(context: Context, folder: Path) -> None:
    """Lay the scans beside the ring; those whose key is gone are taken away there too."""
    mirror = mirror_of(folder, context.config.kiosk.id)
    with context.store.read() as db:
        wanted = scans.names(db)
    there = {path.name for path in mirror.iterdir()} if mirror.is_dir() else set()
    for name in sorted(wanted - there):
        content = files.read(context.config.scans_folder, name)
        if content is not None:
            try:
                files.keep(mirror, name, content)
            except StoreFull as error:
                raise BackupFull from error
    for name in there - wanted:
        files.remove(mirror, name)
