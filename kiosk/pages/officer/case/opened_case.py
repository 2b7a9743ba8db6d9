"""Page of a case away from the counter: asks for a reason, then shows its form for ten minutes to this officer only."""

from flask import jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from kiosk.acts import lookups
from kiosk.base import clock
from kiosk.base.errors import NotAllowed, NotFound
from kiosk.dossiers import status_labels
from kiosk.pages.access import allow, context
from kiosk.pages.delivery_log import EVENT_NAMES
from kiosk.pages.officer.case.copies import copy_box, copy_words
from kiosk.pages.officer.case.correct import correction_box
from kiosk.pages.officer.case.current_case import OPENING_REASONS, CaseAccess, find_access, load_case
from kiosk.pages.officer.case.fee_box import fee_box_values
from kiosk.pages.officer.case.prints import print_box
from kiosk.pages.officer.case.status import ReturnedPart, case_status, open_points, procedure_of, returned_parts
from kiosk.pages.officer.case.twice import same_matters
from kiosk.pages.officer.case.undo import undo_offer
from kiosk.pages.officer.session import messages
from kiosk.pages.officer.session.blueprint import officer, officer_session, render, sitting
from kiosk.pages.officer.session.case_users import users_by_subject, users_of_case
from kiosk.records import audit, decisions, fees, staff, submissions
from kiosk.records.submissions import Submission
from kiosk.vietnam.money import money


@officer.get("/case/<submission_id>")
@allow("officer")
def case(submission_id: str) -> Answer | str:
    """Show an opened case until its time is over; ask for the reason where it is not open."""
    access = find_access(submission_id)
    if access is None:
        return _ask(_find(submission_id))
    if access.opening is None:
        return redirect(url_for("officer.desk", typed=request.args.get("typed")), 303)
    return _page(access)


@officer.get("/case/<submission_id>/state")
@allow("officer")
def case_state(submission_id: str) -> Answer:
    """Return whether the page of a case may stay, who else has the case open, and what they did since it was shown."""
    access = find_access(submission_id)
    if access is None:
        return jsonify(open=False, news="", users="")
    users = users_of_case(access.submission.receipt_no, sitting().person.code)
    return jsonify(open=True, news=_news(access.submission, submission_id), users=users)


def _news(submission: Submission, shown_id: str) -> str:
    """Return what another officer wrote last on a case since its page was shown, in words; empty for nothing.

    Args:
        shown_id: the revision that the page shows; its address has the time since when (`clock.timestamp`).
    """
    since = request.args.get("since", "")
    with context().store.read() as db:
        made = [(one.at, one.actor, EVENT_NAMES[one.kind]) for one in decisions.of_case(db, submission.receipt_no)]
        if submission.id != shown_id:
            lines = audit.of_subject(db, submission.id)
            made += [(at, line.actor, "một bản sửa") for at, line in lines if line.act == "correct"]
        names = staff.names(db)
        settled = [row for row in fees.of_case(db, submission.receipt_no) if row.actor == fees.BANK]
    paid_at = max((row.at for row in settled), default=None)
    if paid_at and clock.timestamp(paid_at) > since:
        amount = money(sum(row.amount for row in settled))
        return f"Ngân hàng báo lúc {clock.local(paid_at):%H:%M}: đã nhận {amount}, đúng mã. Không phải thu nữa."
    others = [one for one in made if clock.timestamp(one[0]) > since and one[1] != sitting().person.code]
    if not others:
        return ""
    at, actor, what = max(others)
    return (
        f"Cán bộ {names.get(actor, actor)} vừa ghi {what} cho hồ sơ này, lúc {clock.local(at):%H:%M}. "
        "Chữ đang gõ còn nguyên; bấm gửi thì máy cất ở Chỗ gõ dở. Không gõ gì thì tải lại trang."
    )


@officer.post("/case/<submission_id>")
@allow("officer")
def open_case(submission_id: str) -> Answer | tuple[str, int]:
    """Open a case for a reason; show the form again where the reason is not enough."""
    submission = _find(submission_id)
    reason = request.form.get("reason", "")
    words = request.form.get("words", "")
    try:
        lookups.open_case(
            context(), submission_id=submission_id, reason=reason, words=words, officer_session=officer_session()
        )
    except NotAllowed as error:
        return _ask(submission, reason=reason, words=words, error=error.vi), 400
    return redirect(url_for("officer.case", submission_id=submission_id, typed=request.args.get("typed")), 303)


@officer.post("/case/<submission_id>/close")
@allow("officer")
def close_case(submission_id: str) -> Answer:
    """Close a case before its time is over."""
    lookups.close_case(context(), submission_id, officer_session())
    return redirect(url_for("officer.lookup"), 303)


def _find(submission_id: str) -> Submission:
    with context().store.read() as db:
        submission = submissions.find(db, submission_id)
    if submission is None:
        raise NotFound("Không thấy hồ sơ này. Mời tra cứu lại.", "There is no such case. Please look it up again.")
    return submission


def _page(access: CaseAccess) -> str:
    submission = access.submission
    current = load_case(access)
    case = case_status(current.opened) if current else None
    box = fee_box_values(current.opened, current.handle) if current else {}
    return render(
        "officer/away.html",
        access=access,
        why=OPENING_REASONS[access.opening.reason] if access.opening else "",
        head=_head(submission),
        form=current.form if current else None,
        papers=current.papers if current else None,
        undo=undo_offer(),
        case=case,
        prints=print_box(current.opened) if current else None,
        same_matters=same_matters(current.opened) if current else (),
        copies=copy_box(current.opened) if current else None,
        **copy_words(),
        handle=current.handle if current else "",
        correction=correction_box(current) if current and sitting().counter is not None else None,
        open_points=open_points(current.papers.lacking, current.form.doubt_count) if current else "",
        **box,
        returned=_returned(submission),
        said=messages.by_place(request.args.get("said", ""), request.args.get("number", "")),
        is_broken=current is None and _has_body(submission.id),
    )


def _has_body(submission_id: str) -> bool:
    with context().store.read() as db:
        return submissions.body(db, submission_id) is not None


def _returned(submission: Submission) -> tuple[ReturnedPart, ...]:
    with context().store.read() as db:
        return returned_parts(db, submission)


def _ask(submission: Submission, reason: str = "", words: str = "", error: str = "") -> str:
    return render(
        "officer/reason.html",
        submission_id=submission.id,
        head=_head(submission),
        reasons=OPENING_REASONS,
        users=users_by_subject(sitting().person.code),
        reason=reason,
        words=words,
        error=error,
        minutes=round(lookups.OPEN_FOR.total_seconds() / 60),
        most=lookups.MAX_WORDS_LENGTH,
    )


def _head(submission: Submission) -> dict[str, str]:
    """Return what is shown of a case that is not opened."""
    procedure = procedure_of(submission)
    at = clock.local(submission.completed_at)
    return {
        "matter": procedure.short.vi if procedure else submission.procedure,
        "receipt_no": submission.receipt_no,
        "official_no": submission.number,
        "at": f"{at:%H:%M, %d/%m/%Y}",
        "desk": status_labels.desk_label(submission),
        "portal": status_labels.portal_label(submission),
    }
