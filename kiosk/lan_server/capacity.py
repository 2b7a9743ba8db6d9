"""Capacity of the LAN listener: connections, connections of one address, and bytes of request bodies in memory.

All are counted on the event loop, so no lock is needed.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MAX_CONNECTIONS = 400
"""A connection costs up to 0.3 MB: TLS buffers, a head, a body of a form."""
MAX_PER_ADDRESS = 20
"""A browser opens six; one computer must not take the places of all others."""
MAX_BODY_BYTES = 64 * 1024 * 1024
"""Request bodies in memory at one time: six uploads, or a thousand forms."""


class Capacity:
    """Connections and bytes in use."""

    def __init__(self) -> None:
        self._connections: Counter[str] = Counter()
        self._body_bytes = 0

    def is_full_for(self, address: str) -> bool:
        """Return whether an address that has a place of its own left finds all places taken."""
        return self._connections.total() >= MAX_CONNECTIONS and self._connections[address] < MAX_PER_ADDRESS

    @contextmanager
    def connection(self, address: str) -> Iterator[bool]:
        """Count a connection of an address while the block runs; yield False if there is no place for it."""
        if self._connections.total() >= MAX_CONNECTIONS or self._connections[address] >= MAX_PER_ADDRESS:
            yield False
            return
        self._connections[address] += 1
        try:
            yield True
        finally:
            self._connections[address] -= 1
            if not self._connections[address]:
                del self._connections[address]

    @contextmanager
    def body(self, size: int) -> Iterator[bool]:
        """Count the bytes of a body while the block runs; yield False if there is no place for them."""
        if self._body_bytes + size > MAX_BODY_BYTES:
            yield False
            return
        self._body_bytes += size
        try:
            yield True
        finally:
            self._body_bytes -= size
