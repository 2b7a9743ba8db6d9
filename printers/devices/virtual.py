"""The virtual printer as a device: a network printer at a local port, so that practice runs the real code."""

from dataclasses import replace

from printers.devices.network import open_network
from printers.devices.receipt_printer import ReceiptPrinter
from printers.devices.tcp import Resolve
from printers.settings import PrinterSettings

ADDRESS = "127.0.0.1:9100"


def open_virtual(settings: PrinterSettings, resolve: Resolve) -> ReceiptPrinter:
    """Return the device of the virtual printer, at port 9100 unless the settings have another address."""
    return open_network(replace(settings, address=settings.address or ADDRESS), resolve)
