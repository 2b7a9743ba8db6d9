"""A server that sends scripted bytes over plain sockets or TLS."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable

Script = Callable[[bytes], bytes | None]


class ScriptedServer:
    """A server that answers each request with `respond(request)`; None resets the connection.

    `slow`: one byte every 0.2 seconds. `silent`: no answer at all.
    """

    def __init__(
        self, respond: Script, *, slow: bool = False, tls: ssl.SSLContext | None = None, silent: bool = False
    ) -> None:
        self.respond = respond
        self.is_slow = slow
        self.is_silent = silent
        self.tls = tls
        self.requests: list[bytes] = []
        self.connections = 0
        self.answers_sent = 0
        self._is_closed = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._threads: list[threading.Thread] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def close(self) -> None:
        self._is_closed.set()
        with socket.socket() as wake_up:
            wake_up.connect_ex(("127.0.0.1", self.port))
        self._listener.join(60)
        self._socket.close()
        for thread in self._threads:
            thread.join(60)

    def __enter__(self) -> "ScriptedServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self) -> None:
        while not self._is_closed.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.connections += not self._is_closed.is_set()
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            connection.settimeout(60)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            while not self._is_closed.is_set() and self._handle_request(connection):
                pass
        except OSError:
            pass
        finally:
            connection.close()

    def _handle_request(self, connection: socket.socket) -> bool:
        request = _read(connection)
        if not request:
            return False
        self.requests.append(request)
        if self.is_silent:
            self._is_closed.wait()
            return False
        answer = self.respond(request)
        if answer is None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if not self.is_slow:
            connection.sendall(answer)
            self.answers_sent += 1
            return b"Connection: close" not in answer
        for offset in range(len(answer)):
            connection.sendall(answer[offset : offset + 1])
            if self._is_closed.wait(0.2):
                return False
        self.answers_sent += 1
        return False


def _read(connection: socket.socket) -> bytes:
    request = b""
    while b"\r\n\r\n" not in request:
        chunk = connection.recv(65536)
        if not chunk:
            return b""
        request += chunk
    head, _, body = request.partition(b"\r\n\r\n")
    lengths = [int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    while lengths and len(body) < lengths[0]:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def http_response(status: str, body: bytes, *headers: str, protocol_headers: bool = True) -> bytes:
    """Return a response of HTTP/1.1; `protocol_headers`: with those of kiosk-sync/1."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Date: Tue, 24 Nov 2026 01:30:00 GMT", *headers]
    lines += ["Sync-Protocol: kiosk-sync/1", "Sync-Epoch: e1"] if protocol_headers else []
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
