"""Channel: bytes to and from a printer, over whatever it is wired with; every wait has a limit."""

import errno
import fcntl
import os
import select
import struct
import termios
import time
from collections.abc import Callable
from typing import Protocol

from printers.devices.base import Status
from printers.errors import NotSent, Reason

EMPTY_READ_PAUSE = 0.01
RETRY_PAUSE = 0.05
OPEN_FAULTS: dict[int, Reason] = {
    errno.ENOENT: "unplugged",
    errno.ENODEV: "unplugged",
    errno.ENXIO: "unplugged",
    errno.EIO: "unplugged",
    errno.EACCES: "no_access",
    errno.EPERM: "no_access",
    errno.EBUSY: "busy",
    errno.EAGAIN: "busy",
}
"""Error number of opening a device -> our reason."""


class Channel(Protocol):
    """Bytes to and from a printer. Every method but `close` raises `OSError` when the printer is gone."""

    can_receive: bool
    """Whether the printer has a way back."""

    def send_some(self, data: memoryview, seconds: float) -> int:
        """Send the first bytes of some data; return how many were accepted, 0 when the time is over."""

    def receive_byte(self, seconds: float) -> int | None:
        """Return the next byte; None when the time is over."""

    def count_unsent(self) -> int:
        """Return how many accepted bytes have not reached the printer; closing now could lose them."""

    def port_status(self) -> Status | None:
        """Return what the port itself says of the printer; None for a port that says nothing."""

    def close(self) -> None:
        """Close it."""


class FileChannel:
    """A channel over an open file: a socket, a serial port, a pipe.

    Args:
        file: its descriptor, non-blocking.
        close: closes it.
        can_receive: whether it is open for reading.
    """

    def __init__(self, file: int, close: Callable[[], None], *, can_receive: bool = True) -> None:
        self.can_receive = can_receive
        self.close = close
        self._file = file

    def send_some(self, data: memoryview, seconds: float) -> int:
        """Send the first bytes of some data; return how many were accepted, 0 when the time is over."""
        if not self._wait(select.POLLOUT, seconds):
            return 0
        try:
            return os.write(self._file, data)
        except BlockingIOError:
            return 0

    def receive_byte(self, seconds: float) -> int | None:
        """Return the next byte; None when the time is over."""
        if not self._wait(select.POLLIN, seconds):
            return None
        try:
            received = os.read(self._file, 1)
        except BlockingIOError:
            return None
        if not received:
            self._read_nothing()
            return None
        return received[0]

    def _read_nothing(self) -> None:
        """Handle a read of no bytes: the other end has closed."""
        raise ConnectionResetError("closed by the printer")

    def _wait(self, event: int, seconds: float) -> bool:
        """Wait until the file is ready.

        Raises:
            ConnectionResetError: the device was unplugged.
        """
        poll = select.poll()
        poll.register(self._file, event)
        ready = dict(poll.poll(seconds * 1000)).get(self._file, 0)
        if ready and not ready & event:
            raise ConnectionResetError("the device is gone")
        return bool(ready)

    def count_unsent(self) -> int:
        """Return how many bytes the kernel still has (SIOCOUTQ); a pipe has none of its own."""
        try:
            answer = fcntl.ioctl(self._file, termios.TIOCOUTQ, b"\0" * 4)
        except OSError as error:
            if error.errno in (errno.ENOTTY, errno.EINVAL):
                return 0
            raise
        return int(struct.unpack("i", answer)[0])

    def port_status(self) -> Status | None:
        """Return None: such a port says nothing."""
        return None


def open_device(opening: Callable[[], int], seconds: float, pause: float = RETRY_PAUSE) -> int:
    """Open a device file; one that another process has is tried again for some seconds.

    Args:
        opening: opens it.
        seconds: limit.
        pause: between two tries.

    Raises:
        NotSent: it cannot be opened.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            return opening()
        except OSError as error:
            reason = OPEN_FAULTS.get(error.errno or 0, "unreachable")
            if reason != "busy" or time.monotonic() >= until:
                raise NotSent(reason, str(error)) from error
        time.sleep(pause)
