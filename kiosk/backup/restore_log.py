"""The restore log: how often this kiosk was restored, which a restored store cannot know.

It is a file with a line for each restore, beside the store and beside the copies; either is enough. The last receipt
numbers are read from the replaced store itself, in which a table is often still readable.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kiosk.config import Config
from kiosk.errors import StoreUnavailable
from kiosk.store import files
from kiosk.store.db import is_sound
from kiosk.store.vault import read_store_id

_NAME = "restores"


@dataclass(frozen=True)
class ReceiptGap:
    """A day's receipt numbers issued after the copy: greater than `after`, up to `known` (None: unknown)."""

    day: date
    after: int
    known: int | None

    @property
    def words(self) -> str:
        """The day and the numbers, in Vietnamese."""
        if self.known is None:
            return f"ngày {self.day:%d/%m}, sau số {self.after:04d}, chưa rõ đến số nào"
        return f"ngày {self.day:%d/%m}, từ {self.after + 1:04d} đến {self.known:04d}"


def read_restores(config: Config) -> list[dict[str, Any]]:
    """Return all restores of this kiosk, oldest first, from the longer of the two files."""
    return max((_read(path) for path in _paths(config)), key=len)


def append(config: Config, entry: dict[str, Any]) -> None:
    """Log durably that a restore begins, beside the store and, if possible, beside the copies."""
    lines = [json.dumps(restore) for restore in (*read_restores(config), entry)]
    content = "".join(f"{line}\n" for line in lines).encode("ascii")
    beside_store, *beside_copies = _paths(config)
    files.write_atomic(beside_store, content)
    for path in beside_copies:
        with suppress(OSError):
            files.write_atomic(path, content)


def known_receipts(store: Path, *, store_id: str, in_copy: Mapping[date, int]) -> dict[date, int | None]:
    """Return the last receipt number of each day in the store that a copy replaces; None where it cannot be known.

    A store proves that no number is missing only if it is undamaged, has the copy's id, and is behind the copy on no
    day: an empty store knows nothing of the numbers of the lost one.

    Args:
        in_copy: the last receipt number of each day in the copy.
    """
    last = _last_receipts(store, store_id, list(in_copy))
    if any(last.get(day, number) < number for day, number in in_copy.items()):
        return dict.fromkeys(in_copy)
    if _is_undamaged(store):
        return {day: last.get(day) for day in in_copy}
    return {day: last[day] if last.get(day, 0) > number else None for day, number in in_copy.items()}


def _last_receipts(store: Path, store_id: str, days: Sequence[date]) -> dict[date, int]:
    """Return the last receipt number of each day from a store that may be damaged; unreadable days are left out."""
    last: dict[date, int] = {}
    if not store.exists():
        return last
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as db:
        if read_store_id(Database(db, execute_plugins=False)) != store_id:
            return last
        for day in days:
            row = db.execute("select last from receipts where day = ?", [day.isoformat()]).fetchone()
            last[day] = int(row[0]) if row else 0
    return last


def _is_undamaged(store: Path) -> bool:
    with suppress(StoreUnavailable):
        return store.exists() and is_sound(store)
    return False


def _paths(config: Config) -> list[Path]:
    paths = [config.folder / _NAME]
    if config.backup_folder:
        paths.append(config.backup_folder / f"{config.kiosk.id}-{_NAME}")
    return paths


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]
    except (OSError, ValueError):
        return []
