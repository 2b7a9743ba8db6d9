"""One request over the line: bounded in time and size, no redirects, no cookies, no proxies of the environment.

Every way in which it can end badly is one of two errors: ``NotSent`` as long as no byte of the request can have left,
``Unsure`` from then on. Which of them is known by watching the connection, not by guessing from a library's exception.
"""

import contextlib
import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from sync import errors
from sync.deadline import Deadline

MOST_CONNECT = 10.0
CHUNK = 65536
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Answer:
    """Whatever came back, whoever sent it; ``headers`` know no case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def only_https(url: str) -> None:
    """Let nothing personal out in the clear: BadPortal unless the address is https, or on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise errors.BadPortal("the portal's address must begin with https://")


def retry_after(answer: Answer) -> float | None:
    """Read Retry-After, in seconds; a date is measured against the answer's own Date, never the clock here."""
    said = answer.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:6])
    try:
        until, at = parsedate_to_datetime(said), parsedate_to_datetime(answer.headers.get("Date", ""))
        return max(0.0, (until - at).total_seconds())
    except (ValueError, TypeError):
        return None


class Wire:
    """A kept connection; ``seconds`` for a whole exchange, ``most`` bytes for an answer after inflating."""

    def __init__(self, *, ca: Path | None = None, seconds: float = 60.0, most: int = 4 << 20) -> None:
        self._seconds = seconds
        self._most = most
        self._verify: str | bool = str(ca) if ca else True
        self._track = _Track()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _Adapter(self._track))

    def prepare(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> Any:
        """Make a request that can still be signed."""
        request = requests.Request(method, url, headers=dict(headers), data=content)
        return self._session.prepare_request(request)

    def exchange(self, request: Any) -> Answer:
        """Send it and read the answer; raises NotSent or Unsure."""
        self._track.has_begun = False
        with Deadline(self._seconds, self._track.shut) as deadline:
            try:
                return self._exchange(request)
            except (requests.RequestException, HTTPError, http.client.HTTPException, OSError, ValueError) as error:
                self._track.shut()
                code = "deadline" if deadline.has_passed else _code(error)
                raise (errors.Unsure(code) if self._track.has_begun else errors.NotSent(code)) from error

    def _exchange(self, request: Any) -> Answer:
        timeout = (min(MOST_CONNECT, self._seconds), self._seconds)
        with self._session.send(
            request, stream=True, timeout=timeout, allow_redirects=False, verify=self._verify, proxies={}
        ) as response:
            body = b""
            for chunk in response.iter_content(CHUNK):
                body += chunk
                if len(body) > self._most:
                    self._track.shut()
                    raise errors.Unsure("answer too large")
            return Answer(response.status_code, response.headers, body)

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()
        self._track.shut()


def _code(error: Exception) -> str:
    """Name the innermost cause that has a name: short, and without an address in it."""
    inner: object = error
    for _ in range(6):
        causes = (getattr(inner, "reason", None), *getattr(inner, "args", ()), getattr(inner, "__cause__", None))
        inner = next((cause for cause in causes if isinstance(cause, Exception)), inner)
    return type(inner).__name__


class _Track:
    """What the request in flight stands on, so that another thread can take it away.

    It keeps a second handle of the socket: TLS moves the first one into itself and cannot be shut from outside.
    """

    def __init__(self) -> None:
        self.has_begun = False
        self._twin: socket.socket | None = None

    def dialled(self, sock: socket.socket) -> None:
        """Note a new connection; the one before is over."""
        self.shut()
        self._twin = sock.dup()

    def shut(self) -> None:
        """Cut the connection, whoever is reading from it."""
        twin, self._twin = self._twin, None
        if twin is None:
            return
        with contextlib.suppress(OSError):
            twin.shutdown(socket.SHUT_RDWR)
        twin.close()


class _Adapter(HTTPAdapter):
    """Keeps one connection, tries nothing twice, and lets itself be watched."""

    def __init__(self, track: _Track) -> None:
        self._pools = {"http": _plain(track), "https": _secure(track)}
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools


def _plain(track: _Track) -> type[HTTPConnectionPool]:
    class Connection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            track.dialled(sock)
            return sock

        def send(self, data: Any) -> None:
            if self.sock is None:
                self.connect()
            track.has_begun = True
            super().send(data)

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    return Pool


def _secure(track: _Track) -> type[HTTPSConnectionPool]:
    class Connection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            track.dialled(sock)
            return sock

        def send(self, data: Any) -> None:
            if self.sock is None:
                self.connect()
            track.has_begun = True
            super().send(data)

    class Pool(HTTPSConnectionPool):
        ConnectionCls = Connection

    return Pool
