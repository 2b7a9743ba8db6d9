"""The line between a kiosk and its portal, broken on purpose: a small proxy that passes requests on, or does not.

A fault is a function of a ``Call``: it gives the bytes that the kiosk is to read, or None to cut the connection so
that the kiosk is told at once (RST). ``Line.break_`` says which requests meet it and how often; ``heal`` ends it.
"""

import contextlib
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

PATIENCE = 60.0
Fault = Callable[["Call"], bytes | None]


@dataclass
class Call:
    """One request of a kiosk: its bytes, the kiosk's socket, and where the portal is."""

    asked: bytes
    kiosk: socket.socket
    target: tuple[str, int]
    is_over: threading.Event

    @property
    def what(self) -> str:
        """Name it: method and path, such as ``POST /kiosk-sync/v1/submissions``."""
        return b" ".join(self.asked.split(b" ", 2)[:2]).decode()

    def passed_on(self) -> bytes:
        """Hand it to the portal and give its whole answer; OSError when nobody is there."""
        with socket.create_connection(self.target, timeout=PATIENCE) as behind:
            behind.sendall(_closing(self.asked))
            pieces = []
            while piece := behind.recv(65536):
                pieces.append(piece)
        return b"".join(pieces)


@dataclass
class _Broken:
    fault: Fault
    on: str
    left: int | None


class Line:
    """A listener before a portal on this machine."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.heard: list[tuple[float, str]] = []
        self.tls: ssl.SSLContext | None = None
        self.port = 0
        self._broken: _Broken | None = None
        self._lock = threading.Lock()
        self.open()

    # --- what a test does with it

    def open(self) -> None:
        """Listen, at the same port as before."""
        self._is_over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", self.port), backlog=100)
        self.port = self._socket.getsockname()[1]
        self._kiosks: set[socket.socket] = set()
        self._listener = threading.Thread(target=self._listen, args=(self._socket, self._is_over), daemon=True)
        self._listener.start()

    def shut(self) -> None:
        """Stop listening and cut every connection: who dials is refused."""
        self._is_over.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._listener.join(5)
        self.cut()

    def cut(self) -> None:
        """Cut every connection that is open."""
        for kiosk in list(self._kiosks):
            with contextlib.suppress(OSError):
                kiosk.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads from it, which closes it

    @contextlib.contextmanager
    def swallowing(self) -> Iterator[None]:
        """Be there and accept nobody: a dialling kiosk hears neither yes nor no."""
        self.shut()
        with socket.create_server(("127.0.0.1", self.port), backlog=0) as full, contextlib.ExitStack() as waiting:
            for _ in range(2):
                filler = waiting.enter_context(socket.socket())
                filler.setblocking(False)
                filler.connect_ex(full.getsockname())
            yield
        self.open()

    def break_(self, fault: Fault, on: str = "", times: int | None = None) -> None:
        """Let requests whose name holds ``on`` meet a fault, so often or until ``heal``; others are passed on."""
        with self._lock:
            self._broken = _Broken(fault, on, times)

    def heal(self) -> None:
        """Pass everything on again, and listen."""
        with self._lock:
            self._broken = None
        if self._is_over.is_set():
            self.open()

    def met(self, on: str = "", since: float = 0.0) -> int:
        """Count the requests that were heard (since a monotonic time) and whose name holds ``on``."""
        return sum(1 for at, what in list(self.heard) if on in what and at >= since)

    # --- inside

    def _listen(self, listener: socket.socket, is_over: threading.Event) -> None:
        while not is_over.is_set():
            try:
                kiosk, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(kiosk, is_over), daemon=True).start()

    def _serve(self, kiosk: socket.socket, is_over: threading.Event) -> None:
        with contextlib.suppress(OSError, ValueError):
            kiosk.settimeout(PATIENCE)
            if self.tls:
                kiosk = self.tls.wrap_socket(kiosk, server_side=True)
            self._kiosks.add(kiosk)
            while not is_over.is_set() and self._one(kiosk, is_over):
                pass
        self._kiosks.discard(kiosk)
        kiosk.close()

    def _one(self, kiosk: socket.socket, is_over: threading.Event) -> bool:
        asked = read_request(kiosk)
        if not asked:
            return False
        call = Call(asked=asked, kiosk=kiosk, target=self.target, is_over=is_over)
        self.heard.append((time.monotonic(), call.what))
        fault = self._fault(call.what)
        try:
            answer = fault(call)
        except ConnectionError:
            answer = None
        if answer is None:
            _reset(kiosk)
            return False
        kiosk.sendall(answer)
        return False  # the portal's answer says that the connection is closed

    def _fault(self, what: str) -> Fault:
        with self._lock:
            broken = self._broken
            if broken is None or broken.on not in what or broken.left == 0:
                return Call.passed_on
            if broken.left is not None:
                broken.left -= 1
            return broken.fault


def read_request(line: socket.socket) -> bytes:
    """Read one whole request; empty when there was none."""
    found = b""
    while b"\r\n\r\n" not in found:
        piece = line.recv(65536)
        if not piece:
            return b""
        found += piece
    head, _, _ = found.partition(b"\r\n\r\n")
    match = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    most = len(head) + 4 + (int(match[1]) if match else 0)
    while len(found) < most:
        piece = line.recv(65536)
        if not piece:
            return b""
        found += piece
    return found


def _closing(asked: bytes) -> bytes:
    """Let the portal end its answer with the connection, so that its end is known."""
    head, blank, body = asked.partition(b"\r\n\r\n")
    head = re.sub(rb"\r\nconnection:[^\r]*", b"", head, flags=re.IGNORECASE)
    return head + b"\r\nConnection: close" + blank + body


def _reset(line: socket.socket) -> None:
    """Cut a connection so that the other side is told at once (RST)."""
    with contextlib.suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()
