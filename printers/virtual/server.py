"""The virtual printer: a TCP port, a receive buffer, a mechanism of its own speed, and faults on demand.

It behaves as real ones do: it answers DLE EOT at once, even in the middle of a picture; a printer in fault keeps what
it has and prints it when the fault is gone; a full buffer makes the sender wait. One connection at a time.
"""

import socket
import struct
import threading
import time
from pathlib import Path
from typing import Literal, Self, get_args

from PIL import Image

from printers.render.raster import to_png
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
STOPPING = ("paper_out", "cover", "offline", "cutter", "hung")  # the mechanism stands still
SILENT = ("mute", "hung")
BUFFER = 4096  # bytes, as in many a real one
ROWS_A_SECOND = 1600.0  # 200 mm a second at 203 dpi
SLOW = 20.0  # this many times slower
KEPT = 20  # papers in the folder
_TICK = 0.005


class VirtualPrinter:
    """A printer without paper: `speed` in rows a second (0: at once), `late` in seconds, PNG papers go to `folder`."""

    def __init__(
        self,
        port: int = 0,
        *,
        dots: int = 576,
        speed: float = ROWS_A_SECOND,
        late: float = 1.5,
        folder: Path | None = None,
    ) -> None:
        self._asked_port = port
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
        self._foreign = 0  # bytes in the buffer that an earlier connection sent: their answers go nowhere
        self._machine = Mechanism(dots=dots, answer=self._in_turn, watch=self._watch, roll_status=self._roll_status)
        self._threads: list[threading.Thread] = []

    def start(self) -> Self:
        """Open the port and begin to work."""
        self._server = socket.create_server(("127.0.0.1", self._asked_port))
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
        """Where it listens, as "host:port"."""
        return f"127.0.0.1:{self._server.getsockname()[1]}"

    @property
    def papers(self) -> list[Image.Image]:
        """What was cut off so far, mode "1"."""
        with self._lock:
            return list(self._machine.papers)

    @property
    def uncut_paper(self) -> Image.Image:
        """What is printed and not yet cut."""
        with self._lock:
            return self._machine.picture()

    @property
    def strays(self) -> bytes:
        """Bytes that were neither picture nor known command."""
        return bytes(self._machine.strays)

    def pictures(self) -> list[bytes]:
        """The papers as PNG, for a page."""
        return [to_png(paper) for paper in self.papers]

    def set_fault(self, name: Fault | None, *, after: int = 0) -> None:
        """Misbehave from now on, or once `after` more bytes of a connection have come; None mends everything."""
        if name is not None and name not in get_args(Fault):
            raise ValueError(f"no such fault: {name}")
        with self._lock:
            self._fault = name
            self._after = after
            self._received = 0
            self._announce()

    def _now(self) -> Fault | None:
        """The fault in force."""
        return self._fault if self._received >= self._after else None

    # What a printer says

    def _status(self, question: int) -> int:
        """The answer to DLE EOT 1 to 4."""
        fault = self._now()
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
        """The answer to GS r 1."""
        return {"paper_near_end": 0x03, "garbage": 0xFF}.get(self._now() or "", 0)

    def _automatic(self) -> bytes:
        """Four bytes of automatic status."""
        fault = self._now()
        first = 0x10 | (0x08 if fault in STOPPING else 0) | (0x20 if fault == "cover" else 0)
        return bytes((first, 0, {"paper_out": 0x0F, "paper_near_end": 0x03}.get(fault or "", 0), 0))

    def _watch(self, mask: int) -> None:
        self._watched = mask
        self._announce()

    def _announce(self) -> None:
        if self._watched and self._client:
            self._reply(self._automatic())

    def _in_turn(self, answer: bytes) -> None:
        """Answer a question out of the buffer to whoever asked it."""
        if not self._foreign:
            self._reply(answer)

    def _reply(self, answer: bytes) -> None:
        client = self._client
        fault = self._now()
        if client is None or fault in SILENT:
            return
        if fault == "late":
            timer = threading.Timer(self._late, _send, (client, answer))
            timer.daemon = True
            timer.start()
        else:
            _send(client, answer)

    # What a printer hears

    def _serve(self) -> None:
        """Take one connection after another."""
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
            self._listen(client)
            with self._lock:
                self._client = None
            client.close()

    def _listen(self, client: socket.socket) -> None:
        """Take bytes while there is room for them; DLE EOT is answered as it comes."""
        tail = b""
        while not self._stopping.is_set():
            fault = self._now()
            if fault in ("reset", "close", "power_loss"):
                self._break(client, fault)
                return
            if fault == "hung" or len(self._buffer) >= BUFFER:
                time.sleep(_TICK)
                if fault == "hung" or not self._asked_while_full(client):
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
                tail = self._hear(tail + data)

    def _asked_while_full(self, client: socket.socket) -> bool:
        """Whether a real-time question is next in line: it is heard even when the buffer is full."""
        try:
            return client.recv(2, socket.MSG_PEEK) == b"\x10\x04"
        except OSError:
            return False

    def _hear(self, data: bytes) -> bytes:
        """Answer the real-time questions among some bytes, buffer the others, give back a question cut short."""
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
        """End the connection rudely; a power loss forgets the buffer and mends nothing that is on paper."""
        if fault == "reset":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if fault == "power_loss":
            with self._lock:
                self._buffer.clear()
                self._machine.lose_power()
        client.close()

    # What a printer does

    def _work(self) -> None:
        """The mechanism: one command after another, at its own speed."""
        owed = 0.0
        while not self._stopping.is_set():
            with self._lock:
                rows = None if self._now() in STOPPING else self._obey()
            if rows is None:
                time.sleep(_TICK)
            elif self._speed:
                owed += rows / self._speed * (SLOW if self._now() == "slow" else 1)
            if owed > _TICK:
                time.sleep(owed)
                owed = 0.0

    def _obey(self) -> int | None:
        """Do what is first in the buffer; gives the rows burned, or None if there is nothing whole."""
        before = len(self._machine.papers)
        used, rows = self._machine.feed(bytes(self._buffer)) if self._buffer else (0, 0)
        if not used:
            return None
        del self._buffer[:used]
        self._foreign = max(0, self._foreign - used)
        if len(self._machine.papers) > before:
            self._keep(len(self._machine.papers))
        return rows

    def _keep(self, number: int) -> None:
        """Put the newest paper into the folder and let the oldest go."""
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / f"{number:06d}.png").write_bytes(to_png(self._machine.papers[-1]))
        for old in sorted(self._folder.glob("*.png"))[:-KEPT]:
            old.unlink(missing_ok=True)


def _send(client: socket.socket, answer: bytes) -> None:
    """Answer, if there still is somebody to hear it."""
    try:
        client.sendall(answer)
    except OSError:
        return
