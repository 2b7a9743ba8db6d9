"""Tests that `.ci/run` repeated: a test that was repeated twice in a week is red until a commit mends it.

`python -m tests.repeats add TEST ...` writes them into a file of the machine; `python -m tests.repeats check` reads it
for the next change. A commit names the test that it mends in a trailer, `Mends: tests/base/test_clock.py::test_a_day`.
"""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from kiosk.base import clock

WEEK = timedelta(days=7)
ALLOWED = 1
"""Repeats of one test in a week."""


def file_of_machine() -> Path:
    """Return the file: `REPEATED_TESTS`, or one in the folder of programs' states (XDG Base Directory)."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(os.environ.get("REPEATED_TESTS") or Path(state) / "ward-kiosk" / "repeated-tests")


def add(file: Path, tests: Iterable[str], now: datetime) -> None:
    """Write a line for each repeated test: its time and its id."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as lines:
        lines.writelines(f"{clock.timestamp(now)} {test}\n" for test in tests)


def unmended(file: Path, now: datetime, checkout: Path) -> dict[str, list[datetime]]:
    """Return the tests that were repeated more than once in the last week and not mended since, with the times."""
    times: dict[str, list[datetime]] = defaultdict(list)
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        at, _, test = line.partition(" ")
        if now - clock.parse_timestamp(at) < WEEK:
            times[test].append(clock.parse_timestamp(at))
    often = {test: repeats for test, repeats in times.items() if len(repeats) > ALLOWED}
    return {test: repeats for test, repeats in often.items() if not _is_mended(test, max(repeats), checkout)}


def _is_mended(test: str, since: datetime, checkout: Path) -> bool:
    """Return whether a commit after a time names the test, without its parameters, in a trailer `Mends`."""
    log = ["git", "log", f"--since={since.isoformat()}", "--format=%(trailers:key=Mends,valueonly)"]
    named = subprocess.run(log, cwd=checkout, check=True, capture_output=True, text=True).stdout.split()
    return test.partition("[")[0] in {name.partition("[")[0] for name in named}


def main(command: str, tests: list[str]) -> int:
    if command == "add":
        add(file_of_machine(), tests, clock.now())
        return 0
    found = unmended(file_of_machine(), clock.now(), Path.cwd())
    for test, repeats in found.items():
        days = ", ".join(f"{at:%Y-%m-%d %H:%M}" for at in repeats)
        print(f"{test} was repeated on {days} (UTC). Mend it, and name it in the commit:")
        print(f"Mends: {test.partition('[')[0]}")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
