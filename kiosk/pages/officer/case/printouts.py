"""Printouts of a case: the declaration and the papers of decisions as PDF, and a copy of the slip.

Each PDF leaves an audit line.
"""

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import lookups, printing
from kiosk.base.errors import NotFound
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case.current_case import case_in_hand, require_access, require_case
from kiosk.pages.officer.session.blueprint import officer, sitting
from kiosk.papers import decision_papers
from kiosk.records import decisions
from kiosk.records.submissions import Submission


@officer.get("/ticket/<ticket_id>/declaration.pdf")
@allow("officer")
def declared(ticket_id: str) -> Response:
    """Show the declaration of the case at the counter as it is printed."""
    return _declaration(case_in_hand(ticket_id).opened.submission)


@officer.get("/case/<submission_id>/declaration.pdf")
@allow("officer")
def case_declared(submission_id: str) -> Response:
    """Show the declaration of an opened case as it is printed."""
    return _declaration(require_access(submission_id).submission)


@officer.post("/ticket/<ticket_id>/slip")
@allow("officer")
def slip(ticket_id: str) -> Answer:
    """Print a copy of the slip of the case at the counter."""
    case = case_in_hand(ticket_id)
    printing.reprint_slip(context(), case.opened.submission.id, sitting().person.code)
    return redirect(case.access.url("slip"), 303)


@officer.post("/case/<submission_id>/slip")
@allow("officer")
def case_slip(submission_id: str) -> Answer:
    """Print a copy of the slip of an opened case, for a citizen who lost it."""
    access = require_access(submission_id)
    printing.reprint_slip(context(), access.submission.id, sitting().person.code)
    return redirect(url_for("officer.case", submission_id=submission_id, said="slip"), 303)


@officer.get("/case/<submission_id>/paper/<decision_id>.pdf")
@allow("officer")
def case_paper(submission_id: str, decision_id: str) -> Response:
    """Show the paper of a decision, to read and to print."""
    case = require_case(submission_id)
    with context().store.read() as db:
        decision = decisions.find(db, decision_id)
    if decision is None or decision.receipt_no != case.opened.submission.receipt_no:
        raise NotFound("Hồ sơ này không có giấy đó.", "This case has no such paper.")
    document = decision_papers.pdf(context(), decision_id)
    if document is None:
        raise NotFound(
            "Không in được giấy này: việc đó đã hoàn tác, hoặc nội dung đã xóa.",
            "This paper cannot be printed yet. The appointment needs the city's number.",
        )
    return _pdf(document, case.opened.submission, decision.kind)


def _declaration(submission: Submission) -> Response:
    from kiosk.papers import declaration  # imports the A4 layout, which would slow down the start

    document = declaration.pdf(context(), submission.id)
    if document is None:
        raise NotFound("Thủ tục này không có tờ khai để in.", "This procedure has no declaration.")
    return _pdf(document, submission, "declaration")


def _pdf(document: bytes, submission: Submission, paper: str) -> Response:
    lookups.record_case_export(context(), submission, "pdf", detail=paper, actor=sitting().person.code)
    return Response(document, mimetype="application/pdf", headers={"Content-Disposition": "inline"})
