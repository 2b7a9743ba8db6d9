"""A LAN that cannot be opened yet: loopback works, the maintenance page says why, and the LAN opens by itself."""

import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk import lan_server
from kiosk.base.clock import SYSTEM
from kiosk.config import ROOT
from kiosk.health import certificate_dates
from kiosk.health import lan as lan_check
from kiosk.lan_server import lan
from kiosk.security import certificate_making
from kiosk.startup.context_factory import create_store
from kiosk.web.app import create_app
from tests.browser.kiosks import is_answering, until
from tests.lan_server.lan_kiosk import NAMES, PATIENCE, LanKiosk, lan_config
from tests.ports import free_port
from tests.serving import served_on_loopback

pytestmark = pytest.mark.machine_date

MISSING_ADDRESS = "192.0.2.7"  # RFC 5737: no machine has it


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lan_server, "RETRY_SECONDS", 0.05)


def _opens(kiosk: LanKiosk) -> bool:
    for _ in range(PATIENCE * 20):
        with suppress(OSError):
            return kiosk.get("/signin").status == 200
        time.sleep(0.05)
    return False


def _alarm(kiosk: LanKiosk) -> tuple[str, str]:
    result = lan_check.check(kiosk.context)
    return result.state, result.code


def test_certificates_that_come_later_open_the_lan(tmp_path: Path) -> None:
    config = lan_config(tmp_path)
    create_store(config)
    app = create_app(config)
    with closing(app.extensions["context"].store), lan(app, config, app.body_limit):
        assert certificate_dates.check(app.extensions["context"]).code == "CERT-01"
        with served_on_loopback(app) as address:
            assert is_answering(f"{address}/alive")
        certificate_making.create(config.tls_folder, ward=config.ward.name, names=NAMES, now=SYSTEM.now())
        kiosk = LanKiosk(config, app)
        assert _opens(kiosk)
        assert _alarm(kiosk) == ("ok", "")


def test_an_address_that_is_missing_is_an_alarm_and_stops_nothing(tmp_path: Path) -> None:
    here = lan_config(tmp_path)
    config = replace(here, lan=replace(here.lan, host=MISSING_ADDRESS))
    certificate_making.create(config.tls_folder, ward=config.ward.name, names=NAMES, now=SYSTEM.now())
    create_store(config)
    app = create_app(config)
    with closing(app.extensions["context"].store), lan(app, config, app.body_limit):
        assert _alarm(LanKiosk(config, app)) == ("fault", "INTRA-01")
        with served_on_loopback(app) as address:
            assert is_answering(f"{address}/alive")


def test_a_port_of_another_program_is_an_alarm_until_it_is_free(tmp_path: Path) -> None:
    config = lan_config(tmp_path)
    certificate_making.create(config.tls_folder, ward=config.ward.name, names=NAMES, now=SYSTEM.now())
    create_store(config)
    app = create_app(config)
    kiosk = LanKiosk(config, app)
    with ExitStack() as stack:
        other = socket.create_server(("127.0.0.1", config.lan.port))
        stack.enter_context(closing(kiosk.context.store))
        stack.enter_context(lan(app, config, app.body_limit))
        assert _alarm(kiosk) == ("fault", "INTRA-02")
        other.close()
        assert _opens(kiosk)
        assert _alarm(kiosk) == ("ok", "")


def test_the_program_starts_and_serves_its_touchscreen_without_address_and_certificate(tmp_path: Path) -> None:
    port = free_port()
    settings = tmp_path / "kiosk.toml"
    settings.write_text(f'[web]\nport = {port}\n[lan]\nhost = "{MISSING_ADDRESS}"\nnames = ["mot-cua.lan"]\n')
    command = [sys.executable, "-m", "kiosk", "--config", str(settings)]
    subprocess.run([*command, "init"], cwd=ROOT, check=True, capture_output=True)
    process = subprocess.Popen([*command, "web"], cwd=ROOT)
    try:
        until(lambda: process.poll() is not None or is_answering(f"http://127.0.0.1:{port}/"), PATIENCE)
        assert process.poll() is None
    finally:
        process.terminate()
        process.wait(PATIENCE)
