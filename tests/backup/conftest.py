"""Fixtures of a kiosk with a second disk, and helpers to read and damage its store."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.base import codes
from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.config.sections import BackupSettings
from kiosk.context import Context
from kiosk.records.scans import Scan
from kiosk.startup.context_factory import create_store, open_context
from tests.conftest import copy_store


@pytest.fixture
def backup_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "second-disk"
    folder.mkdir()
    return folder


@pytest.fixture
def config_with_backup(practice: Config, backup_folder: Path, empty_store_file: Path) -> Config:
    """Return the config of a kiosk with copies on the second disk."""
    copy_store(empty_store_file, practice.store_path)
    return replace(practice, backup=BackupSettings(path=str(backup_folder)))


@pytest.fixture
def context(config_with_backup: Config, clock: FixedClock) -> Iterator[Context]:
    context = open_context(config_with_backup, clock)
    yield context
    context.store.close()


def new_kiosk(config: Config, folder: str, clock: FixedClock) -> Context:
    """Open another machine of the same name, with a new store and key; it uses the same second disk."""
    config = replace(config, root=config.root / folder)
    create_store(config)
    return open_context(config, clock)


def rows(path: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def overwrite_pages(path: Path, at: float = 0.5) -> None:
    """Overwrite some pages in the middle of a file, like a failing disk."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(int(size * at) // 4096 * 4096)
        file.write(b"\xa5" * 4096 * 4)


def overwrite_rows(path: Path, table: str) -> None:
    """Overwrite the first page of a table's rows; the pages of the schema, which a start reads, stay as they are."""
    ((page,),) = rows(path, f"select rootpage from sqlite_master where name = '{table}'")
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)


def scan_row(context: Context, name: str) -> Scan:
    """Return the row of a scan whose sealed file has this name."""
    return Scan(
        id=codes.new_id(),
        receipt_no="PK03-261124-0001-A",
        paper="giay",
        name=name,
        key=b"k",
        sha256="b" * 64,
        media="image/jpeg",
        pages=1,
        bytes=6,
        actor="CB01",
        at=context.clock.now(),
    )
