"""Box of certification on the desk: papers seen, pages counted, register numbers taken and cancelled.

One press writes the register and queues the words of certification. A paper that may not be certified leaves a note of
the counter with the reason of the law. Another press hands the papers out, once every paper has a number or a reason,
the fee is settled and the words are printed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import certified_copies as acts
from kiosk.acts import lookups
from kiosk.acts.certified_copies import CopiesRequest, CopyHandover, CopyInput, Signer
from kiosk.base import codes
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.config.list_sections import OFFICE_JOBS
from kiosk.dossiers import copy_numbers, original_pictures
from kiosk.dossiers.certified_copies import (
    CANCEL_REASONS,
    CHANGEABLE,
    ListedPaper,
    amount_of,
    listed_papers,
    register_of,
)
from kiosk.dossiers.decision_filing import CaseRequest
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.certification_words import (
    REFUSALS,
    SEEN_WITH_THE_TICK,
    WORDS,
    RegisterWords,
)
from kiosk.pages.officer.case.correct import correction_box
from kiosk.pages.officer.case.current_case import (
    CurrentCase,
    ScanCount,
    case_in_hand,
    needed_papers,
    require_case,
)
from kiosk.pages.officer.case.fee_box import fee_box
from kiosk.pages.officer.session.blueprint import officer, sitting
from kiosk.papers import case_papers
from kiosk.records import certified_copies, inspections, scans
from kiosk.records.certified_copies import MAX_COPIES, MAX_PAGES, CertifiedCopy, CertifiedRegister
from kiosk.records.scans import Scan
from printers import spool


@dataclass(frozen=True)
class CopyPaperRow:
    """A paper of the list; `line` is its number in force, `cancelled` are the numbers that it had.

    `refused` is the noted reason (a key of its `REFUSALS`) why it has no number; empty without one. `pictures` are the
    scans of the original, under the id `scanned_as`: those of the touchscreen, in the order of their pages, first.
    """

    paper: ListedPaper
    line: CertifiedCopy | None
    cancelled: tuple[str, ...]
    refused: str = ""
    pictures: tuple[Scan, ...] = ()
    scanned_as: str = ""

    @property
    def is_counted_by_machine(self) -> bool:
        """Whether its pages are the number of its pictures."""
        return len(self.pictures) == self.paper.pages


@dataclass(frozen=True)
class CopyBox:
    """The papers of a case to be certified; `may_change` while the case is not closed.

    Attributes:
        next_number: of the `book`, for the first paper; another counter may take it before.
        signer: title and name of the person who signs; empty where the ward has not set them.
    """

    register: CertifiedRegister
    rows: tuple[CopyPaperRow, ...]
    may_change: bool
    next_number: int
    book: str
    signer: str

    @property
    def words(self) -> RegisterWords:
        """The words of its register."""
        return WORDS[self.register]

    @property
    def refusals(self) -> Mapping[str, str]:
        """Why one of its papers may not be certified."""
        return REFUSALS[self.register]

    @property
    def lines(self) -> tuple[CertifiedCopy, ...]:
        """The numbers in force."""
        return tuple(row.line for row in self.rows if row.line is not None)

    @property
    def picture_count(self) -> ScanCount:
        """The number of pictures of the originals, and how the citizen took them."""
        count = ScanCount()
        for row in self.rows:
            for scan in row.pictures:
                count = count.plus(scan)
        return count

    @property
    def keeps_pictures(self) -> bool:
        """Whether the ward keeps a picture of an original by law."""
        return any(scan.paper.startswith(scans.KEPT_ORIGINAL) for row in self.rows for scan in row.pictures)

    @property
    def is_open(self) -> bool:
        """Whether a paper has no number yet and may get one."""
        return self.may_change and len(self.lines) < len(self.rows)

    @property
    def is_done(self) -> bool:
        """Whether there are papers to hand out: each has a number or a reason, and one has a number."""
        return self.may_change and bool(self.lines) and all(row.line or row.refused for row in self.rows)


class _Note(NamedTuple):
    """A note of the counter in plain text, and its time."""

    text: str
    at: datetime


def copy_box(opened: OpenedSubmission) -> CopyBox | None:
    """Return the papers to be certified; None for a form without any."""
    register = register_of(opened)
    papers = listed_papers(opened)
    if register is None or not papers:
        return None
    year = context().clock.today().year
    ward = context().config.ward
    with context().store.read() as db:
        lines = certified_copies.of_case(db, opened.submission.receipt_no)
        noted = inspections.notes(db, opened.submission.id)
        pictures = scans.of_receipt(db, opened.submission.receipt_no)
        last = copy_numbers.last_number(db, register, year)
    notes = [_Note(context().vault.open(inspections.NOTE, note.id, note.text).decode(), note.at) for note in noted]
    return CopyBox(
        register=register,
        rows=tuple(_with_pictures(opened, _row(paper, lines, notes, REFUSALS[register]), pictures) for paper in papers),
        may_change=opened.submission.desk in CHANGEABLE,
        next_number=last + 1,
        book=certified_copies.book_of(register, year),
        signer=f"{ward.signer_title} {ward.signer}".strip(),
    )


def _with_pictures(opened: OpenedSubmission, row: CopyPaperRow, pictures: Sequence[Scan]) -> CopyPaperRow:
    keys = original_pictures.row_keys(context(), opened.procedure, opened.answers)
    if row.paper.place >= len(keys):
        return row  # of a form without a list of originals
    key = keys[row.paper.place]
    own = [scan for scan in pictures if scans.is_original(scan.paper) and original_pictures.key_of(scan.paper) == key]
    own.sort(key=lambda scan: scan.actor != scans.CITIZEN)
    scanned_as = own[0].paper if own else original_pictures.paper_id(context(), key)
    return replace(row, pictures=tuple(own), scanned_as=scanned_as)


def copy_words() -> dict[str, Mapping[str, str]]:
    """Return the closed list of the box: reasons to cancel a number."""
    return {"cancel_reasons": {str(key): words for key, words in CANCEL_REASONS.items()}}


def _refusal_note(paper: ListedPaper, reason: str, refusals: Mapping[str, str]) -> str:
    """Return the note of a paper that may not be certified: the box finds its reason by these words.

    Two papers of a list may have one name, so the note names the place too.
    """
    return f"Giấy {paper.place + 1}, {paper.name}: không chứng thực được vì {refusals[reason]}."


def _refused(
    paper: ListedPaper, own: Sequence[CertifiedCopy], notes: Sequence[_Note], refusals: Mapping[str, str]
) -> str:
    """Return the reason of the newest note of a paper; empty without one, or when a number was taken after it."""
    reasons = {_refusal_note(paper, reason, refusals): reason for reason in refusals}
    newest = next((note for note in reversed(notes) if note.text in reasons), None)
    if newest is None or any(line.at > newest.at for line in own):
        return ""
    return reasons[newest.text]


def _row(
    paper: ListedPaper, lines: list[CertifiedCopy], notes: Sequence[_Note], refusals: Mapping[str, str]
) -> CopyPaperRow:
    own = [line for line in lines if line.place == paper.place]
    return CopyPaperRow(
        paper=paper,
        line=next((line for line in own if line.cancelled_at is None), None),
        cancelled=tuple(
            f"Số {line.number} đã hủy: {CANCEL_REASONS[line.cancel_reason]}" for line in own if line.cancel_reason
        ),
        refused=_refused(paper, own, notes, refusals),
    )


@officer.post("/ticket/<ticket_id>/copies")
@allow("officer")
def certify(ticket_id: str) -> Answer:
    """Take numbers for the ticked papers and queue their words; note the papers that may not be certified."""
    case = case_in_hand(ticket_id)
    box = copy_box(case.opened)
    if box is None:
        raise NotFound("Tờ khai này không chứng thực giấy nào.", "This form certifies nothing.")
    rows = box.rows
    posted = {row.paper.place: request.form.get(f"refused.{row.paper.place}", "") for row in rows}
    refused = {place: reason for place, reason in posted.items() if reason in box.refusals}
    seen = [
        row.paper
        for row in rows
        if f"seen.{row.paper.place}" in request.form and refused.get(row.paper.place, row.refused) == row.refused
    ]
    ward = context().config.ward
    printer = context().config.office_printer_of(sitting().counter)
    wanted = CopiesRequest(
        case=case.opened.submission,
        register=box.register,
        copies=[_input(case.opened, paper) for paper in seen],
        notes=[
            _refusal_note(row.paper, reason, box.refusals)
            for row in rows
            if (reason := refused.get(row.paper.place)) and reason != row.refused
        ],
        originals=[
            paper.id
            for paper in needed_papers(case.opened)
            if box.register in SEEN_WITH_THE_TICK and paper.kind == "xuat_trinh" and not paper.optional
        ],
        signer=Signer(name=ward.signer, title=ward.signer_title),
        printer=printer.job_kind if printer else "",
    )
    lines = acts.certify(context(), wanted, actor=sitting().person.code)
    message = "certified" if lines else "certified-not" if wanted.notes else "certified-none"
    return redirect(case.access.url(message), 303)


def _input(opened: OpenedSubmission, paper: ListedPaper) -> CopyInput:
    pages = codes.parse_number(request.form.get(f"pages.{paper.place}", str(paper.pages)))
    copies = codes.parse_number(request.form.get(f"copies.{paper.place}", ""))
    if not 1 <= pages <= MAX_PAGES or not 1 <= copies <= MAX_COPIES:
        raise NotAllowed(
            f"Số trang từ 1 đến {MAX_PAGES}, số bản từ 1 đến {MAX_COPIES}. Quay lại, sửa rồi bấm lại.",
            "Pages go from 1 to 999, copies from 1 to 99.",
        )
    return CopyInput(
        place=paper.place,
        pages=pages,
        declared_pages=paper.pages if paper.is_counted else pages,
        copies=copies,
        amount=amount_of(opened, pages, copies),
    )


@officer.post("/ticket/<ticket_id>/copies/done")
@allow("officer")
def hand_out_copies(ticket_id: str) -> Answer:
    """Hand the signed papers out and end the service of the number at the counter; say what is missing first."""
    case = case_in_hand(ticket_id)
    box = copy_box(case.opened)
    missing = _missing(case, box)
    if missing or box is None:
        return redirect(case.access.url(missing), 303)
    press = CaseRequest(
        case.opened.submission.id, codes.parse_number(request.form.get("seen", "")), sitting().person.code
    )
    handover = CopyHandover(what=f"{box.words.handed}: {_words(box)}", ticket=case.access.ticket)
    decision = acts.hand_out(context(), press, case.opened, handover)
    if decision is None or handover.ticket is None:
        return redirect(case.access.url("handed_out" if decision else "moved"), 303)
    return redirect(url_for("officer.desk", said="copies-done", number=handover.ticket.label), 303)


def _missing(case: CurrentCase, box: CopyBox | None) -> str:
    """Return the message of what is missing before papers are handed out; empty where nothing is."""
    if box is None or not box.is_done:
        return "copies-open"
    if (correction := correction_box(case)) and (correction.differences or correction.open_steps):
        return "copies-unsaved"
    with context().store.read() as db:
        jobs = spool.of_subject(db, case.opened.submission.id)
    keys = {f"{OFFICE_JOBS}{certified_copies.PAPER}{line.id}" for line in box.lines}
    if any(job.key in keys and job.state not in spool.ENDED for job in jobs):
        return "copies-printing"
    fees = fee_box(case.opened)
    if fees.open:
        return "copies-fee"
    return "copies-fee-changed" if any(line.is_uneven for line in fees.lines) else ""


def _words(box: CopyBox) -> str:
    lines = box.lines
    numbers = ", ".join(str(line.number) for line in lines)
    counted = f"{sum(line.copies for line in lines)} {box.words.counted.lower()}"
    return f"số {numbers}, quyển {lines[0].book}, {counted}"


@officer.post("/ticket/<ticket_id>/copies/<line_id>/cancel")
@allow("officer")
def cancel_copy(ticket_id: str, line_id: str) -> Answer:
    """Cancel a number of the case, with its reason; the line stays."""
    case = case_in_hand(ticket_id)
    reason = next((reason for reason in CANCEL_REASONS if reason == request.form.get("why")), None)
    with context().store.read() as db:
        line = certified_copies.find(db, line_id)
    if reason is None or line is None or line.receipt_no != case.opened.submission.receipt_no:
        raise NotFound("Chọn lý do hủy số rồi bấm lại.", "Choose why the number is cancelled.")
    is_done = acts.cancel(context(), line_id, reason=reason, actor=sitting().person.code)
    return redirect(case.access.url("certified-void" if is_done else "certified-none"), 303)


@officer.get("/case/<submission_id>/copies/<line_id>.pdf")
@allow("officer")
def certification_pdf(submission_id: str, line_id: str) -> Response:
    """Show the words of certification of a number as PDF."""
    case = require_case(submission_id)
    document = case_papers.pdf_of(context(), case.opened.submission.id, f"{certified_copies.PAPER}{line_id}")
    with context().store.read() as db:
        line = certified_copies.find(db, line_id)
    if document is None or line is None or line.receipt_no != case.opened.submission.receipt_no:
        raise NotFound("Không có lời chứng này: số đã hủy, hoặc tờ khai đã xóa.", "There is no such certification.")
    lookups.record_case_export(
        context(), case.opened.submission, "pdf", detail="certification", actor=sitting().person.code
    )
    return Response(document, mimetype="application/pdf", headers={"Content-Disposition": "inline"})
