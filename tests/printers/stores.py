"""A store of one file and one connection, enough for the spool."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from printers.schema import migrations


class OneFile:
    """A store for the spool in one file."""

    def __init__(self, path: Path) -> None:
        self.db = Database(sqlite3.connect(path, isolation_level=None))
        self.db.execute("pragma foreign_keys = on")
        migrations.apply(self.db)

    @contextmanager
    def read(self) -> Iterator[Database]:
        yield self.db

    @contextmanager
    def write(self) -> Iterator[Database]:
        self.db.execute("begin immediate")
        try:
            yield self.db
        except BaseException:
            self.db.execute("rollback")
            raise
        self.db.execute("commit")

    def close(self) -> None:
        self.db.close()
