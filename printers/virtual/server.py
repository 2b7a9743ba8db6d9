"""Virtual printer: a TCP port, a receive buffer, a mechanism with a speed of its own, and faults on demand.

It behaves like real printers: it answers DLE EOT at once, even in the middle of a picture; with a fault it keeps its
buffer and prints it when the fault is cleared; a full buffer makes the sender wait. One connection at a time.
"""

import socket
import struct
import threading
import time
from pathlib import Path
from typing import Literal, Self, get_args

from PIL import Image

from printers.render.raster import to_png
from printers.virtual.folder import save_paper
from printers.virtual.machine import Mechanism

Fault = Literal[
    "paper_near_end",
    "paper_out",
    "cover",
    "offline",
    "cutter",
    "mute",
    "late",
    "garbage",
    "slow",
    "hung",
    "reset",
    "close",
    "power_loss",
]
STOPPING = ("paper_out", "cover", "offline", "cutter", "hung")  # the mechanism stops
SILENT = ("mute", "hung")
BUFFER = 4096  # bytes, as in many real printers
ROWS_A_SECOND = 1600.0  # 200 mm a second at 203 dpi
SLOW = 20.0  # this many times slower
_TICK = 0.005


class VirtualPrinter:
    """A printer without paper, for practice and tests.

    Args:
        port: TCP port; 0 for a free one.
        dots: width of the head.
        speed: rows a second; 0 prints at once.
        late: delay of answers with the fault "late", in seconds.
        folder: gets the papers as PNG files.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        dots: int = 576,
        speed: float = ROWS_A_SECOND,
        late: float = 1.5,
        folder: Path | None = None,
    ) -> None:
        self._port = port
        self._speed = speed
        self._late = late
        self._folder = folder
        self._fault: Fault | None = None
        self._after = 0
        self._received = 0
        self._buffer = bytearray()
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._client: socket.socket | None = None
        self._watched = 0
        self._foreign = 0  # bytes in the buffer from an earlier connection: they get no answers
        self._mechanism = Mechanism(dots=dots, answer=self._in_turn, watch=self._watch, roll_status=self._roll_status)
        self._threads: list[threading.Thread] = []

    def start(self) -> Self:
        """Open the port and begin to work."""
        self._server = socket.create_server(("127.0.0.1", self._port))
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self._server.settimeout(0.05)
        for work in (self._serve, self._work):
            thread = threading.Thread(target=work, name="virtual printer", daemon=True)
            thread.start()
            self._threads.append(thread)
        return self

    def stop(self) -> None:
        """Close the port; what is in the buffer is lost."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        self._server.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """Return the address as "host:port"."""
        return f"127.0.0.1:{self._server.getsockname()[1]}"

    @property
    def papers(self) -> list[Image.Image]:
        """Return the papers that are cut off, mode "1"."""
        with self._lock:
            return list(self._mechanism.papers)

    @property
    def uncut_paper(self) -> Image.Image:
        """Return the rows that are printed and not cut off yet."""
        with self._lock:
            return self._mechanism.picture()

    @property
    def strays(self) -> bytes:
        """Return the bytes that were neither a picture nor a known command."""
        return bytes(self._mechanism.strays)

    def set_fault(self, name: Fault | None, *, after: int = 0) -> None:
        """Set the fault from now on, or after `after` more bytes of a connection; None clears it."""
        if name is not None and name not in get_args(Fault):
            raise ValueError(f"no such fault: {name}")
        with self._lock:
            self._fault = name
            self._after = after
            self._received = 0
            self._announce()

    def _current_fault(self) -> Fault | None:
        return self._fault if self._received >= self._after else None

    # Answers

    def _status(self, question: int) -> int:
        """Return the answer to DLE EOT 1 to 4."""
        fault = self._current_fault()
        if fault == "garbage":
            return 0xFF
        bits = {
            1: 0x08 if fault in ("paper_out", "cover", "offline", "cutter") else 0,
            2: {"cover": 0x04, "paper_out": 0x20, "cutter": 0x40}.get(fault or "", 0),
            3: 0x08 if fault == "cutter" else 0,
            4: {"paper_out": 0x6C, "paper_near_end": 0x0C}.get(fault or "", 0),
        }
        return 0x12 | bits[question]

    def _roll_status(self) -> int:
        """Return the answer to GS r 1."""
        return {"paper_near_end": 0x03, "garbage": 0xFF}.get(self._current_fault() or "", 0)

    def _automatic(self) -> bytes:
        """Return the four bytes of an automatic status."""
        fault = self._current_fault()
        first = 0x10 | (0x08 if fault in STOPPING else 0) | (0x20 if fault == "cover" else 0)
        return bytes((first, 0, {"paper_out": 0x0F, "paper_near_end": 0x03}.get(fault or "", 0), 0))

    def _watch(self, mask: int) -> None:
        self._watched = mask
        self._announce()

    def _announce(self) -> None:
        if self._watched and self._client:
            self._reply(self._automatic())

    def _in_turn(self, answer: bytes) -> None:
        """Answer a query from the buffer, if its connection is still open."""
        if not self._foreign:
            self._reply(answer)

    def _reply(self, answer: bytes) -> None:
        client = self._client
        fault = self._current_fault()
        if client is None or fault in SILENT:
            return
        if fault == "late":
            timer = threading.Timer(self._late, _send, (client, answer))
            timer.daemon = True
            timer.start()
        else:
            _send(client, answer)

    # Receiving

    def _serve(self) -> None:
        """Accept one connection after another."""
        while not self._stopping.is_set():
            try:
                client, _ = self._server.accept()
            except TimeoutError:
                continue
            client.settimeout(_TICK)
            with self._lock:
                self._client = client
                self._received = 0
                self._watched = 0
                self._foreign = len(self._buffer)
            self._receive(client)
            with self._lock:
                self._client = None
            client.close()

    def _receive(self, client: socket.socket) -> None:
        """Receive bytes while the buffer has space; DLE EOT is answered at once."""
        tail = b""
        while not self._stopping.is_set():
            fault = self._current_fault()
            if fault in ("reset", "close", "power_loss"):
                self._break(client, fault)
                return
            if fault == "hung" or len(self._buffer) >= BUFFER:
                time.sleep(_TICK)
                if fault == "hung" or not self._is_query_next(client):
                    continue
            try:
                data = client.recv(min(512, max(self._after - self._received, 0) or 512))
            except TimeoutError:
                continue
            except OSError:
                return
            if not data:
                return
            with self._lock:
                self._received += len(data)
                tail = self._buffer_data(tail + data)

    def _is_query_next(self, client: socket.socket) -> bool:
        """Return whether the next bytes are a real-time query: it is received even when the buffer is full."""
        try:
            return client.recv(2, socket.MSG_PEEK) == b"\x10\x04"
        except OSError:
            return False

    def _buffer_data(self, data: bytes) -> bytes:
        """Answer the real-time queries in some bytes and buffer the others.

        Returns:
            The beginning of a query that is not complete yet.
        """
        while (at := data.find(b"\x10\x04")) >= 0 and len(data) > at + 2:
            if 1 <= data[at + 2] <= 4:
                self._buffer += data[:at]
                self._reply(bytes((self._status(data[at + 2]),)))
            else:
                self._buffer += data[: at + 3]
            data = data[at + 3 :]
        keep = 2 if data.endswith(b"\x10\x04") else 1 if data.endswith(b"\x10") else 0
        self._buffer += data[: len(data) - keep]
        return data[len(data) - keep :]

    def _break(self, client: socket.socket, fault: Fault) -> None:
        """Break the connection; a power loss also clears the buffer and leaves the paper as it is."""
        if fault == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if fault == "power_loss":
            with self._lock:
                self._buffer.clear()
                self._mechanism.lose_power()
        client.close()

    # The mechanism

    def _work(self) -> None:
        """Execute one command after another, at the speed of the mechanism."""
        delay = 0.0
        while not self._stopping.is_set():
            with self._lock:
                rows = None if self._current_fault() in STOPPING else self._execute()
            if rows is None:
                time.sleep(_TICK)
            elif self._speed:
                delay += rows / self._speed * (SLOW if self._current_fault() == "slow" else 1)
            if delay > _TICK:
                time.sleep(delay)
                delay = 0.0

    def _execute(self) -> int | None:
        """Execute the first command of the buffer.

        Returns:
            The number of rows burned, or None without a complete command.
        """
        before = len(self._mechanism.papers)
        used, rows = self._mechanism.feed(bytes(self._buffer)) if self._buffer else (0, 0)
        if not used:
            return None
        del self._buffer[:used]
        self._foreign = max(0, self._foreign - used)
        if len(self._mechanism.papers) > before and self._folder is not None:
            save_paper(self._folder, to_png(self._mechanism.papers[-1]), suffix=".png")
        return rows


def _send(client: socket.socket, answer: bytes) -> None:
    """Send an answer, if the connection is still open."""
    try:
        client.sendall(answer)
    except OSError:
        return
