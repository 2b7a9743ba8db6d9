"""The restore log: how often this kiosk was restored, which a restored store cannot know.

It is a file with a line for each restore, beside the store and beside the copies; either is enough. A machine whose own
file has fewer restores of its store than one beside the copies was replaced: another machine goes on with its store.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from kiosk.base.errors import MachineReplaced
from kiosk.config import Config
from kiosk.records import marks
from kiosk.store import files

_NAME = "restores"
MARK = "restores"
"""Mark: how often this store was restored, as a number."""


def read_restores(config: Config) -> list[dict[str, Any]]:
    """Return all restores of this kiosk, oldest first, from the longer of the two files."""
    return max((_read(path) for path in _paths(config)), key=len)


def count_restores(db: Database) -> int:
    """Return how often a store was restored from a copy; the gateway refuses a machine with fewer than another one."""
    return int(marks.get(db, MARK) or 0)


def append(config: Config, entry: dict[str, Any]) -> None:
    """Log durably that a restore begins, beside the store and, if possible, beside the copies."""
    lines = [json.dumps(restore) for restore in (*read_restores(config), entry)]
    content = "".join(f"{line}\n" for line in lines).encode("ascii")
    beside_store, *beside_copies = _paths(config)
    files.write_atomic(beside_store, content)
    for path in beside_copies:
        with suppress(OSError):
            files.write_atomic(path, content)


def refuse_if_replaced(config: Config, store_id: str) -> None:
    """Refuse to copy a store with which another machine goes on: its copies would push out those of that machine.

    Raises:
        MachineReplaced: a log beside the copies has a restore of this store that this machine did not make.
    """
    beside_store, *beside_copies = _paths(config)
    own = _count(beside_store, store_id)
    if any(_count(path, store_id) > own for path in beside_copies):
        raise MachineReplaced


def _count(path: Path, store_id: str) -> int:
    return sum(entry.get("store") == store_id for entry in _read(path))


def _paths(config: Config) -> list[Path]:
    paths = [config.folder / _NAME]
    folders = [folder for folder in (config.backup_folder, config.second_folder) if folder]
    return [*paths, *(folder / f"{config.kiosk.id}-{_NAME}" for folder in folders)]


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]
    except (OSError, ValueError):
        return []
