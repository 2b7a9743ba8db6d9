"""Protocol of a printer, and its status.

`send` returns only when the paper is known to be out. It raises `NotSent` when nothing can be on paper, and `Unknown`
in every other case.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from printers.document import Document
from printers.errors import Reason
from printers.settings import PrinterSettings

Paper = Literal["ok", "near_end", "out"]


@dataclass(frozen=True)
class Status:
    """Status as the printer reports it; without an answer `fault` says why, and `paper` is None (unknown)."""

    paper: Paper | None = None
    fault: Reason | None = None

    @property
    def advice_key(self) -> str | None:
        """Return the key of `errors.ADVICE` for the pages, or None when the printer has no problem."""
        return self.fault or ("paper_near_end" if self.paper == "near_end" else None)


class Printer(Protocol):
    """One printer."""

    settings: PrinterSettings

    def read_status(self) -> Status:
        """Query the status; a fault of the printer is in the result and not raised."""

    def send(self, document: Document) -> None:
        """Print all papers of a document and wait until they are out.

        Raises:
            NotSent: nothing is on paper.
            Unknown: some of it may be on paper.
        """
