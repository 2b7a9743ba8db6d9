"""The store opened for reading alone, for commands that open no context."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlite_utils import Database

from kiosk.config import Config


@contextmanager
def read_only(config: Config) -> Iterator[Database | None]:
    """Open the store for reading; None where there is none. It may be one of an earlier release."""
    if not config.store_path.exists():
        yield None
        return
    with closing(sqlite3.connect(f"{config.store_path.resolve().as_uri()}?mode=ro", uri=True)) as conn:
        yield Database(conn, execute_plugins=False)
