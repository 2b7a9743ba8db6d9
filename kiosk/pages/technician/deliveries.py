"""Pages of the deliveries to the portal: the queue, refused subjects, and the attempts of one of them.

A technician retries, stops and audits. A refused form is released or withdrawn at the desk: an officer may read it.
"""

import re
from collections.abc import Mapping

from flask import redirect, request, url_for
from sqlite_utils import Database
from werkzeug.wrappers import Response as Answer

import sync.attempts
import sync.file_outbox
import sync.link
import sync.outbox
from kiosk.acts import delivering
from kiosk.base import codes
from kiosk.base.errors import NotFound
from kiosk.health import connection
from kiosk.pages.access import allow, context
from kiosk.pages.delivery_log import entries
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.pages.technician.delivery_row import delivery_row
from kiosk.records import decisions, scans, submissions
from kiosk.vietnam.calendar import short_time

ON_A_PAGE = 25
MANY = 5
"""From this many waiting subjects on, the page shows a progress bar."""
HOUR = 3600.0
FILES: Mapping[sync.file_outbox.FileState, str] = {
    "todo": "đang chờ gửi, đã tới {sent} trong {size} kB",
    "done": "cổng đã nhận đủ {size} kB",
    "refused": "không gửi được, cán bộ xem lại bản chụp này",
    "dropped": "đã bỏ ở quầy",
}
MESSAGES: Mapping[str, str] = {
    "now": "Máy bắt đầu gửi. Trang này tự cập nhật.",
    "stopped": "Đã tạm dừng gửi. Người dân vẫn gửi tờ khai được, không tờ nào mất.",
    "on": "Máy gửi tiếp.",
    "retried": "Máy thử tờ đó ngay.",
    "idle": "Tờ đó không còn chờ nữa.",
    "audit": "Máy đang hỏi lại thành phố xem có thiếu tờ nào không.",
    "unseen": "Không có mã đó ở máy này. Mời xem lại từng chữ.",
}


@technician.get("/deliveries")
@allow("technician")
def deliveries() -> str:
    """Show one page of the queue, the refused subjects and the state of the connection."""
    page = request.args.get("page", "1")
    number = int(page) if re.fullmatch(r"[1-9][0-9]{0,3}", page) else 1
    today = context().clock.today()
    with context().store.read() as db:
        rows = [
            delivery_row(db, standing) for standing in sync.outbox.list_open(db, ON_A_PAGE, (number - 1) * ON_A_PAGE)
        ]
        refused = [delivery_row(db, standing) for standing in sync.outbox.list_refused(db, ON_A_PAGE)]
        waiting = sync.outbox.count_open(db)
        oldest = sync.outbox.oldest_open(db)
        link = sync.link.state(db)
        stop = sync.link.current_stop(db, context().clock.monotonic())
        progress = _progress(db, waiting)
    return render(
        "technician/deliveries.html",
        rows=rows,
        refused=refused,
        waiting=waiting,
        oldest=short_time(oldest, today),
        line=connection.link(context()),
        last=short_time(link.last_success, today),
        stop=stop,
        progress=progress,
        page=number,
        pages=max(1, -(-waiting // ON_A_PAGE)),
        message=MESSAGES.get(request.args.get("said", ""), ""),
    )


def _progress(db: Database, waiting: int) -> list[tuple[str, int, int]]:
    """Return the long tasks in progress as (words, done, total)."""
    bars: list[tuple[str, int, int]] = []
    span = sync.link.audit_span(db)
    if span:
        total = max(1, span[1])
        bars.append((f"Đang hỏi lại thành phố: {100 * span[0] // total}%", span[0], total))
    link = sync.link.state(db)
    is_stopped = sync.link.current_stop(db, context().clock.monotonic())
    if waiting >= MANY and link.is_up and not link.paused and not is_stopped:
        sent = sync.attempts.count_since_link_up(db)
        bars.append((f"Đang gửi, còn {waiting} tờ khai và việc của quầy", sent, sent + waiting))
    files = sync.file_outbox.backlog(db)
    if files.count and link.is_up:
        left = -(-(files.size - files.sent) // 1024)
        bars.append((f"Bản chụp giấy tờ: còn {files.count} bản, {left} kB", files.sent, files.size))
    return bars


@technician.get("/deliveries/<subject_id>")
@allow("technician")
def timeline(subject_id: str) -> str:
    """Show every attempt to deliver a form or desk event, by class and code."""
    with context().store.read() as db:
        standing = sync.outbox.status_of(db, subject_id)
        if standing is None:
            raise NotFound("Không có tờ khai này trong hàng gửi.", "There is no such form on its way.")
        submission = submissions.find(db, standing.parent or subject_id)
        log = entries(context(), db, standing)
        row = delivery_row(db, standing)
        is_form = standing.subject.kind == "submission"
        acts = _acts(db, submission.receipt_no) if submission and is_form else []
        files = _files(db, submission.receipt_no) if submission and is_form else []
    return render(
        "technician/timeline.html",
        row=row,
        log=log,
        acts=acts,
        files=files,
        state="withdrawn" if standing.last_code == "withdrawn" else standing.state,
        official=submission.official_no if submission else None,
    )


def _files(db: Database, receipt_no: str) -> list[tuple[str, str, str]]:
    """Return the scans of a form as (time queued, state, class and code of a failure)."""
    today = context().clock.today()
    states = [sync.file_outbox.status_of(db, scan.id) for scan in scans.of_receipt(db, receipt_no)]
    return [
        (
            short_time(state.created, today),
            FILES[state.state].format(sent=state.sent // 1024, size=-(-state.size // 1024)),
            ": ".join(filter(None, [state.last_class, state.last_code])),
        )
        for state in states
        if state
    ]


def _acts(db: Database, receipt_no: str) -> list[tuple[str, str]]:
    """Return the desk events of a case in the outbox as (words, subject id)."""
    standings = [sync.outbox.status_of(db, decision.id) for decision in decisions.of_case(db, receipt_no)]
    return [(delivery_row(db, standing).matter, standing.subject.id) for standing in standings if standing]


@technician.get("/deliveries/find")
@allow("technician")
def find() -> Answer:
    """Redirect to the timeline of a form by its receipt number."""
    receipt = codes.parse_receipt_no(request.args.get("no", "")[:40])
    with context().store.read() as db:
        submission = submissions.by_receipt(db, receipt) if receipt else None
        is_queued = submission is not None and sync.outbox.status_of(db, submission.id) is not None
    if submission is None or not is_queued:
        return redirect(url_for("technician.deliveries", said="unseen"), 303)
    return redirect(url_for("technician.timeline", subject_id=submission.id), 303)


@technician.post("/deliveries/stop")
@allow("technician")
def stop() -> Answer:
    """Stop sending for an hour, or until a technician resumes it."""
    delivering.stop(context(), actor(), HOUR if request.form.get("long") == "hour" else None)
    return _back("stopped")


@technician.post("/deliveries/go-on")
@allow("technician")
def go_on() -> Answer:
    """End a stop."""
    delivering.resume(context(), actor())
    return _back("on")


@technician.post("/deliveries/audit")
@allow("technician")
def audit() -> Answer:
    """Request an audit of everything that the portal received."""
    delivering.request_audit(context(), actor())
    return _back("audit")


@technician.post("/deliveries/<subject_id>/retry")
@allow("technician")
def retry(subject_id: str) -> Answer:
    """Retry one subject now."""
    return _back("retried" if delivering.retry(context(), actor(), subject_id) else "idle")


def _back(key: str) -> Answer:
    return redirect(url_for("technician.deliveries", said=key), 303)
