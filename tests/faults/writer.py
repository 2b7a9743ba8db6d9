"""A process that submits forms until the power fails, and prints each id when it is acknowledged.

    python -m tests.faults.writer 0.0 full     a line on standard input begins a run: a process of its own

The modules are loaded once; each run is a fork that opens the store again. `working` also runs the worker, as
`kiosk run` does. Two planted defects: `normal` is a store that commits without waiting for the disk, `hasty` stores
scans without waiting for it.
"""

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import Queue
from threading import Event, Thread

from kiosk.acts import attaching
from kiosk.acts.attaching import PaperFile
from kiosk.base.errors import StoreUnavailable
from kiosk.config import ROOT, load
from kiosk.context import Context
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.records import submissions
from kiosk.startup.context_factory import open_context
from kiosk.store import db
from kiosk.worker import lock_worker, open_worker
from sync.backoff import BackoffSettings
from tests.faults.submitting import submit_form
from tests.uploads.files import photo

SCAN = "scan"
"""Follows the id of a submission whose scan is stored."""
LINE_TIMEOUT = 600.0
"""Seconds until the next line of the writer: only a hang takes so long."""


class Writer:
    """The process, for a test."""

    def __init__(self, settings: Path, interval: float, mode: str = "full") -> None:
        command = [sys.executable, "-m", "tests.faults.writer", str(interval), mode]
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "KIOSK_CONFIG": str(settings)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._pid = 0
        self._lines: Queue[str] = Queue()
        Thread(target=self._read_lines, daemon=True).start()

    def _read_lines(self) -> None:
        """Read every line at once: a full pipe would block the run and cut its last line."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.strip())
        self._lines.put("")

    def begin(self, forms: int = 1) -> list[str]:
        """Begin a run; wait for its first submissions, and return the id and the line of the scan of each."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self._pid = int(self._next_line())
        return [self._next_line().partition(" ")[2] for _ in range(2 * forms)]

    def end(self, before: float = math.inf) -> list[str]:
        """Kill the run; return what it acknowledged before a monotonic time.

        A power failure ends the machine. Here the run continues on a failed disk for a moment, and a sync that had
        begun before the cut may still succeed.
        """
        os.kill(self._pid, signal.SIGKILL)
        acknowledged = []
        while (line := self._next_line()) != "over":
            at, _, text = line.partition(" ")
            if float(at) < before:
                acknowledged.append(text)
        return acknowledged

    def _next_line(self) -> str:
        line = self._lines.get(timeout=LINE_TIMEOUT)
        assert line, "the writer died"
        return line

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def attach_scan(context: Context, submission_id: str) -> None:
    """Attach a scan to a submission, as the desk does."""
    with context.store.read() as db:
        submission = submissions.find(db, submission_id)
    assert submission is not None
    scanned = PaperFile(paper=ScannedPaper("khac", "Giấy khác"), content=photo((90, 60)))
    attaching.attach(context, submission, [scanned], actor="CB01")


def main(interval: float, mode: str) -> None:
    if mode == "hasty":
        os.fsync = lambda _handle: None
    elif mode == "normal":
        db._PRAGMAS = tuple(pragma.replace("synchronous = full", "synchronous = normal") for pragma in db._PRAGMAS)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            _write(interval, has_worker=mode == "working")
        os.waitpid(child, 0)
        print("over", flush=True)


def _acknowledge(text: str) -> None:
    """Print time and text in one system call, so that a kill never leaves half a line."""
    os.write(1, f"{time.monotonic()} {text}\n".encode())


def _write(interval: float, *, has_worker: bool) -> None:
    print(os.getpid(), flush=True)
    try:
        context = open_context(load())
        if has_worker:
            lock_worker(context.config)
            worker = open_worker(context, BackoffSettings().scaled(1 / 600))
            Thread(target=worker.run, args=[Event()], daemon=True).start()
        while True:
            submission_id = submit_form(context)[0]
            _acknowledge(submission_id)
            attach_scan(context, submission_id)
            _acknowledge(f"{submission_id} {SCAN}")
            time.sleep(interval)
    except (StoreUnavailable, OSError):
        signal.pause()  # the disk has failed: acknowledge nothing more, close nothing


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2])
