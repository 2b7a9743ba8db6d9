"""A case that was not called: first why it is opened, then its form to read, for ten minutes and this officer alone."""

from flask import Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk import clock
from kiosk.acts import looking, printing
from kiosk.dossiers import status_labels
from kiosk.dossiers.opened import open_submission
from kiosk.errors import NotAllowed, NotFound
from kiosk.pages.access import context, for_
from kiosk.pages.officer.blueprint import officer, render, sitting
from kiosk.pages.officer.case import case_of
from kiosk.pages.officer.holding import Hold, held, hold_of, seat
from kiosk.pages.officer.papers import folder_of_form
from kiosk.pages.officer.queue import SAID
from kiosk.pages.officer.returned import Returned, returned_of
from kiosk.pages.officer.ticket import shown
from kiosk.records import submissions
from kiosk.records.openings import Reason
from kiosk.records.submissions import Submission

REASONS: dict[Reason, str] = {
    "hand_out": "Trả kết quả đã hẹn",
    "asked": "Bà con hỏi hồ sơ của mình",
    "paper": "Bà con mang thêm giấy",
    "check": "Soát lại việc đã làm ở quầy",
    "authority": "Cơ quan có thẩm quyền yêu cầu",
    "other": "Việc khác",
}


@officer.get("/case/<submission_id>")
@for_("officer")
def case(submission_id: str) -> Answer | str:
    """Show an opened case until its time is over; ask for the reason where it is not open."""
    hold = hold_of(submission_id)
    if hold is None:
        return _ask(_found(submission_id))
    if hold.opening is None:
        return redirect(url_for("officer.desk"), 303)
    answer = make_response(_page(hold))
    # The browser comes again when the time is over, and then is asked for a reason: no answer stays on a screen.
    answer.headers["Refresh"] = str(hold.seconds + 1)
    return answer


@officer.post("/case/<submission_id>")
@for_("officer")
def open_case(submission_id: str) -> Answer | tuple[str, int]:
    """Open a case for a reason; what was typed stays where the reason is not enough."""
    found = _found(submission_id)
    reason, words = request.form.get("reason", ""), request.form.get("words", "")
    try:
        looking.open_case(context(), submission_id, reason, words, seat())
    except NotAllowed as fault:
        return _ask(found, reason, words, fault.vi), 400
    return redirect(url_for("officer.case", submission_id=submission_id), 303)


@officer.post("/case/<submission_id>/close")
@for_("officer")
def close_case(submission_id: str) -> Answer:
    """Close a case before its time."""
    looking.close_case(context(), submission_id, seat())
    return redirect(url_for("officer.lookup"), 303)


@officer.get("/case/<submission_id>/declaration.pdf")
@for_("officer")
def case_declared(submission_id: str) -> Response:
    """Show the declaration of an opened case as it is printed."""
    from kiosk.papers import declaration  # lays out A4: no start waits for it

    found = declaration.pdf(context(), held(submission_id).submission.id)
    if found is None:
        raise NotFound("Thủ tục này không có tờ khai để in.", "This procedure has no declaration.")
    return Response(found, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


@officer.post("/case/<submission_id>/slip")
@for_("officer")
def case_slip(submission_id: str) -> Answer:
    """Print the slip of an opened case once more, for who has lost it."""
    printing.slip_again(context(), held(submission_id).submission.id, sitting().person.code)
    return redirect(url_for("officer.case", submission_id=submission_id, said="slip"), 303)


def _found(submission_id: str) -> Submission:
    with context().store.read() as db:
        found = submissions.find(db, submission_id)
    if found is None:
        raise NotFound("Không thấy hồ sơ này. Mời tra cứu lại.", "There is no such case. Please look it up again.")
    return found


def _page(hold: Hold) -> str:
    found = hold.submission
    opened = open_submission(context(), found.id)
    return render(
        "officer/away.html",
        hold=hold,
        why=REASONS[hold.opening.reason] if hold.opening else "",
        head=_head(found),
        form=shown(found.id),
        folder=folder_of_form(opened) if opened else None,
        case=case_of(opened) if opened else None,
        returned=_returned(found),
        said=SAID.get(request.args.get("said", ""), ""),
        is_broken=opened is None and _has_body(found.id),
    )


def _has_body(submission_id: str) -> bool:
    with context().store.read() as db:
        return submissions.body(db, submission_id) is not None


def _returned(found: Submission) -> tuple[Returned, ...]:
    with context().store.read() as db:
        return returned_of(db, found)


def _ask(found: Submission, reason: str = "", words: str = "", error: str = "") -> str:
    head = _head(found)
    most = looking.LONGEST_WORDS
    return render("officer/reason.html", found=found, head=head, reasons=REASONS, reason=reason, words=words,
                  error=error, minutes=round(looking.OPEN_FOR.total_seconds() / 60), most=most)  # fmt: skip


def _head(found: Submission) -> dict[str, str]:
    """What is told of a case without opening it."""
    procedure, at = context().catalogue.version(found.procedure, found.version), clock.local(found.completed_at)
    return {
        "matter": procedure.short.vi if procedure else found.procedure,
        "receipt_no": found.receipt_no,
        "official_no": found.number,
        "at": f"{at:%H:%M, %d/%m/%Y}",
        "desk": status_labels.desk(found),
        "portal": status_labels.portal(found),
    }
