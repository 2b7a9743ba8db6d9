"""Virtual office printer: an IPP printer on a local port that takes PDF, with faults on demand.

It keeps the PDF of each job it has printed. A stopped printer keeps its jobs pending and prints them when the fault is
cleared, unless they are cancelled meanwhile.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal, Self

from printers.devices import ipp_message
from printers.devices.ipp_message import Attribute, IppAnswer, MalformedMessageError
from printers.virtual.folder import save_paper

OfficeFault = Literal[
    "paper_out",
    "no_pdf",
    "denied",
    "reset",
    "abort",
    "device_error",
    "busy",
    "stop_after_taking",
    "stop_in_print",
    "begin_late",
    "restart",
    "old_reasons",
]
"""`begin_late`: a job begins after the last poll; `old_reasons`: a CUPS queue that keeps those of the last job."""
PATH = "/ipp/print"
PREFIX = "office-"
PENDING = 3
PROCESSING = 5
PROCESSING_STOPPED = 6
CANCELED = 7
ABORTED = 8
COMPLETED = 9
IDLE = 3
STOPPED = 5
OK = 0x0000
FORBIDDEN = 0x0403
NOT_POSSIBLE = 0x0404
NOT_FOUND = 0x0406
NOT_SUPPORTED = 0x040A
DEVICE_ERROR = 0x0504
STATES: dict[OfficeFault | None, int] = {
    "paper_out": PENDING,
    "stop_after_taking": PENDING,
    "begin_late": PENDING,
    "busy": PROCESSING,
    "restart": PROCESSING,
    "stop_in_print": PROCESSING_STOPPED,
    "abort": ABORTED,
}
"""State of a job that is taken with a fault."""


class VirtualOfficePrinter:
    """A printer without paper that answers IPP, for practice and tests.

    Args:
        port: TCP port; 0 for a free one.
        folder: gets each printed job as a PDF file.
    """

    def __init__(self, port: int = 0, *, folder: Path | None = None) -> None:
        self._port = port
        self._folder = folder
        self._lock = threading.RLock()
        self._fault: OfficeFault | None = None
        self._states: dict[int, int] = {}
        self._documents: dict[int, bytes] = {}
        self._begun: set[int] = set()
        self.jobs: list[IppAnswer] = []
        self.papers: list[bytes] = []

    def start(self) -> Self:
        """Open the port and begin to work."""
        self._server = _Server(("127.0.0.1", self._port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.05], daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def address(self) -> str:
        """Return the address as kiosk.toml names it."""
        return f"ipp://127.0.0.1:{self._server.server_address[1]}{PATH}"

    @property
    def fault(self) -> OfficeFault | None:
        """The fault; cleared, the printer prints what it holds."""
        return self._fault

    @fault.setter
    def fault(self, fault: OfficeFault | None) -> None:
        with self._lock:
            self._fault = fault
            if fault is None:
                for job_id in sorted(self._documents):
                    self._print(job_id)

    def answer(self, path: str, body: bytes) -> bytes | None:
        """Return the answer to a request; None closes the connection without one.

        Raises:
            MalformedMessageError: the body is no IPP message.
        """
        asked, document = ipp_message.parse(body)
        with self._lock:
            if path != PATH:
                return ipp_message.answer(NOT_FOUND, ())
            if asked.status == ipp_message.OPERATIONS["Print-Job"]:
                return self._take(asked, document)
            if asked.status == ipp_message.OPERATIONS["Get-Printer-Attributes"]:
                return self._state()
            return self._answer_about_job(asked)

    def _answer_about_job(self, asked: ipp_message.IppAnswer) -> bytes | None:
        job_id = asked.number("job-id") or 0
        if self._fault == "restart" and self._states:
            self._states.clear()
            self._documents.clear()
            return None
        if job_id not in self._states:
            return ipp_message.answer(NOT_FOUND, ())
        if asked.status == ipp_message.OPERATIONS["Cancel-Job"]:
            return self._cancel(job_id)
        return self._job(job_id)

    def _cancel(self, job_id: int) -> bytes:
        document = self._documents.pop(job_id, None)
        if document is None:
            return ipp_message.answer(NOT_POSSIBLE, ())
        if self._fault == "begin_late":
            self._begun.add(job_id)
            self.papers.append(document)
        self._states[job_id] = CANCELED
        return self._job(job_id)

    def _state(self) -> bytes:
        is_stopped = self._fault == "paper_out" or (
            self._fault in ("stop_after_taking", "stop_in_print") and bool(self._states)
        )
        has_reason = is_stopped or self._fault == "old_reasons"
        formats = ("image/pwg-raster",) if self._fault == "no_pdf" else ("application/pdf", "image/pwg-raster")
        attributes = (
            Attribute(ipp_message.ENUM, "printer-state", (STOPPED if is_stopped else IDLE,)),
            Attribute(ipp_message.KEYWORD, "printer-state-reasons", ("media-empty-error" if has_reason else "none",)),
            Attribute(ipp_message.BOOLEAN, "printer-is-accepting-jobs", (True,)),
            Attribute(ipp_message.MIME_TYPE, "document-format-supported", formats),
            *((Attribute(ipp_message.TEXT, "cups-version", ("2.4.10",)),) if self._fault == "old_reasons" else ()),
        )
        return ipp_message.answer(OK, attributes, group=4)

    def _take(self, asked: IppAnswer, document: bytes) -> bytes | None:
        if self._fault == "no_pdf":
            return ipp_message.answer(NOT_SUPPORTED, ())
        if self._fault == "denied":
            return ipp_message.answer(FORBIDDEN, ())
        job_id = len(self._states) + 1
        self.jobs.append(asked)
        self._documents[job_id] = document
        state = STATES.get(self._fault)
        if state is None:
            self._print(job_id)
        else:
            self._states[job_id] = state
        if state == ABORTED:
            del self._documents[job_id]
        if self._fault == "device_error":
            return ipp_message.answer(DEVICE_ERROR, (Attribute(ipp_message.INTEGER, "job-id", (job_id,)),))
        return None if self._fault == "reset" else self._job(job_id)

    def _job(self, job_id: int) -> bytes:
        attributes = (
            Attribute(ipp_message.INTEGER, "job-id", (job_id,)),
            Attribute(ipp_message.ENUM, "job-state", (self._states[job_id],)),
            Attribute(ipp_message.KEYWORD, "job-state-reasons", ("none",)),
            *((Attribute(ipp_message.INTEGER, "time-at-processing", (1,)),) if job_id in self._begun else ()),
        )
        return ipp_message.answer(OK, attributes)

    def _print(self, job_id: int) -> None:
        self._states[job_id] = COMPLETED
        document = self._documents.pop(job_id)
        self.papers.append(document)
        if self._folder is not None:
            save_paper(self._folder, document, prefix=PREFIX, suffix=".pdf")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], printer: VirtualOfficePrinter) -> None:
        super().__init__(address, _Handler)
        self.printer = printer


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Answer an IPP request."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            answer = self.server.printer.answer(self.path, body)
        except MalformedMessageError:
            self.send_error(400)
            return
        if answer is None:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", ipp_message.CONTENT_TYPE)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: a request may name a paper."""
