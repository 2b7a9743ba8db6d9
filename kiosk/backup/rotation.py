"""The ring: a kiosk's copies in one folder, each with a number; the newest few stay.

They are ordered by number and never by time, because a kiosk's clock jumps. A copy appears under its name when it is
whole and synced, and only then is the oldest taken away. The folder is never made: a stick that is not there must not
become a folder on the disk that it should save.
"""

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from kiosk import clock
from kiosk.backup import sealed_file
from kiosk.errors import BackupAway, SealBroken
from kiosk.store import files

_NAME = re.compile(r"([A-Z]{2}[0-9]{2,4})-([0-9]{6})\.copy", re.ASCII)


@dataclass(frozen=True)
class Copy:
    """A copy that lies in the ring; ``made_at`` is what the clock said, ``bytes`` the size of its file."""

    path: Path
    number: int
    made_at: datetime
    bytes: int


def listed(folder: Path, kiosk_id: str) -> list[Copy]:
    """List the copies of a kiosk, the newest first; one whose head cannot be read is left out. BackupAway."""
    found = [copy for path in _paths(folder, kiosk_id) if (copy := _copy(path)) is not None]
    return sorted(found, key=lambda copy: -copy.number)


def add(folder: Path, kiosk_id: str, write: Callable[[BinaryIO, int], None]) -> Path:
    """Let ``write`` fill the next copy, given its number, and put it into the ring when it is whole. BackupAway."""
    paths = _paths(folder, kiosk_id)
    number = max((_number(path) for path in paths), default=0) + 1
    target = folder / f"{kiosk_id}-{number:06d}.copy"
    draft = folder / f".{target.name}.part"
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            write(file, number)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
        files.sync_folder(folder)
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return target


def keep(folder: Path, kiosk_id: str, copies: int) -> None:
    """Take away all but the newest copies, and what a power cut left half written."""
    for path in sorted(_paths(folder, kiosk_id), key=_number)[:-copies]:
        path.unlink(missing_ok=True)
    for path in folder.glob(f".{kiosk_id}-*.copy.part"):
        path.unlink(missing_ok=True)


def read_head(path: Path) -> dict[str, Any]:
    """Read what a copy says of itself; SealBroken when it is none."""
    with path.open("rb") as file:
        try:
            told: dict[str, Any] = json.loads(sealed_file.read_head(file))
        except ValueError as error:
            raise SealBroken from error
    return told


def _paths(folder: Path, kiosk_id: str) -> list[Path]:
    try:
        named = [(path, _NAME.fullmatch(path.name)) for path in folder.iterdir()]
    except OSError as error:
        raise BackupAway from error
    return [path for path, match in named if match and match[1] == kiosk_id]


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def _copy(path: Path) -> Copy | None:
    with suppress(SealBroken, OSError, KeyError, ValueError):
        return Copy(path, _number(path), clock.read(read_head(path)["made_at"]), path.stat().st_size)
    return None
