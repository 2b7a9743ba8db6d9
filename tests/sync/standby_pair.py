"""Two PostgreSQL servers for the tests: a primary, and a standby that is a copy of it and follows."""

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from tests.faults.processes import wait_until
from tests.sync.postgres import ACCOUNT, Postgres

STANDBY = "second"


class StandbyPair:
    """A primary with the database `gateway`, and its standby `second`; commits wait for it after `follow`."""

    def __init__(self) -> None:
        self.first = Postgres()
        self.folder = Path(tempfile.mkdtemp(prefix="gateway-pg2-", dir="/tmp"))
        self.data = self.folder / "main"
        if os.geteuid() == 0:
            shutil.chown(self.folder, ACCOUNT)
        self.first.run("create database gateway")
        source = f"host={self.first.socket_folder} user=postgres application_name={STANDBY}"
        self._execute("pg_basebackup", "--pgdata", str(self.data), "--write-recovery-conf", "--checkpoint", "fast",
                      "--dbname", source)  # fmt: skip
        self.start_standby()

    def _execute(self, program: str, *words: str) -> None:
        account = ["runuser", "-u", ACCOUNT, "--"] if os.geteuid() == 0 else []
        command = [*account, str(self.first.programs / program), *words]
        with (self.folder / "log").open("a+") as log:
            done = subprocess.run(command, cwd="/", stdout=log, stderr=log, check=False)
            log.seek(0)
            assert done.returncode == 0, log.read()

    @property
    def url(self) -> str:
        """Return the address of both servers."""
        hosts = f"host={self.first.socket_folder}&host={self.folder}"
        return f"postgresql://postgres@/gateway?{hosts}&target_session_attrs=read-write"

    @property
    def first_url(self) -> str:
        """Return the address of the first server alone."""
        return f"postgresql://postgres@/gateway?host={self.first.socket_folder}"

    @property
    def second_url(self) -> str:
        """Return the address of the second server alone."""
        return f"postgresql://postgres@/gateway?host={self.folder}"

    def rows_of_first(self, statement: str) -> list[tuple[Any, ...]]:
        return self.first.run(statement, url=self.first_url)

    def rows_of_second(self, statement: str) -> list[tuple[Any, ...]]:
        """Return rows of the standby after it has replayed what it has received."""
        self.wait_for_replay()
        return self.first.run(statement, url=self.second_url)

    def wait_for_replay(self) -> None:
        url = self.second_url.replace("/gateway?", "/postgres?")
        replayed = "select not pg_is_in_recovery() or pg_last_wal_receive_lsn() <= pg_last_wal_replay_lsn()"
        wait_until(lambda: self.first.run(replayed, url=url) == [(True,)], 60, "the standby has replayed all")

    def follow(self, names: str = STANDBY) -> None:
        """Let commits wait for the standby; "": for none."""
        self.first.run(f"alter system set synchronous_standby_names = '{names}'", "select pg_reload_conf()")
        if names:
            state = "select sync_state from pg_stat_replication where state = 'streaming'"
            wait_until(lambda: self.first.run(state) == [("sync",)], 60, "commits wait for the standby")

    def start_standby(self) -> None:
        options = f"-k {self.folder} -h ''"
        self._execute("pg_ctl", "start", "--wait", "--pgdata", str(self.data), "--options", options)

    def stop_standby(self) -> None:
        self._execute("pg_ctl", "stop", "--pgdata", str(self.data), "--mode", "immediate")
        gone = "select count(*) from pg_stat_replication"
        wait_until(lambda: self.first.run(gone) == [(0,)], 60, "the standby is gone")

    def freeze_standby(self) -> None:
        """Stop all processes of the standby where they are: it stays connected and confirms nothing."""
        _freeze(self.data)

    def thaw_standby(self) -> None:
        _thaw(self.data)

    def freeze_primary(self) -> None:
        """Stop all processes of the primary where they are: it takes connections and answers nothing."""
        _freeze(self.first.data_folder)

    def thaw_primary(self) -> None:
        _thaw(self.first.data_folder)

    def waiting_commits(self) -> list[int]:
        """Return the server processes whose commit waits for the standby."""
        rows = self.first.run("select pid from pg_stat_activity where wait_event = 'SyncRep'")
        return [pid for (pid,) in rows]

    def cancel_waiting_commit(self) -> None:
        """Cancel a commit that waits for the standby, as an administrator may."""
        wait_until(lambda: bool(self.waiting_commits()), 60, "a commit waits for the standby")
        self.first.run(f"select pg_cancel_backend({self.waiting_commits()[0]})")

    def promote(self) -> None:
        """Let the standby take writes, alone."""
        self.rows_of_second("alter system reset synchronous_standby_names")
        self.rows_of_second("select pg_promote()")

    def close(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self.thaw_standby()
            self._execute("pg_ctl", "stop", "--pgdata", str(self.data), "--mode", "immediate")
        self.first.close()
        shutil.rmtree(self.folder)


def _freeze(data: Path) -> None:
    for process in _processes(data):
        with suppress(psutil.NoSuchProcess):
            process.suspend()


def _thaw(data: Path) -> None:
    for process in _processes(data):
        with suppress(psutil.NoSuchProcess):
            process.resume()


def _processes(data: Path) -> list[psutil.Process]:
    postmaster = psutil.Process(int((data / "postmaster.pid").read_text().split()[0]))
    return [postmaster, *postmaster.children(recursive=True)]


class Request:
    """A request in a thread of its own: it may wait for long."""

    def __init__(self, send: Callable[[], Any]) -> None:
        self._answers: list[Any] = []
        self._thread = threading.Thread(target=lambda: self._answers.append(send()), daemon=True)
        self._thread.start()

    def wait(self) -> Any:
        """Return the answer."""
        self._thread.join(60)
        (answer,) = self._answers
        return answer
