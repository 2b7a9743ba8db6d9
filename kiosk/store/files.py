"""Sealed files beside the store: written whole, synced and renamed before anybody says that they are there.

A name is a keyed hash, so a folder that is looked into tells nothing; what a file holds is sealed by who writes it.
"""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from kiosk import codes
from kiosk.errors import StoreFull, StoreUnavailable

LEAST_FREE = 500 * 1024 * 1024
"""Bytes that a disk keeps for forms and numbers: below it no file is taken any more."""
STRAY_SECONDS = 3600
"""A file that no record names is swept only when it is this old: its record may be about to be written."""


def keep(folder: Path, name: str, content: bytes) -> None:
    """Write a file so that it survives a power cut; StoreFull when the disk has no room to spare."""
    with _faults():
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(folder.parent)
        if shutil.disk_usage(folder).free < LEAST_FREE:
            raise StoreFull(
                "Ổ đĩa của máy sắp đầy nên máy thôi nhận bản chụp. Giữ bản giấy và báo cán bộ kỹ thuật.",
                "The disk is nearly full, so no scan is taken. Keep the paper and tell the technician.",
            )
        with _draft(folder / name, content) as draft:
            draft.rename(folder / name)
        sync_folder(folder)


def write_once(path: Path, content: bytes) -> None:
    """Write a file whole and durably, or leave the one that is there: of two who write at once the first is kept.

    OSError when the folder refuses.
    """
    with _draft(path, content) as draft, suppress(FileExistsError):
        os.link(draft, path)
    sync_folder(path.parent)


def read(folder: Path, name: str) -> bytes | None:
    """Read a file; None when it is gone."""
    with suppress(FileNotFoundError), _faults():
        return (folder / name).read_bytes()
    return None


def remove(folder: Path, name: str) -> None:
    """Take a file away, if it is there."""
    with _faults():
        (folder / name).unlink(missing_ok=True)


def sweep(folder: Path, known: Collection[str], now: datetime) -> int:
    """Take away what no record names and is older than an hour: left by a power cut, or wiped. Say how many.

    A clock that was set back makes files look young: then they stay.
    """
    gone = 0
    with suppress(FileNotFoundError), _faults():
        for path in folder.iterdir():
            age = now.timestamp() - path.stat().st_mtime
            if path.name not in known and age >= STRAY_SECONDS:
                path.unlink(missing_ok=True)
                gone += 1
    return gone


@contextmanager
def _draft(path: Path, content: bytes) -> Iterator[Path]:
    """Write what will be a file under a name of its own, synced; it is gone at the end."""
    draft = path.with_name(f".{path.name}.{codes.nonce()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StoreUnavailable from error


def sync_folder(folder: Path) -> None:
    """Write a folder's names down durably; OSError when it refuses."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
