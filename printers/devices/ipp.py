"""Office printer by the Internet Printing Protocol: a CUPS queue, or a printer that takes PDF itself.

First the state of the printer, then the PDF as one Print-Job, then the state of the job until the printer has ended it.
The PDF is in memory only. The name of the job names no person. A job that the printer refuses was not printed; after
the first byte of one every fault leaves it unknown.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from printers.deadline import Deadline, deadline_in
from printers.devices import ipp_message
from printers.devices.base import Printable, Status
from printers.devices.ipp_exchange import exchange
from printers.devices.ipp_message import Attribute, IppAnswer, Operation
from printers.devices.tcp import Resolve, resolve_by_system
from printers.document import Document
from printers.errors import NotSent, Reason, Unknown
from printers.settings import PrinterSettings
from printers.sheet import PaperSet, Sheet

# Limits in seconds, times `settings.scale`.
CONNECT = 3
ANSWER = 15
JOB = 90
POLL = 0.5

PDF = "application/pdf"
ANY_FORMAT = "application/octet-stream"
USER = "kiosk"
MEDIA = {"A4": "iso_a4_210x297mm", "A5": "iso_a5_148x210mm"}
PRINTING = 4
STOPPED = 5
NOT_BEGUN = (3, 4)  # pending, pending-held
CANCELLED = 7
COMPLETED = 9
ENDED_BADLY = (CANCELLED, 8)
PRINTER_STATE = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "document-format-supported",
    "cups-version",
)
FAULTS: dict[str, Reason] = {
    "media-empty": "tray_empty",
    "media-needed": "tray_empty",
    "media-jam": "jam",
    "cover-open": "door_open",
    "door-open": "door_open",
    "input-tray-missing": "door_open",
    "toner-empty": "toner_out",
    "marker-supply-empty": "toner_out",
    "connecting-to-device": "unreachable",
    "offline": "unreachable",
    "shutdown": "unreachable",
    "timed-out": "unreachable",
}
"""Beginning of a reason of the printer's state -> our reason."""
HARMLESS = ("-report", "-warning")
"""Ends of the reasons that do not stop the printer."""


@dataclass(frozen=True)
class PrinterState:
    """State of the printer: its fault, if it has one, and whether it says that it takes PDF.

    `report` is the first thing that it reports at all: what does not stop a printer may hold up a job.
    """

    fault: Reason | None
    takes_pdf: bool
    report: Reason | None = None


class IppPrinter:
    """A printer at "ipp://host:port/path"; one connection a request."""

    def __init__(self, settings: PrinterSettings, resolve: Resolve = resolve_by_system) -> None:
        self.settings = settings
        self._resolve = resolve

    def read_status(self) -> Status:
        """Query the state of the printer; a printer that takes no PDF has a fault too."""
        try:
            state = self._read_state()
        except NotSent as error:
            return Status(fault=error.reason)
        fault = state.fault or (None if state.takes_pdf else "no_pdf")
        return Status(paper="out" if fault == "tray_empty" else "ok", fault=fault)

    def send(self, document: Printable, *, cut_first: bool = False) -> bool:  # noqa: ARG002 # one signature for all printers
        """Print sheets and wait until the printer has ended the job.

        Args:
            document: what to print.
            cut_first: means nothing to a printer of sheets.

        Returns:
            Whether the printer has confirmed it; False where it has forgotten the job already.

        Raises:
            NotSent: nothing is on paper.
            Unknown: some of it may be on paper.
        """
        from printers.render import pdf  # reportlab and fonts: not needed to queue a paper

        if isinstance(document, Document):  # it prints the slips of a receipt printer that is out of order
            document = PaperSet((document,), title="Phiếu")
        content = pdf.render_papers(document, self.settings)
        status = self.read_status()
        if status.fault:
            raise NotSent(status.fault)
        deadline = deadline_in(self._scaled(JOB))
        job_id = self._submit(document, content)
        return self._wait_until_printed(job_id, deadline)

    def _submit(self, document: PaperSet, content: bytes) -> int:
        """Send the job and return its number at the printer.

        All pages are one-sided: two copies must not share a sheet.
        """
        operation = (
            Attribute(ipp_message.NAME, "requesting-user-name", (USER,)),
            Attribute(ipp_message.NAME, "job-name", (document.title,)),
            Attribute(ipp_message.MIME_TYPE, "document-format", (PDF,)),
        )
        job = (
            Attribute(ipp_message.KEYWORD, "media", (MEDIA[self._size(document)],)),
            Attribute(ipp_message.KEYWORD, "sides", ("one-sided",)),
        )
        answer = self._ask("Print-Job", operation, job, content)
        if answer.is_error:
            if answer.number("job-id"):  # it had begun a job before the error
                raise Unknown("aborted", hex(answer.status))
            raise NotSent(
                "no_pdf" if answer.status == ipp_message.FORMAT_NOT_SUPPORTED else "refused", hex(answer.status)
            )
        job_id = answer.number("job-id")
        if job_id is None:
            raise Unknown("garbage", "no job-id")
        return job_id

    def _size(self, document: PaperSet) -> str:
        """Return A5 for papers that are all A5, where the printer has such paper, else A4."""
        are_small = all(isinstance(part, Sheet) and part.size == "A5" for part in document.parts)
        return "A5" if self.settings.a5 and are_small else "A4"

    def _wait_until_printed(self, job_id: int, deadline: Deadline) -> bool:
        """Ask for the state of a job until it has ended; a job that does not end is cancelled.

        Raises:
            NotSent: it never began, and is cancelled.
            Unknown: the printer aborted it, did not end it in time, or forgot it while it did not answer.
        """
        has_begun = False
        was_lost = False
        reason: Reason = "too_long"
        while deadline.seconds_left:
            time.sleep(min(POLL * min(self.settings.scale, 1), deadline.seconds_left))
            try:
                answer = self._ask("Get-Job-Attributes", self._job(job_id))
            except (NotSent, Unknown) as error:
                reason = error.reason
                was_lost = has_begun = True  # nobody knows
                continue
            if answer.status == ipp_message.NOT_FOUND and was_lost:
                raise Unknown(reason)
            if answer.status == ipp_message.NOT_FOUND:
                return False
            state = answer.number("job-state")
            if state == COMPLETED:
                return True
            if state in ENDED_BADLY:
                raise Unknown("aborted", ", ".join(answer.texts("job-state-reasons")))
            has_begun = has_begun or state not in NOT_BEGUN
        return self._cancel(job_id, self._reason_now() or reason, has_begun=has_begun)

    def _reason_now(self) -> Reason | None:
        """Return why the printer may hold up a job, if it says so."""
        try:
            state = self._read_state()
        except NotSent as error:
            return error.reason
        return state.fault or state.report

    def _cancel(self, job_id: int, fault: Reason, *, has_begun: bool) -> bool:
        """Cancel a job, so that it does not come out later; True when it has ended as it should before that.

        Raises:
            NotSent: it is cancelled and never began, by our polls and by the printer's own record.
            Unknown: it may have begun.
        """
        try:
            self._ask("Cancel-Job", self._job(job_id))
            answer = self._ask("Get-Job-Attributes", self._job(job_id))
        except (NotSent, Unknown):
            raise Unknown(fault) from None
        state = answer.number("job-state")
        if state == COMPLETED:
            return True
        if state == CANCELLED and not has_begun and not answer.number("time-at-processing"):
            raise NotSent(fault)
        raise Unknown(fault)

    @staticmethod
    def _job(job_id: int) -> tuple[Attribute, ...]:
        return (
            Attribute(ipp_message.INTEGER, "job-id", (job_id,)),
            Attribute(ipp_message.NAME, "requesting-user-name", (USER,)),
        )

    def _read_state(self) -> PrinterState:
        """Return the state of the printer.

        Raises:
            NotSent: it is not reached, or gives no such answer.
        """
        wanted = (Attribute(ipp_message.KEYWORD, "requested-attributes", PRINTER_STATE),)
        try:
            answer = self._ask("Get-Printer-Attributes", wanted)
        except Unknown as error:
            raise NotSent("mute" if error.reason == "cut_off" else error.reason, str(error)) from error
        if answer.is_error:
            raise NotSent("no_queue" if answer.status == ipp_message.NOT_FOUND else "refused", hex(answer.status))
        formats = answer.texts("document-format-supported")
        return PrinterState(
            fault=_fault(answer),
            takes_pdf=not formats or bool({PDF, ANY_FORMAT} & set(formats)),
            report=_named_reason(_reasons(answer)),
        )

    def _ask(
        self,
        operation: Operation,
        attributes: Sequence[Attribute],
        job: Sequence[Attribute] = (),
        document: bytes = b"",
    ) -> IppAnswer:
        """Send a request and return the answer.

        A document has the whole time of a job: a printer may take it only as fast as it prints.

        Raises:
            NotSent, Unknown: as `exchange` raises them.
        """
        return exchange(
            self.settings.address,
            ipp_message.request(operation, self.settings.address, attributes, job) + document,
            resolve=self._resolve,
            connect_seconds=self._scaled(CONNECT),
            seconds=self._scaled(JOB if document else ANSWER),
        )

    def _scaled(self, seconds: float) -> float:
        return seconds * self.settings.scale


def _fault(answer: IppAnswer) -> Reason | None:
    """Return the fault that stops the printer, if there is one."""
    named = _named_reason(reason for reason in _reasons(answer) if not reason.endswith(HARMLESS))
    is_stopped = answer.number("printer-state") == STOPPED or answer.number("printer-is-accepting-jobs") == 0
    return named or ("stopped" if is_stopped else None)


def _reasons(answer: IppAnswer) -> list[str]:
    """Return the reasons of the printer's state.

    A CUPS queue reads them only while it prints, and keeps those of the last job after it.
    """
    has_old_reasons = bool(answer.texts("cups-version")) and answer.number("printer-state") != PRINTING
    return [] if has_old_reasons else answer.texts("printer-state-reasons")


def _named_reason(reasons: Iterable[str]) -> Reason | None:
    """Return our reason for the first of the printer's that we know."""
    ours = (fault for reason in reasons for beginning, fault in FAULTS.items() if reason.startswith(beginning))
    return next(ours, None)
