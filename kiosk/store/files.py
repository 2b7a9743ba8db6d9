"""Files beside the store, written atomically: a file appears under its name whole and durable, or not at all.

Sealed files (scans) are named by a keyed hash, so a listing of the folder reveals nothing. Callers seal the content.
"""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from kiosk.base import codes
from kiosk.base.errors import StoreFull, StoreUnavailable

MIN_FREE_BYTES = 500 * 1024 * 1024
"""Free bytes that a disk keeps for forms and tickets: below it no scan is stored."""
STRAY_SECONDS = 3600
"""The age from which a file without a record is deleted: the record of a younger one may be about to be written."""


def write_atomic(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Write or replace a file atomically.

    Raises:
        OSError: the folder refuses.
    """
    with open_atomic(path, mode) as file:
        file.write(content)


@contextmanager
def open_atomic(path: Path, mode: int = 0o600) -> Iterator[BinaryIO]:
    """Open a file for writing that takes the place of `path` when the block ends without an error.

    Raises:
        OSError: the folder refuses.
    """
    with _temporary(path, mode) as (temporary, file):
        yield file
        _close_durably(file)
        temporary.rename(path)
    sync_folder(path.parent)


def write_once(path: Path, content: bytes) -> None:
    """Write a file atomically, or keep the existing one; of two concurrent writers the first wins.

    Raises:
        OSError: the folder refuses.
    """
    with _temporary(path, 0o600) as (temporary, file):
        file.write(content)
        _close_durably(file)
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        except OSError:  # a USB key formatted as FAT has no links
            if not path.exists():
                temporary.rename(path)
    sync_folder(path.parent)


def save(folder: Path, name: str, content: bytes) -> None:
    """Write a sealed file, and make its folder if needed.

    Raises:
        StoreFull: the disk has less than `MIN_FREE_BYTES` free.
        StoreUnavailable: the folder refuses.
    """
    with _translated():
        if not folder.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            sync_folder(folder.parent)
        if shutil.disk_usage(folder).free < MIN_FREE_BYTES:
            raise StoreFull(
                "Ổ đĩa của máy sắp đầy nên máy thôi nhận bản chụp. Giữ bản giấy và báo cán bộ kỹ thuật.",
                "The disk is nearly full, so no scan is taken. Keep the paper and tell the technician.",
            )
        write_atomic(folder / name, content)


def read(folder: Path, name: str) -> bytes | None:
    """Return the content of a sealed file; None when it is gone."""
    with suppress(FileNotFoundError), _translated():
        return (folder / name).read_bytes()
    return None


def delete(folder: Path, name: str) -> None:
    """Delete a sealed file, if it exists."""
    with _translated():
        (folder / name).unlink(missing_ok=True)


def delete_unnamed(folder: Path, known: Collection[str], now: datetime) -> int:
    """Delete files without a record that are older than an hour (wiped, or left by a power cut); return how many.

    After the clock was set back, files look young and stay.
    """
    deleted = 0
    with suppress(FileNotFoundError), _translated():
        for path in folder.iterdir():
            age = now.timestamp() - path.stat().st_mtime
            if path.name not in known and age >= STRAY_SECONDS:
                path.unlink(missing_ok=True)
                deleted += 1
    return deleted


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable.

    Raises:
        OSError: the folder refuses.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _temporary(path: Path, mode: int) -> Iterator[tuple[Path, BinaryIO]]:
    """Open a new file beside `path` under a name of its own; delete it at the end."""
    temporary = path.with_name(f".{path.name}.{codes.nonce()}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            yield temporary, file
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _close_durably(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StoreUnavailable from error
