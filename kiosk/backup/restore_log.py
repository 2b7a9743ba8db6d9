"""The restore log: how often this kiosk was restored, which a restored store cannot know.

It is a file with a line for each restore, beside the store and beside the copies; either is enough.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from kiosk.config import Config
from kiosk.store import files

_NAME = "restores"


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
