"""Printers behind a device file, and at a serial port: what is special to them."""

import os
import threading
from pathlib import Path

import pytest

from printers import PrinterSettings, open_printer
from printers.devices import serial_port
from printers.devices.cups import open_cups
from printers.devices.receipt_printer import ReceiptPrinter
from printers.devices.tcp import resolve_by_system
from printers.errors import ADVICE
from printers.render import escpos, raster
from tests.printers.samples import ticket
from tests.printers.test_devices import HASTY, PATIENT, outcome_of
from tests.printers.usb_tree import Cable
from tests.printers.wirings import WiredPrinter


def device_at(path: Path) -> ReceiptPrinter:
    device = open_printer(PrinterSettings(kind="file", address=str(path), scale=PATIENT))
    assert isinstance(device, ReceiptPrinter)
    return device


def test_a_named_pipe_gets_every_byte_and_the_paper_counts_as_not_confirmed(tmp_path: Path) -> None:
    pipe = tmp_path / "printer"
    os.mkfifo(pipe)
    received: list[bytes] = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()), daemon=True)
    reader.start()
    device = device_at(pipe)
    while not device.read_status().cannot_tell:  # until the reader has opened its end
        pass
    reader.join(60)
    received.clear()
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()), daemon=True)
    reader.start()
    while outcome_of(device, ticket()) != ("Unconfirmed", ""):
        pass
    reader.join(60)
    payload = escpos.encode(raster.render(ticket(), device.settings), device.settings)
    assert received[0].endswith(payload)


def test_where_a_device_was_unplugged_no_file_is_made(tmp_path: Path) -> None:
    gone = tmp_path / "lp0"
    assert outcome_of(device_at(gone), ticket()) == ("NotSent", "unplugged")
    assert not gone.exists()


def test_a_regular_file_is_refused_so_that_no_paper_of_a_citizen_stays_on_the_disk(tmp_path: Path) -> None:
    file = tmp_path / "papers"
    file.touch()
    assert outcome_of(device_at(file), ticket()) == ("NotSent", "no_device")
    assert file.read_bytes() == b""
    assert ADVICE["no_device"]


def test_a_serial_port_that_is_gone_or_taken_is_named(tmp_path: Path) -> None:
    missing = PrinterSettings(kind="serial", address=str(tmp_path / "ttyUSB0"), scale=HASTY)
    assert outcome_of(open_printer(missing), ticket()) == ("NotSent", "unplugged")
    with WiredPrinter(speed=0) as virtual:
        cable = Cable(virtual.address)
        taken = PrinterSettings(kind="serial", address=str(cable.path), scale=HASTY)
        held = serial_port.open_channel(taken, 1)
        assert outcome_of(open_printer(taken), ticket()) == ("NotSent", "busy")
        held.close()
        assert outcome_of(open_printer(PrinterSettings(kind="serial", address=str(cable.path))), ticket()) == (
            "Printed",
            "",
        )
        cable.unplug()


@pytest.mark.parametrize("flow", ["rtscts", "xonxoff", "none"])
def test_a_paper_over_a_slow_serial_port_has_the_time_that_its_bytes_need(flow: str) -> None:
    slow = PrinterSettings(kind="serial", address="/dev/ttyS0", baud=9600, flow=flow)  # type: ignore[arg-type]
    device = open_printer(slow)
    assert isinstance(device, ReceiptPrinter)
    assert device._wire_seconds(bytes(9600)) == pytest.approx(10)
    assert ReceiptPrinter(PrinterSettings(), device._open_channel)._wire_seconds(bytes(9600)) == 0


def test_a_cups_queue_has_the_address_of_its_name_and_a_cups_that_is_down_is_named() -> None:
    device = open_cups(PrinterSettings(kind="cups", address="quầy 1"), resolve_by_system)
    assert device.settings.address == "ipp://localhost:631/printers/qu%E1%BA%A7y%201"
    device.settings = PrinterSettings(kind="cups", address="ipp://127.0.0.1:1/printers/quay1")
    assert device.read_status().advice_key == "cups_down"
    assert ADVICE["cups_down"]
