"""Disks that may take the copies: mounted, writable, and another one than the store's."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
TYPES = frozenset({"ext4", "ext3", "xfs", "btrfs", "vfat", "exfat", "ntfs3", "fuseblk", "nfs", "nfs4", "cifs"})
"""File systems of disks, sticks and shares; all others are the system's own."""
SYSTEM = ("/", "/boot", "/boot/efi", "/usr", "/var", "/home", "/opt", "/etc", "/tmp", "/nix")  # noqa: S108  # nosec B108 # names, nothing is written there
FOLDER = "ward-kiosk"
"""The folder for copies that a page makes on a disk."""
_ESCAPE = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True)
class BackupMedium:
    """A disk that may take the copies: where it is mounted, its file system, and its free bytes."""

    path: Path
    kind: str
    free: int

    @property
    def folder(self) -> Path:
        """The folder for the copies."""
        return self.path / FOLDER

    @property
    def free_words(self) -> str:
        """The free space in words."""
        return size_in_words(self.free)


def size_in_words(count: int) -> str:
    """Return a number of bytes in whole gigabytes; in megabytes below one."""
    return f"{count // 1_000_000_000} GB" if count >= 1_000_000_000 else f"{count // 1_000_000} MB"


def find_media(store_folder: Path, lines: Sequence[str] | None = None) -> list[BackupMedium]:
    """Return the disks that may take the copies, the emptiest first.

    Args:
        lines: the lines of mountinfo; by default those of this process.
    """
    if lines is None:
        lines = MOUNTS.read_text("utf-8").splitlines()
    own = store_folder.stat().st_dev
    media = {medium.path: medium for line in lines if (medium := _medium(line, own)) is not None}
    return sorted(media.values(), key=lambda medium: -medium.free)


def _medium(line: str, own_device: int) -> BackupMedium | None:
    """Return the disk of a line of mountinfo; None for the store's own, the system's, and a read-only one."""
    before, _separator, after = line.partition(" - ")
    fields = before.split()
    kind = after.split()[0] if after else ""
    if len(fields) < 6 or kind not in TYPES or "ro" in fields[5].split(","):
        return None
    path = Path(_ESCAPE.sub(lambda found: chr(int(found[1], 8)), fields[4]))
    if str(path) in SYSTEM or str(path).startswith("/boot/"):
        return None
    try:
        if not path.is_dir() or path.stat().st_dev == own_device:
            return None
        space = os.statvfs(path)
    except OSError:
        return None
    return BackupMedium(path=path, kind=kind, free=space.f_bavail * space.f_frsize)
