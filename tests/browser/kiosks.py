"""A practice kiosk in its own process and folder, started, killed and stopped by tests.

It is the program that `make run` starts, with nothing replaced; only its settings and folder are made for a test.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from urllib.error import URLError
from urllib.request import urlopen

from kiosk.cli.process import PRACTICE_PASSWORD
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
START_PATIENCE = 240.0
"""Seconds until a start hangs: it reads all procedures, 5 s alone and 55 s beside eighteen busy processes."""
PASSWORD = re.compile(r"^ +(\w+) +(http\S+)(?: +password (\S+))?$", re.MULTILINE)


def until(condition: Callable[[], object], seconds: float = PATIENCE, every: float = 0.1) -> None:
    """Wait until a condition is true.

    Raises:
        TimeoutError: it is still false after some seconds.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(getattr(condition, "__name__", "condition never became true"))
        time.sleep(every)


def is_answering(address: str) -> bool:
    try:
        with urlopen(address, timeout=60) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


class PracticeKiosk:
    """A process `kiosk run --practice`, or another command, with its data in `folder`.

    `changes` maps lines of kiosk.toml to their replacements; `env` has more environment variables.
    """

    def __init__(
        self,
        folder: Path,
        changes: Mapping[str, str] | None = None,
        command: Sequence[str] = ("run", "--practice", "--empty"),
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.folder = folder
        self.port = free_port(4)
        self.address = f"http://127.0.0.1:{self.port}"
        self.gateway_address = f"http://127.0.0.1:{self.port + 1}"
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        self.settings = folder / "kiosk.toml"
        settings = (ROOT / "kiosk.toml").read_text("utf-8")
        for line, replacement in (changes or {}).items():
            assert line in settings
            settings = settings.replace(line, replacement)
        self.settings.write_text(settings, "utf-8")
        self.output = folder / "output.txt"
        self._gateway: subprocess.Popen[bytes] | None = None
        self._process = self._start(*command, "--port", str(self.port), more_env=env)
        try:
            until(self._is_ready, START_PATIENCE)
        except TimeoutError:
            self.stop()
            raise

    def _is_ready(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(self.output.read_text("utf-8"))
        return is_answering(f"{self.address}/alive") and is_answering(f"{self.gateway_address}/sign-in")

    def _start(self, *command: str, more_env: Mapping[str, str] = MappingProxyType({})) -> subprocess.Popen[bytes]:
        env = os.environ | {"KIOSK_CONFIG": str(self.settings), "TMPDIR": str(self.temporary), "PYTHONUNBUFFERED": "1"}
        env |= more_env
        args = [sys.executable, "-m", "kiosk", *command]
        with self.output.open("ab") as output:
            return subprocess.Popen(args, cwd=ROOT, env=env, stdout=output, stderr=output)

    @property
    def data(self) -> Path:
        return self.folder / "data" / "practice"

    @property
    def passwords(self) -> dict[str, str]:
        """Passwords that the kiosk printed, by account: technician, gateway."""
        lines = PASSWORD.findall(self.output.read_text("utf-8"))
        return {name: password for name, _, password in lines if password}

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill_gateway(self) -> None:
        """Kill the gateway's process with SIGKILL, like a power failure."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        pids = [int(pid) for pid in children if b"gateway" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        assert len(pids) == 1
        os.kill(pids[0], signal.SIGKILL)
        until(lambda: not is_answering(f"{self.gateway_address}/sign-in"))

    def start_gateway(self) -> None:
        """Start a gateway on the same data, as a technician of the province would."""
        secret = {PRACTICE_PASSWORD: self.passwords["gateway"]}
        self._gateway = self._start("gateway", "--practice", "--port", str(self.port), more_env=secret)
        until(lambda: is_answering(f"{self.gateway_address}/sign-in"), START_PATIENCE)

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
