"""Box of certified copies on the desk: originals seen, pages counted, register numbers taken and cancelled.

One press writes the register and queues the words of certification. A paper that may not be certified leaves a note of
the counter with the reason of the law.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, redirect, request
from werkzeug.wrappers import Response as Answer

from kiosk.acts import certified_copies as acts
from kiosk.acts import lookups
from kiosk.acts.certified_copies import CopiesRequest, CopyInput, Signer
from kiosk.base import codes
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.dossiers.certified_copies import CANCEL_REASONS, ListedPaper, amount_of, listed_papers
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.current_case import case_in_hand, require_case
from kiosk.pages.officer.session.blueprint import officer, sitting
from kiosk.papers import case_papers
from kiosk.records import certified_copies
from kiosk.records.certified_copies import MAX_COPIES, MAX_PAGES, CertifiedCopy

REFUSALS = {
    "altered": "tẩy xóa, sửa chữa, thêm, bớt",
    "worn": "hư hỏng, cũ nát, không rõ nội dung",
    "classified": "đóng dấu mật, hoặc ghi không được sao chụp",
    "unlawful": "nội dung trái pháp luật, đạo đức xã hội",
    "foreign": "giấy nước ngoài chưa hợp pháp hóa lãnh sự",
    "private": "tự lập, không có xác nhận và đóng dấu của cơ quan",
}
"""Why an original may not be certified. Source: record of 2.000815, QĐ 3152/QĐ-BTP."""


@dataclass(frozen=True)
class CopyPaperRow:
    """A paper of the list; `line` is its number in force, `cancelled` are the numbers that it had."""

    paper: ListedPaper
    line: CertifiedCopy | None
    cancelled: tuple[str, ...]


@dataclass(frozen=True)
class CopyBox:
    """The papers of a case to be certified; `is_open` while one has no number."""

    rows: tuple[CopyPaperRow, ...]

    @property
    def is_open(self) -> bool:
        """Whether a paper has no number yet."""
        return any(row.line is None for row in self.rows)


def copy_box(opened: OpenedSubmission) -> CopyBox | None:
    """Return the papers to be certified; None for a form without any."""
    papers = listed_papers(opened)
    if not papers:
        return None
    with context().store.read() as db:
        lines = certified_copies.of_case(db, opened.submission.receipt_no)
    return CopyBox(tuple(_row(paper, lines) for paper in papers))


def copy_words() -> dict[str, Mapping[str, str]]:
    """Return the closed lists of the box: reasons of refusal, and reasons to cancel a number."""
    return {"refusals": REFUSALS, "cancel_reasons": {str(key): words for key, words in CANCEL_REASONS.items()}}


def _row(paper: ListedPaper, lines: list[CertifiedCopy]) -> CopyPaperRow:
    own = [line for line in lines if line.place == paper.place]
    return CopyPaperRow(
        paper=paper,
        line=next((line for line in own if line.cancelled_at is None), None),
        cancelled=tuple(
            f"Số {line.number} đã hủy: {CANCEL_REASONS[line.cancel_reason]}" for line in own if line.cancel_reason
        ),
    )


@officer.post("/ticket/<ticket_id>/copies")
@allow("officer")
def certify(ticket_id: str) -> Answer:
    """Take numbers for the ticked papers and queue their words; note the papers that may not be certified."""
    case = case_in_hand(ticket_id)
    papers = listed_papers(case.opened)
    refused = {paper.place: REFUSALS.get(request.form.get(f"refused.{paper.place}", "")) for paper in papers}
    seen = [paper for paper in papers if f"seen.{paper.place}" in request.form and not refused[paper.place]]
    ward = context().config.ward
    printer = context().config.office_printer_of(sitting().counter)
    wanted = CopiesRequest(
        case=case.opened.submission,
        copies=[_input(case.opened, paper) for paper in seen],
        notes=[
            f"{paper.name}: không chứng thực được vì {reason}." for paper in papers if (reason := refused[paper.place])
        ],
        signer=Signer(name=ward.signer, title=ward.signer_title),
        printer=printer.job_kind if printer else "",
    )
    lines = acts.certify(context(), wanted, actor=sitting().person.code)
    return redirect(case.access.url("certified" if lines else "certified-none"), 303)


def _input(opened: OpenedSubmission, paper: ListedPaper) -> CopyInput:
    pages = codes.parse_number(request.form.get(f"pages.{paper.place}", ""))
    copies = codes.parse_number(request.form.get(f"copies.{paper.place}", ""))
    if not 1 <= pages <= MAX_PAGES or not 1 <= copies <= MAX_COPIES:
        raise NotAllowed(
            f"Số trang từ 1 đến {MAX_PAGES}, số bản từ 1 đến {MAX_COPIES}. Quay lại, sửa rồi bấm lại.",
            "Pages go from 1 to 999, copies from 1 to 99.",
        )
    return CopyInput(
        place=paper.place,
        pages=pages,
        declared_pages=paper.pages,
        copies=copies,
        amount=amount_of(opened, pages, copies),
    )


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
