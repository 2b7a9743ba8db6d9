"""TLS of the LAN listener: who trusts it, which hosts and origins it answers, and what it refuses."""

import http.client
import socket
import ssl
import struct
from asyncio import sslproto
from typing import Any

import pytest
import requests

from kiosk.security import tls
from tests.lan_server.lan_kiosk import PATIENCE, LanKiosk, read_all

pytestmark = pytest.mark.machine_date


def test_python_trusts_the_listener_by_the_wards_authority_with_strict_rules(kiosk: LanKiosk) -> None:
    answer = kiosk.get("/signin")
    assert answer.status == 200
    assert "Mời đăng nhập" in answer.body
    assert answer.headers["Server"] is None


def test_requests_trusts_the_listener(kiosk: LanKiosk) -> None:
    assert kiosk.browser().get("/signin").status_code == 200


def test_without_the_authority_nobody_trusts_the_listener(kiosk: LanKiosk) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"https://localhost:{kiosk.port}/signin", timeout=PATIENCE)


def test_a_wrong_host_name_is_refused_by_the_browser(kiosk: LanKiosk) -> None:
    refused = pytest.raises(ssl.SSLCertVerificationError, match="mismatch")
    with socket.create_connection(("127.0.0.1", kiosk.port), timeout=PATIENCE) as wire, refused:
        kiosk.trust.wrap_socket(wire, server_hostname="motcua.example.vn")


@pytest.mark.parametrize("host", ["evil.example", "192.168.1.77:8443", "", "127.0.0.1.evil.example"])
def test_a_host_that_is_not_ours_is_refused_by_the_machine(kiosk: LanKiosk, host: str) -> None:
    answer = kiosk.get("/signin", host=host or "x:y")
    assert answer.status in {400, 403}
    assert "Mời đăng nhập" not in answer.body


def test_a_form_from_another_origin_is_refused(kiosk: LanKiosk) -> None:
    browser = kiosk.browser()
    credentials = {"login": "hoaian", "password": "sai"}
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        browser.session.headers.update(headers)
        assert browser.post("/signin", **credentials).status_code == 403, headers
        browser.session.headers.clear()
    browser.session.headers.update({"Origin": browser.base, "Sec-Fetch-Site": "same-origin"})
    assert "chưa đúng" in browser.post("/signin", **credentials).text


def test_plain_http_on_the_tls_port_gets_nothing(kiosk: LanKiosk) -> None:
    with socket.create_connection(("127.0.0.1", kiosk.port), timeout=PATIENCE) as wire:
        wire.sendall(b"GET /signin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = read_all(wire)
    assert b"HTTP" not in received
    assert b"<html" not in received


@pytest.mark.parametrize(
    ("version", "ciphers"),
    [(ssl.TLSVersion.TLSv1_2, "AES128-SHA:@SECLEVEL=0"), (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0")],
)
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_an_old_tls_is_refused(kiosk: LanKiosk, version: ssl.TLSVersion, ciphers: str) -> None:
    context = ssl.create_default_context(cafile=kiosk.authority)
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = version
    context.set_ciphers(ciphers)
    with pytest.raises((ssl.SSLError, ConnectionResetError)):
        kiosk.connect(trust=context)


def test_citizens_pages_are_for_touchscreens_and_the_refusal_says_whom_to_ask(kiosk: LanKiosk) -> None:
    answer = kiosk.get("/")
    assert answer.status == 403
    assert "hỏi cán bộ" in answer.body
    assert answer.headers["Set-Cookie"] is None
    assert kiosk.get("/display/").status == 200
    assert kiosk.get("/nowhere").status == 404


def test_the_authority_is_handed_out_and_shown_by_its_fingerprint(kiosk: LanKiosk) -> None:
    page = kiosk.get("/signin/certificate").body
    certificates = tls.read_certificates(kiosk.config.tls_folder)
    assert certificates is not None
    assert certificates.fingerprint[:47] in page
    assert "<svg" in page
    assert kiosk.get("/signin/ca.crt").body.startswith("-----BEGIN CERTIFICATE")


def test_a_connection_serves_several_requests_and_says_when_it_ends(kiosk: LanKiosk) -> None:
    wire = http.client.HTTPSConnection("127.0.0.1", kiosk.port, timeout=PATIENCE, context=kiosk.trust)
    for _ in range(3):
        wire.request("GET", "/alive")
        answer = wire.getresponse()
        assert answer.read()
        assert answer.headers["Connection"] is None
    wire.close()
    closing = kiosk.exchange(b"GET /alive HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert closing.startswith(b"HTTP/1.1 200")


def test_a_connection_that_is_broken_off_is_no_fault_on_debian_12(
    kiosk: LanKiosk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    transports: Any = sslproto._SSLProtocolTransport  # type: ignore[attr-defined]
    abort = transports.abort

    def abort_of_debian_12(transport: Any) -> None:
        """Fail without a protocol, as Python 3.11.2 does; a later one does nothing."""
        if transport._ssl_protocol is None:
            raise AttributeError("'NoneType' object has no attribute '_abort'")
        abort(transport)

    monkeypatch.setattr(transports, "abort", abort_of_debian_12)
    with kiosk.connect() as wire:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert kiosk.get("/signin").status == 200
    assert "lan connection failed" not in caplog.text
