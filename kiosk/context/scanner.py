"""Card scanner on a serial port (USB-COM), and the inbox from which a waiting page reads the card.

A scanner in keyboard mode loses Vietnamese marks, so it is read through a serial port. A line holds the data of a
card: it is given once to the one page that waits, deleted after 20 seconds, and never logged.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread, Timer

import serial

MAX_LINE_BYTES = 10_000  # the rest of a longer line is dropped
WAIT_SECONDS = 3.0
KEEP_SECONDS = 20.0
HELD_SECONDS = 300.0
MAX_HELD = 20

_log = logging.getLogger(__name__)


class Scanner:
    """Reads lines from a port in its own thread; reopens the port after it was unplugged."""

    def __init__(
        self,
        port: str,
        on_line: Callable[[str], object],
        baud: int = 9600,
        *,
        quiet_seconds: float = 0.1,
        retry_seconds: float = 1.0,
    ) -> None:
        """Create a reader.

        Args:
            on_line: is called with each line, in the reader's thread.
            quiet_seconds: a pause of this length ends a line, as CR and LF do.
            retry_seconds: time until the port is opened again after an error.
        """
        self._port = port
        self._baud = baud
        self._quiet_seconds = quiet_seconds
        self._retry_seconds = retry_seconds
        self._on_line = on_line
        self._stopped = Event()
        self._connected = Event()
        self._thread: Thread | None = None

    @property
    def is_connected(self) -> bool:
        """Whether the port is open."""
        return self._connected.is_set()

    def start(self) -> None:
        """Start to read; a second start does nothing."""
        if self._thread is None:
            self._stopped.clear()
            self._thread = Thread(target=self._run, name="scanner", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop reading; return when the port is closed."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with serial.Serial(self._port, self._baud, timeout=self._quiet_seconds, exclusive=True) as port:
                    self._set_connected(is_connected=True)
                    self._read(port)
            except (serial.SerialException, OSError):
                # Unplugged, or not plugged in yet: try again later.
                self._set_connected(is_connected=False)
                self._stopped.wait(self._retry_seconds)
        self._set_connected(is_connected=False)

    def _set_connected(self, *, is_connected: bool) -> None:
        if is_connected == self._connected.is_set():
            return
        if is_connected:
            self._connected.set()
        else:
            self._connected.clear()
        _log.info("scanner connected" if is_connected else "scanner disconnected")

    def _read(self, port: serial.SerialBase) -> None:
        buffer = bytearray()
        while not self._stopped.is_set():
            # The first byte wakes the thread at once; the bytes that came with it are read in the same round.
            received = port.read(1)
            received += port.read(port.in_waiting) if received else b"\n"  # a pause ends a line too
            for byte in received:
                if byte in b"\r\n":
                    self._emit(buffer)
                elif len(buffer) < MAX_LINE_BYTES:
                    buffer.append(byte)

    def _emit(self, buffer: bytearray) -> None:
        line = _decode(bytes(buffer))
        buffer.clear()
        if line.strip():
            self._on_line(line)


def _decode(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("latin-1")


@dataclass(frozen=True)
class HeldCard:
    """A line that is held for a later page, until a monotonic time; `is_typed`: by a scanner in keyboard mode."""

    line: str
    is_typed: bool
    until: float = 0.0


class CardInbox:
    """Holds a scanned line for the session that waits: one session, one line, at most 20 seconds.

    A session waits while its page polls. The version counts the lines that came for it; a page reloads when the
    version at `poll` is greater than the one it was rendered with. A card that was scanned at the start page is held
    for the first card step of the visit's form, in memory, for five minutes at most.
    """

    def __init__(
        self,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        wait_seconds: float = WAIT_SECONDS,
        keep_seconds: float = KEEP_SECONDS,
    ) -> None:
        self._monotonic = monotonic
        self._wait_seconds = wait_seconds
        self._keep_seconds = keep_seconds
        self._lock = Lock()
        self._session = ""
        self._waits_until = 0.0
        self._keeps_until = 0.0
        self._version = 0
        self._known_version = 0
        self._line: str | None = None
        self._timer: Timer | None = None
        self._held: dict[str, HeldCard] = {}
        self._shown: dict[str, tuple[str, float]] = {}
        self.scanner: Scanner | None = None

    @property
    def is_down(self) -> bool:
        """Whether a scanner is configured and not connected; one in keyboard mode cannot be checked."""
        return self.scanner is not None and not self.scanner.is_connected

    def poll(self, session: str, *, gives_way: bool = False) -> int:
        """Return the version for a session, which waits 3 s more; the wait of another session ends.

        Args:
            gives_way: the page waits for any code, so it does not end the wait of another page; it gets version 0.
        """
        with self._lock:
            if not (gives_way and self._is_taken(session)):
                self._start_waiting(session)
            return self._version if session == self._session else 0

    def known_version(self, session: str, *, gives_way: bool = False) -> int:
        """Return the version to render into a waiting page: only a later line makes the page reload."""
        with self._lock:
            if not (gives_way and self._is_taken(session)):
                self._start_waiting(session)
            return self._known_version if session == self._session else 0

    def hold(self, session: str, card: HeldCard) -> None:
        """Hold a card for the first card step of a session."""
        with self._lock:
            self._drop_old_held()
            while len(self._held) >= MAX_HELD:
                self._held.pop(next(iter(self._held)))
            self._held[session] = replace(card, until=self._monotonic() + HELD_SECONDS)

    def is_holding(self, session: str) -> bool:
        """Return whether a card is held for a session."""
        with self._lock:
            self._drop_old_held()
            return session in self._held

    def take_held(self, session: str) -> HeldCard | None:
        """Return the card that is held for a session and delete it; None if there is none."""
        with self._lock:
            self._drop_old_held()
            return self._held.pop(session, None)

    def note_shown(self, session: str, page: str, now: float) -> None:
        """Note that a session is shown a page that waits for a card; a page that is shown again keeps its time.

        Args:
            now: monotonic seconds.
        """
        with self._lock:
            if self._shown.get(session, ("", 0.0))[0] == page:
                return
            while len(self._shown) >= MAX_HELD:
                self._shown.pop(next(iter(self._shown)))
            self._shown[session] = (page, now)

    def shown_since(self, session: str, page: str) -> float | None:
        """Return since when a page has waited for its card, and forget it; None where that is not known."""
        with self._lock:
            shown, since = self._shown.pop(session, ("", 0.0))
            return since if shown == page else None

    def mark_filled(self, session: str) -> None:
        """Record that a card was put into the form, so that a tab rendered in the meantime reloads."""
        with self._lock:
            if session == self._session:
                self._version += 1

    def put(self, line: str) -> bool:
        """Store a line for the waiting session; without one, drop the line and return False."""
        with self._lock:
            if not self._session or self._monotonic() > self._waits_until:
                return False
            self._drop_line()
            self._line = line
            self._keeps_until = self._monotonic() + self._keep_seconds
            self._version += 1
            self._timer = Timer(self._keep_seconds, self.drop_expired)
            self._timer.daemon = True
            self._timer.start()
            return True

    def pop(self, session: str) -> str | None:
        """Return the session's line and delete it; None if there is none."""
        with self._lock:
            if session != self._session:
                return None
            self._known_version = self._version
            if self._monotonic() > self._keeps_until:
                return None
            line = self._line
            self._drop_line()
            return line

    def end_session(self, session: str) -> None:
        """End a session's wait and delete its line and its held card."""
        with self._lock:
            self._held.pop(session, None)
            self._shown.pop(session, None)
            if session == self._session:
                self._reset()

    def drop_expired(self) -> None:
        """Delete a line whose time is over."""
        with self._lock:
            self._drop_old_held()
            if self._line is not None and self._monotonic() >= self._keeps_until:
                self._drop_line()

    def _is_taken(self, session: str) -> bool:
        return bool(self._session) and session != self._session and self._monotonic() <= self._waits_until

    def _drop_old_held(self) -> None:
        now = self._monotonic()
        self._held = {session: card for session, card in self._held.items() if now < card.until}

    def _start_waiting(self, session: str) -> None:
        if session != self._session:
            self._reset()
            self._session = session
        self._waits_until = self._monotonic() + self._wait_seconds

    def _reset(self) -> None:
        self._drop_line()
        self._session = ""
        self._waits_until = 0.0
        self._version = 0
        self._known_version = 0

    def _drop_line(self) -> None:
        self._line = None
        self._keeps_until = 0.0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
