"""Printer at a serial port, named by what lasts: /dev/serial/by-id/..., or /dev/ttyS0 of the board."""

from functools import partial
from typing import TYPE_CHECKING

from printers.devices.channel import FileChannel, open_device
from printers.devices.receipt_printer import ReceiptPrinter
from printers.devices.tcp import Resolve
from printers.settings import PrinterSettings

if TYPE_CHECKING:
    from serial import Serial


def open_serial(settings: PrinterSettings, _resolve: Resolve) -> ReceiptPrinter:
    """Return the printer at a serial port."""
    return ReceiptPrinter(settings, partial(open_channel, settings))


def open_channel(settings: PrinterSettings, seconds: float) -> FileChannel:
    """Open the port for this process alone.

    Raises:
        NotSent: it is not there, or cannot be opened.
    """
    import serial  # only ward machines with such a printer need it

    port = serial.Serial()
    port.port = settings.address
    port.baudrate = settings.baud
    port.rtscts = settings.flow == "rtscts"
    port.xonxoff = settings.flow == "xonxoff"
    port.timeout = port.write_timeout = 0
    port.exclusive = True

    def opening() -> int:
        port.open()
        return int(port.fileno())

    return FileChannel(open_device(opening, seconds), partial(_close, port))


def _close(port: "Serial") -> None:
    """Close the port without what it could not send: the kernel would wait half a minute for a printer that hangs."""
    try:
        if port.out_waiting:
            port.reset_output_buffer()
    except OSError:  # it was unplugged
        pass
    finally:
        port.close()
