"""Last numbers of the registers of certification in the store that a copy replaces, as a proposal after a restore.

A damaged store may lack the newest lines, so its numbers are never taken without the word of the lead.
"""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlite_utils import Database

from kiosk.backup.receipt_gaps import connect
from kiosk.records import certified_copies
from kiosk.records.certified_copies import BOOKS
from kiosk.store.vault import read_store_id


def read_last(store: Path, store_id: str, year: int) -> dict[str, int]:
    """Return the last number of each register's year; none from another store, or one that cannot be read."""
    last: dict[str, int] = {}
    if not store.exists():
        return last
    with suppress(sqlite3.Error), closing(connect(store)) as connection:
        db = Database(connection, execute_plugins=False)
        if read_store_id(db) != store_id:
            return last
        for register in BOOKS:
            last[register] = certified_copies.of_year(db, register, year).last
    return last
