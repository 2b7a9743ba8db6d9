"""Page of the devices: papers that need an answer, recent papers, links to the touchscreens and the certificate.

Papers are named by queue number or receipt number, as they are printed on them; no name of a person is shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, redirect, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

from kiosk.acts import printing
from kiosk.config.list_sections import OFFICE_JOBS, TRIAL_JOBS
from kiosk.health import printing_state
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.papers import case_papers
from kiosk.records import submissions, tickets
from kiosk.vietnam.calendar import short_time
from printers import spool
from printers.errors import ADVICE

RECENT = 12
UNCONFIRMED = "no_status"
"""Reason of a printed job on a printer that cannot confirm it."""
GROUPS: dict[str, tuple[spool.JobState, ...]] = {"unknown": ("unknown",), "waiting": ("waiting", "queued")}
"""States of the papers that are answered together."""
PAPERS = {
    "slip": "Phiếu tờ khai",
    "kept": "Phiếu giữ tờ khai",
    "practice": "Tờ hướng dẫn tập",
    "readiness": case_papers.READINESS_NAME,
    "ticket": "Phiếu số",
    "missing": "Danh sách mang thêm",
    "fee": "Phiếu thu",
    "refund": "Phiếu trả lại tiền",
}
OFFICE_PAPERS = {
    case_papers.DECLARATION: case_papers.DECLARATION_NAME,
    case_papers.FEE: case_papers.FEE_NAME,
    case_papers.TEST: "Trang thử",
    case_papers.READINESS: case_papers.READINESS_NAME,
}

TRIAL_PAPERS = {"test": "Phiếu in thử", "calibration": "Phiếu căn chỉnh"}


@dataclass(frozen=True)
class PrintJobRow:
    """A print job as the page shows it; `number` is printed on the paper, `why` says what happened.

    `is_nameless` papers may be printed once more here; the others at the desk.
    """

    id: int
    paper: str
    number: str
    at: str
    why: str
    device: str
    copy: int
    is_nameless: bool


@technician.get("/devices")
@allow("technician")
def devices() -> str:
    """Show the papers that need an answer, all of them, then the recent ones and the state of the printers."""
    with context().store.read() as db:
        unknown = job_rows(db, spool.list_jobs(db, ["unknown"]))
        waiting = job_rows(db, spool.list_jobs(db, ["waiting", "queued", "sending"]))
        printed = job_rows(db, spool.list_jobs(db, ["printed"], RECENT))
    return render(
        "technician/devices.html",
        unknown=unknown,
        waiting=waiting,
        printed=printed,
        printers=printing_state.printers(context()),
    )


def job_rows(db: Database, jobs: Sequence[spool.Job]) -> list[PrintJobRow]:
    """Return print jobs as the pages show them."""
    today = context().clock.today()
    return [
        PrintJobRow(
            id=job.id,
            paper=_paper_name(job),
            number=_number(db, job),
            at=short_time(job.created, today),
            why=_why(job),
            device=job.device or "–",
            copy=job.copy,
            is_nameless=job.kind in printing.NAMELESS_PAPERS,
        )
        for job in jobs
    ]


def _paper_name(job: spool.Job) -> str:
    if job.kind.startswith(TRIAL_JOBS):
        return TRIAL_PAPERS[str(job.facts["paper"])]
    if job.kind.startswith(OFFICE_JOBS):
        return OFFICE_PAPERS.get(str(job.facts["paper"]), "Giấy của quyết định")
    return PAPERS.get(job.kind, job.kind)


def _number(db: Database, job: spool.Job) -> str:
    """Return the number on a paper; a list of papers to bring has none."""
    ticket = tickets.find(db, job.subject)
    if ticket is not None:
        return ticket.label
    submission = submissions.find(db, job.subject)
    return submission.receipt_no if submission is not None else "–"


def _why(job: spool.Job) -> str:
    if job.state == "printed":
        return "Đã gửi máy in, máy in không báo lại" if job.reason == UNCONFIRMED else "Đã in"
    if job.state == "sending":
        return "Đang in"
    words, _dot, _do = ADVICE.get(job.reason or "", "Chờ in").partition(". ")
    return words.removesuffix(".")


@technician.post("/paper/<int:job>/<answer>")
@allow("technician")
def paper(job: int, answer: str) -> Answer:
    """Record whether a paper came out, discard it, or print one more copy."""
    if answer == "again":
        printing.reprint(context(), job, actor(), "technician page")
    else:
        _answer([job], answer)
    if printer := request.form.get("printer", ""):
        return redirect(url_for("technician.printer_papers", name=printer), 303)
    return redirect(url_for("technician.devices"), 303)


@technician.post("/papers/<group>/<answer>")
@allow("technician")
def papers(group: str, answer: str) -> Answer:
    """Answer for all papers of a group that the page has shown: a newer one is not answered unseen."""
    if group not in GROUPS:
        abort(404)
    newest = request.form.get("newest", 0, type=int)
    with context().store.read() as db:
        shown = [job.id for job in spool.list_jobs(db, GROUPS[group]) if job.id <= newest]
    _answer(shown[::-1], answer)
    return redirect(url_for("technician.devices"), 303)


def _answer(job_ids: list[int], answer: str) -> None:
    if answer in {"out", "not-out"}:
        printing.answer_unknown(context(), job_ids, actor(), is_out=answer == "out")
    elif answer == "drop":
        printing.discard(context(), job_ids, actor())
    else:
        abort(404)
