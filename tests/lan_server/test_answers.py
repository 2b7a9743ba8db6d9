"""Answers of the LAN listener: without a body, in pieces, of a failing app; and protocols that it does not speak."""

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from kiosk.base.clock import SYSTEM
from kiosk.lan_server import lan
from kiosk.lan_server.wsgi import PIECE_BYTES
from kiosk.pages.access import FORM_BYTES, LAN, LISTENER
from kiosk.security import certificate_making
from tests.lan_server.lan_kiosk import NAMES, LanKiosk, lan_config, read_all

pytestmark = pytest.mark.machine_date

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
LONG = PIECE_BYTES * 3 + 17


class PlainApp:
    """A WSGI app that answers as its path says."""

    def __init__(self, long_bytes: int = LONG) -> None:
        self.long_bytes = long_bytes
        self.closed = 0

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"].strip("/")
        if path == "fail":
            raise ValueError("planted")
        if path == "long":
            start("200 OK", [("Content-Type", "text/plain")])
            return self._long()
        if path == "environ":
            start("200 OK", [("Content-Type", "text/plain")])
            return ["\n".join(f"{key}={value}" for key, value in environ.items()).encode()]
        start(f"{path or 200} Reason", [("X-Seen", environ["REQUEST_METHOD"])])
        return []

    def _long(self) -> Iterator[bytes]:
        try:
            for start in range(0, self.long_bytes, 8192):
                yield b"x" * min(8192, self.long_bytes - start)
        finally:
            self.closed += 1


@contextmanager
def served_plain(folder: Path, app: PlainApp) -> Iterator[LanKiosk]:
    """Serve a plain app on the LAN."""
    config = lan_config(folder)
    certificate_making.create(config.tls_folder, ward=config.ward.name, names=NAMES, now=SYSTEM.now())
    with lan(app, config, lambda _environ: FORM_BYTES):
        yield LanKiosk(config, app)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanKiosk]:
    with served_plain(tmp_path_factory.mktemp("plain"), PlainApp()) as kiosk:
        yield kiosk


@pytest.mark.parametrize("status", [200, 204, 304, 404, 423, 500])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_an_answer_without_a_body_keeps_its_status_and_headers(plain: LanKiosk, status: int, method: str) -> None:
    answer = plain.get(f"/{status}", method=method)
    assert answer.status == status
    assert answer.headers["X-Seen"] == method
    assert answer.body == ""


def test_a_long_answer_arrives_whole_and_is_closed(tmp_path: Path) -> None:
    app = PlainApp()
    with served_plain(tmp_path, app) as kiosk:
        assert kiosk.get("/long").body == "x" * LONG
    assert app.closed == 1


def test_an_app_that_fails_costs_one_answer(plain: LanKiosk, caplog: pytest.LogCaptureFixture) -> None:
    assert plain.get("/fail").status == 500
    assert "no answer of the app" in caplog.text
    assert plain.get("/200").status == 200


def test_the_environment_says_tls_the_address_and_the_listener(plain: LanKiosk) -> None:
    path = b"/environ?tim=%C4%91"
    sent = b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\nCookie: a=1\r\nCookie: b=2\r\n"
    names = (b"X-Forwarded-For", b"X-Real-IP", b"Forwarded", b"Remote-Addr", b"Remote_Addr", b"Kiosk.Listener")
    claims = b"".join(name + b": 8.8.8.8\r\n" for name in names)
    answer = plain.exchange(sent + claims + b"Connection: close\r\n\r\n", source="127.0.0.9").decode()
    assert "REMOTE_ADDR=127.0.0.9\n" in answer
    assert "wsgi.url_scheme=https\n" in answer
    assert f"{LISTENER}={LAN}" in answer
    assert "QUERY_STRING=tim=%C4%91\n" in answer
    assert "HTTP_COOKIE=a=1; b=2" in answer
    assert "\nHTTP_REMOTE_ADDR=8.8.8.8\n" in answer, "a claim keeps a name that nothing trusts, and X_Y is not X-Y"


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (PREFACE, 505),
        (b"GET / HTTP/2.0\r\nHost: localhost\r\n\r\n", 505),
        (b"GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"nonsense\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nabcde", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding:\tchunked\r\n\r\nabcde", 411),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding : chunked\r\n\r\nabcde", 400),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: xchunked\r\n\r\nabcde", 501),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: a\rY: b\r\n\r\n", 400),
    ],
)
def test_what_is_no_plain_request_is_refused_and_ends_the_connection(plain: LanKiosk, head: bytes, status: int) -> None:
    answer = plain.exchange(head)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode()), answer
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
def test_an_upgrade_is_ignored(plain: LanKiosk, protocol: bytes) -> None:
    upgrade = (
        b"Upgrade: " + protocol + b"\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
    )
    with plain.connect() as wire:
        wire.sendall(b"GET /200 HTTP/1.1\r\nHost: localhost\r\n" + upgrade + b"\r\n")
        wire.sendall(PREFACE)
        answers = read_all(wire)
    assert answers.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 505 " in answers


def test_a_browser_that_offers_only_http_2_gets_no_http_2(plain: LanKiosk) -> None:
    context = ssl.create_default_context(cafile=plain.authority)
    context.set_alpn_protocols(["h2"])
    with plain.connect(trust=context) as wire:
        assert wire.selected_alpn_protocol() is None
        wire.sendall(PREFACE)
        assert wire.recv(65536).startswith(b"HTTP/1.1 505")


def test_pipelined_requests_are_answered_in_their_order(plain: LanKiosk) -> None:
    asked = b"".join(f"GET /{status} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for status in (404, 204, 423))
    answer = plain.exchange(asked + b"GET /304 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]] == [b"404", b"204", b"423", b"304"]
