"""Tests of the LAN server over real sockets, and of the certificates: trust, limits, half-sent requests."""

import http.client
import ipaddress
import socket
import ssl
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from flask import Flask

from kiosk import health, tls
from kiosk.app import create_app, create_store
from kiosk.cli import main
from kiosk.clock import SYSTEM
from kiosk.config import ROOT, Config, load
from kiosk.errors import BadSettings
from kiosk.lan_server import lan

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
NAMES = ("127.0.0.1", "localhost")
MAX_BODY_BYTES = 64 * 1024
HALF_SENT = 150


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Config]:
    """Yield the settings of a kiosk, not in practice, whose LAN server listens on loopback."""
    shipped = load(ROOT / "kiosk.toml")
    lan_settings = replace(shipped.lan, host="127.0.0.1", port=_free_port(), names=NAMES)
    config = replace(shipped, root=tmp_path_factory.mktemp("lan"), lan=lan_settings)
    tls.create(config.tls_folder, ward=config.ward.name, names=NAMES, now=SYSTEM.now())
    create_store(config)
    app: Flask = create_app(config)
    with lan(app, config, MAX_BODY_BYTES):
        yield config
    app.extensions["context"].store.close()


def _trusting(config: Config) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(tls.authority_path(config.tls_folder)))
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


@dataclass(frozen=True)
class LanAnswer:
    status: int
    body: str
    headers: http.client.HTTPMessage


def _get(config: Config, path: str, host: str | None = None) -> LanAnswer:
    wire = http.client.HTTPSConnection("127.0.0.1", config.lan.port, timeout=20, context=_trusting_once(config))
    with closing(wire):
        wire.request("GET", path, headers={"Host": host or f"127.0.0.1:{config.lan.port}"})
        answer = wire.getresponse()
        return LanAnswer(status=answer.status, body=answer.read().decode(), headers=answer.headers)


def test_python_trusts_the_door_by_the_wards_authority_with_strict_rules(live: Config) -> None:
    answer = _get(live, "/signin")
    assert answer.status == 200
    assert "Mời vào ca" in answer.body
    assert answer.headers["Server"] is None


def test_requests_trusts_the_door_and_gets_secure_cookies(live: Config) -> None:
    authority = str(tls.authority_path(live.tls_folder))
    answer = requests.get(f"https://localhost:{live.lan.port}/signin", verify=authority, timeout=20)
    assert answer.status_code == 200


def test_without_the_authority_nobody_trusts_the_door(live: Config) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"https://localhost:{live.lan.port}/signin", timeout=20)


def test_a_wrong_host_name_is_refused_by_the_browser(live: Config) -> None:
    refused = pytest.raises(ssl.SSLCertVerificationError, match="mismatch")
    with socket.create_connection(("127.0.0.1", live.lan.port), timeout=20) as wire, refused:
        _trusting(live).wrap_socket(wire, server_hostname="motcua.example.vn")


@pytest.mark.parametrize("host", ["evil.example", "192.168.1.77:8443", "", "127.0.0.1.evil.example"])
def test_a_host_that_is_not_ours_is_refused_by_the_machine(live: Config, host: str) -> None:
    answer = _get(live, "/signin", host=host or "x:y")
    assert answer.status in {400, 403}
    assert "Mời vào ca" not in answer.body


def test_a_form_from_another_origin_is_refused(live: Config) -> None:
    url = f"https://localhost:{live.lan.port}/signin"
    authority = str(tls.authority_path(live.tls_folder))
    credentials = {"login": "hoaian", "password": "sai"}
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = requests.post(url, data=credentials, headers=headers, verify=authority, timeout=20)
        assert answer.status_code == 403, headers
    ours = {"Origin": f"https://localhost:{live.lan.port}", "Sec-Fetch-Site": "same-origin"}
    assert "chưa đúng" in requests.post(url, data=credentials, headers=ours, verify=authority, timeout=20).text


def test_plain_http_on_the_tls_port_gets_nothing(live: Config) -> None:
    with socket.create_connection(("127.0.0.1", live.lan.port), timeout=20) as wire:
        wire.sendall(b"GET /signin HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = b""
        while part := _read(wire):
            received += part
    assert b"HTTP" not in received
    assert b"<html" not in received


def _read(wire: socket.socket) -> bytes:
    try:
        return wire.recv(4096)
    except OSError:
        return b""


def test_an_old_tls_is_refused(live: Config) -> None:
    context = _trusting(live)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA:@SECLEVEL=0")
    with socket.create_connection(("127.0.0.1", live.lan.port), timeout=20) as wire, pytest.raises(ssl.SSLError):
        context.wrap_socket(wire, server_hostname="localhost")


@pytest.mark.parametrize(
    "half",
    [
        None,
        b"GET /signin HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        b"POST /signin HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        b"Content-Length: 30000\r\n\r\nlogin=h",
    ],
    ids=["no handshake", "half a head", "half a body"],
)
def test_150_half_sent_requests_do_not_stall_the_officers(live: Config, half: bytes | None) -> None:
    wires: list[socket.socket] = []
    try:
        for _ in range(HALF_SENT):
            wires.append(socket.create_connection(("127.0.0.1", live.lan.port), timeout=20))
            if half is not None:
                wires[-1] = _trusting_once(live).wrap_socket(wires[-1], server_hostname="localhost")
                wires[-1].sendall(half)
        for _ in range(20):
            assert _get(live, "/signin").status == 200
    finally:
        for wire in wires:
            wire.close()


_CONTEXTS: dict[int, ssl.SSLContext] = {}


def _trusting_once(config: Config) -> ssl.SSLContext:
    return _CONTEXTS.setdefault(config.lan.port, _trusting(config))


def test_a_head_without_end_is_cut_off(live: Config) -> None:
    with socket.create_connection(("127.0.0.1", live.lan.port), timeout=20) as wire:
        inside = _trusting(live).wrap_socket(wire, server_hostname="localhost")
        inside.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 40_000)
        assert _read(inside).startswith((b"HTTP/1.1 4", b""))
        inside.close()
    assert _get(live, "/signin").status == 200


def test_a_body_over_the_limit_is_refused(live: Config) -> None:
    authority = str(tls.authority_path(live.tls_folder))
    url = f"https://localhost:{live.lan.port}/signin"
    answer = requests.post(url, data=b"login=" + b"a" * (MAX_BODY_BYTES + 10), verify=authority, timeout=20,
                           headers={"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert answer.status_code in {400, 413}


def _files_of_bodies() -> list[str]:
    """Return the open files that could hold a body: temporary ones, and those without a name."""
    names = []
    for handle in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            names.append(str(handle.readlink()))
    return [name for name in names if "(deleted)" in name or name.startswith((tempfile.gettempdir() + "/tmp",))]


def test_a_body_on_its_way_lies_in_no_file(live: Config) -> None:
    with tempfile.TemporaryFile() as planted:
        assert _files_of_bodies(), planted
    before = _files_of_bodies()
    wire = socket.create_connection(("127.0.0.1", live.lan.port), timeout=20)
    with closing(_trusting_once(live).wrap_socket(wire, server_hostname="localhost")) as inside:
        head = f"POST /signin HTTP/1.1\r\nHost: localhost:{live.lan.port}\r\nContent-Length: {MAX_BODY_BYTES}\r\n"
        inside.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin=".encode())
        inside.sendall(b"a" * (MAX_BODY_BYTES - 1000))
        assert _get(live, "/signin").status == 200
        assert _files_of_bodies() == before


def test_citizens_pages_are_for_touchscreens_and_the_refusal_says_whom_to_ask(live: Config) -> None:
    answer = _get(live, "/")
    assert answer.status == 403
    assert "hỏi cán bộ" in answer.body
    assert answer.headers["Set-Cookie"] is None
    assert _get(live, "/display/").status == 200
    assert _get(live, "/nowhere").status == 404


def test_the_authority_is_handed_out_and_shown_by_its_fingerprint(live: Config) -> None:
    page = _get(live, "/signin/certificate").body
    certificates = tls.read_certificates(live.tls_folder)
    assert certificates is not None
    assert certificates.fingerprint[:47] in page
    assert "<svg" in page
    assert _get(live, "/signin/ca.crt").body.startswith("-----BEGIN CERTIFICATE")


# ---- the files ----


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tls"


def test_keys_are_for_the_owner_alone(folder: Path) -> None:
    tls.create(folder, ward="Phường Phú Xuân", names=("mot-cua.lan", "192.168.1.10"), now=NOW)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("ca.key", "server.key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert {path.name for path in folder.iterdir()} == {"ca.crt", "ca.key", "server.crt", "server.key"}


def test_the_authority_may_sign_for_the_ward_alone(folder: Path) -> None:
    tls.create(folder, ward="Phường Phú Xuân", names=("mot-cua.phuxuan.gov.vn",), now=NOW)
    authority = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    permitted = {str(name.value) for name in limits.value.permitted_subtrees or []}
    assert "mot-cua.phuxuan.gov.vn" in permitted
    assert "gov.vn" not in permitted
    networks = [ipaddress.ip_network(name) for name in permitted if "/" in name]
    assert not any(ipaddress.ip_address("8.8.8.8") in network for network in networks)
    with pytest.raises(BadSettings):
        tls.renew(folder, ("vietcombank.com.vn",), NOW)
    with pytest.raises(BadSettings):
        tls.renew(folder, ("8.8.8.8",), NOW)
    assert tls.renew(folder, ("10.0.0.7", "may2.lan"), NOW).names == ("10.0.0.7", "may2.lan")


def test_a_new_certificate_needs_no_visit_to_the_browsers(folder: Path) -> None:
    first = tls.create(folder, ward="Phường", names=("a.lan",), now=NOW)
    second = tls.create(folder, ward="Phường", names=("a.lan",), now=NOW + timedelta(days=300))
    assert second.fingerprint == first.fingerprint
    assert second.expires_at - first.expires_at == timedelta(days=300)


def test_what_ends_soon_or_has_another_name_is_renewed_at_the_start(folder: Path) -> None:
    first = tls.create(folder, ward="Phường", names=("a.lan",), now=NOW)
    assert tls.renew_if_due(folder, ("a.lan",), NOW + timedelta(days=100)) == first
    assert tls.renew_if_due(folder, ("a.lan",), NOW + timedelta(days=380)).expires_at > first.expires_at
    assert tls.renew_if_due(folder, ("b.lan",), NOW + timedelta(days=381)).names == ("b.lan",)


def test_without_certificates_the_start_says_what_to_run(folder: Path) -> None:
    with pytest.raises(BadSettings, match="kiosk tls init"):
        tls.renew_if_due(folder, ("a.lan",), NOW)
    assert tls.read_certificates(folder) is None


def test_the_commands_make_show_and_renew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('[lan]\nhost = "127.0.0.1"\nnames = ["mot-cua.lan"]\n')
    assert main(["--config", str(file), "tls", "show"]) == 2
    assert "kiosk tls init" in capsys.readouterr().err
    for command in ("init", "show", "renew"):
        assert main(["--config", str(file), "tls", command]) == 0
        assert "mot-cua.lan" in capsys.readouterr().out
    file.write_text("[kiosk]\nid = 'PK03'\n")
    assert main(["--config", str(file), "tls", "init"]) == 2
    assert "[lan] names" in capsys.readouterr().err


@pytest.mark.parametrize(("days", "state"), [(1, "ok"), (370, "warning"), (400, "fault"), (3640, "warning")])
def test_the_doctor_says_when_a_certificate_ends(app: Flask, days: int, state: str) -> None:
    context = app.extensions["context"]
    config = replace(context.config, lan=replace(context.config.lan, host="127.0.0.1", names=("a.lan",)))
    open_context = replace(context, config=config)
    assert health.certificate(context).state == "note"
    assert health.certificate(open_context).state == "fault"
    tls.create(config.tls_folder, ward="Phường", names=("a.lan",), now=context.clock.now())
    context.clock.advance(days * 86400)
    assert health.certificate(open_context).state == state
    assert bool(health.certificate(open_context).do) == (state != "ok")
