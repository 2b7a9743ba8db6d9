"""Real processes of the kiosk and the gateway: started, killed and stopped, never left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from kiosk.config import ROOT

FAST = 0.0333
SCALE = float(os.environ.get("WARD_SCALE", FAST))
"""Factor of every wait of sync; 1 in `make soak`."""
IS_SHORT = SCALE < 1
START_SECONDS = 60.0
"""How long a process may take to start on a machine with nothing else to do."""
END_SECONDS = 600.0
"""A process that has not ended, or a page that was not read, by then hangs."""
wait_factor = 1.0
"""Factor of the time in `wait_until`; smaller where a test is expected to fail."""
ResultT = TypeVar("ResultT")


class Process:
    """One command of the kiosk; `log` contains its output."""

    def __init__(self, args: list[str], log: Path, env: Mapping[str, str]) -> None:
        self.args = args
        self.log = log
        self.env = {**os.environ, "WARD_SCALE": str(SCALE), "PYTHONUNBUFFERED": "1", **env}
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def is_alive(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def start(self) -> None:
        assert not self.is_alive, self.args
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "tests.faults.child_process", *self.args]
            self._running = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=log, stderr=log)

    def kill(self) -> None:
        """Kill it (SIGKILL)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Stop it (SIGTERM)."""
        self._end(signal.SIGTERM)

    def _end(self, signal_number: signal.Signals) -> None:
        if self._running is None:
            return
        if self.is_alive:
            self._running.send_signal(signal_number)
        try:
            self._running.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait(END_SECONDS)
            raise
        self._running = None

    def output(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def wait_until(condition: Callable[[], ResultT], seconds: float = START_SECONDS, what: str = "") -> ResultT:
    """Wait until a condition is true; return its value, or fail after `seconds`, longer on a busy machine."""
    begun = time.monotonic()
    limit = seconds * wait_factor
    while True:
        value = condition()
        if value:
            return value
        limit = max(limit, seconds * wait_factor * _busyness())
        assert time.monotonic() - begun < limit, f"not within {limit:.0f} s: {what or condition}"
        time.sleep(0.05)


def _busyness() -> float:
    """Return how many processes want each processor, at least 1.

    A kiosk starts in 5 s of processor time, and in more than 60 s beside a load of 20 on two processors.
    """
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
