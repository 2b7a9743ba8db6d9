"""Paper: documents, their renderers, the spool and the devices. Knows nothing of kiosks.

A new way to a printer is a module in `devices` and a line in `_OPENERS`; the shared device test then runs on it.
"""

from collections.abc import Callable

from printers.devices.base import Printer
from printers.devices.network import NetworkPrinter
from printers.devices.virtual import open_virtual
from printers.settings import PrinterKind, PrinterSettings

_OPENERS: dict[PrinterKind, Callable[[PrinterSettings], Printer]] = {
    "network": NetworkPrinter,
    "virtual": open_virtual,
}


def open_printer(settings: PrinterSettings) -> Printer:
    """The printer of some settings; nothing is connected until it is used."""
    return _OPENERS[settings.kind](settings)
