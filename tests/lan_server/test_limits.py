"""Limits of the LAN listener: heads, bodies, files, deadlines, connections of one address, bytes in memory."""

import html
import re
import socket
import ssl
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import requests
from urllib3 import encode_multipart_formdata

from kiosk import uploads
from kiosk.lan_server import capacity, connection, server
from kiosk.pages.access import FORM_BYTES
from tests.lan_server.lan_kiosk import PATIENCE, LanBrowser, LanKiosk, read_all
from tests.lan_server.test_answers import PlainApp, served_plain
from tests.serving import served_on_loopback

pytestmark = pytest.mark.machine_date

UPLOAD = "/officer/ticket/x/scans/khac"
RECEIPTS = "/technician/stick/back"
TOO_MUCH = "Phần gửi lên dài quá"


def _head(path: str, length: int, cookies: str = "", media: str = "application/x-www-form-urlencoded") -> bytes:
    cookie = f"Cookie: {cookies}\r\n" if cookies else ""
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n{cookie}\r\n"
    ).encode()


def _words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.partition("<main")[2] or page)).split())


@pytest.mark.parametrize("size", [17_000, 60_000])
def test_a_head_over_16_kb_is_refused_also_if_it_comes_whole(kiosk: LanKiosk, size: int) -> None:
    answer = kiosk.exchange(b"GET /alive HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * size + b"\r\n\r\n", "127.0.1.1")
    assert answer.startswith(b"HTTP/1.1 431 ") or answer == b""
    many = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 80) for number in range(size // 90))
    answer = kiosk.exchange(b"GET /alive HTTP/1.1\r\nHost: localhost\r\n" + many + b"\r\n", "127.0.1.1")
    assert b" 200 " not in answer


def test_a_head_within_the_limit_is_answered(kiosk: LanKiosk) -> None:
    with kiosk.connect("127.0.1.2") as wire:
        wire.sendall(b"GET /alive HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 15_000 + b"\r\n\r\n")
        assert wire.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_a_head_without_end_ends_by_its_deadline(kiosk: LanKiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.5)
    with kiosk.connect("127.0.1.3") as wire:
        assert _drip(wire, b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ") == b""


def test_a_body_that_never_pauses_long_ends_by_its_total_deadline(
    kiosk: LanKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "FORM_SECONDS", 0.5)
    with kiosk.connect("127.0.1.4") as wire:
        assert _drip(wire, _head("/signin", 30_000)) == b""


def _drip(wire: socket.socket, start: bytes) -> bytes:
    """Send a byte each 50 ms until the other side ends the connection; return its answer."""
    wire.settimeout(0.05)
    wire.sendall(start)
    for _ in range(PATIENCE * 20):
        try:
            return wire.recv(65536)
        except TimeoutError:
            with suppress(OSError):
                wire.sendall(b"a")
        except OSError:
            return b""
    raise AssertionError("the connection did not end")


def test_a_handshake_that_never_comes_ends_by_its_deadline(kiosk: LanKiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HANDSHAKE_SECONDS", 0.5)
    with socket.create_connection(("127.0.0.1", kiosk.port), PATIENCE, source_address=("127.0.1.5", 0)) as wire:
        assert read_all(wire) == b""


def test_one_address_holds_20_connections_and_no_other_address_feels_it(kiosk: LanKiosk) -> None:
    with ExitStack() as stack:
        admitted = 0
        for _ in range(capacity.MAX_PER_ADDRESS + 10):
            with suppress(OSError):
                stack.enter_context(kiosk.connect("127.0.1.6"))
                admitted += 1
        assert admitted == capacity.MAX_PER_ADDRESS
        assert kiosk.get("/signin", source="127.0.1.7").status == 200
    for _ in range(PATIENCE * 10):  # the kiosk sees the end of a connection a moment later than this side
        with suppress(OSError):
            assert kiosk.get("/signin", source="127.0.1.6").status == 200
            return
    raise AssertionError("the address stays shut out")


def test_all_connections_together_have_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "MAX_CONNECTIONS", 3)
    places = capacity.Capacity()
    with ExitStack() as stack:
        admitted = [stack.enter_context(places.connection(f"10.0.0.{number}")) for number in range(5)]
    assert admitted == [True, True, True, False, False]
    with places.connection("10.0.0.9") as is_admitted:
        assert is_admitted


FIRST_BYTES = {
    "nothing": b"",
    "first bytes of a hello": b"\x16\x03\x01\x02\x00",
    "half a head": b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
    "half a form": _head("/signin", 30_000) + b"login=h",
    "half a file of a stranger": _head(UPLOAD, 9_000_000) + b"login=h",
}


@pytest.mark.parametrize("first", FIRST_BYTES.values(), ids=FIRST_BYTES)
def test_a_browser_replaces_the_oldest_of_strangers_who_hold_all_connections(
    kiosk: LanKiosk, monkeypatch: pytest.MonkeyPatch, first: bytes
) -> None:
    monkeypatch.setattr(capacity, "MAX_CONNECTIONS", 12)
    with ExitStack() as stack:
        for number in range(14):
            source = f"127.0.5.{number // 5 + 1}"
            if b"HTTP" in first:
                wire: socket.socket = stack.enter_context(kiosk.connect(source))
            else:
                here = ("127.0.0.1", kiosk.port)
                wire = stack.enter_context(socket.create_connection(here, PATIENCE, source_address=(source, 0)))
            wire.sendall(first)
            if b"9000000" in first:
                assert wire.recv(65536).startswith(b"HTTP/1.1 303 ")
        for _ in range(3):
            assert kiosk.get("/signin", source="127.0.1.22").status == 200


def test_a_browser_whose_freed_place_is_taken_by_another_ends_the_next_stranger(
    kiosk: LanKiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capacity, "MAX_CONNECTIONS", 3)
    end_oldest = server.Server._end_oldest_replaceable
    counted: list[capacity.Capacity] = []
    is_full_for = capacity.Capacity.is_full_for

    def note(self: capacity.Capacity, address: str) -> bool:
        counted.append(self)
        return is_full_for(self, address)

    with ExitStack() as stack:

        async def lose_the_first_place(self: server.Server) -> bool:
            is_ended = await end_oldest(self)
            if not taken:
                taken.append(stack.enter_context(counted[-1].connection("127.0.9.1")))
            return is_ended

        taken: list[bool] = []
        for _ in range(3):
            stack.enter_context(kiosk.connect("127.0.5.1"))
        monkeypatch.setattr(capacity.Capacity, "is_full_for", note)
        monkeypatch.setattr(server.Server, "_end_oldest_replaceable", lose_the_first_place)
        assert kiosk.get("/signin", source="127.0.1.23").status == 200
        assert taken == [True]


def test_an_officers_file_keeps_its_connection(kiosk: LanKiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = kiosk.officer(source="127.0.1.25")
    officer.session.close()
    with kiosk.connect("127.0.1.25") as wire:
        head = _head(UPLOAD, 3_000_000, officer.cookies)
        wire.sendall(head.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
        assert wire.recv(65536).startswith(b"HTTP/1.1 100 ")
        monkeypatch.setattr(capacity, "MAX_CONNECTIONS", 3)
        with ExitStack() as stack:
            for number in range(6):
                stack.enter_context(kiosk.connect(f"127.0.5.{number + 21}")).sendall(FIRST_BYTES["half a form"])
            wire.sendall(bytes(3_000_000))
            assert wire.recv(65536).startswith(b"HTTP/1.1 ")


def test_a_request_that_is_being_answered_keeps_its_connection(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(capacity, "MAX_CONNECTIONS", 2)
    app = PlainApp(long_bytes=32 * 1024 * 1024)
    with served_plain(tmp_path_factory.mktemp("full"), app) as plain, ExitStack() as stack:
        wires = [stack.enter_context(plain.connect(f"127.0.5.{number + 9}")) for number in range(2)]
        for wire in wires:
            wire.sendall(b"GET /long HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert wire.recv(100)
        with pytest.raises((ConnectionError, ssl.SSLError)):
            plain.get("/200", source="127.0.1.23")
        assert [len(read_all(wire)) > app.long_bytes // 2 for wire in wires] == [True, True]


@pytest.mark.parametrize(
    "half",
    [
        None,
        b"GET /signin HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        _head("/signin", 30_000) + b"login=h",
    ],
    ids=["no handshake", "half a head", "half a body"],
)
def test_150_half_sent_requests_do_not_stall_the_officers(kiosk: LanKiosk, half: bytes | None) -> None:
    with ExitStack() as stack:
        for number in range(150):
            source = f"127.0.2.{number // 15 + 1}"
            if half is None:
                address = ("127.0.0.1", kiosk.port)
                stack.enter_context(socket.create_connection(address, PATIENCE, source_address=(source, 0)))
            else:
                stack.enter_context(kiosk.connect(source)).sendall(half)
        for _ in range(20):
            assert kiosk.get("/signin", source="127.0.1.8").status == 200


def test_browsers_that_do_not_read_hold_no_thread(tmp_path_factory: pytest.TempPathFactory) -> None:
    app = PlainApp(long_bytes=32 * 1024 * 1024)
    with served_plain(tmp_path_factory.mktemp("slow"), app) as plain, ExitStack() as stack:
        for number in range(plain.config.web.threads * 2):
            wire = stack.enter_context(plain.connect(f"127.0.3.{number + 1}"))
            wire.sendall(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert wire.recv(100)
        for _ in range(20):
            assert plain.get("/200", source="127.0.1.9").status == 200


def test_an_answer_that_is_not_read_ends_by_its_deadline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "SEND_SECONDS", 0.5)
    app = PlainApp(long_bytes=64 * 1024 * 1024)
    with served_plain(tmp_path, app) as plain, plain.connect("127.0.1.21") as wire:
        wire.sendall(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert wire.recv(100)
        for _ in range(PATIENCE * 10):
            if app.closed:
                break
            time.sleep(0.1)
        assert app.closed == 1, "the app's answer is still open"
        assert len(read_all(wire)) < app.long_bytes


def test_an_answer_that_is_read_by_the_byte_ends_by_its_total_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SEND_SECONDS", 0.5)
    app = PlainApp(long_bytes=64 * 1024 * 1024)
    with served_plain(tmp_path, app) as plain, plain.connect("127.0.1.24") as wire:
        wire.sendall(b"GET /long HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for _ in range(PATIENCE * 20):
            wire.recv(1)
            if app.closed:
                break
            time.sleep(0.05)
        assert app.closed == 1, "the app's answer is still open"


@pytest.mark.parametrize("path", ["/signin", UPLOAD, RECEIPTS, "/nowhere"])
@pytest.mark.parametrize("cookies", ["", "kiosk_officer=abc; kiosk_technician=abc"])
def test_a_stranger_is_refused_before_a_large_body_is_read(kiosk: LanKiosk, path: str, cookies: str) -> None:
    with kiosk.connect("127.0.1.10") as wire:
        wire.sendall(_head(path, 9_000_000, cookies))
        answer = wire.recv(65536)
    expected = b"HTTP/1.1 303 " if path in {UPLOAD, RECEIPTS} else b"HTTP/1.1 4"
    assert answer.startswith(expected), answer
    assert b"connection: close" in answer.lower()


def test_an_officer_sends_a_file_and_it_reaches_the_page(kiosk: LanKiosk) -> None:
    officer = kiosk.officer(source="127.0.1.11")
    at_the_page = "Số này không còn ở quầy đang ngồi"
    assert at_the_page in _upload(officer, bytes(9_000_000)).text
    assert at_the_page not in _upload(officer, bytes(9_000_000), token="0" * 64).text


def _upload(browser: LanBrowser, content: bytes, token: str | None = None, path: str = UPLOAD) -> requests.Response:
    body, media = encode_multipart_formdata({"csrf": token or browser.token(), "file": ("giay.jpg", content)})
    return browser.session.post(browser.base + path, data=body, headers={"Content-Type": media}, timeout=PATIENCE)


def test_a_stolen_cookie_sends_no_file_from_another_address(kiosk: LanKiosk) -> None:
    officer = kiosk.officer(source="127.0.1.12")
    for source, status in (("127.0.1.12", None), ("127.0.1.13", b"HTTP/1.1 303 ")):
        with kiosk.connect(source) as wire:
            wire.sendall(_head(UPLOAD, 9_000_000, officer.cookies))
            wire.settimeout(1 if status is None else PATIENCE)
            try:
                answer = wire.recv(65536)
            except TimeoutError:
                answer = None  # the kiosk reads on
            assert (answer or b"").startswith(status) if status else answer is None


def test_files_over_the_limit_get_the_same_sentence_on_both_listeners(kiosk: LanKiosk) -> None:
    officer = kiosk.officer(source="127.0.1.14")
    on_lan = _upload(officer, bytes(uploads.MAX_POST_BYTES + 200_000))
    assert "Tệp lớn quá 10 MB, hoặc các tệp gửi một lần lớn quá 20 MB. Mời gửi ít tệp hơn" in _words(on_lan.text)
    assert "Tệp lớn quá 10 MB" in _words(_upload(officer, bytes(30_000_000)).text)
    with served_on_loopback(kiosk.app) as address:
        here = LanBrowser(kiosk)
        here.base = address
        here.post("/signin", login="hoaian", password="mật khẩu riêng", counter="2")
        assert _words(_upload(here, bytes(uploads.MAX_POST_BYTES + 200_000)).text) == _words(on_lan.text).replace(
            "Quầy 1", "Quầy 2"
        )


@pytest.mark.parametrize("megabytes", [21, 40])
def test_a_file_that_the_loopback_server_itself_refuses_is_answered_in_vietnamese(
    kiosk: LanKiosk, megabytes: int
) -> None:
    kiosk.officer(source="127.0.1.14")
    with served_on_loopback(kiosk.app) as address:
        here = LanBrowser(kiosk)
        here.base = address
        here.post("/signin", login="hoaian", password="mật khẩu riêng", counter="2")
        answer = _upload(here, bytes(megabytes << 20))
    assert answer.status_code == 413
    assert TOO_MUCH in _words(answer.text)
    assert "Request Entity" not in answer.text


def test_a_file_sent_after_the_session_ended_is_not_called_too_large(kiosk: LanKiosk) -> None:
    officer = kiosk.officer(source="127.0.1.21")
    cookies = officer.cookies
    officer.post("/officer/signout", csrf=officer.token())
    with kiosk.connect("127.0.1.21") as wire:
        wire.sendall(_head(UPLOAD, 3_000_000, cookies))
        answer = wire.recv(65536)
    assert answer.startswith(b"HTTP/1.1 303 "), answer


@pytest.mark.parametrize("path", ["/signin", "/signin/touchscreen"])
def test_a_form_over_the_limit_gets_the_same_sentence_on_both_listeners(kiosk: LanKiosk, path: str) -> None:
    on_lan = kiosk.browser("127.0.1.15").post(path, login="a" * (FORM_BYTES + 10))
    assert on_lan.status_code == 413
    assert TOO_MUCH in _words(on_lan.text)
    with served_on_loopback(kiosk.app) as address:
        here = requests.post(address + path, data={"login": "a" * (FORM_BYTES + 10)}, timeout=PATIENCE)
    assert here.status_code == 413
    assert TOO_MUCH in _words(here.text)


def test_what_waitress_itself_refuses_is_answered_in_vietnamese_too(kiosk: LanKiosk) -> None:
    with served_on_loopback(kiosk.app) as address:
        port = int(address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as wire:
            wire.sendall(_head("/signin", 900_000_000))
            answer = read_all(wire).decode()
    assert answer.startswith("HTTP/1.1 413 ")
    assert TOO_MUCH in answer


def test_a_note_that_is_too_long_is_not_called_a_file(kiosk: LanKiosk) -> None:
    officer = kiosk.officer(source="127.0.1.16")
    answer = officer.post("/officer/ticket/x/notes", csrf=officer.token(), note="x" * (FORM_BYTES + 10))
    assert answer.status_code == 413
    assert TOO_MUCH in _words(answer.text)


def test_bodies_in_memory_together_have_a_limit(kiosk: LanKiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "MAX_BODY_BYTES", 100_000)
    with kiosk.connect("127.0.1.17") as first:
        first.sendall(_head("/signin", 60_000) + b"login=")
        for _ in range(PATIENCE * 10):  # until the first head was read
            with kiosk.connect("127.0.1.18") as second:
                second.sendall(_head("/signin", 60_000) + bytes(60_000))
                answer = second.recv(65536)
            if answer.startswith(b"HTTP/1.1 503 "):
                break
        assert "Đợi một phút rồi gửi lại" in answer.decode()
        assert kiosk.get("/signin", source="127.0.1.18").status == 200


def test_a_browser_that_waits_for_100_continue_gets_it_only_for_a_body_that_is_wanted(kiosk: LanKiosk) -> None:
    for length, status in ((20, b"HTTP/1.1 100 "), (9_000_000, b"HTTP/1.1 413 ")):
        with kiosk.connect("127.0.1.19") as wire:
            wire.sendall(_head("/signin", length).replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
            assert wire.recv(65536).startswith(status)


def test_a_large_body_whose_limit_cannot_be_told_is_refused_by_the_app(kiosk: LanKiosk) -> None:
    for host in (b"x:y", b"evil example", b"["):
        with kiosk.connect("127.0.1.20") as wire:
            wire.sendall(_head(UPLOAD, 9_000_000).replace(b"localhost", host))
            assert wire.recv(65536).startswith(b"HTTP/1.1 4"), host
