"""USB printers: found again at another socket, told apart, unplugged in a paper; status by the port; libusb."""

import errno
import fcntl
import os
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from usb.core import NoBackendError

from printers import PrinterSettings, open_printer
from printers.devices import libusb, receipt_printer, usb
from printers.devices.usb import UsblpChannel, parse_port_status
from printers.errors import ADVICE, NotSent, Unknown
from printers.render import raster
from tests.printers.samples import slip, ticket
from tests.printers.test_devices import HASTY, PATIENT, hasty, is_on, outcome_of, short_waits, wait_for
from tests.printers.usb_tree import EPSON, XPRINTER, Cable, Model, UsbTree, usb_tree
from tests.printers.wirings import FakeBus, WiredPrinter
from tests.running import wait_until

SETTINGS = PrinterSettings(kind="usb", address="04b8:0e15/J5LF012345", scale=PATIENT)


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[UsbTree]:
    with usb_tree(tmp_path) as tree:
        yield tree


@pytest.fixture
def virtual() -> Iterator[WiredPrinter]:
    with WiredPrinter(speed=0) as printer:
        yield printer


def test_a_printer_that_is_plugged_in_elsewhere_is_found_again_by_its_serial_number(
    tree: UsbTree, virtual: WiredPrinter
) -> None:
    device = open_printer(SETTINGS)
    assert device.read_status().fault == "unplugged"
    for port in ("1-1", "2-4.1"):
        cable = Cable(virtual.address)
        tree.plug(port, EPSON, cable.path)
        assert outcome_of(device, ticket()) == ("Printed", "")
        cable.unplug()
        tree.unplug(port)
        assert outcome_of(device, ticket()) == ("NotSent", "unplugged")
    assert len(virtual.papers) == 2


def test_pulled_out_in_a_paper_it_is_unknown_and_the_next_one_is_whole_at_the_other_socket(
    tree: UsbTree, virtual: WiredPrinter
) -> None:
    device = open_printer(SETTINGS)
    cable = Cable(virtual.address)
    tree.plug("1-1", EPSON, cable.path)
    virtual.set_fault("hung", after=20_000)
    ending: list[tuple[str, str]] = []
    printing = threading.Thread(target=lambda: ending.append(outcome_of(device, slip())))
    printing.start()
    until = time.monotonic() + 60
    while virtual._received < 20_000 and time.monotonic() < until:
        time.sleep(0.01)
    cable.unplug()
    tree.unplug("1-1")
    printing.join(60)
    assert ending == [("Unknown", "cut_off")]
    assert outcome_of(device, ticket()) == ("NotSent", "unplugged")
    virtual.set_fault(None)
    tree.plug("1-3", EPSON, Cable(virtual.address).path)
    assert outcome_of(device, ticket()) == ("Printed", "")
    assert is_on(virtual.papers[-1], ticket(), device.settings)
    assert virtual.strays == b""


def test_two_of_one_model_print_each_its_own_papers(tree: UsbTree) -> None:
    with WiredPrinter(speed=0) as left, WiredPrinter(speed=0) as right:
        tree.plug("1-1", XPRINTER, Cable(left.address).path)
        tree.plug("1-2", XPRINTER, Cable(right.address).path)
        tree.plug("1-3", EPSON, Cable(left.address).path)
        for port, virtual in (("1-1", left), ("1-2", right)):
            device = open_printer(PrinterSettings(kind="usb", address=f"0416:5011@{port}", scale=PATIENT))
            assert outcome_of(device, ticket()) == ("Printed", "")
            assert len(virtual.papers) == 1
        either = open_printer(PrinterSettings(kind="usb", address="0416:5011", scale=PATIENT))
        assert outcome_of(either, ticket()) == ("NotSent", "two_alike")
        assert ADVICE["two_alike"]


def test_a_printer_without_a_way_back_is_believed_when_it_has_taken_everything(
    tree: UsbTree, virtual: WiredPrinter
) -> None:
    tree.plug("1-1", Model(protocol=1), Cable(virtual.address).path)
    device = open_printer(SETTINGS)
    assert device.read_status().advice_key == "no_status"
    assert outcome_of(device, ticket()) == ("Unconfirmed", "")
    assert is_on(wait_for(virtual, 1)[0], ticket(), device.settings)


class Port:
    """The status register of a printer port, which a pseudo terminal has not."""

    def __init__(self, bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bits = bits
        self._real = fcntl.ioctl
        monkeypatch.setattr(usb.fcntl, "ioctl", self)

    def __call__(self, file: int, request: int, argument: bytes = b"") -> bytes:
        return struct.pack("i", self.bits) if request == usb.LPGETSTATUS else self._real(file, request, argument)


WELL = usb.SELECTED | usb.NO_ERROR


def test_a_mute_printer_is_judged_by_its_port_and_asked_once_for_its_own_answer(
    tree: UsbTree, virtual: WiredPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    virtual.set_fault("mute")
    tree.plug("1-1", EPSON, Cable(virtual.address).path)
    port = Port(WELL, monkeypatch)
    device = open_printer(PrinterSettings(kind="usb", address="04b8:0e15", scale=HASTY))
    assert device.read_status().advice_key == "no_status"
    with short_waits():
        assert outcome_of(device, ticket()) == ("Unconfirmed", "")
    assert is_on(wait_for(virtual, 1)[0], ticket(), device.settings)
    port.bits = WELL | usb.PAPER_EMPTY
    assert device.read_status().fault == "paper_out"
    assert outcome_of(device, ticket()) == ("NotSent", "paper_out")


def test_a_printer_that_has_answered_before_is_not_believed_when_it_falls_silent(
    tree: UsbTree, virtual: WiredPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree.plug("1-1", EPSON, Cable(virtual.address).path)
    Port(WELL, monkeypatch)
    device = open_printer(SETTINGS)
    assert outcome_of(device, ticket()) == ("Printed", "")
    virtual.set_fault("mute")
    device.settings = PrinterSettings(kind="usb", address=SETTINGS.address, scale=HASTY)
    assert outcome_of(device, ticket()) == ("NotSent", "mute")


@pytest.mark.parametrize(
    ("bits", "fault", "is_unsure"),
    [
        (WELL, None, True),
        (0, None, True),
        (WELL | usb.PAPER_EMPTY, "paper_out", False),
        (usb.SELECTED, "broken", False),
        (usb.NO_ERROR, "offline", False),
    ],
)
def test_the_bits_of_a_port_say_that_something_is_wrong_and_never_that_all_is_well(
    bits: int, fault: str | None, is_unsure: bool
) -> None:
    status = parse_port_status(bits)
    assert (status.fault, status.cannot_tell) == (fault, is_unsure)


def test_empty_packets_are_no_end_of_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = os.openpty()
    channel = UsblpChannel(theirs, lambda: None)
    os.set_blocking(theirs, False)
    real = os.read
    packets = [b"", b"", b"\x12"]
    monkeypatch.setattr("os.read", lambda file, count: packets.pop(0) if file == theirs else real(file, count))
    monkeypatch.setattr(channel, "_wait", lambda _event, _seconds: True)
    assert [channel.receive_byte(1) for _ in range(3)] == [None, None, 0x12]
    monkeypatch.setattr("os.read", lambda _file, _count: b"")
    os.close(ours)
    with pytest.raises(OSError, match="unplugged"):
        channel.receive_byte(1)
    os.close(theirs)


def test_a_device_file_that_another_program_has_is_tried_again_and_then_named(
    tree: UsbTree, virtual: WiredPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree.plug("1-1", EPSON, Cable(virtual.address).path)
    real = os.open
    tries = []

    def busy(path: object, flags: int) -> int:
        tries.append(path)
        if len(tries) < 3:
            raise OSError(errno.EBUSY, "busy")
        return real(path, flags)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("os.open", busy)
        assert outcome_of(open_printer(SETTINGS), ticket()) == ("Printed", "")
    assert len(tries) == 3
    hasty = open_printer(PrinterSettings(kind="usb", address=SETTINGS.address, scale=HASTY))
    for code, reason in [(errno.EBUSY, "busy"), (errno.EACCES, "no_access")]:

        def refuse(path: object, flags: int, code: int = code) -> int:
            raise OSError(code, "refused")

        with monkeypatch.context() as patch:
            patch.setattr("os.open", refuse)
            assert outcome_of(hasty, ticket()) == ("NotSent", reason)


def test_through_libusb_the_endpoints_are_those_of_the_printer_and_the_interface_is_given_back(
    tree: UsbTree, virtual: WiredPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree.plug("1-1", EPSON, None)
    bus = FakeBus(virtual.address)
    monkeypatch.setattr(libusb, "BACKEND", bus)
    assert outcome_of(open_printer(SETTINGS), ticket()) == ("Printed", "")
    assert is_on(virtual.papers[0], ticket(), SETTINGS)
    assert bus.claims == 0
    for number, reason in ((errno.EACCES, "no_access"), (errno.EBUSY, "busy"), (errno.ENODEV, "unplugged")):
        bus.error = number
        assert outcome_of(open_printer(SETTINGS), ticket()) == ("NotSent", reason)
    tree.unplug("1-1")
    assert outcome_of(open_printer(SETTINGS), ticket()) == ("NotSent", "unplugged")


def test_without_libusb_and_without_usblp_the_missing_part_is_named(
    tree: UsbTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree.plug("1-1", EPSON, None)

    def find(**_: object) -> None:
        raise NoBackendError("no backend")

    monkeypatch.setattr("usb.core.find", find)
    assert outcome_of(open_printer(SETTINGS), ticket()) == ("NotSent", "no_driver")
    assert ADVICE["no_driver"]


class NoBarrier(WiredPrinter):
    """A printer that knows the status queries and not `GS r`."""

    def _in_turn(self, answer: bytes) -> None:
        """Answer no query from the buffer."""


def test_that_a_printer_has_no_barrier_is_learned_while_it_is_idle_and_no_paper_waits_for_it(
    tree: UsbTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = []
    real = receipt_printer.PrinterConnection.wait_for_barrier
    monkeypatch.setattr(
        receipt_printer.PrinterConnection,
        "wait_for_barrier",
        lambda self, seconds, job: (waits.append(seconds), real(self, seconds, job)),
    )
    with NoBarrier(speed=0) as virtual:
        tree.plug("1-1", EPSON, Cable(virtual.address).path)
        device = open_printer(PrinterSettings(kind="usb", address=SETTINGS.address, scale=HASTY))
        assert device.read_status().fault is None
        device.settings = replace(device.settings, scale=1)
        for _ in range(2):
            assert outcome_of(device, ticket()) == ("Unconfirmed", "")
        assert max(waits) < receipt_printer.BARRIER / 2
        device = hasty(device)
        (drawn,) = raster.render(ticket(), device.settings)
        assert len(wait_for(virtual, 2)) == 2
        assert virtual.papers[1].crop((0, 0, *drawn.size)).tobytes() == drawn.tobytes()
        virtual.set_fault("paper_out", after=24_000)
        with short_waits(), pytest.raises(Unknown) as caught:
            device.send(ticket())
        assert caught.value.reason in ("paper_out", "stalled", "no_answer"), "in a full buffer no query gets through"


def test_the_question_to_an_idle_printer_puts_no_dot_into_a_paper_that_broke_off(
    tree: UsbTree, virtual: WiredPrinter
) -> None:
    tree.plug("1-1", EPSON, Cable(virtual.address).path)
    virtual.set_fault("reset", after=20_000)
    assert outcome_of(open_printer(SETTINGS), slip())[0] == "Unknown"
    virtual.set_fault(None)
    tree.unplug("1-1")
    tree.plug("1-1", EPSON, Cable(virtual.address).path)
    wait_until(lambda: open_printer(SETTINGS).read_status().fault is None)  # the restarted printer of a busy machine
    assert open_printer(SETTINGS).send(ticket(), cut_first=True)
    torn = virtual.papers[0]
    (drawn,) = raster.render(slip(), SETTINGS)
    inked = torn.convert("L").point(lambda level: 255 - level).getbbox()[3] - 1  # the last row may be cut in the middle
    assert torn.crop((0, 0, 576, inked)).tobytes() == drawn.crop((0, 0, 576, inked)).tobytes()
    assert virtual.strays == b""


def test_a_printer_that_answers_its_barrier_again_is_asked_to_confirm_again(
    tree: UsbTree, virtual: WiredPrinter
) -> None:
    tree.plug("1-1", EPSON, Cable(virtual.address).path)
    device = open_printer(SETTINGS)
    device._abilities.barrier = False  # type: ignore[attr-defined] # as after a probe behind another host's job
    assert outcome_of(device, ticket()) == ("Printed", "")
    assert device._abilities.barrier is True  # type: ignore[attr-defined]


def test_an_unknown_address_is_not_sent(tree: UsbTree) -> None:
    for address in ("", "04b8", "04b8:0e15/", "/dev/usb/lp0"):
        with pytest.raises(NotSent, match="unplugged"):
            open_printer(PrinterSettings(kind="usb", address=address)).send(ticket())
