"""One press prints the papers that a case needs: at the counter's office printer, or as one PDF where it has none.

The answer never waits for the printer: the papers are queued, and the box on the page shows how far each is.
"""

from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk.acts import charging, lookups, printing
from kiosk.acts.printing import PaperRequest
from kiosk.base import clock
from kiosk.base.errors import NotFound
from kiosk.config.list_sections import OFFICE_JOBS, OfficePrinterSection
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.current_case import require_access, require_case
from kiosk.pages.officer.session.blueprint import csrf, officer, sitting
from kiosk.papers import case_papers
from kiosk.papers.decision_papers import PAPER_NAMES
from kiosk.records import certified_copies, decisions
from printers import spool
from printers.errors import ADVICE

FEE_SLIP = charging.PAPER
"""Kind of a fee slip at the printer of receipts."""
STATES: dict[spool.JobState, tuple[str, str]] = {
    "queued": ("clock", "chờ in"),
    "sending": ("printer", "đang in"),
    "printed": ("check", "đã in"),
    "unknown": ("warn", "giấy đã ra chưa?"),
    "waiting": ("warn", "chưa in được"),
    "cancelled": ("minus", "đã bỏ"),
}
"""State of a print job -> its icon and words."""


@dataclass(frozen=True)
class PrintedPaper:
    """A paper that was queued: `advice` says what to do where it failed, `pdf_url` opens it in the browser."""

    job_id: int
    name: str
    state: spool.JobState
    icon: str
    words: str
    advice: str
    pdf_url: str


@dataclass(frozen=True)
class PrintBox:
    """Papers of a case: those that one press would print now, and those that were queued.

    `printer` is the name of the counter's office printer, empty where the press opens a PDF.
    """

    submission_id: str
    names: str
    printer: str
    papers: tuple[PrintedPaper, ...]

    @property
    def is_open(self) -> bool:
        """Whether a paper is still to come out, or asks something: the page fetches them again."""
        return any(paper.state not in spool.ENDED for paper in self.papers)


@officer.post("/case/<submission_id>/print")
@allow("officer")
def print_papers(submission_id: str) -> Answer:
    """Queue the papers that the case needs; a counter without an office printer gets them as a PDF."""
    case = require_case(submission_id)
    printer = context().config.office_printer_of(sitting().counter)
    if printer is None:
        return redirect(url_for("officer.case_papers_pdf", submission_id=submission_id), 303)
    papers = case_papers.of_step(context(), case.opened)
    requests = [
        PaperRequest(paper=paper.id, kind=_job_kind(paper, printer), key=_job_key(paper), copies=paper.copies)
        for paper in papers
    ]
    printing.print_case_papers(
        context(), case.opened.submission, requests, printer=printer.name, actor=sitting().person.code
    )
    return redirect(case.access.url("printing"), 303)


@officer.get("/case/<submission_id>/papers.pdf")
@allow("officer")
def case_papers_pdf(submission_id: str) -> Response:
    """Show all papers that the case needs as one PDF, with their copies."""
    case = require_case(submission_id)
    document = case_papers.pdf(context(), case.opened)
    if document is None:
        raise NotFound("Bước này không có giấy nào để in.", "This step has no paper to print.")
    lookups.record_case_export(context(), case.opened.submission, "pdf", detail="papers", actor=sitting().person.code)
    return Response(document, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


@officer.get("/case/<submission_id>/fee.pdf")
@allow("officer")
def case_fee(submission_id: str) -> Response:
    """Show the fee slip of a case as PDF."""
    case = require_case(submission_id)
    document = case_papers.pdf_of(context(), case.opened.submission.id, case_papers.FEE)
    if document is None:
        raise NotFound("Hồ sơ này chưa có khoản thu.", "This case has no fee yet.")
    lookups.record_case_export(context(), case.opened.submission, "pdf", detail="fee", actor=sitting().person.code)
    return Response(document, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


@officer.get("/case/<submission_id>/prints")
@allow("officer")
def prints(submission_id: str) -> str:
    """Return the box of the papers, which the page fetches again and again."""
    box = print_box(require_case(submission_id).opened)
    return render_template(
        "officer/print_rows.html",
        prints=box,
        csrf=csrf(),
        list_row=request.args.get("from") == "work",
        is_of_ward=bool(request.args.get("all")),
        only=request.args.get("only", ""),
    )


@officer.post("/case/<submission_id>/print/<int:job>/<answer>")
@allow("officer")
def answer_print(submission_id: str, job: int, answer: str) -> Answer:
    """Record whether a paper is out, discard it, or print it again as a marked copy."""
    access = require_access(submission_id)
    printing.answer_case_paper(context(), access.submission, job, answer, actor=sitting().person.code)
    return redirect(access.url("printing" if answer in ("again", "not-out") else None), 303)


def print_box(opened: OpenedSubmission) -> PrintBox:
    """Return the papers of a case, to print and printed."""
    submission = opened.submission
    papers = case_papers.of_step(context(), opened)
    printer = context().config.office_printer_of(sitting().counter)
    with context().store.read() as db:
        jobs = [job for job in spool.of_subject(db, submission.id) if _is_shown(job)]
        printed = tuple(_printed_paper(db, job) for job in jobs)
    keys = {job.key for job in jobs}
    new = [paper for paper in papers if printer is None or _job_key(paper) not in keys]
    return PrintBox(
        submission_id=submission.id,
        names=", ".join(_with_copies(paper) for paper in new),
        printer=printer.name if printer else "",
        papers=printed,
    )


def _job_kind(paper: case_papers.CasePaper, printer: OfficePrinterSection) -> str:
    """Return the kind of paper in the print spool: a fee slip goes to the printer of receipts where there is one."""
    has_receipts = any("fee" in section.use for section in context().config.printers)
    return FEE_SLIP if paper.id == case_papers.FEE and has_receipts else printer.job_kind


def _job_key(paper: case_papers.CasePaper) -> str:
    return paper.key if paper.id == case_papers.FEE else f"{OFFICE_JOBS}{paper.key}"


def _is_shown(job: spool.Job) -> bool:
    return job.kind == FEE_SLIP or job.kind.startswith(OFFICE_JOBS)


def _with_copies(paper: case_papers.CasePaper) -> str:
    name = f"{paper.name[:1].lower()}{paper.name[1:]}"
    return f"{name} ({paper.copies} bản)" if paper.copies > 1 else name


def _printed_paper(db: Database, job: spool.Job) -> PrintedPaper:
    paper = case_papers.FEE if job.kind == FEE_SLIP else str(job.facts["paper"])
    icon, words = STATES[job.state]
    named = {case_papers.DECLARATION: case_papers.DECLARATION_NAME, case_papers.FEE: case_papers.FEE_NAME}
    decision = decisions.find(db, paper) if paper not in named else None
    line = certified_copies.find(db, paper.removeprefix(certified_copies.PAPER))
    if line is not None:
        named[paper] = case_papers.certification_name(line)
    name = named.get(paper) or PAPER_NAMES.get(decision.kind if decision else "accepted", "Giấy")
    at = f" lúc {clock.local(clock.parse_timestamp(job.updated)):%H:%M}" if job.state == "printed" else ""
    return PrintedPaper(
        job_id=job.id,
        name=f"{name}, bản in lại {job.copy}" if job.copy > 1 else name,
        state=job.state,
        icon=icon,
        words=f"{words}{at}",
        advice=ADVICE.get(job.reason or "", "") if job.state in ("waiting", "unknown") else "",
        pdf_url=_pdf_url(job.subject, paper),
    )


def _pdf_url(submission_id: str, paper: str) -> str:
    if paper == case_papers.DECLARATION:
        return url_for("officer.case_declared", submission_id=submission_id)
    if paper == case_papers.FEE:
        return url_for("officer.case_fee", submission_id=submission_id)
    if paper.startswith(certified_copies.PAPER):
        return url_for(
            "officer.certification_pdf", submission_id=submission_id, line_id=paper.removeprefix(certified_copies.PAPER)
        )
    return url_for("officer.case_paper", submission_id=submission_id, decision_id=paper)
