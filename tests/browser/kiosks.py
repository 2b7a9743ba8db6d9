"""A practice kiosk as a process of its own, in a folder of its own: started, asked, killed and stopped by tests.

It is the program that `make run` starts, with nothing replaced; only settings and folders are made for the occasion.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
PASSWORD = re.compile(r"^ +(\w+) +(http\S+)(?: +password (\S+))?$", re.MULTILINE)


def until(what: Callable[[], object], seconds: float = PATIENCE, every: float = 0.1) -> None:
    """Wait for something to be so; TimeoutError when it never is."""
    ends = time.monotonic() + seconds
    while not what():
        if time.monotonic() > ends:
            raise TimeoutError(getattr(what, "__name__", "it never came to be"))
        time.sleep(every)


def free_port(count: int = 3) -> int:
    """A port that is free, and so are the next ones; below those that the system hands out by itself."""
    first = 20_000 + os.getpid() % 1000 * 10
    for port in range(first, 32_000, count):
        if all(_is_free(port + n) for n in range(count)):
            return port
    raise RuntimeError("no ports")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def is_answering(address: str) -> bool:
    try:
        with urlopen(address, timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


class Practice:
    """`kiosk run --practice` (or other words) below `folder`; `changes`: lines of kiosk.toml and what stands there."""

    def __init__(
        self,
        folder: Path,
        changes: Mapping[str, str] | None = None,
        words: Sequence[str] = ("run", "--practice", "--empty"),
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.gateway_address = f"http://127.0.0.1:{self.port + 1}"
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.settings = folder / "kiosk.toml"
        settings = (ROOT / "kiosk.toml").read_text("utf-8")
        for line, instead in (changes or {}).items():
            assert line in settings
            settings = settings.replace(line, instead)
        self.settings.write_text(settings, "utf-8")
        self.said = folder / "said.txt"
        self._gateway: subprocess.Popen[bytes] | None = None
        self._process = self._start(*words, "--port", str(self.port))
        try:
            until(self._is_ready)
        except TimeoutError:
            self.stop()
            raise

    def _is_ready(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(self.said.read_text("utf-8"))
        return is_answering(f"{self.address}/alive") and is_answering(f"{self.gateway_address}/sign-in")

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        env = os.environ | {"KIOSK_CONFIG": str(self.settings), "TMPDIR": str(self.temporary), "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "kiosk", *words]
        with self.said.open("ab") as said:
            return subprocess.Popen(command, cwd=ROOT, env=env, stdout=said, stderr=said)

    @property
    def data(self) -> Path:
        return self.folder / "data" / "practice"

    @property
    def passwords(self) -> dict[str, str]:
        """Who may sign in with what: technician, gateway."""
        return {name: word for name, _, word in PASSWORD.findall(self.said.read_text("utf-8")) if word}

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill_gateway(self) -> None:
        """SIGKILL, as if its plug were pulled."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        of_gateway = [int(pid) for pid in children if b"gateway" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        assert len(of_gateway) == 1
        os.kill(of_gateway[0], signal.SIGKILL)
        until(lambda: not is_answering(f"{self.gateway_address}/sign-in"))

    def start_gateway(self) -> None:
        """A gateway on the same data, as a technician of the province would start it."""
        words = ("gateway", "--practice", "--port", str(self.port), f"--password={self.passwords['gateway']}")
        self._gateway = self._start(*words)
        until(lambda: is_answering(f"{self.gateway_address}/sign-in"))

    def stop(self) -> None:
        for process in (self._process, self._gateway):
            if process is None:
                continue
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
