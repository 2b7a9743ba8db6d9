"""The standby database of docs/gateway.md, on two real servers: the first is killed, the second takes its place."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.processes import wait_until
from tests.sync.guide import commands
from tests.sync.postgres import ACCOUNT, Postgres
from tests.sync.practice_gateway import PracticeGateway

pytestmark = [pytest.mark.timeout(300), pytest.mark.machine_date]

FIRST_STEPS = 1
COPYING = 4
FOLLOWING = 3
"""Commands on the first machine, then on the second; then three on the first, and two on the second."""


class TwoServers:
    """The machines of the guide: `first` takes writes, `second` is a folder until the guide copies it."""

    def __init__(self) -> None:
        self.first = Postgres()
        self.folder = Path(tempfile.mkdtemp(prefix="gateway-pg2-", dir="/tmp"))
        self.data = self.folder / "main"
        if os.geteuid() == 0:
            shutil.chown(self.folder, ACCOUNT)
        self._is_started = False

    def run(self, command: str, host: str) -> str:
        """Run a command of the guide on the machine whose server has its socket in `host`; return what it prints."""
        if command.startswith(("systemctl stop", "rm ")):
            return ""  # the second machine has no server yet
        if command == "systemctl start postgresql":
            options = f"-k {self.folder} -h ''"
            self._is_started = True
            return self._execute("pg_ctl", "start", "--wait", "--pgdata", str(self.data), "--options", options)
        words = shlex.split(command.partition(" -- ")[2])
        places = {
            "/var/lib/postgresql/17/main": str(self.data),
            "db1.example": self.first.socket_folder,
            " sslmode=verify-full": "",  # a socket has no certificate
        }
        for before, after in places.items():
            words = [word.replace(before, after) for word in words]
        return self._execute(*words, host=host)

    def _execute(self, program: str, *words: str, host: str = "") -> str:
        account = ["runuser", "-u", ACCOUNT, "--"] if os.geteuid() == 0 else []
        env = {"PGUSER": "postgres", "PGHOST": host, "LANG": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        command = [*account, str(self.first.programs / program), *words]
        with (self.folder / "log").open("a+") as log:
            done = subprocess.run(command, env=env, cwd="/", stdout=log, stderr=log, check=False)
            log.seek(0)
            assert done.returncode == 0, log.read()
        return (self.folder / "log").read_text("utf-8")

    @property
    def url(self) -> str:
        """Return the address of both, as the guide writes it."""
        hosts = f"host={self.first.socket_folder}&host={self.folder}"
        return f"postgresql://postgres@/gateway?{hosts}&target_session_attrs=read-write"

    def rows_of_second(self, statement: str) -> list[tuple[object, ...]]:
        return self.first.run(statement, url=f"postgresql://postgres@/gateway?host={self.folder}")

    def close(self) -> None:
        if self._is_started:
            self._execute("pg_ctl", "stop", "--pgdata", str(self.data), "--mode", "immediate")
        self.first.close()
        shutil.rmtree(self.folder)


@pytest.fixture
def servers() -> Iterator[TwoServers]:
    servers = TwoServers()
    yield servers
    servers.close()


def test_what_had_a_receipt_is_on_the_second_machine_and_the_gateway_goes_on_there(
    servers: TwoServers, tmp_path: Path
) -> None:
    guide = commands()["Standby database"]
    servers.first.run("create database gateway", 'create role "kiosk-gateway"')
    first, second = servers.first.socket_folder, str(servers.folder)
    for command in guide[:FIRST_STEPS]:
        servers.run(command, first)
    for command in guide[FIRST_STEPS : FIRST_STEPS + COPYING]:
        servers.run(command, second)
    state = "select state from pg_stat_replication"
    wait_until(lambda: servers.first.run(state) == [("streaming",)], 60, "the second follows")
    follow = guide[FIRST_STEPS + COPYING :][:FOLLOWING]
    promote = guide[FIRST_STEPS + COPYING :][FOLLOWING:]
    for command in follow:
        servers.run(command, first)
    sync = "select sync_state from pg_stat_replication"
    wait_until(lambda: servers.first.run(sync) == [("sync",)], 60, "commits wait for the second")

    practice = PracticeGateway(tmp_path, database=servers.url)
    kiosk = practice.enrolled_kiosk()
    early = [kiosk.submit() for _ in range(3)]
    kiosk.drain()
    epoch = servers.rows_of_second("select epoch from epochs")
    servers.first.kill()
    late = [kiosk.submit() for _ in range(3)]
    assert {row[0] for row in servers.rows_of_second("select submission_id from submissions")} == set(early)
    for command in promote:
        servers.run(command, second)
    kiosk.drain()
    stored = servers.rows_of_second("select submission_id from submissions")
    assert sorted(str(row[0]) for row in stored) == sorted([*early, *late])
    assert servers.rows_of_second("select epoch from epochs") == epoch

    practice.stop()
    servers.rows_of_second("checkpoint")  # comes by itself in some minutes: it names the timeline
    practice.start()
    assert servers.rows_of_second("select epoch from epochs") != epoch
    [(words,)] = servers.rows_of_second("select text from notices")
    assert "máy dự phòng" in str(words)
    practice.close()
