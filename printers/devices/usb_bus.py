"""USB printers that are plugged in, as the kernel lists them in sysfs.

A printer is named by its model and by what tells it from another of that model: "04b8:0e15/J5LF012345" by its serial
number, "04b8:0e15@1-1.2" by its socket, "04b8:0e15" where it is the only one. The number in /dev/usb/lp0 follows the
order in which printers are plugged in, so it names none.

Source: Linux Documentation/ABI/stable/sysfs-bus-usb; USB Device Class Definition for Printing Devices 1.1, 4.2.1.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from printers.errors import NotSent

SYS = Path("/sys")
DEV = Path("/dev")
PRINTER_CLASS = 0x07
TWO_WAY = (2, 3)
"""Interface protocols of printers that can answer: bidirectional, IEEE 1284.4."""
ADDRESS = re.compile(r"(?P<model>[0-9a-f]{4}:[0-9a-f]{4})(?:/(?P<serial>\S.*)|@(?P<port>[0-9]+-[0-9.]+))?")


@dataclass(frozen=True)
class UsbPrinter:
    """A printer at a USB socket.

    Attributes:
        model: vendor and product, as in "04b8:0e15".
        serial: its serial number, or nothing.
        port: the socket, as in "1-1.2": bus, then the way through the hubs.
        title: how it names itself.
        bus: number of the bus.
        number: of the device on its bus; another one each time that it is plugged in.
        interface: number of the interface that prints.
        device_file: of the kernel's driver usblp; None where another program has the printer, or without the driver.
        can_answer: whether its interface has a way back.
    """

    model: str
    serial: str
    port: str
    title: str
    bus: int
    number: int
    interface: int
    device_file: Path | None
    can_answer: bool

    def has_address(self, address: str) -> bool:
        """Return whether an address means this printer."""
        parts = ADDRESS.fullmatch(address)
        if parts is None or parts["model"] != self.model:
            return False
        return parts["serial"] in (None, self.serial) and parts["port"] in (None, self.port)


def list_printers() -> list[UsbPrinter]:
    """Return the USB printers that are plugged in, in the order of their sockets."""
    printers = []
    for interface in sorted((SYS / "bus/usb/devices").glob("*:*")):
        device = interface.parent / interface.name.partition(":")[0]
        if _number(interface / "bInterfaceClass", 16) == PRINTER_CLASS and (device / "idVendor").exists():
            printers.append(_read_printer(device, interface))
    return printers


def _read_printer(device: Path, interface: Path) -> UsbPrinter:
    file = next((DEV / "usb" / node.name for node in sorted(interface.glob("usbmisc/lp*"))), None)
    names = (_text(device / "manufacturer"), _text(device / "product"))
    return UsbPrinter(
        model=f"{_text(device / 'idVendor')}:{_text(device / 'idProduct')}".lower(),
        serial=_text(device / "serial"),
        port=device.name,
        title=" ".join(filter(None, names)),
        bus=_number(device / "busnum"),
        number=_number(device / "devnum"),
        interface=_number(interface / "bInterfaceNumber", 16),
        device_file=file,
        can_answer=_number(interface / "bInterfaceProtocol", 16) in TWO_WAY,
    )


def find_printer(address: str) -> UsbPrinter:
    """Return the printer of an address, at whichever socket it is.

    Raises:
        NotSent: it is not plugged in, or the address means two.
    """
    found = [printer for printer in list_printers() if printer.has_address(address)]
    if not found:
        raise NotSent("unplugged", address)
    if len(found) > 1:
        raise NotSent("two_alike", ", ".join(printer.port for printer in found))
    return found[0]


def address_of(printer: UsbPrinter, plugged_in: Sequence[UsbPrinter]) -> str:
    """Return the address that tells a printer from the others that are plugged in, by its socket only if need be."""
    alike = [other for other in plugged_in if other.model == printer.model and other.port != printer.port]
    if printer.serial and printer.serial not in [other.serial for other in alike]:
        return f"{printer.model}/{printer.serial}"
    return f"{printer.model}@{printer.port}" if alike else printer.model


def _text(file: Path) -> str:
    """Return what a file of sysfs says; nothing for one that is gone, as after unplugging."""
    try:
        return " ".join(file.read_text(encoding="utf-8", errors="replace").split())
    except OSError:
        return ""


def _number(file: Path, base: int = 10) -> int:
    try:
        return int(_text(file), base)
    except ValueError:
        return -1
