"""Notices that the write-ahead log of the store was deleted after a crash.

SQLite opens a store without its log as if nothing were missing: the newest submissions are gone, and their receipt
numbers would be given again. While a live store is open, a marker file lies beside it. After a proper end neither
marker nor log is left; a marker without a log means that the log was deleted.
"""

import logging
import sqlite3
from contextlib import closing, suppress

from sqlite_utils import Database

from kiosk.backup import restore
from kiosk.base.clock import Clock
from kiosk.base.errors import KioskRunning
from kiosk.config import Config
from kiosk.store.db import exclusive, is_log_lost, marker_path

log = logging.getLogger(__name__)


def notice(config: Config, clock: Clock) -> bool:
    """Continue the day's numbers in a block of their own if the log is lost; return whether it is.

    It is called before the store is opened, which makes a new log.
    """
    store = config.store_path
    if not is_log_lost(store):
        return False
    with suppress(KioskRunning), exclusive(store):
        log.error("log of the store lost")
        # A Store would wait for the exclusive lock of this block.
        with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(store, isolation_level=None)) as connection:
            connection.execute("pragma synchronous = full")
            connection.execute("begin immediate")
            restore.continue_after_lost_log(config, Database(connection, execute_plugins=False), clock)
            connection.execute("commit")
        marker_path(store).unlink(missing_ok=True)
        return True
    return False
