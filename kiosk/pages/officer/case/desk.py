"""The desk: the queue panel and the case of the ticket at the counter."""

from flask import request

from kiosk.base.errors import NotFound
from kiosk.pages.access import allow, context
from kiosk.pages.officer.assist.begin import draft_lines
from kiosk.pages.officer.case.copies import copy_box, copy_words
from kiosk.pages.officer.case.correct import correction_box
from kiosk.pages.officer.case.current_case import case_of_ticket
from kiosk.pages.officer.case.fee_box import fee_box_values
from kiosk.pages.officer.case.prints import print_box
from kiosk.pages.officer.case.status import case_status, open_points
from kiosk.pages.officer.case.twice import same_matters
from kiosk.pages.officer.case.undo import undo_offer
from kiosk.pages.officer.queue.panel import panel, target_words, transfer_targets
from kiosk.pages.officer.session import messages
from kiosk.pages.officer.session.blueprint import officer, render, sitting
from kiosk.pages.officer.session.case_users import users_by_subject
from kiosk.records import submissions
from kiosk.records.decisions import MAY_FOLLOW


@officer.get("/")
@allow("officer")
def desk() -> str:
    """Show the queue panel and the case of the ticket at the counter."""
    key = request.args.get("said", "")
    queue = panel()
    case = case_of_ticket(queue.ticket) if queue.ticket else None
    drafts = draft_lines(sitting().person.code, queue.ticket.id if queue.ticket else "")
    fees = fee_box_values(case.opened, queue.ticket.id) if case and queue.ticket else {}
    return render(
        "officer/desk.html",
        panel=queue,
        form=case.form if case else None,
        papers=case.papers if case else None,
        is_unreadable=case is None and queue.ticket is not None and _has_form(queue.ticket.submission_id),
        undo=undo_offer(),
        assist_drafts=drafts,
        users=users_by_subject(sitting().person.code) if drafts else {},
        case=case_status(case.opened) if case else None,
        prints=print_box(case.opened) if case else None,
        same_matters=same_matters(case.opened) if case else (),
        copies=copy_box(case.opened) if case else None,
        correction=correction_box(case) if case else None,
        is_asked=key in ("unsaved", "unfiled"),
        open_points=open_points(case.papers.lacking, case.form.doubt_count) if case else "",
        said=messages.by_place(key, request.args.get("number", ""), target_words(request.args.get("to", ""))),
        handle=queue.ticket.id if queue.ticket else "",
        is_decided=key in MAY_FOLLOW or key == "number",
        **transfer_targets(),
        **fees,
        **copy_words(),
    )


def _has_form(submission_id: str | None) -> bool:
    """Return whether a number has a form whose body is in the store."""
    with context().store.read() as db:
        return submission_id is not None and submissions.body(db, submission_id) is not None


@officer.get("/<path:address>")
@allow("staff")
def no_page(address: str) -> str:
    """Show that an address has no page, with the top bar of the desk."""
    raise NotFound(f"Không có trang “{address[:60]}”. Mời chọn trang ở thanh trên.", "There is no such page.")
