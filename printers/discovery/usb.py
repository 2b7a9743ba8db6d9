"""USB printers that are plugged in, to be set up."""

import os

from printers.devices import usb_bus
from printers.devices.usb_bus import UsbPrinter
from printers.discovery.found import FoundPrinter
from printers.errors import Reason
from printers.profiles import find_profile


def find_usb() -> list[FoundPrinter]:
    """Return the USB printers, each with an address that tells it from the others."""
    plugged_in = usb_bus.list_printers()
    return [_found(printer, usb_bus.address_of(printer, plugged_in)) for printer in plugged_in]


def _found(printer: UsbPrinter, address: str) -> FoundPrinter:
    profile = find_profile(printer.title)
    return FoundPrinter(
        kind="usb",
        address=address,
        title=printer.title,
        place=printer.port,
        serial=printer.serial,
        profile=profile.id if profile else "",
        fault=_fault(printer),
    )


def _fault(printer: UsbPrinter) -> Reason | None:
    """Return why this process cannot open the printer; a lack of rights is seen without opening it."""
    file = printer.device_file or usb_bus.DEV / f"bus/usb/{printer.bus:03d}/{printer.number:03d}"
    return None if os.access(file, os.R_OK | os.W_OK) else "no_access"
