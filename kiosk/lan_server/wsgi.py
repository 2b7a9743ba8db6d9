"""WSGI for the LAN listener: the environment of a request, and the answer of the app in pieces.

Everything here that calls the app runs in a thread of the pool. A thread is busy while the app works and never while
the network does: a browser that reads slowly holds one piece in memory and no thread.
"""

import io
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

import h11

from kiosk.pages.access import LAN, LISTENER

PIECE_BYTES = 256 * 1024
"""Largest part of an answer that waits in memory for a slow reader; most pages are one piece."""
HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade"})


def environ_of(head: h11.Request, *, client: str, server: tuple[str, int]) -> WSGIEnvironment:
    """Return the WSGI environment of a request without its body."""
    path, _, query = head.target.partition(b"?")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": head.method.decode("ascii"),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "REMOTE_ADDR": client,
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{head.http_version.decode('ascii')}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        LISTENER: LAN,
    }
    for raw_name, raw_value in head.headers:
        name = raw_name.decode("latin-1")
        if "_" in name:
            continue  # X_Y would get the key of X-Y
        key = name.upper().replace("-", "_")
        if key not in {"CONTENT_LENGTH", "CONTENT_TYPE"}:
            key = f"HTTP_{key}"
        separator = "; " if key == "HTTP_COOKIE" else ","
        value = raw_value.decode("latin-1")
        environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value
    return environ


class Answer:
    """Answer of the app: status, headers, and the body in pieces."""

    def __init__(self, app: WSGIApplication, environ: WSGIEnvironment) -> None:
        self.status = 0
        self.reason = ""
        self.headers: list[tuple[str, str]] = []
        self.is_complete = False
        self._written: list[bytes] = []
        self._iterable = app(environ, self._start)
        self._chunks: Iterator[bytes] = iter(self._iterable)
        self.piece = self.next_piece()

    def _start(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Callable[[bytes], object]:
        code, _, self.reason = status.partition(" ")
        self.status = int(code)
        self.headers = [header for header in headers if header[0].lower() not in HOP_BY_HOP]
        return self._written.append

    def next_piece(self) -> bytes:
        """Return the next bytes of the body; after the last ones the answer is complete and closed."""
        chunks: list[bytes] = []
        size = 0
        try:
            while size < PIECE_BYTES:
                chunk = next(self._chunks, None)
                if chunk is None:
                    self.close()
                    break
                chunks.append(chunk)
                size += len(chunk)
        except BaseException:
            self.close()
            raise
        written = b"".join(self._written)
        self._written.clear()
        return written + b"".join(chunks)

    def close(self) -> None:
        """Release what the app holds for this answer; a second call does nothing."""
        if not self.is_complete:
            self.is_complete = True
            close = getattr(self._iterable, "close", None)
            if close is not None:
                close()
