"""Memory of a kiosk in its own process while a hundred strangers on the LAN send half of large requests."""

import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from kiosk.config import ROOT
from kiosk.security import tls
from tests.lan_server.lan_kiosk import PATIENCE
from tests.ports import free_port

pytestmark = pytest.mark.machine_date

STRANGERS = 100
MOST_GROWTH = 100 * 1024 * 1024
MOST_KEPT = 32 * 1024 * 1024
SIGNIN = "/signin"
UPLOAD = "/officer/ticket/x/scans/khac"


class KioskProcess:
    """`kiosk web` with its LAN listener on loopback."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        settings = folder / "kiosk.toml"
        settings.write_text(f'[web]\nport = {free_port()}\n[lan]\nhost = "127.0.0.1"\nport = {self.port}\n'
                            'names = ["localhost", "127.0.0.1"]\n')  # fmt: skip
        for command in (["init"], ["tls", "init"]):
            self._run(settings, *command)
        self.trust = ssl.create_default_context(cafile=str(tls.authority_path(folder / "data" / "tls")))
        self.process = subprocess.Popen([sys.executable, "-m", "kiosk", "--config", str(settings), "web"], cwd=ROOT)

    @staticmethod
    def _run(settings: Path, *command: str) -> None:
        subprocess.run([sys.executable, "-m", "kiosk", "--config", str(settings), *command], cwd=ROOT, check=True,
                       capture_output=True)  # fmt: skip

    def memory(self) -> int:
        """Return the resident bytes of the process."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) * 1024

    def connect(self, source: str) -> ssl.SSLSocket:
        wire = socket.create_connection(("127.0.0.1", self.port), PATIENCE, source_address=(source, 0))
        return self.trust.wrap_socket(wire, server_hostname="localhost")

    def get(self, path: str, source: str = "127.0.0.1") -> int:
        wire = HTTPSConnection("localhost", self.port, timeout=PATIENCE, context=self.trust, source_address=(source, 0))
        with closing(wire):
            wire.request("GET", path)
            answer = wire.getresponse()
            answer.read()
            return answer.status

    def wait(self) -> None:
        """Wait until it answers."""
        for _ in range(PATIENCE * 10):
            assert self.process.poll() is None
            with suppress(OSError):
                self.get("/alive")
                return
            time.sleep(0.1)
        raise TimeoutError

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KioskProcess]:
    kiosk = KioskProcess(tmp_path_factory.mktemp("kiosk"))
    try:
        kiosk.wait()
        yield kiosk
    finally:
        kiosk.stop()


@contextmanager
def _strangers(kiosk: KioskProcess, path: str, length: int) -> Iterator[None]:
    """Open a connection from each of many addresses, and send a request's head and as much of its body as is taken."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    sent = f"{head}Content-Length: {length}\r\n\r\n".encode() + bytes(length - 1)
    with ExitStack() as stack:
        for number in range(STRANGERS):
            with suppress(OSError):
                wire = stack.enter_context(kiosk.connect(f"127.0.{number // 200 + 4}.{number % 200 + 1}"))
                wire.settimeout(2)
                wire.sendall(sent)
        yield


@pytest.mark.parametrize(
    ("path", "length"), [(SIGNIN, 64 * 1024), (SIGNIN, 10_000_000), (UPLOAD, 10_000_000)],
    ids=["form", "large form", "file"],
)  # fmt: skip
def test_a_hundred_half_sent_requests_cost_little_memory_and_no_officer_waits(
    running: KioskProcess, path: str, length: int
) -> None:
    assert running.get(SIGNIN) == 200
    before = running.memory()
    with _strangers(running, path, length):
        during = running.memory()
        assert [running.get(SIGNIN) for _ in range(10)] == [200] * 10
    assert during - before <= MOST_GROWTH, f"{(during - before) >> 20} MB"
    for _ in range(PATIENCE * 2):
        if running.memory() - before <= MOST_KEPT:
            return
        time.sleep(0.5)
    raise AssertionError(f"{(running.memory() - before) >> 20} MB stay")


def test_strangers_who_guess_passwords_at_once_cost_the_memory_of_one(running: KioskProcess) -> None:
    form = b"login=khong-co&password=sai-roi-nhe"
    head = f"POST {SIGNIN} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    guess = f"{head}Content-Length: {len(form)}\r\nConnection: close\r\n\r\n".encode() + form
    before = running.memory()
    most = 0
    with ExitStack() as stack:
        wires = [stack.enter_context(running.connect(f"127.0.9.{number + 1}")) for number in range(24)]
        for wire in wires:
            wire.sendall(guess)
            wire.settimeout(0.02)
        for wire in wires:
            for _ in range(PATIENCE * 50):
                most = max(most, running.memory())
                with suppress(TimeoutError):
                    assert wire.recv(65536).startswith((b"HTTP/1.1 200 ", b"HTTP/1.1 429 "))
                    break
    assert most - before <= MOST_GROWTH, f"{(most - before) >> 20} MB"
