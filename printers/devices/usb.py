"""USB printer: through the kernel's device file of it, or through libusb where there is none.

The device file (usblp) is preferred: it needs no second library and stays with the printer when another process asks.
Both give the printer's answers. Where the printer gives none, the port's own status says at least that the paper is
out.

Source: Linux drivers/usb/class/usblp.c and include/uapi/linux/lp.h; USB Device Class Definition for Printing Devices
1.1, 4.2.2 (GET_PORT_STATUS).
"""

import errno
import fcntl
import os
import select
import struct
import time
from functools import partial

from printers.devices import usb_bus
from printers.devices.base import Status
from printers.devices.channel import EMPTY_READ_PAUSE, Channel, FileChannel, open_device
from printers.devices.libusb import LibusbChannel
from printers.devices.receipt_printer import ReceiptPrinter
from printers.devices.tcp import Resolve
from printers.settings import PrinterSettings

LPGETSTATUS = 0x060B
PAPER_EMPTY = 0x20
SELECTED = 0x10
NO_ERROR = 0x08


def open_usb(settings: PrinterSettings, _resolve: Resolve) -> ReceiptPrinter:
    """Return the USB printer of an address (`usb_bus`), wherever it is plugged in."""
    return ReceiptPrinter(settings, partial(open_channel, settings.address))


def open_channel(address: str, seconds: float) -> Channel:
    """Find the printer and open it.

    Raises:
        NotSent: it is not plugged in, or cannot be opened.
    """
    printer = usb_bus.find_printer(address)
    if printer.device_file is None:
        return LibusbChannel(printer)
    way = os.O_RDWR if printer.can_answer else os.O_WRONLY
    file = open_device(partial(os.open, printer.device_file, way | os.O_NONBLOCK | os.O_NOCTTY), seconds)
    return UsblpChannel(file, partial(os.close, file), can_receive=printer.can_answer)


class UsblpChannel(FileChannel):
    """A channel over /dev/usb/lp*."""

    def _read_nothing(self) -> None:
        """Handle a read of no bytes: many printers send empty packets while they have nothing to say.

        Raises:
            OSError: the printer was unplugged.
        """
        poll = select.poll()
        poll.register(self._file, select.POLLIN)
        if dict(poll.poll(0)).get(self._file, 0) & select.POLLHUP:
            raise OSError(errno.ENODEV, "unplugged")
        time.sleep(EMPTY_READ_PAUSE)

    def count_unsent(self) -> int:
        """Return whether a packet is on its way: closing would take it back."""
        return 0 if self._wait(select.POLLOUT, 0) else 1

    def port_status(self) -> Status | None:
        """Ask for the three bits of the port (LPGETSTATUS)."""
        try:
            answer = fcntl.ioctl(self._file, LPGETSTATUS, b"\0" * 4)
        except OSError as error:
            if error.errno in (errno.ENOTTY, errno.EINVAL, errno.EIO):  # the printer does not know the question
                return None
            raise
        return parse_port_status(struct.unpack("i", answer)[0])


def parse_port_status(bits: int) -> Status:
    """Parse the status of a printer port; without a bit set it is an answer of firmware that has none."""
    if bits & PAPER_EMPTY:
        return Status(paper="out", fault="paper_out")
    if bits & (SELECTED | NO_ERROR) == SELECTED:
        return Status(fault="broken")
    if bits & (SELECTED | NO_ERROR) == NO_ERROR:
        return Status(fault="offline")
    return Status(cannot_tell=True)
