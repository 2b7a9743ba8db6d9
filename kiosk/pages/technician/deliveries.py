"""What is on its way to the city: what waits, what the portal did not take, and what a hand can do about it.

A technician retries, stops, and asks the city again; what the portal did not take is released or withdrawn at the desk,
by somebody who may read it.
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
from kiosk import codes, health
from kiosk.acts import delivering
from kiosk.errors import NotFound
from kiosk.pages.access import context, for_
from kiosk.pages.delivery_log import turns
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.pages.technician.waiting import row
from kiosk.records import decisions, scans, submissions
from kiosk.vietnam.calendar import short_time

ON_A_PAGE = 25
MANY = 5
"""So many that wait are worth a bar that fills."""
HOUR = 3600.0
FILES: Mapping[sync.file_outbox.State, str] = {
    "todo": "đang chờ gửi, đã tới {sent} trong {size} kB",
    "done": "cổng đã nhận đủ {size} kB",
    "refused": "không gửi được, cán bộ xem lại bản chụp này",
    "dropped": "đã bỏ ở quầy",
}
SAID: Mapping[str, str] = {
    "now": "Máy bắt đầu gửi. Trang này tự cập nhật.",
    "stopped": "Đã tạm dừng gửi. Bà con vẫn nộp được, không tờ nào mất.",
    "on": "Máy gửi tiếp.",
    "retried": "Máy thử tờ ấy ngay.",
    "idle": "Tờ ấy không còn chờ nữa.",
    "audit": "Máy đang hỏi lại thành phố xem có thiếu tờ nào không.",
    "unseen": "Không có mã ấy ở máy này. Mời xem lại từng chữ.",
}


@technician.get("/deliveries")
@for_("technician")
def deliveries() -> str:
    """Show what is on its way, page by page, and what the portal did not take."""
    page = request.args.get("page", "1")
    number = int(page) if re.fullmatch(r"[1-9][0-9]{0,3}", page) else 1
    here = context()
    with here.store.read() as db:
        open_ = sync.outbox.underway(db, ON_A_PAGE, (number - 1) * ON_A_PAGE)
        returned = sync.outbox.returned(db, ON_A_PAGE)
        waiting, oldest = sync.outbox.waiting(db), sync.outbox.oldest(db)
        line, stop = sync.link.state(db), sync.link.stopped(db, here.clock.monotonic())
        rows, refused = [row(db, one) for one in open_], [row(db, one) for one in returned]
        progress = _progress(db, waiting)
    return render(
        "technician/deliveries.html",
        rows=rows,
        refused=refused,
        waiting=waiting,
        oldest=short_time(oldest, here.clock.today()),
        line=health.line(here),
        last=short_time(line.last_success, here.clock.today()),
        stop=stop,
        progress=progress,
        page=number,
        pages=max(1, -(-waiting // ON_A_PAGE)),
        said=SAID.get(request.args.get("said", ""), ""),
    )


def _progress(db: Database, waiting: int) -> list[tuple[str, int, int]]:
    """Tell long work that is under way: in which words, how much is done, of how much."""
    found, span = [], sync.link.audit_span(db)
    if span:
        found.append((f"Đang hỏi lại thành phố: {100 * span[0] // max(1, span[1])}%", span[0], max(1, span[1])))
    line, is_stopped = sync.link.state(db), sync.link.stopped(db, context().clock.monotonic())
    if waiting >= MANY and line.is_up and not line.paused and not is_stopped:
        gone = sync.attempts.drained(db)
        found.append((f"Đang gửi, còn {waiting} tờ khai và việc của quầy", gone, gone + waiting))
    files = sync.file_outbox.waiting(db)
    if files.count and line.is_up:
        left = -(-(files.size - files.sent) // 1024)
        found.append((f"Bản chụp giấy tờ: còn {files.count} bản, {left} kB", files.sent, files.size))
    return found


@technician.get("/deliveries/<subject_id>")
@for_("technician")
def timeline(subject_id: str) -> str:
    """Show every attempt of a form or an act of the desk, by class and code."""
    here = context()
    with here.store.read() as db:
        standing = sync.outbox.standing(db, subject_id)
        if standing is None:
            raise NotFound("Không có tờ khai này trong hàng gửi.", "There is no such form on its way.")
        found = submissions.find(db, standing.parent or subject_id)
        told, shown = turns(here, db, standing), row(db, standing)
        is_form = found is not None and standing.subject.kind == "submission"
        acts = _acts(db, found.receipt_no) if found and is_form else []
        files = _files(db, found.receipt_no) if found and is_form else []
    return render("technician/timeline.html", one=shown, turns=told, acts=acts, files=files,
                  state="withdrawn" if standing.last_code == "withdrawn" else standing.state,
                  official=found.official_no if found else None)  # fmt: skip


def _files(db: Database, receipt_no: str) -> list[tuple[str, str, str]]:
    """List the scans behind a form: when each was put in line, how it stands, why by class and code."""
    listed = [sync.file_outbox.standing(db, one.id) for one in scans.of_receipt(db, receipt_no)]
    return [
        (
            short_time(one.created, context().clock.today()),
            FILES[one.state].format(sent=one.sent // 1024, size=-(-one.size // 1024)),
            ": ".join(filter(None, [one.last_class, one.last_code])),
        )
        for one in listed
        if one
    ]


def _acts(db: Database, receipt_no: str) -> list[tuple[str, str]]:
    """List the acts of the desk that go the same way: which, and where each is shown."""
    listed = [(one, sync.outbox.standing(db, one.id)) for one in decisions.of_case(db, receipt_no)]
    return [(row(db, standing).matter, one.id) for one, standing in listed if standing]


@technician.get("/deliveries/find")
@for_("technician")
def find() -> Answer:
    """Lead to the timeline of a form by its receipt number."""
    receipt = codes.read_receipt_no(request.args.get("no", "")[:40])
    with context().store.read() as db:
        found = submissions.by_receipt(db, receipt) if receipt else None
        is_known = found is not None and sync.outbox.standing(db, found.id) is not None
    if found is None or not is_known:
        return redirect(url_for("technician.deliveries", said="unseen"), 303)
    return redirect(url_for("technician.timeline", subject_id=found.id), 303)


@technician.post("/deliveries/stop")
@for_("technician")
def stop() -> Answer:
    """Stop sending, for an hour or until somebody goes on."""
    delivering.stop(context(), actor(), HOUR if request.form.get("long") == "hour" else None)
    return _back("stopped")


@technician.post("/deliveries/go-on")
@for_("technician")
def go_on() -> Answer:
    """End a stop."""
    delivering.go_on(context(), actor())
    return _back("on")


@technician.post("/deliveries/audit")
@for_("technician")
def audit() -> Answer:
    """Ask the city about everything that it took."""
    delivering.ask_audit(context(), actor())
    return _back("audit")


@technician.post("/deliveries/<subject_id>/retry")
@for_("technician")
def retry(subject_id: str) -> Answer:
    """Try one form now."""
    return _back("retried" if delivering.retry(context(), actor(), subject_id) else "idle")


def _back(key: str) -> Answer:
    return redirect(url_for("technician.deliveries", said=key), 303)
