"""A queue of the CUPS on this machine, by its name: an IPP printer whose server is part of the machine."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from printers.devices.ipp import IppPrinter
from printers.devices.ipp_message import Attribute, IppAnswer, Operation
from printers.devices.tcp import Resolve
from printers.errors import NotSent
from printers.settings import PrinterSettings

SERVER = "localhost:631"


def open_cups(settings: PrinterSettings, resolve: Resolve) -> "CupsPrinter":
    """Return the printer behind a queue."""
    address = f"ipp://{SERVER}/printers/{quote(settings.address, safe='')}"
    return CupsPrinter(replace(settings, address=address), resolve)


class CupsPrinter(IppPrinter):
    """A CUPS queue; a CUPS that does not run is a fault of its own, and not of the printer."""

    def _ask(
        self,
        operation: Operation,
        attributes: Sequence[Attribute],
        job: Sequence[Attribute] = (),
        document: bytes = b"",
    ) -> IppAnswer:
        try:
            return super()._ask(operation, attributes, job, document)
        except NotSent as error:
            if error.reason == "unreachable":
                raise NotSent("cups_down", str(error)) from error
            raise
