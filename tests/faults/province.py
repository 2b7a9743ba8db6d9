"""A PostgreSQL that dies in mid-air, with all its processes, and is started again on the same data."""

import psutil

from tests.sync.postgres import Postgres


class Mortal(Postgres):
    """The server of tests/sync/postgres.py, synced as in a province."""

    def __init__(self) -> None:
        super().__init__()
        self.run("alter system reset fsync", "select pg_reload_conf()")

    def kill(self) -> None:
        """Kill the postmaster and every one of its processes (SIGKILL)."""
        postmaster = psutil.Process(self._server.get_pid())
        all_of_it = [postmaster, *postmaster.children(recursive=True)]
        for process in all_of_it:
            process.kill()
        psutil.wait_procs(all_of_it, timeout=20)

    def start(self) -> None:
        """Start it again; it reads its log and goes on."""
        self._server.ensure_postgres_running()
