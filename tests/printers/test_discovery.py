"""Discovery: what is plugged in, queues of CUPS, and printers on the network; nothing is printed by looking."""

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from printers import discovery
from printers.devices import ipp_message, usb_bus
from printers.devices.ipp_message import Attribute
from printers.discovery import network
from printers.errors import NotSent
from printers.virtual.office import VirtualOfficePrinter
from printers.virtual.server import VirtualPrinter
from tests.ports import free_port
from tests.printers.usb_tree import EPSON, XPRINTER, Model, UsbTree, usb_tree

NOTHING = Path("/dev/null")


@pytest.fixture
def tree(tmp_path: Path) -> Iterator[UsbTree]:
    with usb_tree(tmp_path) as tree:
        yield tree


def addresses() -> list[str]:
    return [printer.address for printer in discovery.find_usb()]


def test_a_usb_printer_is_found_with_its_name_its_serial_number_and_its_socket(tree: UsbTree) -> None:
    tree.plug("1-1.2", EPSON, NOTHING)
    (found,) = discovery.find_usb()
    assert (found.kind, found.address) == ("usb", "04b8:0e15/J5LF012345")
    assert (found.title, found.serial, found.place) == ("EPSON TM-T20III", "J5LF012345", "1-1.2")
    assert found.fault is None
    assert not found.is_office


def test_two_of_one_model_are_told_apart_by_serial_number_and_without_one_by_socket(tree: UsbTree) -> None:
    tree.plug("1-1", XPRINTER, NOTHING)
    assert addresses() == ["0416:5011"], "alone, it may be plugged in anywhere"
    tree.plug("1-2", XPRINTER, NOTHING)
    assert addresses() == ["0416:5011@1-1", "0416:5011@1-2"]
    tree.plug("1-3", EPSON, NOTHING)
    tree.plug("1-4", Model(serial="J5LF099999"), NOTHING)
    assert addresses()[2:] == ["04b8:0e15/J5LF012345", "04b8:0e15/J5LF099999"]


def test_two_printers_with_the_same_made_up_serial_number_are_told_apart_by_socket(tree: UsbTree) -> None:
    tree.plug("1-1", Model(serial="00000000"), NOTHING)
    tree.plug("1-2", Model(serial="00000000"), NOTHING)
    assert addresses() == ["04b8:0e15@1-1", "04b8:0e15@1-2"]


def test_an_address_that_means_two_printers_prints_on_neither(tree: UsbTree) -> None:
    tree.plug("1-1", XPRINTER, NOTHING)
    tree.plug("1-2", XPRINTER, NOTHING)
    with pytest.raises(NotSent, match="two_alike"):
        usb_bus.find_printer("0416:5011")
    assert usb_bus.find_printer("0416:5011@1-2").port == "1-2"
    with pytest.raises(NotSent, match="unplugged"):
        usb_bus.find_printer("0416:5011@1-3")


def test_a_device_that_is_no_printer_is_not_found(tree: UsbTree) -> None:
    tree.plug("1-1", EPSON, NOTHING)
    (tree.sys / "bus/usb/devices/1-1:1.0/bInterfaceClass").write_text("03\n")
    assert discovery.find_usb() == []


def test_a_printer_that_this_process_may_not_open_says_so(tree: UsbTree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.plug("1-1", EPSON, NOTHING)
    monkeypatch.setattr("os.access", lambda *_: False)  # root may open everything
    (found,) = discovery.find_usb()
    assert found.fault == "no_access"


def test_a_printer_that_is_pulled_out_while_it_is_read_is_left_out_or_empty(tree: UsbTree) -> None:
    tree.plug("1-1", EPSON, NOTHING)
    for name in ("serial", "manufacturer", "busnum"):
        (tree.sys / "bus/usb/devices/1-1" / name).unlink()
    assert addresses() == ["04b8:0e15"]
    (tree.sys / "bus/usb/devices/1-1/idVendor").unlink()
    assert addresses() == []


def test_serial_ports_have_lasting_names_and_numbers_without_a_port_are_left_out(tree: UsbTree) -> None:
    for name in ("ttyUSB0", "ttyUSB1", "ttyS0"):
        (tree.dev / name).touch()
    by_id = tree.dev / "serial/by-id"
    by_path = tree.dev / "serial/by-path"
    for folder in (by_id, by_path):
        folder.mkdir(parents=True)
    (by_id / "usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0").symlink_to("../../ttyUSB0")
    (by_path / "pci-0000:00:14.0-usb-0:1:1.0-port0").symlink_to("../../ttyUSB0")
    (by_path / "pci-0000:00:14.0-usb-0:2:1.0-port0").symlink_to("../../ttyUSB1")
    for name, kind in (("ttyS0", "4"), ("ttyS1", "0")):
        (tree.sys / "class/tty" / name).mkdir(parents=True)
        (tree.sys / "class/tty" / name / "type").write_text(kind)
    found = discovery.find_serial()
    assert [Path(port.address).name for port in found] == [
        "usb-FTDI_FT232R_USB_UART_A50285BI-if00-port0",
        "pci-0000:00:14.0-usb-0:2:1.0-port0",
        "ttyS0",
    ]
    assert found[0].title == "FTDI FT232R USB UART A50285BI-if00-port0"
    assert found[0].place == str(tree.dev / "ttyUSB0")


@contextmanager
def answering(content: bytes) -> Iterator[str]:
    """Serve one IPP answer on a port; yield host and port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client, suppress(OSError):
                client.recv(4096)
                client.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_the_queues_of_cups_are_found_one_by_one() -> None:
    def queue(name: str, title: str, *, accepts: bool) -> bytes:
        attributes = (
            Attribute(ipp_message.NAME, "printer-name", (name,)),
            Attribute(ipp_message.TEXT, "printer-make-and-model", (title,)),
            Attribute(ipp_message.BOOLEAN, "printer-is-accepting-jobs", (accepts,)),
        )
        return ipp_message.answer(0, attributes, ipp_message.PRINTER_GROUP)

    first = queue("quay1", "Brother HL-L2320D", accepts=True)
    second = queue("quay2", "Canon LBP2900", accepts=False)
    both = first[:-1] + second[second.index(bytes((ipp_message.PRINTER_GROUP, ipp_message.NAME))) :]
    with answering(both) as server:
        found = discovery.find_cups(server)
    assert [(queue.kind, queue.address, queue.title) for queue in found] == [
        ("cups", "quay1", "Brother HL-L2320D"),
        ("cups", "quay2", "Canon LBP2900"),
    ]
    assert [queue.fault for queue in found] == [None, "stopped"]
    assert all(queue.is_office for queue in found)


def test_without_cups_nothing_is_found_and_the_reason_is_at_hand(
    tree: UsbTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotSent, match="unreachable"):
        discovery.find_cups(f"127.0.0.1:{free_port()}")
    with answering(b"<html>") as other, pytest.raises(NotSent, match="garbage"):
        discovery.find_cups(other)
    tree.plug("1-1", EPSON, NOTHING)
    assert [found.kind for found in discovery.find_attached()] == ["usb"]


def test_a_typed_address_is_asked_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with VirtualPrinter(speed=0) as receipt, VirtualOfficePrinter() as office:
        (found,) = discovery.ask_address(f" {receipt.address} ")
        assert (found.kind, found.address, found.fault) == ("network", receipt.address, None)
        receipt.set_fault("mute")
        (found,) = discovery.ask_address(receipt.address)
        assert found.fault == "mute", "it is there, and may be of a kind that cannot answer"
        assert receipt.strays == b""
        (found,) = discovery.ask_address(office.address)
        assert (found.kind, found.address) == ("ipp", office.address)
        port = int(office.address.split(":")[2].split("/")[0])
        monkeypatch.setattr(network, "IPP_PORT", port)
        monkeypatch.setattr(network, "RAW_PORT", int(receipt.address.split(":")[1]))
        assert [found.kind for found in discovery.ask_address("127.0.0.1")] == ["ipp", "network"]


@pytest.mark.parametrize("text", ["", "127.0.0.1:no", "may-in..phuong", "127.0.0.1:99999", "ipp://", "ipp://x y/"])
def test_an_address_that_cannot_be_is_not_there(text: str) -> None:
    with pytest.raises(NotSent):
        discovery.ask_address(text)


def test_a_scan_connects_and_says_nothing_because_an_office_printer_would_print_it() -> None:
    received = []
    port = free_port()  # nobody listens there at another address of this computer
    with socket.create_server(("127.0.0.7", port)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                received.append(client.recv(100))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        found = discovery.scan_network(ipaddress.IPv4Network("127.0.0.0/24"), port=port)
        thread.join(60)
    assert [printer.address for printer in found] == [f"127.0.0.7:{port}"]
    assert received == [b""]


@pytest.mark.parametrize("wanted", ["8.8.8.0/24", "10.0.0.0/8", "192.168.0.0/23"])
def test_a_scan_of_a_public_or_large_network_is_refused(wanted: str) -> None:
    with pytest.raises(ValueError, match="not a private network"):
        discovery.scan_network(ipaddress.IPv4Network(wanted))


def test_the_own_networks_are_private_and_small() -> None:
    assert all(own.is_private and own.prefixlen == 24 and not own.is_loopback for own in discovery.own_networks())
