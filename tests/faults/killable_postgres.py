"""PostgreSQL that a test kills with all its processes and starts again on the same data."""

import subprocess
from contextlib import suppress

import psutil
import psycopg

from tests.faults.processes import wait_until
from tests.sync.postgres import Postgres


class KillablePostgres(Postgres):
    """The server of tests/sync/postgres.py with fsync on, as in a province."""

    def __init__(self) -> None:
        super().__init__()
        self.run("alter system reset fsync", "select pg_reload_conf()")

    def kill(self) -> None:
        """Kill the postmaster and all its processes (SIGKILL)."""
        pid = (self._server.pgdata / "postmaster.pid").read_text().split()[0]
        postmaster = psutil.Process(int(pid))
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, timeout=60)

    def start(self) -> None:
        """Start the server; its recovery may take longer than the timeout of pg_ctl on a busy machine."""
        with suppress(subprocess.SubprocessError):
            self._server.ensure_postgres_running()
        wait_until(self._answers, what="PostgreSQL answers again")

    def _answers(self) -> bool:
        try:
            return self.run("select 1") == [(1,)]
        except psycopg.OperationalError:
            return False
