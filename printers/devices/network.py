"""Network printer: raw ESC/POS over TCP; a paper counts as printed only when the printer confirms it.

First the status, then the picture in chunks, then a barrier (`GS r 1`): its answer comes only when everything before it
is on paper. Bytes that the kernel accepted prove nothing: it accepts them for a printer without paper, too. A printer
without `GS r` (`confirm = false`) is asked for its status while it prints the rest of its buffer; one without any
answer (`need_status = false`) is believed when it has taken all bytes.
"""

import time
from threading import Lock
from typing import Literal

from printers.deadline import Deadline, deadline_in
from printers.devices import status_bytes
from printers.devices.base import Printable, Status
from printers.devices.connection import PrinterConnection, Resolve, resolve_by_system
from printers.document import Document
from printers.errors import NotSent, Reason, Unknown
from printers.settings import PrinterSettings

# Limits in seconds, times `settings.scale`. TCP_USER_TIMEOUT is not set: it must never be shorter than STALL.
CONNECT = 2
STATUS = 1
STALL = 8
BARRIER = 12
JOB = 45
SETTLE = 3  # a printer without GS r prints what it has in its buffer
SETTLE_STEP = 0.5

_locks: dict[str, Lock] = {}  # one for each address, shared by all objects of a device


class NetworkPrinter:
    """A printer at "host:port"; one connection a job."""

    def __init__(self, settings: PrinterSettings, resolve: Resolve = resolve_by_system) -> None:
        self.settings = settings
        self._resolve = resolve
        # After a job that broke off the printer waits for rows: it would take the next job's first bytes for them.
        self._last_job: Literal["unknown", "broken_off", "complete"] = "unknown"

    def read_status(self) -> Status:
        """Query the status; waits while a job prints."""
        with self._lock():
            try:
                with self._connect() as connection:
                    return self._query_status(connection) if self.settings.need_status else Status(cannot_tell=True)
            except NotSent as error:
                return Status(fault=error.reason)

    def send(self, document: Printable, *, cut_first: bool = False) -> bool:
        """Print all papers of a document and wait until they are out.

        Args:
            document: what to print.
            cut_first: half a paper may hang from the printer, also when this process did not print it.

        Returns:
            Whether the printer has confirmed it.

        Raises:
            NotSent: nothing is on paper.
            Unknown: some of it may be on paper.
        """
        from printers.render import escpos, raster  # Pillow and fonts: not needed to queue a paper

        if not isinstance(document, Document):
            raise NotSent("not_composed", "a receipt printer prints no sheets")
        payload = escpos.encode(raster.render(document, self.settings), self.settings)
        with self._lock():
            job = deadline_in(self._scaled(JOB))
            with self._connect() as connection:
                if self.settings.need_status:
                    self._require_no_fault(self._query_status(connection))
                self._send_payload(connection, payload, job, cut_first=cut_first)
                self._wait_until_printed(connection, job)
        return self._can_confirm

    def _connect(self) -> PrinterConnection:
        return PrinterConnection(self.settings.address, self._scaled(CONNECT), self._resolve)

    def _require_no_fault(self, status: Status) -> None:
        if status.fault:
            raise NotSent(status.fault)

    @property
    def _can_confirm(self) -> bool:
        return self.settings.need_status and self.settings.confirm

    def _send_payload(self, connection: PrinterConnection, payload: bytes, job: Deadline, *, cut_first: bool) -> None:
        """Send a document, after the recovery bytes where the last job may be incomplete."""
        if cut_first or self._last_job != "complete":
            from printers.render import escpos

            is_torn = cut_first or self._last_job == "broken_off"
            payload = escpos.recovery_bytes(self.settings, is_torn=is_torn) + payload
        try:
            connection.send_all(payload, self._scaled(STALL), job)
        finally:
            self._last_job = "broken_off" if connection.sent else self._last_job

    def _wait_until_printed(self, connection: PrinterConnection, job: Deadline) -> None:
        """Wait until the paper is out.

        Raises:
            Unknown: with the reason that the printer reports, where it has one.
        """
        if not self._can_confirm:
            connection.wait_for_acknowledgement(self._scaled(STALL), job)
            if self.settings.need_status:
                self._watch_buffer(connection)
            self._last_job = "complete"
            return
        try:
            connection.wait_for_barrier(self._scaled(BARRIER), job)
            self._last_job = "complete"
        except Unknown as error:
            if error.reason in ("no_answer", "too_long"):
                raise Unknown(self._current_fault(connection) or error.reason) from error
            raise

    def _watch_buffer(self, connection: PrinterConnection) -> None:
        """Ask for the status while the printer prints the rest of its buffer.

        Raises:
            Unknown: it reports a fault, or no longer answers.
        """
        settled = deadline_in(self._scaled(SETTLE))
        while settled.seconds_left:
            time.sleep(min(self._scaled(SETTLE_STEP), settled.seconds_left))
            try:
                status = self._query_status(connection)
            except NotSent as error:
                raise Unknown("no_answer", str(error)) from error
            if status.fault:
                raise Unknown(status.fault)

    def _current_fault(self, connection: PrinterConnection) -> Reason | None:
        try:
            return self._query_status(connection).fault
        except NotSent:
            return None

    def _query_status(self, connection: PrinterConnection) -> Status:
        """Query DLE EOT 1, 2 and 4, and 3 where there is an error."""
        seconds = self._scaled(STATUS)
        printer = connection.query(status_bytes.ASK_PRINTER, seconds)
        causes = connection.query(status_bytes.ASK_OFFLINE_CAUSES, seconds)
        paper = connection.query(status_bytes.ASK_PAPER, seconds)
        errors = connection.query(status_bytes.ASK_ERRORS, seconds) if causes & 0x40 else 0
        return status_bytes.parse_status(printer=printer, causes=causes, paper=paper, errors=errors)

    def _lock(self) -> Lock:
        return _locks.setdefault(self.settings.address, Lock())

    def _scaled(self, seconds: float) -> float:
        return seconds * self.settings.scale
