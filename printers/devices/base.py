"""Protocol of a printer, and its status.

`send` returns when the paper is known to be out, or, on a printer that cannot confirm it, when the printer has taken
all of it and reports no fault. It raises `NotSent` when nothing can be on paper, and `Unknown` in every other case.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from printers.document import Document
from printers.errors import Reason
from printers.settings import PrinterSettings
from printers.sheet import PaperSet

Printable = Document | PaperSet
"""Content of a print job: a receipt for a receipt printer, sheets for an office printer."""
Paper = Literal["ok", "near_end", "out"]


@dataclass(frozen=True)
class Status:
    """Status as the printer reports it; without an answer `fault` says why, and `paper` is None (unknown).

    `cannot_tell`: the printer is reached, and is of a kind that reports no status.
    """

    paper: Paper | None = None
    fault: Reason | None = None
    cannot_tell: bool = False

    @property
    def advice_key(self) -> str | None:
        """Return the key of `errors.ADVICE` for the pages, or None when the printer has no problem."""
        if self.cannot_tell:
            return "no_status"
        return self.fault or ("paper_near_end" if self.paper == "near_end" else None)


class Printer(Protocol):
    """One printer."""

    settings: PrinterSettings

    def read_status(self) -> Status:
        """Query the status; a fault of the printer is in the result and not raised."""

    def send(self, document: Printable, *, cut_first: bool = False) -> bool:
        """Print all papers of a document and wait until they are out.

        Args:
            document: what to print.
            cut_first: half a paper may hang from the printer, also when this process did not print it.

        Returns:
            Whether the printer has confirmed it; False for a printer that cannot.

        Raises:
            NotSent: nothing is on paper.
            Unknown: some of it may be on paper.
        """
