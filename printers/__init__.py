"""Printing: documents, their renderers, the spool and the devices; imports nothing of the kiosk.

To add a kind of printer: a module in `devices` and a line in `_OPENERS`. The shared device tests then run on it.
"""

from collections.abc import Callable

from printers.devices.base import Printer
from printers.devices.cups import open_cups
from printers.devices.device_file import open_file
from printers.devices.ipp import IppPrinter
from printers.devices.network import open_network
from printers.devices.serial_port import open_serial
from printers.devices.tcp import Resolve, resolve_by_system
from printers.devices.usb import open_usb
from printers.devices.virtual import open_virtual
from printers.settings import PrinterKind, PrinterSettings

_OPENERS: dict[PrinterKind, Callable[[PrinterSettings, Resolve], Printer]] = {
    "network": open_network,
    "virtual": open_virtual,
    "usb": open_usb,
    "serial": open_serial,
    "file": open_file,
    "ipp": IppPrinter,
    "cups": open_cups,
}


def open_printer(settings: PrinterSettings, resolve: Resolve = resolve_by_system) -> Printer:
    """Return the printer of some settings; it connects when it is first used.

    Args:
        settings: of the printer.
        resolve: looks up the name of a network printer.
    """
    return _OPENERS[settings.kind](settings, resolve)
