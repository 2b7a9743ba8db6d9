"""TCP connection to a printer; every wait has a deadline.

The send buffer is small on purpose: with the kernel's default a whole receipt counts as sent to a printer that hangs.
"""

import fcntl
import select
import socket
import struct
import termios
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from printers.deadline import Deadline, deadline_in
from printers.devices import status_bytes
from printers.errors import NotSent, Reason, Unknown

SEND_BUFFER = 4096
CHUNK = 1024

Resolve = Callable[[str, int, float], list[str]]
"""Returns the addresses of a host and port within some seconds; raises `OSError`."""


def resolve_by_system(host: str, port: int, _seconds: float) -> list[str]:
    """Return the addresses of a host; waits for the system's name server, however long it takes."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class PrinterConnection:
    """An open connection; a context manager that closes it."""

    def __init__(self, address: str, seconds: float, resolve: Resolve = resolve_by_system) -> None:
        """Connect within some seconds.

        Args:
            address: "host:port".
            seconds: the time for the look-up of the name and for connecting.
            resolve: looks up the name.

        Raises:
            NotSent: there is no connection.
        """
        self._socket = connect(address, seconds, resolve)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(0)
        self.sent = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._socket.close()

    def discard_input(self) -> None:
        """Discard received bytes: a late answer must not count as the next one."""
        while self._read_byte(deadline_in(0)) is not None:
            pass

    def query(self, question: bytes, seconds: float) -> int:
        """Send a real-time query and return its answer.

        Raises:
            NotSent: no answer, or a byte that cannot be one.
        """
        try:
            self.discard_input()
            self._socket.sendall(question)
            answer = self._read_answer(deadline_in(seconds))
        except OSError as error:
            raise NotSent("mute", str(error)) from error
        if answer is None:
            raise NotSent("mute")
        if not status_bytes.is_status(answer):
            raise NotSent("garbage", f"{answer:#04x}")
        return answer

    def _read_answer(self, deadline: Deadline) -> int | None:
        """Return the next byte that is no part of an automatic status; None at the deadline."""
        byte = self._read_byte(deadline)
        while byte is not None and status_bytes.begins_automatic(byte):
            for _ in range(status_bytes.AUTOMATIC_LENGTH - 1):
                self._read_byte(deadline)
            byte = self._read_byte(deadline)
        return byte

    def _read_byte(self, deadline: Deadline) -> int | None:
        """Return the next byte; None at the deadline.

        Raises:
            OSError: the printer closed the connection.
        """
        if not select.select([self._socket], [], [], deadline.seconds_left)[0]:
            return None
        received = self._socket.recv(1)
        if not received:
            raise ConnectionResetError("closed by the printer")
        return received[0]

    def send_all(self, payload: bytes, stall: float, job: Deadline) -> None:
        """Send everything in chunks; each must be accepted within `stall` seconds.

        Raises:
            NotSent: it failed before the first byte.
            Unknown: it failed later.
        """
        rest = memoryview(payload)
        try:
            while rest:
                deadline = job.at_most(stall)
                if not select.select([], [self._socket], [], deadline.seconds_left)[1]:
                    raise self._error("too_long" if job.seconds_left <= 0 else "stalled")
                rest = rest[self._send_chunk(rest[:CHUNK]) :]
        except OSError as error:
            raise self._error("cut_off", str(error)) from error

    def _send_chunk(self, chunk: memoryview) -> int:
        """Send what the printer accepts of a chunk; return the number of bytes."""
        count = self._socket.send(chunk)
        self.sent += count
        return count

    def _error(self, reason: Reason, detail: str = "") -> NotSent | Unknown:
        return Unknown(reason, detail) if self.sent else NotSent(reason, detail)

    def wait_for_barrier(self, seconds: float, job: Deadline) -> None:
        """Wait until the printer has printed everything that was sent.

        Raises:
            Unknown: the printer does not confirm it.
        """
        deadline = job.at_most(seconds)
        has_foreign_byte = False
        try:
            self.discard_input()
            self.send_all(status_bytes.BARRIER, seconds, job)
            while (byte := self._read_answer(deadline)) is not None:
                if status_bytes.is_barrier(byte):
                    if status_bytes.ended_without_paper(byte):
                        raise Unknown("paper_out")
                    return
                has_foreign_byte = has_foreign_byte or not status_bytes.is_status(byte)
        except OSError as error:
            raise Unknown("cut_off", str(error)) from error
        raise Unknown("garbage" if has_foreign_byte else "too_long" if job.seconds_left <= 0 else "no_answer")

    def wait_for_acknowledgement(self, stall: float, job: Deadline) -> None:
        """Wait until the printer has acknowledged every byte: closing earlier could lose some.

        Raises:
            Unknown: it has not acknowledged them within `stall` seconds.
        """
        try:
            self.discard_input()
            deadline = job.at_most(stall)
            while self._unacknowledged() and deadline.seconds_left:
                time.sleep(0.005)
        except OSError as error:
            raise Unknown("cut_off", str(error)) from error
        if self._unacknowledged():
            raise Unknown("stalled")

    def _unacknowledged(self) -> int:
        """Return the number of bytes that the printer has not acknowledged (SIOCOUTQ)."""
        count: int = struct.unpack("i", fcntl.ioctl(self._socket, termios.TIOCOUTQ, b"\0" * 4))[0]
        return count


def connect(address: str, seconds: float, resolve: Resolve) -> socket.socket:
    """Connect to "host:port" within some seconds, the look-up of the name included.

    Raises:
        NotSent: there is no connection.
    """
    host, _, port = address.rpartition(":")
    deadline = deadline_in(seconds)
    try:
        return _connect_first(resolve(host, int(port), seconds), int(port), deadline)
    except (OSError, ValueError, OverflowError) as error:  # OverflowError: a port over 65535
        raise NotSent("unreachable", str(error)) from error


def _connect_first(addresses: list[str], port: int, deadline: Deadline) -> socket.socket:
    """Connect to the first address that answers; each has its share of the time that is left.

    Raises:
        OSError: none answers.
    """
    error = OSError("no address")
    for index, address in enumerate(addresses):
        share = deadline.seconds_left / (len(addresses) - index)
        try:
            return socket.create_connection((address, port), timeout=max(share, 0.001))
        except OSError as failed:
            error = failed
    raise error
