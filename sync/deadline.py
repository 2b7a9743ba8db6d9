"""How long a request may take in all.

The time-outs of HTTP clients count from one read to the next: an answer of one byte a second hung for ever. This one
counts from the start and then **closes what the request stands on**, which wakes the reader with an error; the reader
asks ``has_passed`` to tell a time-out from a broken line. It cannot interrupt a name look-up.
"""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self


class Deadline:
    """Seconds for everything inside the block; when they are over, ``close`` is called from another thread."""

    def __init__(self, seconds: float, close: Callable[[], None]) -> None:
        self._seconds = seconds
        self._ends = float("inf")
        self._timer = threading.Timer(seconds, close)
        self._timer.daemon = True

    @property
    def has_passed(self) -> bool:
        """Tell by the clock: a time-out of the client itself may wake the reader before the other thread has run."""
        return time.monotonic() >= self._ends

    def __enter__(self) -> Self:
        self._ends = time.monotonic() + self._seconds
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
