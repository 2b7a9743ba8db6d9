"""A kiosk with a second disk: its room, its settings, and what it may be asked after a restore."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.app import open_context
from kiosk.clock import FixedClock
from kiosk.config import Config
from kiosk.config.sections import Backup
from kiosk.context import Context
from tests.conftest import lay


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    folder = tmp_path / "second-disk"
    folder.mkdir()
    return folder


@pytest.fixture
def saved(practice: Config, medium: Path, grown: Path) -> Config:
    """The settings of a kiosk whose copies go to the second disk."""
    lay(grown, practice.store_path)
    return replace(practice, backup=Backup(str(medium)))


@pytest.fixture
def context(saved: Config, clock: FixedClock) -> Iterator[Context]:
    context = open_context(saved, clock)
    yield context
    context.store.close()


def rows(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def spoil(path: Path, at: float = 0.5) -> None:
    """Overwrite some pages in the middle of a file, as a disk that dies does."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(int(size * at) // 4096 * 4096)
        file.write(b"\xa5" * 4096 * 4)
