"""The adapter of kiosk-sync/1 against servers that say all kinds of things."""

import gzip
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import sync
from sync import errors
from sync.parcel import Event, Hello, Parcel, sha256
from sync.portals.kiosk_sync import Identity, KioskSync
from sync.portals.wire import Wire
from tests.sync.scripted import Scripted, http

ID = "01990000-0000-7000-8000-000000000001"
BODY = '{"họ tên": "Lê Văn Thử"}'.encode()
PARCEL = Parcel(ID, sha256(BODY), BODY, "PK03-261124-0001-X")
TIME = "2026-11-24T01:30:00Z"
HELLO = {"protocol": "kiosk-sync/1", "epoch": "e1", "serverTime": TIME, "status": "ok", "batchLimit": 50,
         "bytesLimit": 65536}  # fmt: skip
RECEIPT = {"submissionId": ID, "digest": PARCEL.digest, "receivedAt": TIME, "revision": 1, "statusCode": 1}
TAKEN = {"results": [{"submissionId": ID, "outcome": "created", "receipt": RECEIPT}]}


def said(status: str, found: object, *rows: str, marks: bool = True) -> bytes:
    return http(status, json.dumps(found).encode(), "Content-Type: application/json", *rows, marks=marks)


def answers(answer: bytes | None) -> Callable[[bytes], bytes | None]:
    """Greet rightly, and answer everything else so."""
    return lambda asked: said("200 OK", HELLO) if b"/hello" in asked.split(b"\r\n")[0] else answer


def portal(url: str, **more: Any) -> KioskSync:
    marks = iter(f"nonce-{n:08d}" for n in range(1000))
    wire = Wire(seconds=more.pop("seconds", 3.0), most=more.pop("most", 100_000), ca=more.pop("ca", None))
    return KioskSync(url, Identity("PK03", bytes(32), lambda: next(marks)), wire, **more)


@pytest.fixture
def ask() -> Iterator[Callable[..., KioskSync]]:
    """Open a portal that answers so."""
    opened: list[tuple[KioskSync, Scripted]] = []

    def open_(answer: bytes | None, **more: Any) -> KioskSync:
        server = Scripted(answers(answer), slow=more.pop("slow", False), mute=more.pop("mute", False))
        found = portal(server.url, **more)
        opened.append((found, server))
        return found

    yield open_
    for found, server in opened:
        found.close()
        server.close()


def test_the_results_are_read_by_id(ask: Callable[..., KioskSync]) -> None:
    sent = ask(said("200 OK", TAKEN)).send([PARCEL])
    assert sent.epoch == "e1"
    assert sent.outcomes[ID].kind == "created"
    assert sent.outcomes[ID].receipt.digest == PARCEL.digest


PAUSES = [
    ("401 Unauthorized", {"type": "/problems/unknown-key"}, (), errors.NotKnown, None),
    ("401 Unauthorized", {"type": "/problems/signature"}, (), errors.NotKnown, None),
    ("401 Unauthorized", {"type": "/problems/clock", "serverTime": TIME}, (), errors.WrongClock, None),
    ("401 Unauthorized", {"type": "/problems/replay"}, (), errors.NotKnown, None),
    ("403 Forbidden", {"type": "/problems/revoked"}, (), errors.NotAllowed, None),
    ("426 Upgrade Required", {}, (), errors.WrongVersion, None),
    ("429 Too Many Requests", {}, (), errors.TooFast, None),
    ("429 Too Many Requests", {}, ("Retry-After: 120",), errors.TooFast, 120),
    ("503 Service Unavailable", {}, ("Retry-After: Tue, 24 Nov 2026 01:40:00 GMT",), errors.TooFast, 600),
    ("503 Service Unavailable", {}, ("Retry-After: Tue, 24 Nov 2026 01:20:00 GMT",), errors.TooFast, 0),
    ("429 Too Many Requests", {}, ("Retry-After: soon",), errors.TooFast, None),
]


@pytest.mark.parametrize(("status", "body", "rows", "kind", "seconds"), PAUSES)
def test_an_answer_that_pauses(
    ask: Callable[..., KioskSync], status: str, body: object, rows: tuple[str, ...], kind: type, seconds: float | None
) -> None:
    with pytest.raises(kind) as caught:
        ask(said(status, body, *rows)).send([PARCEL])
    assert type(caught.value) is kind
    assert caught.value.seconds == seconds


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("400 Bad Request", errors.Poison),
        ("422 Unprocessable", errors.Poison),
        ("413 Too Large", errors.TooLarge),
        ("410 Gone", errors.Restored),
        ("500 Oops", errors.Unsure),
        ("502 Oops", errors.Unsure),
        ("503 Oops", errors.Unsure),
        ("302 Found", errors.Unsure),
        ("204 Nothing", errors.Unsure),
        ("404 Not Found", errors.Unsure),
    ],
)
def test_an_answer_that_does_not(ask: Callable[..., KioskSync], status: str, kind: type) -> None:
    with pytest.raises(kind) as caught:
        ask(said(status, {}, "Location: https://elsewhere.example/")).send([PARCEL])
    assert type(caught.value) is kind


FOREIGN = [
    http("200 OK", b"<html>Wi-Fi</html>", "Content-Type: text/html", marks=False),
    said("200 OK", {}, marks=False),
    said("200 OK", TAKEN, marks=False),
    said("401 Unauthorized", {}, marks=False),
    said("403 Forbidden", {}, marks=False),
    said("422 Unprocessable", {}, marks=False),
    said("200 OK", TAKEN, "Sync-Protocol: kiosk-sync/1", marks=False),
    said("200 OK", TAKEN, "Sync-Epoch: e1", marks=False),
    said("200 OK", TAKEN, "Sync-Protocol: http/1", "Sync-Epoch: e1", marks=False),
    said("200 OK", TAKEN, "Sync-Protocol: kiosk-sync/1", f"Sync-Epoch: {'e' * 65}", marks=False),
    http("200 OK", b'{"results": ['),
    http("200 OK", b"[" * 50_000),
    http("200 OK", b"[]"),
    http("200 OK", b"{}"),
    http("200 OK", b'{"results": {}}'),
    said("200 OK", TAKEN).replace(b"Content-Length: ", b"Content-Length: 9"),
    b"not http at all\r\n\r\n",
    http("200 OK", b"not gzip", "Content-Encoding: gzip"),
    http("200 OK", gzip.compress(b" " * 200_000), "Content-Encoding: gzip"),
    http("200 OK", b" " * 200_000),
    None,
]


@pytest.mark.parametrize("answer", FOREIGN)
def test_an_answer_that_is_none_leaves_it_open_whether_it_arrived(
    ask: Callable[..., KioskSync], answer: bytes | None
) -> None:
    with pytest.raises(errors.Unsure) as caught:
        ask(answer, seconds=1.0).send([PARCEL])
    assert type(caught.value) is errors.Unsure


def test_another_protocol_is_a_matter_of_versions(ask: Callable[..., KioskSync]) -> None:
    other = said("200 OK", TAKEN, "Sync-Protocol: kiosk-sync/2", "Sync-Epoch: e1", marks=False)
    with pytest.raises(errors.WrongVersion):
        ask(other).send([PARCEL])


ODD = [
    [],
    [None, 1, "x", [], {}],
    [{"submissionId": ID}],
    [{"submissionId": ID, "outcome": "taken"}],
    [{"submissionId": ID, "outcome": "created", "receipt": {}}],
    [{"submissionId": ID, "outcome": "created", "receipt": {**RECEIPT, "statusCode": 11}}],
    [{"submissionId": ID, "outcome": "created", "receipt": {**RECEIPT, "revision": "1"}}],
    [{"submissionId": ID, "outcome": "created", "receipt": {**RECEIPT, "digest": "x"}}],
    [{"submissionId": ID, "outcome": "created", "receipt": {**RECEIPT, "receivedAt": "2026-11-24"}}],
    [{"submissionId": ID, "outcome": "retry", "retryAfter": 86400}],
    [{"submissionId": ID, "outcome": "invalid"}, {"submissionId": ID, "outcome": "conflict"}],
]


@pytest.mark.parametrize("results", ODD)
def test_a_result_without_the_right_shape_is_no_result(ask: Callable[..., KioskSync], results: list[Any]) -> None:
    assert ask(said("200 OK", {"results": results})).send([PARCEL]).outcomes == {}


def test_what_is_wrong_with_a_form_is_cut_to_a_bearable_length(ask: Callable[..., KioskSync]) -> None:
    errors_said = [{"pointer": "/a", "code": "c", "message": "x" * 9999}, {"pointer": 1}, "x"] * 100
    refused = {"results": [{"submissionId": ID, "outcome": "invalid", "errors": errors_said}]}
    found = ask(said("200 OK", refused), most=9_000_000).send([PARCEL]).outcomes[ID]
    assert (len(found.errors[0].message), found.errors[1].pointer) == (2000, "")
    assert len(found.errors) <= 100


def test_the_body_leaves_as_it_was_frozen_signed_and_gzipped_when_it_is_long() -> None:
    with Scripted(answers(said("200 OK", TAKEN))) as server:
        long = Parcel(ID, sha256(BODY * 100), BODY * 100, "PK03-261124-0001-X")
        found = portal(server.url)
        found.send([PARCEL])
        found.send([long])
        found.close()
    short_head, short_body = server.heard[1].split(b"\r\n\r\n", 1)
    assert json.loads(short_body)["submissions"][0]["body"].encode() == BODY
    assert b"Content-Encoding" not in short_head
    head, body = server.heard[2].split(b"\r\n\r\n", 1)
    assert json.loads(gzip.decompress(body))["submissions"][0]["body"].encode() == BODY * 100
    assert b"POST /kiosk-sync/v1/submissions HTTP/1.1" in head
    assert b"Content-Encoding: gzip" in head
    assert b'kiosk=("@method" "@authority" "@path" "@query" "content-digest" "content-type" "content-encoding")' in head
    assert b"Cookie" not in head
    assert server.connections == 1


def test_events_have_an_address_of_their_own() -> None:
    taken = {"results": [{"eventId": ID, "outcome": "created"}]}
    with Scripted(answers(said("200 OK", taken))) as server:
        found = portal(server.url)
        body = json.dumps({"eventId": ID}).encode()
        sent = found.send([Event(ID, "x", 1, sha256(body), body)])
        found.close()
    assert sent.outcomes[ID].kind == "created"
    assert server.heard[1].startswith(b"POST /kiosk-sync/v1/events ")


@pytest.mark.parametrize("kind", ["clock", "replay"])
def test_after_a_wrong_clock_or_a_replay_it_signs_again_once_with_the_portals_time(kind: str) -> None:
    problem = {"type": f"/problems/{kind}", "serverTime": "2031-01-01T00:00:00Z"}
    heard: list[bytes] = []

    def say(asked: bytes) -> bytes:
        if b"/hello" in asked.split(b"\r\n")[0]:
            return said("200 OK", HELLO)
        heard.append(asked)
        return said("401 Unauthorized", problem) if len(heard) == 1 else said("200 OK", TAKEN)

    with Scripted(say) as server:
        found = portal(server.url)
        found.send([PARCEL])
        found.close()
    created = [int(asked.partition(b";created=")[2].partition(b";")[0]) for asked in heard]
    nonces = [asked.partition(b';nonce="')[2].partition(b'"')[0] for asked in heard]
    moved = created[1] - created[0]
    assert moved > 86400 * 365 if kind == "clock" else moved <= 3
    assert len(set(nonces)) == 2


def test_the_machines_own_clock_is_never_asked() -> None:
    seconds = [100.0]
    with Scripted(answers(said("200 OK", TAKEN))) as server:
        found = portal(server.url, clock=lambda: seconds[0])
        found.hello()
        seconds[0] += 90
        found.send([PARCEL])
        found.close()
    created = int(server.heard[1].partition(b";created=")[2].partition(b";")[0])
    assert created == (datetime.fromisoformat(TIME) + timedelta(seconds=90)).timestamp()


def test_a_greeting_is_read(ask: Callable[..., KioskSync]) -> None:
    assert ask(None).hello() == Hello("e1", datetime(2026, 11, 24, 1, 30, tzinfo=UTC), False, 50, 65536)


def test_what_became_of_a_form_can_be_asked(ask: Callable[..., KioskSync]) -> None:
    assert ask(said("200 OK", {"receipt": RECEIPT})).verify(PARCEL) == "present"
    assert ask(said("200 OK", {"receipt": {**RECEIPT, "digest": "0" * 64}})).verify(PARCEL) == "different"
    assert ask(said("404 Not Found", {})).verify(PARCEL) == "absent"
    assert ask(None).verify(Event(ID, ID, 1, "x", b"{}")) == "cannot_tell"
    with pytest.raises(errors.NotAllowed):
        ask(said("403 Forbidden", {})).verify(PARCEL)


def test_a_page_with_one_odd_receipt_is_no_page(ask: Callable[..., KioskSync]) -> None:
    page = {"items": [RECEIPT, {}], "cursor": "e1:2", "more": False}
    with pytest.raises(errors.Unsure):
        ask(said("200 OK", page)).changes("e1:0&limit=1")
    good = ask(said("200 OK", {**page, "items": [{**RECEIPT, "note": "x", "officialNo": None}]})).changes(None)
    assert (good.cursor, good.has_more, good.receipts[0].note) == ("e1:2", False, "x")


def test_a_cursor_stays_one_value_whatever_is_in_it() -> None:
    with Scripted(answers(said("200 OK", {"items": [], "cursor": "c", "more": False}))) as server:
        found = portal(server.url)
        found.changes("a&limit=1#?/ %")
        found.close()
    assert server.heard[1].startswith(b"GET /kiosk-sync/v1/changes?cursor=a%26limit%3D1%23%3F%2F%20%25 HTTP/1.1")


# --- the line


def test_a_port_where_nobody_listens_has_got_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(errors.NotSent) as caught:
        portal(f"http://127.0.0.1:{port}").hello()
    assert caught.value.code == "ConnectionRefusedError"


def test_a_name_that_is_not_known_has_got_nothing() -> None:
    with pytest.raises(errors.NotSent):
        portal("https://gateway.invalid").hello()


def test_a_line_that_swallows_everything_is_given_up_at_the_deadline() -> None:
    with Scripted(answers(None), mute=True) as server:
        found = portal(server.url, seconds=0.5)
        began = time.monotonic()
        with pytest.raises(errors.Unsure, match="deadline"):
            found.hello()
        assert time.monotonic() - began < 2
        found.close()


def test_an_answer_that_drips_is_given_up_at_the_deadline() -> None:
    with Scripted(answers(None), slow=True) as server:
        found = portal(server.url, seconds=0.7)
        began = time.monotonic()
        with pytest.raises(errors.Unsure, match="deadline"):
            found.hello()
        assert time.monotonic() - began < 2
        found.close()


def test_a_tls_handshake_that_never_ends_is_given_up_and_has_got_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = portal(f"https://127.0.0.1:{server.getsockname()[1]}", seconds=0.5)
        began = time.monotonic()
        with pytest.raises(errors.NotSent):
            found.hello()
        assert time.monotonic() - began < 2


def test_a_line_is_used_again_after_it_was_cut() -> None:
    say: list[bytes | None] = [None, said("200 OK", HELLO), said("200 OK", HELLO)]
    with Scripted(lambda asked: say.pop(0)) as server:
        found = portal(server.url)
        with pytest.raises(errors.Unsure):
            found.hello()
        found.hello()
        found.hello()
        found.close()
    assert server.connections == 2


def certificate(folder: Path, name: str, *, days: int = 1) -> tuple[Path, ssl.SSLContext]:
    """Make a server's certificate for a name, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "town")])
    now = datetime.now(UTC)
    import ipaddress

    alt = x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - timedelta(days=3))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([alt]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, key_path = folder / f"{name}{days}.pem", folder / f"{name}{days}.key"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key_path)
    return path, context


def test_a_pinned_authority_is_trusted_and_only_it(tmp_path: Path) -> None:
    ours, context = certificate(tmp_path, "127.0.0.1")
    with Scripted(answers(None), tls=context) as server:
        found = portal(server.url, ca=ours)
        assert found.hello().epoch == "e1"
        found.close()
        with pytest.raises(errors.NotSent):
            portal(server.url).hello()


@pytest.mark.parametrize(("name", "days"), [("elsewhere.example", 1), ("127.0.0.1", -1)])
def test_a_certificate_of_another_name_or_time_has_got_nothing(tmp_path: Path, name: str, days: int) -> None:
    ours, context = certificate(tmp_path, name, days=days)
    with Scripted(answers(None), tls=context) as server:
        with pytest.raises(errors.NotSent):
            portal(server.url, ca=ours).hello()
        assert server.heard == []


def test_an_answer_over_tls_that_drips_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    ours, context = certificate(tmp_path, "127.0.0.1")
    with Scripted(answers(None), tls=context, slow=True) as server:
        found = portal(server.url, ca=ours, seconds=0.7)
        began = time.monotonic()
        with pytest.raises(errors.Unsure, match="deadline"):
            found.hello()
        assert time.monotonic() - began < 2
        found.close()


@pytest.mark.parametrize("url", ["http://gateway.example", "ftp://127.0.0.1", "gateway.example", ""])
def test_only_https_leaves_this_machine(url: str) -> None:
    with pytest.raises(errors.BadPortal):
        portal(url)


def test_a_portal_is_opened_by_its_kind() -> None:
    found = sync.open_portal(
        "kiosk-sync", url="https://gateway.example", key=bytes(32), kiosk_id="PK03", nonce=lambda: "n" * 12
    )
    assert isinstance(found, KioskSync)
    with pytest.raises(errors.BadPortal):
        sync.open_portal("none", url="", key=bytes(32), kiosk_id="PK03", nonce=lambda: "n" * 12)
