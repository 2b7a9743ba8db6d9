"""Discovery of printers that can be set up: USB, serial ports, CUPS, network.

Every function returns plain values (`FoundPrinter`) and prints nothing. Only `scan_network` and `ask_address` use the
network, when a person asks for it.
"""

from contextlib import suppress

from printers.discovery.cups import find_cups
from printers.discovery.found import FoundPrinter
from printers.discovery.network import ask_address, own_networks, scan_network
from printers.discovery.serial_ports import find_serial
from printers.discovery.usb import find_usb
from printers.errors import NotSent


def find_attached() -> list[FoundPrinter]:
    """Return what is plugged into this machine, and the queues of its CUPS where there is one."""
    queues: list[FoundPrinter] = []
    with suppress(NotSent):
        queues = find_cups()
    return [*find_usb(), *queues, *find_serial()]


__all__ = [
    "FoundPrinter",
    "ask_address",
    "find_attached",
    "find_cups",
    "find_serial",
    "find_usb",
    "own_networks",
    "scan_network",
]
