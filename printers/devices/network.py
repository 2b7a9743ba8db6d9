"""Network printer: raw ESC/POS over TCP, at port 9100 as a rule."""

import socket
from functools import partial

from printers.devices.channel import FileChannel
from printers.devices.receipt_printer import ReceiptPrinter
from printers.devices.tcp import Resolve, connect
from printers.settings import PrinterSettings

SEND_BUFFER = 4096
"""Bytes; small on purpose: with the kernel's default a whole receipt counts as sent to a printer that hangs."""


def open_network(settings: PrinterSettings, resolve: Resolve) -> ReceiptPrinter:
    """Return the printer at "host:port"."""
    return ReceiptPrinter(settings, partial(open_channel, settings.address, resolve))


def open_channel(address: str, resolve: Resolve, seconds: float) -> FileChannel:
    """Connect to a printer.

    Args:
        address: "host:port".
        resolve: looks up the name.
        seconds: the time for the look-up of the name and for connecting.

    Raises:
        NotSent: there is no connection.
    """
    connected = connect(address, seconds, resolve)
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connected.settimeout(0)
    return FileChannel(connected.fileno(), connected.close)
