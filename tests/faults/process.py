"""A real command of the kiosk in a process of its own, with the things that a test may turn.

    python -m tests.faults.process worker | web | gateway ...   what ``kiosk`` does with these words
    python -m tests.faults.process file 20 0.05                 hand in 20 forms, one in 50 ms; each number is said

``WARD_SCALE`` makes every wait and deadline of sync shorter; ``WARD_CLOCK`` names a file that holds by how many
seconds the wall clock is wrong, read anew each time (the monotonic clock stays as it is, as on a real machine);
``WARD_DIES`` names a point at which it dies (tests/faults/dying.py). The process ends with whoever started it.
"""

import ctypes
import os
import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk import cli, clock
from kiosk.app import open_context
from kiosk.cli import run
from kiosk.config import load
from sync.backoff import BackoffSettings
from tests.faults import dying, planting
from tests.faults.filing import hand_in

PR_SET_PDEATHSIG = 1


def main(words: list[str]) -> int:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    run.BACKOFF = BackoffSettings().scaled(float(os.environ["WARD_SCALE"]))
    if told := os.environ.get("WARD_CLOCK"):
        turn_clock(Path(told))
    if plant := os.environ.get("WARD_PLANT"):
        planting.PLANTS[plant]()
    if label := os.environ.get("WARD_DIES"):
        dying.at(label)
    if words[0] != "file":
        return cli.main(words)
    return file(int(words[1]), float(words[2]))


def turn_clock(told: Path) -> None:
    """Let every part of this process see a wall clock that is wrong."""

    def now(_clock: clock.SystemClock) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(told.read_text() or 0))

    clock.SystemClock.now = now  # type: ignore[method-assign]


def file(count: int, every: float) -> int:
    """Say each receipt number when its form is acknowledged, and not before."""
    context = open_context(load())
    for _ in range(count):
        submission, number = hand_in(context)
        print(submission, number, flush=True)
        time.sleep(every)
    context.store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
