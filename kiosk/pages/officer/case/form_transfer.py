"""Transfer of a form to another system: as JSON, and as a row of QR codes that a scanner or telephone there reads.

Both hold the same bytes. Only the officer with the ticket at their counter gets them, and no browser stores them: the
addresses hold no answer, and every page of the desk is sent with no-store. Each leaves an audit line.
"""

from flask import Response, request

from kiosk.acts import lookups
from kiosk.base.errors import NotFound
from kiosk.dossiers.filing import readable_answers
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.pages import qr_code
from kiosk.pages.access import allow, context
from kiosk.pages.officer.case import form_boxes
from kiosk.pages.officer.case.current_case import case_in_hand
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.papers import qr_sequence
from sync.encoding import canonical_json


@officer.get("/ticket/<ticket_id>/answers.json")
@allow("officer")
def answers(ticket_id: str) -> Response:
    """Return the whole form: keys and values, labels and words, and the box names of the national forms."""
    case = case_in_hand(ticket_id)
    opened = case.opened
    lookups.record_case_export(context(), opened.submission, "json", detail="", actor=sitting().person.code)
    return Response(_form_json(opened), mimetype="application/json")


@officer.get("/ticket/<ticket_id>/codes")
@allow("officer")
def copied(ticket_id: str) -> str:
    """Show the whole form as QR codes, one large code a page."""
    case = case_in_hand(ticket_id)
    opened = case.opened
    parts = qr_sequence.split_text(_form_json(opened))
    typed = request.args.get("part", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 3 else 0
    if not 1 <= number <= len(parts):
        raise NotFound("Tờ này không có mã số đó. Mời về bàn làm việc rồi mở lại.", "There is no such code.")
    part = f"{number}/{len(parts)}"
    lookups.record_case_export(context(), opened.submission, "qr", detail=part, actor=sitting().person.code)
    return render(
        "officer/codes.html",
        ticket_id=ticket_id,
        back=case.access.url(),
        receipt_no=opened.submission.receipt_no,
        part=number,
        count=len(parts),
        picture=qr_code.desk_qr_svg(parts[number - 1], "l"),
    )


def _form_json(opened: OpenedSubmission) -> str:
    """Return a form as JSON; equal forms give equal bytes."""
    table = {
        "receiptNo": opened.submission.receipt_no,
        "procedureCode": opened.procedure.code,
        "formId": opened.procedure.id,
        "formVersion": opened.procedure.version,
        "answers": dict(opened.answers),
        "readable": readable_answers(opened.procedure, opened.answers),
        "national": form_boxes.answers_by_box(opened),
    }
    return canonical_json(table).decode()
