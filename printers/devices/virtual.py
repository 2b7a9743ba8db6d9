"""The virtual printer as a device: a network printer at a local port, so that practice runs the real code."""

from dataclasses import replace

from printers.devices.connection import Resolve
from printers.devices.network import NetworkPrinter
from printers.settings import PrinterSettings

ADDRESS = "127.0.0.1:9100"


def open_virtual(settings: PrinterSettings, resolve: Resolve) -> NetworkPrinter:
    """Return the device of the virtual printer, at port 9100 unless the settings have another address."""
    return NetworkPrinter(replace(settings, address=settings.address or ADDRESS), resolve)
