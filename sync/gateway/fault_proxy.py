"""The line between two processes, for practice: passes everything on, or breaks it as it is asked to.

It takes one request a connection, so that a fault is a fault of a socket and not of a program: ``down`` resets before
anything was passed on, ``slow`` lets an answer through at a byte a second, ``answer_lost`` waits until the gateway has
answered a write (and so committed it) and then resets, ``captive`` answers with somebody's sign-in page. Only the
kiosks' addresses are broken; the operator's pages must stay reachable to switch it off again.
"""

import contextlib
import re
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator

from sync.gateway.faults import Fault, Faults

_MOST_HEAD = 65536
_MOST_BODY = 16 << 20
_PATIENCE = 60.0
_CAPTIVE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n"
    b"<!doctype html><title>Wi-Fi</title><p>Xin dang nhap de dung mang nay.</p>"
)


class Proxy:
    """A listener before a gateway; ``base`` is the path below which faults are made."""

    def __init__(self, host: str, port: int, target: tuple[str, int], faults: Faults, base: str) -> None:
        self.target = target
        self.faults = faults
        self.base = base.encode()
        self.is_closing = threading.Event()
        self._server = _Server((host, port), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        """Tell the port that was given."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to listen, in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening and let go of every connection."""
        self.is_closing.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    proxy: Proxy


class _Handler(socketserver.BaseRequestHandler):
    """One request and its answer."""

    server: _Server
    request: socket.socket

    def handle(self) -> None:
        """Pass a request on, or not; a broken connection is what this place is for."""
        with contextlib.suppress(OSError, ValueError):
            self.request.settimeout(_PATIENCE)
            asked = _read_request(self.request)
            if asked:
                self._answer(asked)

    def _answer(self, asked: bytes) -> None:
        fault = self._fault(asked)
        if fault == "down":
            _reset(self.request)
        elif fault == "captive":
            self.request.sendall(_CAPTIVE)
        elif fault == "answer_lost" and not asked.startswith((b"GET ", b"HEAD ")):
            for _ in self._passed_on(asked):
                pass
            _reset(self.request)
        elif fault == "slow":
            self._trickle(asked)
        else:
            for piece in self._passed_on(asked):
                self.request.sendall(piece)

    def _fault(self, asked: bytes) -> Fault:
        is_kiosk = asked.split(b" ", 2)[1].startswith(self.server.proxy.base + b"/")
        return self.server.proxy.faults.current if is_kiosk else "off"

    def _passed_on(self, asked: bytes) -> Iterator[bytes]:
        with socket.create_connection(self.server.proxy.target, timeout=_PATIENCE) as behind:
            behind.sendall(_closing(asked))
            while piece := behind.recv(65536):
                yield piece

    def _trickle(self, asked: bytes) -> None:
        answer = b"".join(self._passed_on(asked))
        for place in range(len(answer)):
            if self.server.proxy.faults.current != "slow":
                self.request.sendall(answer[place:])
                return
            self.request.sendall(answer[place : place + 1])
            if self.server.proxy.is_closing.wait(1.0):
                return


def _read_request(line: socket.socket) -> bytes:
    """Read one whole request; empty when there was none."""
    found = b""
    while b"\r\n\r\n" not in found:
        piece = line.recv(65536)
        if not piece or len(found) > _MOST_HEAD:
            return b""
        found += piece
    head, _, body = found.partition(b"\r\n\r\n")
    length = _length(head)
    pieces = [body]
    while (missing := length - sum(map(len, pieces))) > 0:
        piece = line.recv(min(missing, 65536))
        if not piece:
            return b""
        pieces.append(piece)
    return head + b"\r\n\r\n" + b"".join(pieces)


def _length(head: bytes) -> int:
    match = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    length = int(match[1]) if match else 0
    if length > _MOST_BODY or re.search(rb"\r\ntransfer-encoding:", head, re.IGNORECASE):
        raise ValueError("a request that is not passed on")
    return length


def _closing(asked: bytes) -> bytes:
    """Let the answer end with the connection, so that its end is known."""
    head, blank, body = asked.partition(b"\r\n\r\n")
    head = re.sub(rb"\r\nconnection:[^\r]*", b"", head, flags=re.IGNORECASE)
    return head + b"\r\nConnection: close" + blank + body


def _reset(line: socket.socket) -> None:
    """Cut a connection so that the other side is told at once (RST)."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()
