"""Total deadline of a request.

The time-outs of HTTP clients count from one read to the next: an answer of one byte a second hung for ever. This one
counts from the start and then **closes the socket of the request**, which wakes the reader with an error. The reader
checks `has_passed` to distinguish a time-out from a broken connection. It cannot interrupt a name look-up, which has a
deadline of its own (`name_lookup`).
"""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self


class Deadline:
    """Context manager that calls `close` from another thread when the block takes longer than `seconds`."""

    def __init__(self, seconds: float, close: Callable[[], None]) -> None:
        self._seconds = seconds
        self._ends = float("inf")
        self._timer = threading.Timer(seconds, close)
        self._timer.daemon = True

    @property
    def has_passed(self) -> bool:
        """Return whether the time is over, by the clock.

        A time-out of the HTTP client may wake the reader before the timer's thread has run.
        """
        return time.monotonic() >= self._ends

    def __enter__(self) -> Self:
        self._ends = time.monotonic() + self._seconds
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
