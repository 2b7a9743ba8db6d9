"""What every way to a printer can do, and what a printer says of itself.

`send` returns only when the paper is known to be out. It raises NotSent when nothing can be on paper, and Unknown in
every other case; there is no third way.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

from printers.document import Document
from printers.errors import Reason
from printers.settings import PrinterSettings

Paper = Literal["ok", "near_end", "out"]


@dataclass(frozen=True)
class Status:
    """A printer's own word. No answer is not "paper ok": then `fault` says why, and `paper` is unknown."""

    paper: Paper | None = None
    fault: Reason | None = None

    @property
    def is_ready(self) -> bool:
        """Whether a paper may be sent."""
        return self.fault is None and self.paper != "out"

    @property
    def advice_key(self) -> str | None:
        """The key of `errors.ADVICE` for the pages, or None if all is well."""
        return self.fault or ("paper_near_end" if self.paper == "near_end" else None)


class Printer(Protocol):
    """A way to one printer."""

    settings: PrinterSettings

    def read_status(self) -> Status:
        """Ask how the printer is; never raises for a fault of the printer."""

    def send(self, document: Document) -> None:
        """Print all papers of a document and see them out; NotSent or Unknown otherwise."""
