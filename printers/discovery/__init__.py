"""Discovery of printers that can be set up: USB, serial ports, CUPS, network.

Every function returns plain values (`FoundPrinter`) and prints nothing. Only `search_network` and `ask_address` use the
network, when a person asks for it.
"""

from contextlib import suppress
from urllib.parse import urlsplit

from printers.discovery.announced import find_announced
from printers.discovery.cups import find_cups
from printers.discovery.found import FoundPrinter
from printers.discovery.network import ask_address, own_addresses, own_networks, scan_network
from printers.discovery.serial_ports import find_serial
from printers.discovery.usb import find_usb
from printers.errors import NotSent


def find_attached() -> list[FoundPrinter]:
    """Return what is plugged into this machine, and the queues of its CUPS where there is one."""
    queues: list[FoundPrinter] = []
    with suppress(NotSent):
        queues = find_cups()
    return [*find_usb(), *queues, *find_serial()]


def search_network() -> list[FoundPrinter]:
    """Return the office printers that announce themselves, and the hosts of the own networks that listen on port 9100.

    An office printer listens there too; it is in the list once, by its IPP address.
    """
    announced = find_announced(map(str, own_addresses()))
    hosts = {urlsplit(printer.address).hostname for printer in announced}
    listening = [printer for network in own_networks() for printer in scan_network(network)]
    return [*announced, *(printer for printer in listening if printer.place not in hosts)]


__all__ = [
    "FoundPrinter",
    "ask_address",
    "find_announced",
    "find_attached",
    "find_cups",
    "find_serial",
    "find_usb",
    "own_networks",
    "scan_network",
    "search_network",
]
