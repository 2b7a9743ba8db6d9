"""What a restored store cannot know: how often it was restored, and which numbers were given after the copy.

The ledger is a file beside the store, a line a restore, and lies beside the ring as well: either is enough. The
numbers are asked of the damaged store itself, of which a table is often still readable.
"""

import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kiosk.config import Config
from kiosk.store import files

_NAME = "restores"


@dataclass(frozen=True)
class Gap:
    """Numbers of a day that were given after the copy: behind ``after``, up to ``known`` (None: nobody knows)."""

    day: date
    after: int
    known: int | None

    @property
    def words(self) -> str:
        """Say which numbers of which day these are."""
        if self.known is None:
            return f"ngày {self.day:%d/%m}, sau số {self.after:04d}, chưa rõ đến số nào"
        return f"ngày {self.day:%d/%m}, từ {self.after + 1:04d} đến {self.known:04d}"


def restores(config: Config) -> list[dict[str, Any]]:
    """List every restore of this kiosk, the oldest first, as the fuller of the two ledgers has it."""
    return max((_read(path) for path in _paths(config)), key=len)


def note(config: Config, told: dict[str, Any]) -> None:
    """Write down that a restore begins, durably, beside the store and, where it can be, beside the ring."""
    lines = [json.dumps(one) for one in (*restores(config), told)]
    beside_store, *beside_ring = _paths(config)
    _write(beside_store, lines)
    for path in beside_ring:
        with suppress(OSError):
            _write(path, lines)


def last_given(store: Path, days: Sequence[date]) -> dict[date, int]:
    """Ask a store that may be damaged for the last number of each day; a day is absent where it cannot say."""
    found: dict[date, int] = {}
    if not store.exists():
        return found
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as db:
        for day in days:
            row = db.execute("select last from receipts where day = ?", [day.isoformat()]).fetchone()
            found[day] = int(row[0]) if row else 0
    return found


def _paths(config: Config) -> list[Path]:
    beside_ring = config.backup_folder / f"{config.kiosk.id}-{_NAME}" if config.backup_folder else None
    return [config.folder / _NAME, *([beside_ring] if beside_ring else [])]


def _write(path: Path, lines: list[str]) -> None:
    draft = path.with_name(f".{path.name}.part")
    with draft.open("w", encoding="ascii") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    files.sync_folder(path.parent)


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]
    except (OSError, ValueError):
        return []
