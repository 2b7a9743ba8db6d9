"""A kiosk, not in practice, whose LAN listener is open on loopback; and browsers of it that trust the ward's authority.

Each address of 127.0.0.0/8 is a computer of its own for the listener.
"""

import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from kiosk.acts import signing
from kiosk.base.clock import SYSTEM
from kiosk.config import ROOT, Config, load
from kiosk.context import Context
from kiosk.lan_server import lan
from kiosk.security import certificate_making, tls
from kiosk.startup.context_factory import create_store
from kiosk.web.app import KioskApp, create_app
from tests.ports import free_port

NAMES = ("127.0.0.1", "localhost")
PASSWORD = "mật khẩu riêng"
PATIENCE = 60


def lan_config(folder: Path) -> Config:
    """Return the shipped settings with a LAN listener on loopback, and a folder of their own."""
    shipped = load(ROOT / "kiosk.toml")
    return replace(shipped, root=folder, lan=replace(shipped.lan, host="127.0.0.1", port=free_port(), names=NAMES))


@dataclass(frozen=True)
class LanAnswer:
    status: int
    body: str
    headers: http.client.HTTPMessage


class LanKiosk:
    """A kiosk behind its LAN listener."""

    def __init__(self, config: Config, app: KioskApp) -> None:
        self.config = config
        self.app = app
        self.port = config.lan.port
        self.authority = str(tls.authority_path(config.tls_folder))

    @property
    def context(self) -> Context:
        context: Context = self.app.extensions["context"]
        return context

    @cached_property
    def trust(self) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.authority)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    def connect(self, source: str = "127.0.0.1", trust: ssl.SSLContext | None = None) -> ssl.SSLSocket:
        """Open a TLS connection from an address."""
        wire = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE, source_address=(source, 0))
        try:
            return (trust or self.trust).wrap_socket(wire, server_hostname="localhost")
        except BaseException:
            wire.close()
            raise

    def exchange(self, sent: bytes, source: str = "127.0.0.1") -> bytes:
        """Send bytes, and return all bytes until the kiosk ends the connection."""
        with self.connect(source) as wire:
            wire.sendall(sent)
            return read_all(wire)

    def get(self, path: str, host: str | None = None, method: str = "GET", source: str = "127.0.0.1") -> LanAnswer:
        wire = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=PATIENCE, context=self.trust, source_address=(source, 0)
        )
        with closing(wire):
            wire.request(method, path, headers={"Host": host or f"127.0.0.1:{self.port}"})
            answer = wire.getresponse()
            return LanAnswer(status=answer.status, body=answer.read().decode(), headers=answer.headers)

    def browser(self, source: str = "127.0.0.1") -> "LanBrowser":
        return LanBrowser(self, source)

    def officer(self, login: str = "hoaian", counter: int = 1, source: str = "127.0.0.1") -> "LanBrowser":
        """Return the browser of an officer who has signed in at a counter."""
        with self.context.store.read() as db:
            is_known = bool(list(db.query("select 1 from staff where login = ?", [login])))
        if not is_known:
            signing.add_person(self.context, login, name="Người trực", role="officer", password=PASSWORD)
        browser = self.browser(source)
        answer = browser.post("/signin", login=login, password=PASSWORD, counter=str(counter))
        assert urlsplit(answer.url).path == "/officer/", answer.url
        return browser


class _FromAddress(HTTPAdapter):
    """Connections that come from one address."""

    def __init__(self, source: str) -> None:
        self._source = source
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> Any:
        return super().init_poolmanager(*args, source_address=(self._source, 0), **kwargs)  # type: ignore[no-untyped-call]


class LanBrowser:
    """A browser with cookies."""

    def __init__(self, kiosk: LanKiosk, source: str = "127.0.0.1") -> None:
        self.base = f"https://localhost:{kiosk.port}"
        self.session = requests.Session()
        self.session.mount("https://", _FromAddress(source))
        self.session.trust_env = False  # else REQUESTS_CA_BUNDLE is used in place of `verify`
        self.session.verify = kiosk.authority

    @property
    def cookies(self) -> str:
        """The Cookie header for the officer's pages."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.session.cookies)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(self.base + path, headers=headers, timeout=PATIENCE)

    def head(self, path: str) -> requests.Response:
        return self.session.head(self.base + path, timeout=PATIENCE)

    def post(self, path: str, **form: str) -> requests.Response:
        return self.session.post(self.base + path, data=form, timeout=PATIENCE)

    def token(self, path: str = "/officer/") -> str:
        """Return the CSRF token in a page."""
        match = re.search(r'name="csrf" value="([^"]+)"', self.get(path).text)
        assert match, path
        return match[1]


@contextmanager
def lan_kiosk(folder: Path) -> Iterator[LanKiosk]:
    """Serve a new kiosk on the LAN."""
    config = lan_config(folder)
    certificate_making.create(config.tls_folder, ward=config.ward.name, names=NAMES, now=SYSTEM.now())
    create_store(config)
    app = create_app(config)
    with lan(app, config, app.body_limit):
        yield LanKiosk(config, app)
    app.extensions["context"].store.close()


def read_all(wire: socket.socket) -> bytes:
    """Read until the other side ends the connection, in whatever way."""
    received = bytearray()  # 32 MB in parts of 16 kB: bytes would be copied 2,000 times
    try:
        while part := wire.recv(65536):
            received += part
    except OSError:
        pass
    return bytes(received)
