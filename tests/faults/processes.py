"""Real processes of the kiosk and the gateway: started, killed, stopped in mid-air, and never left behind."""

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
"""How much shorter than in a ward every wait of sync is; ``make soak`` says 1."""
IS_SHORT = SCALE < 1
READY = 60.0
"""Seconds that a process may take to start, on a machine that is busy."""
patience = 1.0
"""How much of its time a wait is given: a test that is to fail is not waited for."""
Found = TypeVar("Found")


class Process:
    """One command of the kiosk; ``log`` holds what it says."""

    def __init__(self, words: list[str], log: Path, env: Mapping[str, str]) -> None:
        self.words = words
        self.log = log
        self.env = {**os.environ, "WARD_SCALE": str(SCALE), "PYTHONUNBUFFERED": "1", **env}
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def is_alive(self) -> bool:
        return self._running is not None and self._running.poll() is None

    @property
    def pid(self) -> int:
        assert self._running is not None
        return self._running.pid

    def start(self) -> None:
        assert not self.is_alive, self.words
        with self.log.open("ab") as said:
            words = [sys.executable, "-m", "tests.faults.process", *self.words]
            self._running = subprocess.Popen(words, cwd=ROOT, env=self.env, stdout=said, stderr=said)

    def kill(self) -> None:
        """End it in mid-air (SIGKILL)."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end (SIGTERM)."""
        self._end(signal.SIGTERM)

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        if self._running is None:
            return
        if self.is_alive:
            self._running.send_signal(how)
        try:
            self._running.wait(READY)
        except subprocess.TimeoutExpired:
            self._running.kill()
            self._running.wait(READY)
            raise
        self._running = None

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def until(told: Callable[[], Found], seconds: float = READY, what: str = "") -> Found:
    """Ask again and again until the answer is true, and give it; it fails when the time is over."""
    seconds *= patience
    ends = time.monotonic() + seconds
    while True:
        found = told()
        if found:
            return found
        assert time.monotonic() < ends, f"not within {seconds:.0f} s: {what or told}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
