"""A command of the kiosk in a separate process, with faults that a test can set.

    python -m tests.faults.child_process worker | web | gateway ...   the same as `kiosk` with these arguments
    python -m tests.faults.child_process submit 20 0.05               submit 20 forms, one in 50 ms; print each number

`WARD_SCALE` shortens every wait and deadline of sync, `WARD_PRINTER_SCALE` those of printing. `WARD_CLOCK` names a
file with the error of the wall clock in seconds, which is read each time; the monotonic clock is right, as on a real
machine. `WARD_HANGING_NAME` is a host whose look-up hangs. `WARD_USB_TREE` is a folder with `sys` and `dev` of its
own (`tests.printers.usb_tree`), `WARD_USB_BUS` the address of the printer that libusb finds. `WARD_KILL_AT` names a
point at which the process kills itself (`kill_points`), `WARD_DEFECT` a planted defect. The process ends with its
parent.
"""

import ctypes
import os
import signal
import socket
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk import cli
from kiosk.base import clock
from kiosk.cli import process
from kiosk.config import load
from kiosk.startup.context_factory import open_context
from kiosk.worker import printing
from printers import spool
from printers.devices import libusb, receipt_printer, usb_bus
from sync.backoff import BackoffSettings
from tests.faults import kill_points, planted_defects
from tests.faults.submitting import submit_form

PR_SET_PDEATHSIG = 1


def main(args: list[str]) -> int:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    process.BACKOFF = BackoffSettings().scaled(float(os.environ["WARD_SCALE"]))
    hurry_printers(float(os.environ.get("WARD_PRINTER_SCALE", "1")))
    use_usb(os.environ.get("WARD_USB_TREE", ""), os.environ.get("WARD_USB_BUS", ""))
    if clock_file := os.environ.get("WARD_CLOCK"):
        use_clock_file(Path(clock_file))
    if name := os.environ.get("WARD_HANGING_NAME"):
        hang_lookups(name)
    if defect := os.environ.get("WARD_DEFECT"):
        planted_defects.DEFECTS[defect]()
    if label := os.environ.get("WARD_KILL_AT"):
        kill_points.install(label)
    if args[0] == "submit":
        return submit(int(args[1]), float(args[2]))
    return cli.main(args)


def hurry_printers(factor: float) -> None:
    """Multiply the deadlines of the printers and the waits of their jobs by a factor."""
    for name in ("CONNECT", "STATUS", "STALL", "BARRIER", "JOB", "PROBE"):
        setattr(receipt_printer, name, getattr(receipt_printer, name) * factor)
    spool.RETRY_SECONDS = tuple(seconds * factor for seconds in spool.RETRY_SECONDS)  # type: ignore[assignment]
    printing.CHECK_SECONDS *= factor


def use_usb(tree: str, bus: str) -> None:
    """Let this process see the USB printers of a test."""
    if tree:
        usb_bus.SYS = Path(tree) / "sys"
        usb_bus.DEV = Path(tree) / "dev"
    if bus:
        from tests.printers.wirings import FakeBus

        libusb.BACKEND = FakeBus(bus)


def hang_lookups(name: str) -> None:
    """Let each look-up of a name hang, as with a name server that does not answer."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        if host == name:
            time.sleep(3600)
        return real(host, *args, **options)

    socket.getaddrinfo = getaddrinfo


def use_clock_file(clock_file: Path) -> None:
    """Make the wall clock of this process wrong by the seconds in a file; it runs on when the file's disk fails."""
    error = timedelta()

    def now(_clock: clock.SystemClock) -> datetime:
        nonlocal error
        with suppress(OSError):
            error = timedelta(seconds=float(clock_file.read_text() or 0))
        return datetime.now(UTC) + error

    clock.SystemClock.now = now  # type: ignore[method-assign]


def submit(count: int, interval: float) -> int:
    """Submit forms, and print id and receipt number of each after its commit."""
    context = open_context(load())
    for _ in range(count):
        submission_id, receipt_no = submit_form(context)
        print(submission_id, receipt_no, flush=True)
        time.sleep(interval)
    context.store.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
