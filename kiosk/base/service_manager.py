"""Messages to systemd, which starts the kiosk's processes and restarts one that hangs.

A process is ready when a self-check succeeds, and stays alive for systemd as long as it goes on succeeding. Without
systemd (`make run`) nothing is sent. The protocol is a datagram to the socket in NOTIFY_SOCKET (sd_notify(3)).
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

SOCKET = "NOTIFY_SOCKET"
WATCHDOG = "WATCHDOG_USEC"
FIRST_CHECK_SECONDS = 0.2
"""Pause between the checks of a start, until the first one succeeds."""
CHECK_SECONDS = 10.0
"""Pause between checks where the unit sets no watchdog."""


def notify(message: str) -> None:
    """Send a message, such as `READY=1`; nothing where no service manager listens."""
    address = os.environ.get(SOCKET, "")
    if not address:
        return
    if address.startswith("@"):  # abstract socket
        address = "\0" + address[1:]
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.sendto(message.encode(), address)


def is_listening() -> bool:
    """Return whether a service manager waits for messages of this process."""
    return bool(os.environ.get(SOCKET))


def check_interval() -> float:
    """Return the seconds between two checks: a third of the unit's WatchdogSec."""
    microseconds = os.environ.get(WATCHDOG, "")
    return int(microseconds) / 3_000_000 if microseconds.isascii() and microseconds.isdigit() else CHECK_SECONDS


@contextmanager
def watchdog(check: Callable[[], bool]) -> Iterator[None]:
    """Report this process as ready and alive while a self-check succeeds, in a thread of its own.

    Args:
        check: returns whether the process works; it is called from the thread, and must not wait without end.
    """
    if not is_listening():
        yield
        return
    stop = Event()
    thread = Thread(target=_report, args=[check, stop], name="watchdog", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        notify("STOPPING=1")


def _report(check: Callable[[], bool], stop: Event) -> None:
    is_ready = False
    while not stop.is_set():
        if check():
            notify("WATCHDOG=1" if is_ready else "READY=1\nWATCHDOG=1")
            is_ready = True
        stop.wait(check_interval() if is_ready else FIRST_CHECK_SECONDS)
