"""Files of a backup medium, and its errors from those of the operating system, with what to do.

A disk comes from another machine with its files: they belong to the number that the user had there.
"""

import errno
import os
import re
from pathlib import Path

from kiosk.base.errors import BackupFull, BackupMissing
from kiosk.store.owner import user_name


def medium_error(error: OSError, folder: Path | None) -> BackupMissing | BackupFull:
    """Return why a folder for copies cannot be used."""
    if error.errno == errno.ENOSPC:
        return BackupFull()
    is_refused = error.errno in (errno.EACCES, errno.EPERM) and error.filename is not None
    if folder is not None and is_refused and Path(error.filename).is_relative_to(folder):
        return closed(folder)
    return BackupMissing()


def named_files(folder: Path, name: re.Pattern[str]) -> list[tuple[Path, re.Match[str]]]:
    """Return the files of a folder whose whole name matches, each with its match.

    Raises:
        BackupMissing: the folder is missing.
    """
    try:
        found = [(path, name.fullmatch(path.name)) for path in folder.iterdir()]
    except OSError as error:
        raise medium_error(error, folder) from error
    return [(path, match) for path, match in found if match]


def closed(folder: Path) -> BackupMissing:
    """Return the error of a folder whose files belong to another user."""
    user = user_name(os.geteuid())
    return BackupMissing(
        f"Máy không được mở hoặc không được ghi vào {folder}: thư mục hay tệp ở đó thuộc về người dùng khác. Chạy bằng "
        f"root: chown -R {user}: {folder} (ổ FAT, exFAT: gắn lại với uid={user},umask=077)",
        f"{folder} or its files belong to another user, so the kiosk may not open or write them. Run as root: "
        f"chown -R {user}: {folder} (FAT, exFAT: mount it with uid={user},umask=077)",
    )
