"""HTTP client of the portals: bounded in time and size, no redirects, no cookies, no proxies of the environment.

Every failure is one of two errors: `NotSent` as long as no byte of the request can have left, `Unsure` from then on.
The connection itself is watched to decide which; a library's exception does not show it.
"""

import contextlib
import http.client
import socket
import time
from collections.abc import Iterator, Mapping
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
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from sync import errors
from sync.deadline import Deadline
from sync.name_lookup import NameLookup

MAX_CONNECT_SECONDS = 10.0
CHUNK_BYTES = 65536
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class HttpResponse:
    """A response, not proven to come from the portal; `headers` are case-insensitive."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def require_https(url: str) -> None:
    """Require an address with https, or on this machine, because submissions are personal.

    Raises:
        BadPortal: it is another address.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise errors.BadPortal("the portal's address must begin with https://")


def trusted_file(ca: Path | None) -> str:
    """Return the file of the authorities that a client with this `ca` trusts."""
    return str(ca or requests.utils.DEFAULT_CA_BUNDLE_PATH)


def retry_after_seconds(response: HttpResponse) -> float | None:
    """Return Retry-After in seconds; a date is compared with the response's own Date, never with the clock here."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:6])
    try:
        until = parsedate_to_datetime(value)
        at = parsedate_to_datetime(response.headers.get("Date", ""))
        return max(0.0, (until - at).total_seconds())
    except (ValueError, TypeError):
        return None


class HttpClient:
    """A kept connection; `seconds`: limit of a whole exchange, `max_bytes`: limit of a response after inflating."""

    def __init__(self, *, ca: Path | None = None, seconds: float = 60.0, max_bytes: int = 4 << 20) -> None:
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._verify: str | bool = str(ca) if ca else True
        self._tracker = _SocketTracker()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _Adapter(self._tracker))

    def prepare(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> Any:
        """Return a request that can still be signed."""
        request = requests.Request(method, url, headers=dict(headers), data=content)
        return self._session.prepare_request(request)

    def exchange(self, request: Any) -> HttpResponse:
        """Send a request and return the response.

        Raises:
            NotSent: no byte of the request can have left.
            Unsure: the request may have arrived.
        """
        self._tracker.has_begun = False
        with Deadline(self._seconds, self._tracker.shut) as deadline:
            try:
                return self._exchange(request)
            except (requests.RequestException, HTTPError, http.client.HTTPException, OSError, ValueError) as error:
                self._tracker.shut()
                cause = _code(error)
                code = "deadline" if deadline.has_passed and cause != "gaierror" else cause
                raise (errors.Unsure(code) if self._tracker.has_begun else errors.NotSent(code)) from error

    @contextlib.contextmanager
    def limited(self, seconds: float) -> Iterator[None]:
        """Limit each exchange of a block, for a request that must not keep others waiting."""
        before = self._seconds
        self._seconds = min(before, seconds)
        try:
            yield
        finally:
            self._seconds = before

    def _exchange(self, request: Any) -> HttpResponse:
        timeout = (min(MAX_CONNECT_SECONDS, self._seconds), self._seconds)
        with self._session.send(
            request, stream=True, timeout=timeout, allow_redirects=False, verify=self._verify, proxies={}
        ) as response:
            body = b""
            for chunk in response.iter_content(CHUNK_BYTES):
                body += chunk
                if len(body) > self._max_bytes:
                    self._tracker.shut()
                    raise errors.Unsure("answer too large")
            return HttpResponse(response.status_code, response.headers, body)

    def close(self) -> None:
        """Close the connection."""
        self._session.close()
        self._tracker.shut()


def _code(error: Exception) -> str:
    """Return the class name of the innermost cause: short, and without an address in it."""
    inner: object = error
    for _ in range(6):
        causes = (getattr(inner, "reason", None), *getattr(inner, "args", ()), getattr(inner, "__cause__", None))
        inner = next((cause for cause in causes if isinstance(cause, Exception)), inner)
    return type(inner).__name__


class _SocketTracker:
    """The socket of the request in flight, so that another thread can close it.

    It keeps a second handle of the socket: TLS takes over the first one, which cannot be shut from outside then.
    """

    def __init__(self) -> None:
        self.has_begun = False
        self.lookup = NameLookup()
        self._twin: socket.socket | None = None

    def connected(self, sock: socket.socket) -> None:
        """Track a new connection; the one before is over."""
        self.shut()
        self._twin = sock.dup()

    def shut(self) -> None:
        """Close the connection, even while another thread reads from it."""
        twin = self._twin
        self._twin = None
        if twin is None:
            return
        with contextlib.suppress(OSError):
            twin.shutdown(socket.SHUT_RDWR)
        twin.close()


class _Adapter(HTTPAdapter):
    """Keeps one connection, retries nothing, and reports to a tracker."""

    def __init__(self, tracker: _SocketTracker) -> None:
        self._pools = _tracked_pools(tracker)
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools


class _TrackedConnection(HTTPConnection):
    """A connection that reports its socket and its first byte to a tracker."""

    tracker: _SocketTracker

    def _new_conn(self) -> socket.socket:
        """Look up the name and connect, both within the time for connecting: the deadline closes only a socket."""
        ends = time.monotonic() + float(self.timeout or MAX_CONNECT_SECONDS)
        try:
            addresses = self.tracker.lookup.addresses(self._dns_host, self.port, ends - time.monotonic())
        except (OSError, UnicodeError) as error:
            cause = error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))
            raise NameResolutionError(self.host, self, cause) from error
        sock = self._connect_to_one(addresses, ends)
        self.tracker.connected(sock)
        return sock

    def _connect_to_one(self, addresses: list[str], ends: float) -> socket.socket:
        """Connect to the first address that answers; each has its share of the time that is left."""
        last_error: OSError | None = None
        for index, address in enumerate(addresses):
            seconds = max(0.001, (ends - time.monotonic()) / (len(addresses) - index))
            try:
                sock = create_connection((address, self.port), seconds, socket_options=self.socket_options)
            except OSError as error:
                last_error = error
            else:
                sock.settimeout(self.timeout)
                return sock
        if isinstance(last_error, TimeoutError):
            raise ConnectTimeoutError(self, "no answer") from last_error
        raise NewConnectionError(self, f"no connection: {last_error}") from last_error

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self.tracker.has_begun = True
        super().send(data)


def _tracked_pools(socket_tracker: _SocketTracker) -> dict[str, type[HTTPConnectionPool]]:
    """Return pool classes by scheme whose connections report to a tracker."""

    class PlainConnection(_TrackedConnection):
        tracker = socket_tracker

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = PlainConnection

    class SecureConnection(_TrackedConnection, HTTPSConnection):
        tracker = socket_tracker

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": PlainPool, "https": SecurePool}
