"""A form for another system: as JSON, and as a row of QR codes that a scanner or a telephone there reads.

Both are the same bytes. They are given for the number at the officer's counter alone, and kept by no browser: the
addresses hold no answer, and every page of the desk is answered with no-store.
"""

import json

from flask import Response, request

from kiosk import qr_sequence
from kiosk.dossiers.filing import readable
from kiosk.dossiers.opened import OpenedSubmission
from kiosk.errors import NotFound
from kiosk.pages.access import for_
from kiosk.pages.officer import form_boxes, qr_image
from kiosk.pages.officer.blueprint import officer, render
from kiosk.pages.officer.ticket import at_counter, opened


@officer.get("/ticket/<ticket_id>/answers.json")
@for_("officer")
def answers(ticket_id: str) -> Response:
    """Give the whole form for another system: our keys and values, labels and words, and the national forms' names."""
    return Response(written(opened(at_counter(ticket_id))), mimetype="application/json")


@officer.get("/ticket/<ticket_id>/codes")
@for_("officer")
def copied(ticket_id: str) -> str:
    """Show the whole form as codes, one large code at a time."""
    held = opened(at_counter(ticket_id))
    parts = qr_sequence.parts(written(held))
    told = request.args.get("part", "1")
    number = int(told) if told.isascii() and told.isdigit() and len(told) <= 3 else 0
    if not 1 <= number <= len(parts):
        raise NotFound("Tờ này không có mã số ấy. Mời về bàn làm việc rồi mở lại.", "There is no such code.")
    return render(
        "officer/codes.html",
        ticket_id=ticket_id,
        receipt_no=held.submission.receipt_no,
        part=number,
        count=len(parts),
        picture=qr_image.svg(parts[number - 1], "l"),
    )


def written(held: OpenedSubmission) -> str:
    """Return a form as JSON, the same every time."""
    table = {
        "receiptNo": held.submission.receipt_no,
        "procedureCode": held.procedure.code,
        "formId": held.procedure.id,
        "formVersion": held.procedure.version,
        "answers": dict(held.answers),
        "readable": readable(held.procedure, held.answers),
        "national": form_boxes.by_name(held),
    }
    return json.dumps(table, ensure_ascii=False, separators=(",", ":"))
