"""A PostgreSQL that dies in mid-air, with all its processes, and is started again on the same data."""

import subprocess
from contextlib import suppress

import psutil
import psycopg

from tests.faults.processes import until
from tests.sync.postgres import Postgres


class Mortal(Postgres):
    """The server of tests/sync/postgres.py, synced as in a province."""

    def __init__(self) -> None:
        super().__init__()
        self.run("alter system reset fsync", "select pg_reload_conf()")

    def kill(self) -> None:
        """Kill the postmaster and every one of its processes (SIGKILL)."""
        pid = (self._server.pgdata / "postmaster.pid").read_text().split()[0]
        postmaster = psutil.Process(int(pid))
        all_of_it = [postmaster, *postmaster.children(recursive=True)]
        for process in all_of_it:
            process.kill()
        psutil.wait_procs(all_of_it, timeout=20)

    def start(self) -> None:
        """Start it again; it reads its log and goes on, which takes longer than pg_ctl is given on a busy machine."""
        with suppress(subprocess.SubprocessError):
            self._server.ensure_postgres_running()
        until(self._answers, what="PostgreSQL answers again")

    def _answers(self) -> bool:
        try:
            return self.run("select 1") == [(1,)]
        except psycopg.OperationalError:
            return False
