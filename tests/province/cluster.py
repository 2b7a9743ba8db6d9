"""The database of a province on one machine: three etcd, and three PostgreSQL under Patroni (deploy/province).

Each "machine" is a Patroni with its server, on a port of its own at the loopback address, killed or frozen as a whole.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from kiosk.config import ROOT
from tests.ports import free_port

ACCOUNT = "postgres"
NAMES = ("db1", "db2", "db3")
ADDRESS = "127.0.0.1"
PASSWORD = "chi-cho-bai-thu"
PATIENCE = 240.0  # seconds: only a hang takes so long
TEMPLATE = ROOT / "deploy" / "province" / "patroni.yml"


class DatabaseMachine:
    """A machine with Patroni and PostgreSQL."""

    def __init__(self, name: str, folder: Path, etcd: str, programs: Path) -> None:
        self.name = name
        self.port = free_port()
        self.api_port = free_port()
        self.folder = folder / name
        self.folder.mkdir(mode=0o700)
        shutil.chown(self.folder, ACCOUNT)
        values = {
            "name": name,
            "address": ADDRESS,
            "api_port": self.api_port,
            "port": self.port,
            "etcd": etcd,
            "data": self.folder / "data",
            "programs": programs,
            "sockets": self.folder,
            "password": PASSWORD,
            "connection": "host",
            "network": f"{ADDRESS}/32",
        }
        text = TEMPLATE.read_text("utf-8")
        for key, value in values.items():
            text = text.replace(f"@{key}@", str(value))
        self.settings = self.folder / "patroni.yml"
        self.settings.write_text(text, "utf-8")
        shutil.chown(self.settings, ACCOUNT)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = (self.folder / "log").open("ab")
        command = ["runuser", "-u", ACCOUNT, "--", "patroni", str(self.settings)]
        env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(self.folder)}
        self._process = subprocess.Popen(command, cwd="/", stdout=log, stderr=log, env=env)
        log.close()

    def processes(self) -> list[psutil.Process]:
        """Return Patroni and every process of its server, which is not a child of it after a restart of Patroni."""
        found: list[psutil.Process] = []
        if self._process is not None:
            with suppress(psutil.NoSuchProcess):
                patroni = psutil.Process(self._process.pid)
                found += [patroni, *patroni.children(recursive=True)]
        with suppress(OSError, ValueError, psutil.NoSuchProcess):
            server = psutil.Process(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]))
            found += [server, *server.children(recursive=True)]
        return list(dict.fromkeys(found))

    def kill(self) -> None:
        """Cut the power: SIGKILL to all."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(60)

    def freeze(self) -> None:
        """Stop all where they are: connections stay open, and nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def freeze_server(self) -> None:
        """Stop the database alone; Patroni goes on."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        server = psutil.Process(pid)
        for process in [server, *server.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.suspend()

    def _signal(self, number: int) -> None:
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def state(self) -> dict[str, Any]:
        """Return what Patroni says of this machine; empty while it does not answer."""
        with (
            suppress(OSError, ValueError),
            urllib.request.urlopen(f"http://{ADDRESS}:{self.api_port}/patroni", timeout=2) as answer,
        ):
            return dict(json.load(answer))
        return {}

    def rows(self, statement: str, database: str = "gateway") -> list[tuple[Any, ...]]:
        """Run a statement on this server."""
        address = f"postgresql://postgres:{PASSWORD}@{ADDRESS}:{self.port}/{database}"
        with psycopg.connect(address, autocommit=True, connect_timeout=5) as db:
            result = db.execute(statement)  # type: ignore[arg-type]
            return result.fetchall() if result.description else []


class Cluster:
    """Three etcd and three database machines; commits wait for a synchronous standby."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="province-", dir="/tmp"))
        shutil.chown(self.folder, ACCOUNT)
        self.folder.chmod(0o755)
        self._etcd: dict[str, subprocess.Popen[bytes]] = {}
        self._clients = [free_port() for _ in NAMES]
        self._peers = [free_port() for _ in NAMES]
        for name in NAMES:
            self.start_etcd(name)
        programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        etcd = ",".join(f"{ADDRESS}:{port}" for port in self._clients)
        self.machines = [DatabaseMachine(name, self.folder, etcd, programs) for name in NAMES]
        for machine in self.machines:
            machine.start()
        self.wait_until_synchronous()
        self.primary().rows("create database gateway", "postgres")

    def start_etcd(self, name: str) -> None:
        at = NAMES.index(name)
        members = ",".join(f"{each}=http://{ADDRESS}:{port}" for each, port in zip(NAMES, self._peers, strict=True))
        client = f"http://{ADDRESS}:{self._clients[at]}"
        peer = f"http://{ADDRESS}:{self._peers[at]}"
        log = (self.folder / f"etcd-{name}.log").open("ab")
        self._etcd[name] = subprocess.Popen(
            ["etcd", "--name", name, "--data-dir", str(self.folder / f"etcd-{name}"),
             "--listen-client-urls", client, "--advertise-client-urls", client,
             "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", members],
            stdout=log, stderr=log)  # fmt: skip
        log.close()

    def kill_etcd(self, *names: str) -> None:
        for name in names:
            self._etcd[name].kill()
            self._etcd[name].wait(60)

    def primary(self) -> DatabaseMachine:
        """Wait for the one primary, and return it."""
        self.wait(lambda: len(self._with_role("primary")) == 1, "there is one primary")
        return self._with_role("primary")[0]

    def standby(self) -> DatabaseMachine:
        """Wait for the synchronous standby, and return it."""
        self.wait(lambda: bool(self._synchronous()), "there is a synchronous standby")
        return self._synchronous()[0]

    def wait_until_synchronous(self) -> None:
        """Wait until all machines run and commits wait for a standby."""
        self.wait(lambda: sum(bool(each.state()) for each in self.machines) == len(self.machines), "Patroni answers")
        self.standby()
        streaming = "select count(*) from pg_stat_replication where state = 'streaming'"
        self.wait(lambda: self.primary().rows(streaming, "postgres") == [(len(NAMES) - 1,)], "both standbys follow")

    def settings(self, **values: Any) -> None:
        """Change settings of the whole cluster; None takes one away."""
        primary = self.primary()
        request = urllib.request.Request(
            f"http://{ADDRESS}:{primary.api_port}/config",
            data=json.dumps(values).encode(),
            headers={"Content-Type": "application/json"},
            method="PATCH",
        )
        urllib.request.urlopen(request, timeout=30).close()

    def switch_over(self) -> None:
        """Let the synchronous standby become the primary, as planned work does."""
        body = {"leader": self.primary().name, "candidate": self.standby().name}
        request = urllib.request.Request(
            f"http://{ADDRESS}:{self.primary().api_port}/switchover",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=60).close()

    @property
    def url(self) -> str:
        """Return the address that a gateway gets."""
        servers = ",".join(f"{ADDRESS}:{machine.port}" for machine in self.machines)
        return f"postgresql://postgres:{PASSWORD}@{servers}/gateway?target_session_attrs=read-write"

    def wait(self, condition: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            with suppress(psycopg.OperationalError):
                if condition():
                    return
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what}: {[each.state() for each in self.machines]}, {self.folder}")
            time.sleep(0.2)

    def writers(self) -> list[str]:
        """Return the machines whose server takes writes."""
        names = []
        for machine in self.machines:
            with suppress(psycopg.OperationalError):
                if machine.rows("show transaction_read_only", "postgres") == [("off",)]:
                    names.append(machine.name)
        return names

    def close(self) -> None:
        for machine in self.machines:
            machine.thaw()
            machine.kill()
        self.kill_etcd(*NAMES)
        shutil.rmtree(self.folder)

    def _with_role(self, role: str) -> list[DatabaseMachine]:
        return [
            each
            for each in self.machines
            if each.state().get("role") == role and each.state().get("state") == "running"
        ]

    def _synchronous(self) -> list[DatabaseMachine]:
        return [each for each in self.machines if each.state().get("sync_standby")]
