"""TCP to a printer: the look-up of its name, and a connection within a limit."""

import socket
from collections.abc import Callable

from printers.deadline import Deadline, deadline_in
from printers.errors import NotSent

Resolve = Callable[[str, int, float], list[str]]
"""Returns the addresses of a host and port within some seconds; raises `OSError`."""


def resolve_by_system(host: str, port: int, _seconds: float) -> list[str]:
    """Return the addresses of a host; waits for the system's name server, however long it takes."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


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
