"""Somebody who hands in forms as long as the power lasts, and says each number when it is acknowledged.

    python -m tests.faults.writing 0.0 full     a line on standard input begins a run: a process of its own

The parts of the house are loaded once; each run is a fork that opens the store anew. ``working`` delivers at the same
time, as ``kiosk run`` does. Two planted defects: ``normal`` is a store that commits without waiting for the disk,
``hasty`` keeps photos without waiting for it.
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
from kiosk.app import open_context
from kiosk.config import ROOT, load
from kiosk.context import Context
from kiosk.dossiers.scan_events import ScannedPaper
from kiosk.errors import StoreUnavailable
from kiosk.records import submissions
from kiosk.store import db
from kiosk.worker import lock_worker, open_worker
from sync.backoff import BackoffSettings
from tests.faults.filing import hand_in
from tests.test_uploads import photo

SCAN = "scan"
"""Said behind the id of a form whose photo is kept."""


PATIENCE = 60.0
"""Seconds that a line of the writer may take."""


class Writer:
    """The process, driven by a test."""

    def __init__(self, settings: Path, every: float, sync: str = "full") -> None:
        words = [sys.executable, "-m", "tests.faults.writing", str(every), sync]
        env = {**os.environ, "KIOSK_CONFIG": str(settings)}
        self._process = subprocess.Popen(
            words,
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._pid = 0
        self._said: Queue[str] = Queue()
        Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        """Hear every line at once: a pipe that is full would hold up the run, and garble its end."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(line.strip())
        self._said.put("")

    def begin(self) -> str:
        """Begin a run; wait for its first form, and give its id."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self._pid = int(self._line())
        return self._line().partition(" ")[2]

    def end(self, before: float = math.inf) -> list[str]:
        """Kill the run, and give the ids of what it had acknowledged before a moment (monotonic).

        A plug that is pulled ends the machine; here it runs on over a disk that is gone, and a sync that was under way
        just then may yet be told that all is well.
        """
        os.kill(self._pid, signal.SIGKILL)
        found = []
        while (line := self._line()) != "over":
            at, _, said = line.partition(" ")
            found += [said] if float(at) < before else []
        return found

    def _line(self) -> str:
        line = self._said.get(timeout=PATIENCE)
        assert line, "the writer died"
        return line

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


def attach(context: Context, form: str) -> None:
    """Keep a photo beside a form, as the desk does."""
    with context.store.read() as db:
        submission = submissions.find(db, form)
    assert submission is not None
    attaching.attach(
        context, submission, paper=ScannedPaper("khac", "Giấy khác"), content=photo((90, 60)), actor="CB01"
    )


def main(every: float, sync: str) -> None:
    if sync == "hasty":
        os.fsync = lambda _handle: None
    elif sync == "normal":
        db._PRAGMAS = tuple(one.replace("synchronous = full", "synchronous = normal") for one in db._PRAGMAS)
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            _write(every, is_working=sync == "working")
        os.waitpid(child, 0)
        print("over", flush=True)


def _say(what: str) -> None:
    """Say when something was acknowledged, in one call: whoever is killed in the middle has said nothing."""
    os.write(1, f"{time.monotonic()} {what}\n".encode())


def _write(every: float, *, is_working: bool) -> None:
    print(os.getpid(), flush=True)
    try:
        context = open_context(load())
        if is_working:
            lock_worker(context.config)
            Thread(
                target=open_worker(context, BackoffSettings().scaled(1 / 600)).run, args=[Event()], daemon=True
            ).start()
        while True:
            form = hand_in(context)[0]
            _say(form)
            attach(context, form)
            _say(f"{form} {SCAN}")
            time.sleep(every)
    except (StoreUnavailable, OSError):
        signal.pause()  # the disk is gone: nothing is acknowledged any more, and nothing is closed


if __name__ == "__main__":
    main(float(sys.argv[1]), sys.argv[2])
