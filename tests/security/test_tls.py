"""Tests of the ward's certificates: names, dates, owners of the files, and the commands."""

import ipaddress
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from flask import Flask

from kiosk.base.errors import BadSettings
from kiosk.cli import main
from kiosk.health import certificate_dates
from kiosk.security import certificate_making, tls

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tls"


def test_keys_are_for_the_owner_alone(folder: Path) -> None:
    certificate_making.create(folder, ward="Phường Phú Xuân", names=("mot-cua.lan", "192.168.1.10"), now=NOW)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("ca.key", "server.key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert {path.name for path in folder.iterdir()} == {"ca.crt", "ca.key", "server.crt", "server.key"}


def test_the_authority_may_sign_for_the_ward_alone(folder: Path) -> None:
    certificate_making.create(folder, ward="Phường Phú Xuân", names=("mot-cua.phuxuan.gov.vn",), now=NOW)
    authority = x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes())
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    permitted = {str(name.value) for name in limits.value.permitted_subtrees or []}
    assert "mot-cua.phuxuan.gov.vn" in permitted
    assert "gov.vn" not in permitted
    networks = [ipaddress.ip_network(name) for name in permitted if "/" in name]
    assert not any(ipaddress.ip_address("8.8.8.8") in network for network in networks)
    with pytest.raises(BadSettings):
        certificate_making.renew(folder, ("vietcombank.com.vn",), NOW)
    with pytest.raises(BadSettings):
        certificate_making.renew(folder, ("8.8.8.8",), NOW)
    assert certificate_making.renew(folder, ("10.0.0.7", "may2.lan"), NOW).names == ("10.0.0.7", "may2.lan")


def test_a_new_certificate_needs_no_visit_to_the_browsers(folder: Path) -> None:
    first = certificate_making.create(folder, ward="Phường", names=("a.lan",), now=NOW)
    second = certificate_making.create(folder, ward="Phường", names=("a.lan",), now=NOW + timedelta(days=300))
    assert second.fingerprint == first.fingerprint
    assert second.expires_at - first.expires_at == timedelta(days=300)


def test_what_ends_soon_or_has_another_name_is_renewed_at_the_start(folder: Path) -> None:
    first = certificate_making.create(folder, ward="Phường", names=("a.lan",), now=NOW)
    assert certificate_making.renew_if_due(folder, ("a.lan",), NOW + timedelta(days=100)) == first
    assert certificate_making.renew_if_due(folder, ("a.lan",), NOW + timedelta(days=380)).expires_at > first.expires_at
    assert certificate_making.renew_if_due(folder, ("b.lan",), NOW + timedelta(days=381)).names == ("b.lan",)


def test_without_certificates_the_start_says_what_to_run(folder: Path) -> None:
    with pytest.raises(BadSettings, match="kiosk tls init"):
        certificate_making.renew_if_due(folder, ("a.lan",), NOW)
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
    assert certificate_dates.check(context).state == "note"
    assert certificate_dates.check(open_context).state == "fault"
    certificate_making.create(config.tls_folder, ward="Phường", names=("a.lan",), now=context.clock.now())
    context.clock.advance(days * 86400)
    assert certificate_dates.check(open_context).state == state
    assert bool(certificate_dates.check(open_context).do) == (state != "ok")
