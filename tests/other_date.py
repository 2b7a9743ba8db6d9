"""Run a command at another date: `python -m tests.other_date "2027-02-06 09:00:00" COMMAND ...`, in the ward's time.

The date `day` is one of `DATES`, another one each day; without a command it is printed. libfaketime moves the clock of
the command and of all that it starts, Chromium included. It moves the monotonic clock as much: Chromium spins where
only one of the two is moved.
"""

import os
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path

from kiosk.base.clock import WARD

OF_DAY = "day"
VARIABLES = ("LD_PRELOAD", "FAKETIME")
LIBRARY = "faketime/libfaketimeMT.so.1"
NIGHT = time(0, 30)
DATES = (
    datetime(2026, 12, 5, 10, 0),  # a Saturday
    datetime(2027, 2, 6, 9, 0),  # Tết, a holiday
    datetime(2027, 3, 1, 8, 0),  # a law changes
    datetime(2028, 2, 29, 14, 0),
    datetime(2029, 12, 31, 23, 59, 30),  # the year ends while the tests run
)
"""Dates in the ward's time; the sixth is the next night."""


def date_of_day(today: date) -> datetime:
    """Return the date at which tests run on a day, in the ward's time."""
    dates = (*DATES, datetime.combine(today + timedelta(days=1), NIGHT))
    return dates[today.toordinal() % len(dates)]


def seconds_to(at: datetime, now: datetime) -> str:
    """Return by how many seconds a clock is moved to a time of the ward, as libfaketime reads it: "+3600"."""
    return f"{(at.replace(tzinfo=WARD) - now).total_seconds():+.0f}"


def moved_clock() -> dict[str, str]:
    """Return the variables of a moved clock, for a program that gets no other variable of this process."""
    return {name: os.environ[name] for name in VARIABLES if name in os.environ}


def main(wanted: str, command: list[str]) -> None:
    """Run the command in place of this process; without one, print the date."""
    now = datetime.now(WARD)
    at = date_of_day(now.date()) if wanted == OF_DAY else datetime.fromisoformat(wanted)
    if not command:
        print(at)
        return
    print(f"At {at:%Y-%m-%d %H:%M:%S} in the ward:", flush=True)
    library = next(Path("/usr/lib").glob(f"*/{LIBRARY}"), None)
    if library is None:
        sys.exit("libfaketime is missing: apt install faketime")
    variables = dict(zip(VARIABLES, (str(library), seconds_to(at, now)), strict=True))
    os.execvpe(command[0], command, os.environ | variables)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
