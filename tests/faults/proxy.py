"""TCP proxy between a kiosk and its portal that forwards requests or breaks the connection on demand.

A fault is a function of a `ProxiedRequest`. It returns the bytes for the kiosk, or None to close the connection with a
reset (RST). `ChaosProxy.inject` names the requests that meet a fault and how often; `end_fault` ends it.
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

from tests.ports import free_port

TIMEOUT_SECONDS = 60.0
NetworkFault = Callable[["ProxiedRequest"], bytes | None]


@dataclass
class ProxiedRequest:
    """One request of a kiosk: its bytes, the kiosk's socket, and the address of the portal."""

    raw: bytes
    kiosk: socket.socket
    target: tuple[str, int]
    is_closing: threading.Event

    @property
    def name(self) -> str:
        """Return method and path, such as `POST /kiosk-sync/v1/submissions`."""
        return b" ".join(self.raw.split(b" ", 2)[:2]).decode()

    def forward(self) -> bytes:
        """Send the request to the portal; return its whole answer.

        Raises:
            OSError: the portal cannot be reached.
        """
        with socket.create_connection(self.target, timeout=TIMEOUT_SECONDS) as portal:
            portal.sendall(_with_connection_close(self.raw))
            pieces = []
            while piece := portal.recv(65536):
                pieces.append(piece)
        return b"".join(pieces)


@dataclass
class _InjectedFault:
    fault: NetworkFault
    on: str
    times_left: int | None


class ChaosProxy:
    """A listener before a portal on this machine."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.requests: list[tuple[float, str]] = []
        """Monotonic time and name of each request."""
        self.tls: ssl.SSLContext | None = None
        self.port = free_port()
        self._injected: _InjectedFault | None = None
        self._lock = threading.Lock()
        self.listen()

    # --- for tests

    def listen(self) -> None:
        """Listen, at the same port as before."""
        self._is_closing = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", self.port), backlog=100)
        self._kiosks: set[socket.socket] = set()
        self._listener = threading.Thread(target=self._accept, args=(self._socket, self._is_closing), daemon=True)
        self._listener.start()

    def close(self) -> None:
        """Stop listening and close every connection: new ones are refused."""
        self._is_closing.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._listener.join(5)
        self.close_connections()

    def close_connections(self) -> None:
        """Close every open connection."""
        for kiosk in list(self._kiosks):
            with contextlib.suppress(OSError):
                kiosk.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads from it, which closes it

    @contextlib.contextmanager
    def ignoring_connections(self) -> Iterator[None]:
        """Listen with a full backlog: a new connection is neither accepted nor refused."""
        self.close()
        with socket.create_server(("127.0.0.1", self.port), backlog=0) as full, contextlib.ExitStack() as stack:
            for _ in range(2):
                filler = stack.enter_context(socket.socket())
                filler.setblocking(False)
                filler.connect_ex(full.getsockname())
            yield
        self.listen()

    def inject(self, fault: NetworkFault, on: str = "", times: int | None = None) -> None:
        """Apply a fault to requests whose name contains `on`, so many times or until `end_fault`."""
        with self._lock:
            self._injected = _InjectedFault(fault, on, times)

    def end_fault(self) -> None:
        """Forward everything again, and listen."""
        with self._lock:
            self._injected = None
        if self._is_closing.is_set():
            self.listen()

    def count_requests(self, on: str = "", since: float = 0.0) -> int:
        """Return the number of requests since a monotonic time whose name contains `on`."""
        return sum(1 for at, name in list(self.requests) if on in name and at >= since)

    # --- threads

    def _accept(self, listener: socket.socket, is_closing: threading.Event) -> None:
        while not is_closing.is_set():
            try:
                kiosk, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(kiosk, is_closing), daemon=True).start()

    def _serve(self, kiosk: socket.socket, is_closing: threading.Event) -> None:
        with contextlib.suppress(OSError, ValueError):
            kiosk.settimeout(TIMEOUT_SECONDS)
            if self.tls:
                kiosk = self.tls.wrap_socket(kiosk, server_side=True)
            self._kiosks.add(kiosk)
            if not is_closing.is_set():
                self._serve_request(kiosk, is_closing)
        self._kiosks.discard(kiosk)
        kiosk.close()

    def _serve_request(self, kiosk: socket.socket, is_closing: threading.Event) -> None:
        """Serve the one request of a connection."""
        raw = read_request(kiosk)
        if not raw:
            return
        request = ProxiedRequest(raw=raw, kiosk=kiosk, target=self.target, is_closing=is_closing)
        self.requests.append((time.monotonic(), request.name))
        fault = self._fault_for(request.name)
        try:
            answer = fault(request)
        except ConnectionError:
            answer = None
        if answer is None:
            _reset(kiosk)
        else:
            kiosk.sendall(answer)

    def _fault_for(self, name: str) -> NetworkFault:
        with self._lock:
            injected = self._injected
            if injected is None or injected.on not in name or injected.times_left == 0:
                return ProxiedRequest.forward
            if injected.times_left is not None:
                injected.times_left -= 1
            return injected.fault


def read_request(connection: socket.socket) -> bytes:
    """Read one complete request; return b"" when the connection ends before."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece:
            return b""
        received += piece
    head, _, _ = received.partition(b"\r\n\r\n")
    match = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    length = len(head) + 4 + (int(match[1]) if match else 0)
    while len(received) < length:
        piece = connection.recv(65536)
        if not piece:
            return b""
        received += piece
    return received


def _with_connection_close(raw: bytes) -> bytes:
    """Ask the portal to close the connection after its answer, so that the end of the answer is known."""
    head, blank, body = raw.partition(b"\r\n\r\n")
    head = re.sub(rb"\r\nconnection:[^\r]*", b"", head, flags=re.IGNORECASE)
    return head + b"\r\nConnection: close" + blank + body


def _reset(connection: socket.socket) -> None:
    """Close a connection with a reset (RST), which the peer sees at once."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
