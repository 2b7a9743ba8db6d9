"""A server that sends scripted bytes over plain sockets or TLS."""

import socket
import ssl
import struct
import threading
from collections.abc import Callable

Script = Callable[[bytes], bytes | None]


class ScriptedServer:
    """Answers each request with ``say(request)``; None resets the connection. Every byte is a second when ``slow``."""

    def __init__(
        self, say: Script, *, slow: bool = False, tls: ssl.SSLContext | None = None, mute: bool = False
    ) -> None:
        self.say = say
        self.is_slow = slow
        self.is_mute = mute
        self.tls = tls
        self.requests: list[bytes] = []
        self.connections = 0
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._threads: list[threading.Thread] = []
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def close(self) -> None:
        self._over.set()
        with socket.socket() as knock:
            knock.connect_ex(("127.0.0.1", self.port))
        self._listener.join(5)
        self._socket.close()
        for thread in self._threads:
            thread.join(5)

    def __enter__(self) -> "ScriptedServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _listen(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            self.connections += not self._over.is_set()
            thread = threading.Thread(target=self._serve, args=(line,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, line: socket.socket) -> None:
        try:
            line.settimeout(5)
            if self.tls:
                line = self.tls.wrap_socket(line, server_side=True)
            while not self._over.is_set() and self._one(line):
                pass
        except OSError:
            pass
        finally:
            line.close()

    def _one(self, line: socket.socket) -> bool:
        asked = _read(line)
        if not asked:
            return False
        self.requests.append(asked)
        if self.is_mute:
            self._over.wait(10)
            return False
        answer = self.say(asked)
        if answer is None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        if not self.is_slow:
            line.sendall(answer)
            return b"Connection: close" not in answer
        for place in range(len(answer)):
            line.sendall(answer[place : place + 1])
            if self._over.wait(0.2):
                break
        return False


def _read(line: socket.socket) -> bytes:
    asked = b""
    while b"\r\n\r\n" not in asked:
        piece = line.recv(65536)
        if not piece:
            return b""
        asked += piece
    head, _, body = asked.partition(b"\r\n\r\n")
    lengths = [int(row[15:]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length:")]
    while lengths and len(body) < lengths[0]:
        body += line.recv(65536)
    return head + b"\r\n\r\n" + body


def http_response(status: str, body: bytes, *rows: str, marks: bool = True) -> bytes:
    """Return a response of HTTP/1.1; `marks`: with the headers of kiosk-sync/1."""
    said = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Date: Tue, 24 Nov 2026 01:30:00 GMT", *rows]
    said += ["Sync-Protocol: kiosk-sync/1", "Sync-Epoch: e1"] if marks else []
    return "\r\n".join(said).encode() + b"\r\n\r\n" + body
