"""The printer that ships, as a device: a network printer on this machine, so that practice walks the real road."""

from dataclasses import replace

from printers.devices.network import NetworkPrinter
from printers.settings import PrinterSettings

ADDRESS = "127.0.0.1:9100"


def open_virtual(settings: PrinterSettings) -> NetworkPrinter:
    """The device for a virtual printer, at its usual port unless the settings say otherwise."""
    return NetworkPrinter(replace(settings, address=settings.address or ADDRESS))
