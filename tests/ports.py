"""Free ports for the servers of tests, below the range of ephemeral ports.

An ephemeral port may go to any other process between the look and its use, or while its server is stopped: then a test
talks to another test's server. Each test process has ranges of its own and takes its ports in turn. A socket that is
bound to the first port of a range keeps every other test process of the machine out of it until its process ends.
"""

import os
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class PortBlock:
    """Ports that are divided into ranges of one length; `end` is the port after the last one."""

    first: int
    end: int
    in_range: int


SERVERS = PortBlock(first=20_000, end=32_000, in_range=60)
UNITS = PortBlock(first=5_000, end=9_990, in_range=10)
"""Of four digits, for the units of the gateway: they put a 1 before them for the port of the metrics."""
_own: dict[tuple[int, PortBlock], list["PortRange"]] = {}
"""Ranges by process and block: a forked process claims its own."""


class PortRange:
    """Ports in a row that belong to one process."""

    def __init__(self, guard: socket.socket, ports: range) -> None:
        self._guard = guard  # bound as long as the process lives
        self._ports = ports
        self._next = ports.start

    def take(self, count: int) -> int | None:
        """Return the first of some free ports in a row, from the last one that was taken on, and round."""
        starts = self._ports[: len(self._ports) - count + 1]
        turn = max(0, self._next - starts.start)
        for port in (*starts[turn:], *starts[:turn]):
            if all(is_free(port + n) for n in range(count)):
                self._next = port + count
                return port
        return None


def claim_range(block: PortBlock) -> PortRange:
    """Return the first range that no process has; its first port is never given.

    Raises:
        RuntimeError: other processes have all ranges.
    """
    for first in range(block.first, block.end - block.in_range + 1, block.in_range):
        guard = socket.socket()
        try:
            guard.bind(("127.0.0.1", first))  # without SO_REUSEADDR: a second socket cannot be bound to it
        except OSError:
            guard.close()
        else:
            return PortRange(guard, range(first + 1, first + block.in_range))
    raise RuntimeError("no ports")


def free_port(count: int = 1, block: PortBlock = SERVERS) -> int:
    """Return the first of some free ports in a row that no other process is given."""
    own = _own.setdefault((os.getpid(), block), [])
    taken = [port for ports in own if (port := ports.take(count)) is not None]
    while not taken:
        own.append(claim_range(block))
        port = own[-1].take(count)
        taken = [] if port is None else [port]
    return taken[0]


def is_free(port: int) -> bool:
    """Return whether a server could listen at a port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
