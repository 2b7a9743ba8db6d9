"""Free ports for the servers of tests, below the range of ephemeral ports.

An ephemeral port may go to any other process between the look and its use, or while its server is stopped: then a test
talks to another test's server. Each test process has a range of its own and takes its ports in turn.
"""

import os
import socket
from itertools import chain

FIRST = 20_000
RANGES = 200
PORTS_IN_RANGE = 60
END = FIRST + RANGES * PORTS_IN_RANGE
_given: dict[int, int] = {}
"""The port after the last one given, by process."""


def free_port(count: int = 1) -> int:
    """Return the first of some free ports in a row, later in the range than those given before."""
    own = FIRST + os.getpid() % RANGES * PORTS_IN_RANGE
    begin = _given.get(os.getpid(), own)
    # After the end of its own range: from its beginning again, and then into those of others.
    if begin + count > own + PORTS_IN_RANGE:
        begin = own
    for port in chain(range(begin, END - count), range(FIRST, begin)):
        if all(is_free(port + n) for n in range(count)):
            _given[os.getpid()] = port + count
            return port
    raise RuntimeError("no ports")


def is_free(port: int) -> bool:
    """Return whether a server could listen at a port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
