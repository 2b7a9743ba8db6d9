"""Pace of a copy: small pieces, each written through to the disk, and a rest after each.

A copy of a large store in one go fills the disk's queue with hundreds of megabytes, and the next Submit waits behind
them. A rest lasts as long as the piece before it, so a slow disk gets longer rests.
"""

import os
from collections.abc import Callable
from threading import Event

from kiosk.base import clock

MIN_REST = 0.002
MAX_REST = 1.0


class Pace:
    """Writes the piece of a file to the disk, and rests.

    Args:
        rest: waits for some seconds.
    """

    def __init__(self, rest: Callable[[float], object] | None = None) -> None:
        self._rest = rest or Event().wait
        self._begun = clock.monotonic()

    def end_piece(self, handle: int) -> None:
        """Sync the open file and rest for as long as the piece took."""
        os.fdatasync(handle)
        self.rest()

    def rest(self) -> None:
        """Rest for as long as the piece took."""
        took = clock.monotonic() - self._begun
        self._rest(min(MAX_REST, max(MIN_REST, took)))
        self._begun = clock.monotonic()
