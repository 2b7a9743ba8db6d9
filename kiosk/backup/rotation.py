"""The rotation: a kiosk's numbered copies in one folder, of which the newest and the last of days and weeks are kept.

They are ordered by number and never by time, because a kiosk's clock jumps. The number is that of the sealed head: a
renamed file is no copy. A copy appears under its name when it is whole and durable, and only then are old ones deleted
(on a full medium, before), never one of another store. The folder is never created: a missing USB stick must not become
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

from kiosk.backup import sealed_file
from kiosk.backup.medium_errors import named_files
from kiosk.base import clock
from kiosk.base.errors import SealBroken
from kiosk.config.sections import BackupSettings
from kiosk.records.audit import AuditHead
from kiosk.store import files

_NAME = re.compile(r"([A-Z]{2}[0-9]{2,4})-([0-9]{6,9})\.copy", re.ASCII)


@dataclass(frozen=True)
class BackupCopy:
    """A copy in the folder, as its head describes it; the head is proved when the copy is opened.

    Attributes:
        number: the number that was sealed, which is also that of the file name.
        bytes: the size of its file.
        store_id: the id of its store, empty in copies of releases before store ids.
        audit_head: the head of the audit trail when it was made, None in copies of releases before.
        generation: its own, of a copy of each minute; else the last one that was made before this copy was begun.
        changes: of a copy of each minute, the files that follow the first one, which is its `path`.
    """

    path: Path
    number: int
    made_at: datetime
    bytes: int
    store_id: str
    audit_head: AuditHead | None = None
    generation: int = 0
    changes: tuple[Path, ...] = ()

    @property
    def is_of_minute(self) -> bool:
        """Whether it is a copy of each minute, which has no number of its own."""
        return self.path.suffix != ".copy"

    @property
    def order(self) -> tuple[int, int]:
        """The newest copy has the highest; never the time, because a kiosk's clock jumps."""
        return self.generation, 0 if self.is_of_minute else self.number


def list_copies(folder: Path, kiosk_id: str) -> list[BackupCopy]:
    """Return a kiosk's copies with a readable head that has the number of the file name, newest first.

    Raises:
        BackupMissing: the folder is missing.
    """
    copies = [copy for path in _paths(folder, kiosk_id) if (copy := _copy(path)) is not None]
    return sorted(copies, key=lambda copy: -copy.number)


def list_renamed(folder: Path, kiosk_id: str) -> list[Path]:
    """Return the files whose head has another number or kiosk than their name.

    Raises:
        BackupMissing: the folder is missing.
    """
    heads = [(path, _head(path)) for path in _paths(folder, kiosk_id)]
    return [path for path, head in heads if head is not None and not _is_named_by(path, head)]


def count_files(folder: Path, kiosk_id: str) -> int:
    """Return how many files are named like copies of a kiosk, readable or not.

    Raises:
        BackupMissing: the folder is missing.
    """
    return len(_paths(folder, kiosk_id))


def add(folder: Path, kiosk_id: str, highest: int, write: Callable[[BinaryIO, int], object]) -> Path:
    """Add the next copy and return its path.

    Args:
        highest: the highest number that was given before, by the ledger.
        write: writes the copy to a file, given its number.

    Raises:
        BackupMissing: the folder is missing.
    """
    number = max((_number(path) for path in _paths(folder, kiosk_id)), default=0)
    number = max(number, highest) + 1
    target = folder / f"{kiosk_id}-{number:06d}.copy"
    with files.open_atomic(target) as file:
        write(file, number)
    return target


def delete_old(copies: list[BackupCopy], settings: BackupSettings) -> None:
    """Delete the copies of one store, newest first, that are no longer kept."""
    kept = numbers_to_keep(copies, settings)
    for copy in copies:
        if copy.number not in kept:
            copy.path.unlink(missing_ok=True)


def numbers_to_keep(copies: list[BackupCopy], settings: BackupSettings) -> set[int]:
    """Return the numbers of the newest copies, and of the last one of each of the newest days and weeks.

    Days and weeks are labels in the order of the numbers: after a clock that was wrong, nothing counts as too old.
    """
    kept = {copy.number for copy in copies[: settings.copies]}
    for count, label in ((settings.days, _day), (settings.weeks, _week)):
        last_of_label: dict[str, int] = {}
        for copy in copies:
            last_of_label.setdefault(label(copy), copy.number)
        kept.update(list(last_of_label.values())[:count])
    return kept


def _day(copy: BackupCopy) -> str:
    return clock.local(copy.made_at).date().isoformat()


def _week(copy: BackupCopy) -> str:
    return f"{clock.local(copy.made_at):%G-%V}"


def delete_incomplete(folder: Path, kiosk_id: str) -> None:
    """Delete files that a power cut left incomplete."""
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
    if not isinstance(head, dict):
        raise SealBroken
    return head


def list_kiosks(folder: Path) -> set[str]:
    """Return the ids of the kiosks whose copies are in a folder.

    Raises:
        BackupMissing: the folder is missing.
    """
    return {match[1] for _path, match in named_files(folder, _NAME)}


def _paths(folder: Path, kiosk_id: str) -> list[Path]:
    return [path for path, match in named_files(folder, _NAME) if match[1] == kiosk_id]


def _number(path: Path) -> int:
    return int(path.stem.rpartition("-")[2])


def _head(path: Path) -> dict[str, Any] | None:
    with suppress(SealBroken, OSError):
        return read_head(path)
    return None


def _is_named_by(path: Path, head: dict[str, Any]) -> bool:
    return path.stem.rpartition("-")[0] == head.get("kiosk") and _number(path) == head.get("number")


def _copy(path: Path) -> BackupCopy | None:
    head = _head(path)
    if head is None or not _is_named_by(path, head):
        return None
    with suppress(OSError, KeyError, TypeError, ValueError):
        return BackupCopy(
            path=path,
            number=int(head["number"]),
            made_at=clock.parse_timestamp(head["made_at"]),
            bytes=path.stat().st_size,
            store_id=str(head.get("store", "")),
            audit_head=AuditHead(int(head["trail"][0]), str(head["trail"][1])) if "trail" in head else None,
            generation=int(head.get("generation", 0)),
        )
    return None
