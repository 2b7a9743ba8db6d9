"""The rotation: a kiosk's numbered copies in one folder, of which the newest few are kept.

They are ordered by number and never by time, because a kiosk's clock jumps. A copy appears under its name when it is
whole and durable, and only then is the oldest deleted. The folder is never created: a missing USB stick must not become
a folder on the disk that it should back up.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from kiosk import clock
from kiosk.backup import sealed_file
from kiosk.errors import BackupMissing, SealBroken
from kiosk.store import files

_NAME = re.compile(r"([A-Z]{2}[0-9]{2,4})-([0-9]{6})\.copy", re.ASCII)


@dataclass(frozen=True)
class BackupCopy:
    """A copy in the folder; `bytes` is the size of its file."""

    path: Path
    number: int
    made_at: datetime
    bytes: int


def list_copies(folder: Path, kiosk_id: str) -> list[BackupCopy]:
    """Return a kiosk's copies with a readable head, newest first.

    Raises:
        BackupMissing: the folder is missing.
    """
    copies = [copy for path in _paths(folder, kiosk_id) if (copy := _copy(path)) is not None]
    return sorted(copies, key=lambda copy: -copy.number)


def add(folder: Path, kiosk_id: str, write: Callable[[BinaryIO, int], None]) -> Path:
    """Add the next copy and return its path.

    Args:
        write: writes the copy to a file, given its number.

    Raises:
        BackupMissing: the folder is missing.
    """
    paths = _paths(folder, kiosk_id)
    number = max((_number(path) for path in paths), default=0) + 1
    target = folder / f"{kiosk_id}-{number:06d}.copy"
    with files.open_atomic(target) as file:
        write(file, number)
    return target


def delete_old(folder: Path, kiosk_id: str, copies: int) -> None:
    """Delete all but the newest copies, and files that a power cut left incomplete."""
    for path in sorted(_paths(folder, kiosk_id), key=_number)[:-copies]:
        path.unlink(missing_ok=True)
    for path in folder.glob(f".{kiosk_id}-*.copy.*"):
        path.unlink(missing_ok=True)


def read_head(path: Path) -> dict[str, Any]:
    """Return the unsealed head of a copy.

    Raises:
        SealBroken: it is no copy.
    """
    with path.open("rb") as file:
        try:
            head: dict[str, Any] = json.loads(sealed_file.read_head(file))
        except ValueError as error:
            raise SealBroken from error
    return head


def _paths(folder: Path, kiosk_id: str) -> list[Path]:
    try:
        named = [(path, _NAME.fullmatch(path.name)) for path in folder.iterdir()]
    except OSError as error:
        raise BackupMissing from error
    return [path for path, match in named if match and match[1] == kiosk_id]


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def _copy(path: Path) -> BackupCopy | None:
    with suppress(SealBroken, OSError, KeyError, ValueError):
        made_at = clock.parse_timestamp(read_head(path)["made_at"])
        return BackupCopy(path=path, number=_number(path), made_at=made_at, bytes=path.stat().st_size)
    return None
