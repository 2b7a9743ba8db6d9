"""USB printer without the kernel's device file: bulk transfers through libusb (pyusb).

python-escpos has such a class too; its endpoints are fixed numbers, and it takes the first printer of a model.
"""

import errno
from typing import TYPE_CHECKING, Any

from printers.devices.base import Status
from printers.devices.channel import OPEN_FAULTS
from printers.devices.usb_bus import UsbPrinter
from printers.errors import NotSent

if TYPE_CHECKING:
    from usb.core import Device, Endpoint

BACKEND: Any = None
"""The backend of pyusb; None for the system's libusb."""
PACKET = 64
"""Bytes of the shortest packet that a printer sends; a larger read would fail in between."""


class LibusbChannel:
    """A channel over the interface of a printer, claimed for this process."""

    def __init__(self, printer: UsbPrinter) -> None:
        """Claim the interface.

        Raises:
            NotSent: it cannot be claimed.
        """
        import usb.core  # only ward machines with such a printer need it
        import usb.util

        try:
            self._device = _find(printer)
            self._interface = printer.interface
            interface = self._device.get_active_configuration()[(printer.interface, 0)]
            usb.util.claim_interface(self._device, printer.interface)
        except usb.core.NoBackendError as error:
            raise NotSent("no_driver", str(error)) from error
        except OSError as error:
            raise NotSent(OPEN_FAULTS.get(error.errno or 0, "unreachable"), str(error)) from error
        out = usb.util.find_descriptor(interface, custom_match=_has_direction(usb.util.ENDPOINT_OUT))
        if out is None:
            self.close()
            raise NotSent("no_driver", "no endpoint to send to")
        self._out: Endpoint = out
        back = usb.util.find_descriptor(interface, custom_match=_has_direction(usb.util.ENDPOINT_IN))
        self._in: Endpoint | None = back if printer.can_answer else None
        self._received = bytearray()
        self.can_receive = self._in is not None

    def send_some(self, data: memoryview, seconds: float) -> int:
        """Send the first bytes of some data; return how many were accepted, 0 when the time is over."""
        return self._transfer(lambda limit: int(self._out.write(bytes(data), limit)), seconds) or 0

    def receive_byte(self, seconds: float) -> int | None:
        """Return the next byte; None when the time is over."""
        if not self._received and self._in is not None:
            reading = self._in
            self._received += self._transfer(lambda limit: bytes(reading.read(PACKET, limit)), seconds) or b""
        return self._received.pop(0) if self._received else None

    @staticmethod
    def _transfer(transfer: Any, seconds: float) -> Any:
        """Make a transfer; None when the time is over. A limit of 0 would be none."""
        try:
            return transfer(max(1, round(seconds * 1000)))
        except OSError as error:
            if error.errno == errno.ETIMEDOUT:
                return None
            raise

    def count_unsent(self) -> int:
        """Return 0: a transfer ends when the printer has taken it."""
        return 0

    def port_status(self) -> Status | None:
        """Return None: only the device file asks for it."""
        return None

    def close(self) -> None:
        """Release the interface."""
        import usb.util

        usb.util.dispose_resources(self._device)


def _find(printer: UsbPrinter) -> "Device":
    import usb.core

    def is_it(device: "Device") -> bool:
        return (device.bus, device.address) == (printer.bus, printer.number)

    device = usb.core.find(custom_match=is_it, backend=BACKEND)
    if device is None:
        raise NotSent("unplugged", printer.port)
    return device


def _has_direction(direction: int) -> Any:
    import usb.util

    def has_direction(endpoint: "Endpoint") -> bool:
        is_bulk = usb.util.endpoint_type(endpoint.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK
        return is_bulk and bool(usb.util.endpoint_direction(endpoint.bEndpointAddress) == direction)

    return has_direction
