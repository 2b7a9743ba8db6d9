"""A printer on the network: raw ESC/POS over TCP, and nothing believed that the printer did not say.

Status first, then the picture in chunks, then a barrier (`GS r 1`): its answer comes only when all before it is on
paper. "The kernel took the bytes" means nothing: it takes them for a printer without paper, too.
"""

from threading import Lock
from typing import Literal

from printers.deadline import Deadline, deadline_in
from printers.devices import status_bytes
from printers.devices.base import Status
from printers.devices.connection import PrinterConnection
from printers.document import Document
from printers.errors import NotSent, Reason, Unknown
from printers.settings import PrinterSettings

# Seconds at the most, all times `settings.scale`. TCP_USER_TIMEOUT stays unset: it must never be under STALL.
CONNECT = 2
STATUS = 1
STALL = 8
BARRIER = 12
JOB = 45

_locks: dict[str, Lock] = {}  # one a device, whoever opens it


class NetworkPrinter:
    """A printer at "host:port"; one connection a job."""

    def __init__(self, settings: PrinterSettings) -> None:
        self.settings = settings
        # A job that broke off leaves the printer waiting for rows: it would eat the next job's first bytes.
        self._left: Literal["unseen", "torn", "whole"] = "unseen"

    def read_status(self) -> Status:
        """Ask how the printer is; waits while it prints."""
        with self._lock():
            try:
                with PrinterConnection(self.settings.address, self._scaled(CONNECT)) as line:
                    return self._status(line) if self.settings.need_status else Status()
            except NotSent as error:
                return Status(fault=error.reason)

    def send(self, document: Document) -> None:
        """Print all papers of a document and see them out; NotSent or Unknown otherwise."""
        from printers.render import escpos, raster  # Pillow and the faces: whoever only queues a paper needs none

        payload = escpos.encode(raster.render(document, self.settings), self.settings)
        with self._lock():
            job = deadline_in(self._scaled(JOB))
            with PrinterConnection(self.settings.address, self._scaled(CONNECT)) as line:
                if self.settings.need_status:
                    self._refuse_unless_ready(self._status(line))
                self._put(line, payload, job)
                self._see_out(line, job)

    def _refuse_unless_ready(self, status: Status) -> None:
        if status.fault:
            raise NotSent(status.fault)

    def _put(self, line: PrinterConnection, payload: bytes, job: Deadline) -> None:
        """Send a whole paper, behind what mends the last one where that is needed."""
        if self._left != "whole":
            from printers.render import escpos

            payload = escpos.recovery_bytes(self.settings, torn=self._left == "torn") + payload
        try:
            line.send_all(payload, self._scaled(STALL), job)
        finally:
            self._left = "torn" if line.sent else self._left

    def _see_out(self, line: PrinterConnection, job: Deadline) -> None:
        """Return when the paper is out; Unknown, with the printer's own reason where it has one."""
        if not self.settings.need_status:
            line.wait_for_acknowledgement(self._scaled(STALL), job)
            self._left = "whole"
            raise Unknown("no_status")
        try:
            line.wait_for_barrier(self._scaled(BARRIER), job)
            self._left = "whole"
        except Unknown as error:
            if error.reason in ("no_answer", "too_long"):
                raise Unknown(self._reason(line) or error.reason) from error
            raise

    def _reason(self, line: PrinterConnection) -> Reason | None:
        try:
            return self._status(line).fault
        except NotSent:
            return None

    def _status(self, line: PrinterConnection) -> Status:
        """Ask DLE EOT 1, 2 and 4, and 3 where there is an error."""
        seconds = self._scaled(STATUS)
        life, causes, paper = (
            line.query(q, seconds) for q in (status_bytes.SIGNS_OF_LIFE, status_bytes.CAUSES, status_bytes.ROLL)
        )
        errors = line.query(status_bytes.ERRORS, seconds) if causes & 0x40 else 0
        return status_bytes.parse_status(life, causes, paper, errors)

    def _lock(self) -> Lock:
        return _locks.setdefault(self.settings.address, Lock())

    def _scaled(self, seconds: float) -> float:
        return seconds * self.settings.scale
