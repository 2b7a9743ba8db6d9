"""The HTTP client: ports, names, deadlines, TLS."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import sync
from kiosk.base import clock
from sync import errors
from sync.deadline import Deadline
from sync.portals import http_client
from sync.portals.base import PortalOptions
from sync.portals.kiosk_sync import KioskSync
from tests.ports import free_port
from tests.sync.portal_responses import HELLO, answer_with, json_response, open_kiosk_sync
from tests.sync.scripted_server import ScriptedServer

pytestmark = pytest.mark.machine_date

DEADLINE = 2.0  # seconds: long enough for a handshake on a busy machine; the servers here end no answer before it


def test_a_port_without_a_listener_means_not_sent() -> None:
    with pytest.raises(errors.NotSent) as caught:
        open_kiosk_sync(f"http://127.0.0.1:{free_port()}").hello()
    assert caught.value.code == "ConnectionRefusedError"


def test_an_unknown_host_name_means_not_sent() -> None:
    with pytest.raises(errors.NotSent):
        open_kiosk_sync("https://gateway.invalid").hello()


@pytest.fixture
def hanging_lookup(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Let the look-up of `portal.test` hang until the test ends; return the names that were looked up."""
    real = socket.getaddrinfo
    looked_up: list[str] = []
    end = threading.Event()

    def getaddrinfo(host: str, *args: Any, **options: Any) -> Any:
        looked_up.append(host)
        if host == "portal.test":
            end.wait(60)
            raise socket.gaierror(socket.EAI_NONAME, "the test is over")
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield looked_up
    end.set()


def test_a_name_lookup_that_hangs_is_cut_at_the_deadline_and_not_begun_twice(
    hanging_lookup: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_client, "MAX_CONNECT_SECONDS", 0.2)
    portal = open_kiosk_sync("https://portal.test", seconds=600)
    codes: list[str] = []

    def greet_twice() -> None:
        for _ in range(2):
            with pytest.raises(errors.NotSent) as caught:
                portal.hello()
            codes.append(caught.value.code)

    thread = threading.Thread(target=greet_twice, daemon=True)
    thread.start()
    thread.join(30)
    assert not thread.is_alive(), "the look-up was not cut"
    assert codes == ["gaierror", "gaierror"]
    assert hanging_lookup.count("portal.test") == 1


def test_of_two_addresses_the_one_that_answers_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer(answer_with(None)) as server:
        real = socket.getaddrinfo
        both = [*real("127.0.0.2", 1, type=socket.SOCK_STREAM), *real("127.0.0.1", 1, type=socket.SOCK_STREAM)]
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda host, *args, **kw: both if host == "localhost" else real(host, *args, **kw)
        )
        portal = open_kiosk_sync(server.url.replace("127.0.0.1", "localhost"))
        assert portal.hello()
        portal.close()


def test_a_server_that_never_answers_is_given_up_at_the_deadline() -> None:
    with ScriptedServer(answer_with(None), silent=True) as server:
        portal = open_kiosk_sync(server.url, seconds=DEADLINE)
        with pytest.raises(errors.Unsure, match="deadline"):
            portal.hello()
        assert server.answers_sent == 0
        portal.close()


def test_a_deadline_has_passed_by_the_clock_whichever_thread_runs_first() -> None:
    with Deadline(0.0, lambda: None) as deadline:
        assert deadline.has_passed
    with Deadline(60.0, lambda: None) as deadline:
        assert not deadline.has_passed


def test_an_answer_that_drips_is_given_up_at_the_deadline() -> None:
    with ScriptedServer(answer_with(None), slow=True) as server:
        portal = open_kiosk_sync(server.url, seconds=DEADLINE)
        with pytest.raises(errors.Unsure, match="deadline"):
            portal.hello()
        assert server.answers_sent == 0
        portal.close()


def test_a_tls_handshake_that_never_ends_is_given_up_as_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        portal = open_kiosk_sync(f"https://127.0.0.1:{server.getsockname()[1]}", seconds=0.5)
        with pytest.raises(errors.NotSent):
            portal.hello()


def test_a_connection_is_opened_again_after_it_was_cut() -> None:
    responses: list[bytes | None] = [None, json_response("200 OK", HELLO), json_response("200 OK", HELLO)]
    with ScriptedServer(lambda request: responses.pop(0)) as server:
        portal = open_kiosk_sync(server.url)
        with pytest.raises(errors.Unsure):
            portal.hello()
        portal.hello()
        portal.hello()
        portal.close()
    assert server.connections == 2


def certificate(folder: Path, name: str, *, days: int = 1) -> tuple[Path, ssl.SSLContext]:
    """Create a self-signed server certificate for a name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "practice")])
    now = clock.now()
    alt = x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    signed = (
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
    path = folder / f"{name}{days}.pem"
    key_path = folder / f"{name}{days}.key"
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key_path)
    return path, context


def test_a_pinned_authority_is_trusted_and_only_it(tmp_path: Path) -> None:
    ours, context = certificate(tmp_path, "127.0.0.1")
    with ScriptedServer(answer_with(None), tls=context) as server:
        portal = open_kiosk_sync(server.url, ca=ours)
        assert portal.hello().epoch == "e1"
        portal.close()
        with pytest.raises(errors.NotSent):
            open_kiosk_sync(server.url).hello()


@pytest.mark.parametrize(("name", "days"), [("elsewhere.example", 1), ("127.0.0.1", -1)])
def test_a_certificate_of_another_name_or_time_means_not_sent(tmp_path: Path, name: str, days: int) -> None:
    ours, context = certificate(tmp_path, name, days=days)
    with ScriptedServer(answer_with(None), tls=context) as server:
        with pytest.raises(errors.NotSent):
            open_kiosk_sync(server.url, ca=ours).hello()
        assert server.requests == []


def test_an_answer_over_tls_that_drips_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    ours, context = certificate(tmp_path, "127.0.0.1")
    with ScriptedServer(answer_with(None), tls=context, slow=True) as server:
        portal = open_kiosk_sync(server.url, ca=ours, seconds=DEADLINE)
        with pytest.raises(errors.Unsure, match="deadline"):
            portal.hello()
        assert server.answers_sent == 0
        portal.close()


@pytest.mark.parametrize("url", ["http://gateway.example", "ftp://127.0.0.1", "gateway.example", ""])
def test_only_https_is_allowed_beyond_this_machine(url: str) -> None:
    with pytest.raises(errors.BadPortal):
        open_kiosk_sync(url)


def test_a_portal_is_opened_by_its_kind() -> None:
    options = PortalOptions(
        url="https://gateway.example", kiosk_id="PK03", key=lambda: bytes(32), nonce=lambda: "n" * 12
    )
    assert isinstance(sync.open_portal("kiosk-sync", options), KioskSync)
    for kind in ("none", "other", "opencps"):
        with pytest.raises(errors.BadPortal):
            sync.open_portal(kind, options)
