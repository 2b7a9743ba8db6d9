"""TCP proxy before a practice gateway: forwards requests, or breaks the connection on demand.

It accepts one request a connection and breaks the socket itself, as a bad network does: `down` resets before the
request is forwarded, `slow` sends the answer at a byte a second, `answer_lost` waits until the gateway has answered a
write (and so committed it) and then resets, `captive` answers with the sign-in page of a Wi-Fi. Only the kiosks'
endpoints are broken; the operator's pages must stay reachable to switch the fault off again.
"""

import contextlib
import re
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator

from sync.gateway.faults import Fault, FaultSwitch

_MAX_HEAD_BYTES = 65536
_MAX_BODY_BYTES = 16 << 20
_TIMEOUT_SECONDS = 60.0
_CAPTIVE_PORTAL = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n"
    b"<!doctype html><title>Wi-Fi</title><p>Xin dang nhap de dung mang nay.</p>"
)


class FaultProxy:
    """Listener before a gateway; faults apply to paths below `base`."""

    def __init__(self, host: str, port: int, target: tuple[str, int], faults: FaultSwitch, base: str) -> None:
        self.target = target
        self.faults = faults
        self.base = base.encode()
        self.is_closing = threading.Event()
        self._server = _Server((host, port), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        """Return the port that it listens on."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Listen in a thread."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening and end slow answers."""
        self.is_closing.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    proxy: FaultProxy


class _Handler(socketserver.BaseRequestHandler):
    """Handles one connection: one request and its answer."""

    server: _Server
    request: socket.socket

    def handle(self) -> None:
        """Forward a request or break its connection; errors of the sockets only end the connection."""
        with contextlib.suppress(OSError, ValueError):
            self.request.settimeout(_TIMEOUT_SECONDS)
            raw_request = _read_request(self.request)
            if raw_request:
                self._answer(raw_request)

    def _answer(self, raw_request: bytes) -> None:
        fault = self._fault_for(raw_request)
        if fault == "down":
            _reset(self.request)
        elif fault == "captive":
            self.request.sendall(_CAPTIVE_PORTAL)
        elif fault == "answer_lost" and not raw_request.startswith((b"GET ", b"HEAD ")):
            for _ in self._forward(raw_request):
                pass
            _reset(self.request)
        elif fault == "slow":
            self._answer_slowly(raw_request)
        else:
            for piece in self._forward(raw_request):
                self.request.sendall(piece)

    def _fault_for(self, raw_request: bytes) -> Fault:
        is_kiosk = raw_request.split(b" ", 2)[1].startswith(self.server.proxy.base + b"/")
        return self.server.proxy.faults.current if is_kiosk else "off"

    def _forward(self, raw_request: bytes) -> Iterator[bytes]:
        """Send a request to the gateway, and return the pieces of its answer."""
        with socket.create_connection(self.server.proxy.target, timeout=_TIMEOUT_SECONDS) as gateway:
            gateway.sendall(_with_connection_close(raw_request))
            while piece := gateway.recv(65536):
                yield piece

    def _answer_slowly(self, raw_request: bytes) -> None:
        answer = b"".join(self._forward(raw_request))
        for position in range(len(answer)):
            if self.server.proxy.faults.current != "slow":
                self.request.sendall(answer[position:])
                return
            self.request.sendall(answer[position : position + 1])
            if self.server.proxy.is_closing.wait(1.0):
                return


def _read_request(connection: socket.socket) -> bytes:
    """Read one complete request; return b"" when the connection ends before."""
    received = b""
    while b"\r\n\r\n" not in received:
        piece = connection.recv(65536)
        if not piece or len(received) > _MAX_HEAD_BYTES:
            return b""
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    length = _content_length(head)
    pieces = [body]
    while (missing := length - sum(map(len, pieces))) > 0:
        piece = connection.recv(min(missing, 65536))
        if not piece:
            return b""
        pieces.append(piece)
    return head + b"\r\n\r\n" + b"".join(pieces)


def _content_length(head: bytes) -> int:
    match = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    length = int(match[1]) if match else 0
    if length > _MAX_BODY_BYTES or re.search(rb"\r\ntransfer-encoding:", head, re.IGNORECASE):
        raise ValueError("the request is too large or chunked")
    return length


def _with_connection_close(raw_request: bytes) -> bytes:
    """Ask the gateway to close the connection after its answer, so that the end of the answer is known."""
    head, blank, body = raw_request.partition(b"\r\n\r\n")
    head = re.sub(rb"\r\nconnection:[^\r]*", b"", head, flags=re.IGNORECASE)
    return head + b"\r\nConnection: close" + blank + body


def _reset(connection: socket.socket) -> None:
    """Close a connection with a reset (RST), which the peer sees at once."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
