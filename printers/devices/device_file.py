"""Printer behind a device file or a named pipe that takes bytes and answers nothing.

It is for what has no kind of its own, as /dev/lp0 of a parallel port. A regular file is refused: a paper of a citizen
must not stay on the disk, and opening must not make a file where a printer was unplugged.
"""

import os
import stat
from functools import partial

from printers.devices.channel import FileChannel, open_device
from printers.devices.receipt_printer import ReceiptPrinter
from printers.devices.tcp import Resolve
from printers.errors import NotSent
from printers.settings import PrinterSettings


def open_file(settings: PrinterSettings, _resolve: Resolve) -> ReceiptPrinter:
    """Return the printer behind a device file."""
    return ReceiptPrinter(settings, partial(open_channel, settings.address))


def open_channel(path: str, seconds: float) -> FileChannel:
    """Open a device file for writing.

    Raises:
        NotSent: it is not there, cannot be opened, or is no device.
    """
    file = open_device(partial(os.open, path, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY), seconds)
    mode = os.fstat(file).st_mode
    if not stat.S_ISCHR(mode) and not stat.S_ISFIFO(mode):
        os.close(file)
        raise NotSent("no_device", path)
    return FileChannel(file, partial(os.close, file), can_receive=False)
