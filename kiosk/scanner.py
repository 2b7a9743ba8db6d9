"""The card scanner's line (USB-COM) and the page that waits for it.

A scanner in keyboard mode loses Vietnamese marks, so it speaks over a serial port. What it says is somebody's card: it
is handed to the one page that waits, once, is gone after 20 seconds, and is never logged.
"""

import logging
import time
from collections.abc import Callable
from threading import Event, Lock, Thread, Timer

import serial

MAX_LINE_BYTES = 10_000  # bytes; what follows of a longer line is dropped
WAIT_SECONDS = 3.0
KEEP_SECONDS = 20.0

_log = logging.getLogger(__name__)


class Scanner:
    """Reads lines from a port in a thread of its own; opens the port again after an unplug."""

    def __init__(
        self, port: str, on_line: Callable[[str], object], baud: int = 9600, *, quiet_seconds: float = 0.1, retry_seconds: float = 1.0
    ) -> None:
        """Read from `port`; a line ends at CR, LF or after `quiet` seconds; after a fault try `again` in seconds."""
        self._port = port
        self._baud = baud
        self._quiet = quiet_seconds
        self._again = retry_seconds
        self._on_line = on_line
        self._stopped = Event()
        self._connected = Event()
        self._thread: Thread | None = None

    @property
    def is_connected(self) -> bool:
        """Tell if the port is open just now."""
        return self._connected.is_set()

    def start(self) -> None:
        """Begin to read; a second start does nothing."""
        if self._thread is None:
            self._stopped.clear()
            self._thread = Thread(target=self._run, name="scanner", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop reading and close the port; returns when it is closed."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with serial.serial_for_url(self._port, self._baud, timeout=self._quiet, exclusive=True) as port:
                    self._set_connected(is_connected=True)
                    self._read(port)
            except (serial.SerialException, OSError):
                # Unplugged, or not there yet: there is nothing to do but to look again.
                self._set_connected(is_connected=False)
                self._stopped.wait(self._again)
        self._set_connected(is_connected=False)

    def _set_connected(self, *, is_connected: bool) -> None:
        if is_connected == self._connected.is_set():
            return
        if is_connected:
            self._connected.set()
        else:
            self._connected.clear()
        _log.info("scanner connected" if is_connected else "scanner gone")

    def _read(self, port: serial.SerialBase) -> None:
        gathered = bytearray()
        while not self._stopped.is_set():
            # One byte wakes the thread at once; what has come with it is taken in the same turn.
            got = port.read(1)
            got += port.read(port.in_waiting) if got else b"\n"  # quiet ends a line too
            for byte in got:
                if byte in b"\r\n":
                    self._emit(gathered)
                elif len(gathered) < MAX_LINE_BYTES:
                    gathered.append(byte)

    def _emit(self, gathered: bytearray) -> None:
        line = _decode(bytes(gathered))
        gathered.clear()
        if line.strip():
            self._on_line(line)


def _decode(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


class CardInbox:
    """Where a scanned line waits for the page that asked for one: one page, one line, 20 seconds at most."""

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        wait_seconds: float = WAIT_SECONDS,
        keep_seconds: float = KEEP_SECONDS,
    ) -> None:
        self._monotonic = monotonic
        self._waiting_seconds = wait_seconds
        self._keep = keep_seconds
        self._lock = Lock()
        self._session = ""
        self._waits_until = self._keeps_until = 0.0
        self._version = self._known = 0
        self._line: str | None = None
        self._timer: Timer | None = None
        self.scanner: Scanner | None = None

    @property
    def is_down(self) -> bool:
        """Tell if a scanner at a port should be there and is not; one that types is never missed."""
        return self.scanner is not None and not self.scanner.is_connected

    def poll(self, session: str) -> int:
        """Say that a session waits, for 3 s more, and how many lines have come for it; another one's wait ends."""
        with self._lock:
            self._start_waiting(session)
            return self._version

    def known_version(self, session: str) -> int:
        """Say that a page that waits is made now; only a line later than this version makes it load anew."""
        with self._lock:
            self._start_waiting(session)
            return self._known

    def mark_filled(self, session: str) -> None:
        """Say that a card is in the form now: a tab that was made meanwhile loads anew."""
        with self._lock:
            if session == self._session:
                self._version += 1

    def put(self, line: str) -> bool:
        """Lay a line down for the session that waits; without one it is forgotten at once (False)."""
        with self._lock:
            if not self._session or self._monotonic() > self._waits_until:
                return False
            self._drop_line()
            self._line = line
            self._keeps_until = self._monotonic() + self._keep
            self._version += 1
            self._timer = Timer(self._keep, self.drop_expired)
            self._timer.daemon = True
            self._timer.start()
            return True

    def pop(self, session: str) -> str | None:
        """Hand the line to the session that it came for, once."""
        with self._lock:
            if session != self._session:
                return None
            self._known = self._version
            if self._monotonic() > self._keeps_until:
                return None
            line = self._line
            self._drop_line()
            return line

    def end_session(self, session: str) -> None:
        """End a session's wait and wipe what came for it."""
        with self._lock:
            if session == self._session:
                self._reset()

    def drop_expired(self) -> None:
        """Wipe a line that nobody took in time."""
        with self._lock:
            if self._line is not None and self._monotonic() >= self._keeps_until:
                self._drop_line()

    def _start_waiting(self, session: str) -> None:
        if session != self._session:
            self._reset()
            self._session = session
        self._waits_until = self._monotonic() + self._waiting_seconds

    def _reset(self) -> None:
        self._drop_line()
        self._session = ""
        self._waits_until = 0.0
        self._version = self._known = 0

    def _drop_line(self) -> None:
        self._line = None
        self._keeps_until = 0.0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
