"""Receipt printer over any channel: raw ESC/POS; a paper counts as printed only when the printer confirms it.

First the status, then the picture in chunks, then a barrier (`GS r 1`): its answer comes only when everything before it
is on paper. Bytes that the kernel accepted prove nothing: it accepts them for a printer without paper, too. A printer
without `GS r` (`confirm = false`, or learned) is asked for its status while it prints the rest of its buffer; one
without any answer (`need_status = false`, or no way back) is believed when it has taken all bytes.

Whether it knows `GS r` is learned while it is idle, so that no paper waits for it: the question changes nothing on
paper. The barrier is sent to a printer that did not answer it, too; its first answer ends the doubt.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from printers import escpos_commands
from printers.deadline import Deadline, deadline_in
from printers.devices import status_bytes
from printers.devices.base import Printable, Status
from printers.devices.channel import Channel
from printers.devices.connection import PrinterConnection
from printers.document import Document
from printers.errors import NotSent, Unknown
from printers.settings import PrinterSettings

# Limits in seconds, times `settings.scale`. TCP_USER_TIMEOUT is not set: it must never be shorter than STALL.
CONNECT = 2
STATUS = 1
STALL = 8
BARRIER = 12
JOB = 45
PROBE = 2  # an idle printer answers GS r at once
SETTLE = 3  # at most; a printer without GS r prints what it has in its buffer
SETTLE_STEP = 0.5
SLOW_MM_A_SECOND = 100  # of the slowest printers sold
BITS_A_BYTE = 10  # of a serial port: start, eight, stop

OpenChannel = Callable[[float], Channel]
"""Opens the channel to a printer within some seconds; raises `NotSent`."""

_locks: dict[str, Lock] = {}  # one for each address, shared by all objects of a device


@dataclass
class Abilities:
    """Questions that a printer has answered since it was last away; None: not known."""

    status: bool | None = None
    barrier: bool | None = None


@dataclass(frozen=True)
class PrintData:
    """The bytes of a document, and the seconds in which a slow printer has them on paper."""

    payload: bytes
    seconds: float


class ReceiptPrinter:
    """A printer behind a channel that is opened for one job.

    Args:
        settings: of the printer.
        open_channel: opens the channel.
    """

    def __init__(self, settings: PrinterSettings, open_channel: OpenChannel) -> None:
        self.settings = settings
        self._open_channel = open_channel
        self._abilities = Abilities()
        # After a job that broke off the printer waits for rows: it would take the next job's first bytes for them.
        self._last_job: Literal["unknown", "broken_off", "complete"] = "unknown"

    def read_status(self) -> Status:
        """Query the status, and learn what the printer answers; waits while a job prints."""
        with self._lock():
            try:
                with self._connect() as connection:
                    if not self.settings.need_status:
                        return Status(cannot_tell=True)
                    status = self._query_status(connection)
                    if self.settings.confirm and not status.fault and not status.cannot_tell:
                        self._probe_barrier(connection)
                    return status
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
        if not isinstance(document, Document):
            raise NotSent("not_composed", "a receipt printer prints no sheets")
        data = self._render(document)
        with self._lock():
            job = deadline_in(self._scaled(JOB) + self._wire_seconds(data.payload))
            with self._connect() as connection:
                status = Status(cannot_tell=True)
                if self.settings.need_status:
                    status = self._query_status(connection)
                    self._require_no_fault(status)
                self._send_payload(connection, data.payload, job, cut_first=cut_first)
                return self._wait_until_printed(connection, job, status, data.seconds)

    def _render(self, document: Document) -> PrintData:
        from printers.render import escpos, raster  # Pillow and fonts: not needed to queue a paper

        pictures = list(raster.render(document, self.settings))
        rows = sum(picture.height + self.settings.feed for picture in pictures)
        millimetres = rows * 25.4 / self.settings.dpi
        return PrintData(escpos.encode(pictures, self.settings), millimetres / SLOW_MM_A_SECOND)

    def _wire_seconds(self, payload: bytes) -> float:
        """Return the seconds that a serial port needs for some bytes; other channels have no such limit."""
        return len(payload) * BITS_A_BYTE / self.settings.baud if self.settings.kind == "serial" else 0.0

    def _connect(self) -> PrinterConnection:
        """Open the channel.

        Raises:
            NotSent: the printer is away; another one may be there when it comes back.
        """
        try:
            return PrinterConnection(self._open_channel(self._scaled(CONNECT)))
        except NotSent:
            self._abilities = Abilities()
            raise

    def _require_no_fault(self, status: Status) -> None:
        if status.fault:
            raise NotSent(status.fault)

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

    def _wait_until_printed(self, connection: PrinterConnection, job: Deadline, status: Status, paper: float) -> bool:
        """Wait until the paper is out, as well as the printer can say it.

        Args:
            connection: to the printer, with everything sent.
            job: the limit.
            status: of the printer, before it was sent.
            paper: seconds in which the paper comes out.

        Returns:
            Whether the printer has confirmed it.

        Raises:
            Unknown: with the reason that the printer reports, where it has one.
        """
        is_confirmed = False
        settle = min(self._scaled(SETTLE), SETTLE_STEP + paper)
        if not connection.can_receive or not self.settings.need_status:
            connection.wait_for_acknowledgement(self._scaled(STALL), job)
        elif status.cannot_tell or not self.settings.confirm:
            connection.wait_for_acknowledgement(self._scaled(STALL), job)
            self._watch_buffer(connection, settle)
        elif self._abilities.barrier is False:
            is_confirmed = self._try_barrier(connection, settle, job)
        else:
            self._require_barrier(connection, job)
            is_confirmed = True
        self._last_job = "complete"
        return is_confirmed

    def _require_barrier(self, connection: PrinterConnection, job: Deadline) -> None:
        """Wait for the answer to the barrier.

        A printer that has never answered one, and says that it is well, has none: the next paper does not wait for it.
        """
        try:
            connection.wait_for_barrier(self._scaled(BARRIER), job)
        except Unknown as error:
            if error.reason not in ("no_answer", "too_long"):
                raise
            status = self._status_now(connection)
            if status and not status.fault and self._abilities.barrier is None:
                self._abilities.barrier = False
            raise Unknown((status.fault if status else None) or error.reason) from error
        self._abilities.barrier = True

    def _try_barrier(self, connection: PrinterConnection, settle: float, job: Deadline) -> bool:
        """Send the barrier to a printer that has not answered it before; return whether it does now."""
        try:
            connection.wait_for_barrier(settle, job)
        except Unknown as error:
            if error.reason not in ("no_answer", "too_long"):
                raise
            self._require_still_well(connection)
            return False
        self._abilities.barrier = True
        return True

    def _probe_barrier(self, connection: PrinterConnection) -> None:
        """Learn whether an idle printer without a fault knows `GS r`.

        A printer that waits in the middle of a band would take the question for dots: the recovery bytes come first,
        unless a serial port needs too long for them.
        """
        if self._abilities.barrier is not None:
            return
        from printers.render import escpos  # Pillow: not needed once it is known

        is_clear = self._last_job == "complete"
        before = b"" if is_clear else escpos.recovery_bytes(self.settings, is_torn=False)
        if self._wire_seconds(before) > PROBE:
            return
        if connection.answers_barrier(before, self._scaled(PROBE)):
            self._abilities.barrier = True
        elif (status := self._status_now(connection)) and not status.fault:
            self._abilities.barrier = False

    def _watch_buffer(self, connection: PrinterConnection, settle: float) -> None:
        """Ask for the status while the printer prints the rest of its buffer.

        Raises:
            Unknown: it reports a fault, or no longer answers.
        """
        settled = deadline_in(settle)
        while settled.seconds_left:
            time.sleep(min(self._scaled(SETTLE_STEP), settled.seconds_left))
            self._require_still_well(connection)

    def _require_still_well(self, connection: PrinterConnection) -> None:
        try:
            status = self._query_status(connection)
        except NotSent as error:
            raise Unknown("no_answer", str(error)) from error
        if status.fault:
            raise Unknown(status.fault)

    def _status_now(self, connection: PrinterConnection) -> Status | None:
        """Query the status; None without an answer."""
        try:
            return self._query_status(connection)
        except NotSent:
            return None

    def _query_status(self, connection: PrinterConnection) -> Status:
        """Query the printer; one that has never answered is judged by its port, where that knows something.

        Raises:
            NotSent: it does not answer.
        """
        if not connection.can_receive or self._abilities.status is False:
            return connection.port_status() or Status(cannot_tell=True)
        try:
            status = self._query_printer(connection)
        except NotSent as error:
            by_port = connection.port_status() if error.reason == "mute" and not self._abilities.status else None
            if by_port is None:
                raise
            self._abilities.status = False
            return by_port
        self._abilities.status = True
        return status

    def _query_printer(self, connection: PrinterConnection) -> Status:
        """Query DLE EOT 1, 2 and 4, and 3 where there is an error."""
        seconds = self._scaled(STATUS)
        printer = connection.query(escpos_commands.ASK_PRINTER, seconds)
        causes = connection.query(escpos_commands.ASK_OFFLINE_CAUSES, seconds)
        paper = connection.query(escpos_commands.ASK_PAPER, seconds)
        errors = connection.query(escpos_commands.ASK_ERRORS, seconds) if causes & 0x40 else 0
        return status_bytes.parse_status(printer=printer, causes=causes, paper=paper, errors=errors)

    def _lock(self) -> Lock:
        return _locks.setdefault(self.settings.address, Lock())

    def _scaled(self, seconds: float) -> float:
        return seconds * self.settings.scale
