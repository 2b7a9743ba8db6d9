"""The copy of the store from before a switch, and its return when the release before cannot read the grown store.

The copy goes back only while nothing was filed since: an update must never cost a form. Otherwise the store stays as it
is, and the machine says so (K-18) until a technician has come.
"""

import logging
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlite_utils import Database

from kiosk.base.errors import StoreNewer
from kiosk.store import files
from kiosk.store.db import Store, marker_path
from kiosk.store.schema import refuse_newer
from kiosk.updates.errors import NoRoom

log = logging.getLogger(__name__)

_FILED = """select (select count(*) from submissions), (select coalesce(max(touched_at), '') from submissions),
            (select count(*) from tickets), (select coalesce(max(seq), 0) from audit)"""
"""Figures that change with each form, ticket and act."""


def copy_path(folder: Path) -> Path:
    """Return where the copy of before the switch lies."""
    return folder / "store-before.db"


def take(store_path: Path, path: Path) -> None:
    """Copy the store, durably.

    Raises:
        NoRoom: the disk has too little room.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(path.parent).free < store_path.stat().st_size + files.MIN_FREE_BYTES:
        raise NoRoom
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with Store(store_path) as store:
        store.copy_to(new)
    _sync(new)
    new.replace(path)
    files.sync_folder(path.parent)


def put_back(store: Path, copy: Path) -> bool:
    """Put the copy in the place of a store that a later release has grown; return whether it was done.

    The caller holds the exclusive lock of the store. The grown store stays beside the copy, as `store-after.db`.
    """
    if not copy.exists() or not store.exists() or not _is_newer(store):
        return False
    _end_log(store)
    if _filed(store) != _filed(copy):
        log.error("store not put back", extra={"reason": "filed"})
        return False
    after = copy.with_name("store-after.db")
    after.unlink(missing_ok=True)
    shutil.copyfile(store, after)
    after.chmod(0o600)
    new = store.with_name(f".{store.name}.back")
    shutil.copyfile(copy, new)
    new.chmod(0o600)
    _sync(after)
    _sync(new)
    new.replace(store)
    marker_path(store).unlink(missing_ok=True)
    files.sync_folder(store.parent)
    log.warning("store put back")
    return True


def _is_newer(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        try:
            refuse_newer(Database(connection, execute_plugins=False))
        except StoreNewer:
            return True
    return False


def _end_log(path: Path) -> None:
    """Write the log into the file and end it: a log that stays would be applied to the copy."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)").fetchone()
        connection.execute("pragma journal_mode = delete").fetchone()


def _filed(path: Path) -> tuple[object, ...]:
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(path)) as connection:
        return tuple(connection.execute(_FILED).fetchone())
    return ()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
