"""A printer that was found and is not set up yet, as a plain value for a page."""

from dataclasses import dataclass

from printers.errors import Reason
from printers.settings import PrinterKind


@dataclass(frozen=True)
class FoundPrinter:
    """A printer that can be set up.

    Attributes:
        kind: `kind` of its settings.
        address: `address` of its settings; names the same printer after it was plugged in elsewhere.
        title: maker and model, as the printer names itself; empty where it does not say.
        place: where it is plugged in: a USB socket, a serial port, a host.
        serial: its serial number, or nothing.
        profile: id of the profile that fits it (printers/profiles), or nothing.
        fault: why it cannot print now, a key of `errors.ADVICE`; None where nothing is known against it.
    """

    kind: PrinterKind
    address: str
    title: str = ""
    place: str = ""
    serial: str = ""
    profile: str = ""
    fault: Reason | None = None

    @property
    def is_office(self) -> bool:
        """Whether it prints sheets, and is set up as an `[[office_printer]]`."""
        return self.kind in ("ipp", "cups")
