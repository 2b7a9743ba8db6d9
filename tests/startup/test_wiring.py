"""Wiring: portals by their capabilities (a new kind is one module and one line of the table), and printers."""

import socket
import sys
import threading
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

import sync
from kiosk.base.errors import BadSettings
from kiosk.config import Config, load
from kiosk.config.list_sections import OfficePrinterSection, PrinterSection
from kiosk.context import Context
from kiosk.health import connection
from kiosk.startup.wiring import open_enrolling_portal, open_portal, open_printers
from kiosk.worker import open_worker
from sync.portals.base import PortalKind, PortalOptions

URL = "https://portal.example"


class FakePortal:
    """A portal that only remembers its options."""

    is_repeatable = True

    def __init__(self, options: PortalOptions) -> None:
        self.options = options

    def close(self) -> None:
        """Close the connection."""


@pytest.fixture
def fake_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a module with an adapter, and a line in the table."""
    module = ModuleType("fake_portal")
    module.open_portal = FakePortal  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fake_portal", module)
    monkeypatch.setitem(sync.PORTALS, "fake", PortalKind(module="fake_portal", takes_events=True))


@pytest.fixture
def context(app: Flask) -> Context:
    context: Context = app.extensions["context"]
    portal = replace(context.config.portal, kind="fake", url=URL)
    return replace(context, config=replace(context.config, portal=portal))


@pytest.mark.usefixtures("fake_kind")
def test_a_new_kind_is_accepted_in_the_settings_and_opened(context: Context) -> None:
    file = context.config.root / "fake.toml"
    file.write_text(f'[portal]\nkind = "fake"\nurl = "{URL}"\n', encoding="utf-8")
    assert load(file).portal.kind == "fake"
    assert load(file).queues("1.001193")
    portal = open_portal(context, 7.0)
    assert isinstance(portal, FakePortal)
    assert (portal.options.url, portal.options.seconds) == (URL, 7.0)
    assert len(portal.options.key()) == 32


@pytest.mark.usefixtures("fake_kind")
def test_a_kind_is_asked_only_for_what_it_can_do(context: Context) -> None:
    assert open_enrolling_portal(context.config) is None
    worker = open_worker(context)
    assert worker.delivery.file_transfer is None
    assert not worker.delivery.pull()
    assert not worker.delivery.renew_key()
    assert connection.link(context).words != "Không gửi đi đâu (portal = none)"
    worker.close()


def test_an_unknown_kind_is_refused_with_the_list_of_known_ones(context: Context) -> None:
    file = context.config.root / "fake.toml"
    file.write_text('[portal]\nkind = "fake"\n', encoding="utf-8")
    with pytest.raises(BadSettings, match='"kiosk-sync", "opencps", "none"'):
        load(file)


def test_without_a_portal_nothing_is_opened(context: Context) -> None:
    config = replace(context.config, portal=replace(context.config.portal, kind="none"))
    assert open_portal(replace(context, config=config)) is None
    assert open_enrolling_portal(config) is None


def test_a_printer_whose_name_look_up_hangs_is_unreachable_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    end = threading.Event()
    real = socket.getaddrinfo

    def getaddrinfo(host: str, *args: Any, **options: Any) -> Any:
        if host == "printer.test":
            end.wait(60)
            raise socket.gaierror(socket.EAI_NONAME, "the test is over")
        return real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    section = PrinterSection(kind="network", address="printer.test:9100", use=("ticket",))
    device = open_printers(replace(Config(), printers=(section,)))["ticket"][0]
    faults: list[str | None] = []
    thread = threading.Thread(target=lambda: faults.append(device.read_status().fault), daemon=True)
    thread.start()
    thread.join(30)
    is_cut = not thread.is_alive()
    end.set()
    assert is_cut
    assert faults == ["unreachable"]


def test_the_settings_of_a_serial_printer_and_of_a_cups_queue_reach_their_devices() -> None:
    section = PrinterSection(kind="serial", address="/dev/ttyS0", baud=9600, flow="xonxoff", margin=8, scale=200)
    office = OfficePrinterSection(kind="cups", address="quay1")
    config = replace(Config(), printers=(section,), office_printers=(office,))
    printers = open_printers(config)
    serial = printers["slip"][0].settings
    assert (serial.kind, serial.address, serial.baud, serial.flow) == ("serial", "/dev/ttyS0", 9600, "xonxoff")
    assert (serial.margin, serial.scale) == (8, 2.0)
    (queue,) = printers[office.job_kind]
    assert queue.settings.address == "ipp://localhost:631/printers/quay1"
    assert queue.settings.name == office.name
