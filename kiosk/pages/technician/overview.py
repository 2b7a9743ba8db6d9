"""First page of the technician: whether the kiosk serves, tasks to do, health checks, the queue.

Counts, states and codes only: a portal's words about a form may quote its answers.
"""

from flask import redirect, url_for
from werkzeug.wrappers import Response as Answer

import sync.link
import sync.outbox
from kiosk.acts import confirming_time, delivering
from kiosk.health import checks, first_run, urgency
from kiosk.health.check_result import CheckResult
from kiosk.health.connection import QUEUE
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.pages.technician.delivery_row import delivery_row
from kiosk.records import help_calls, submissions
from kiosk.vietnam.calendar import short_time

SHOWN = 4
GAP = "COPY-02"
"""Alarm of a restored store that lacks receipts: then the page must not say that nothing is lost."""
ICONS = {
    "Đường truyền": "send",
    "Máy in": "printer",
    "Ổ đĩa": "disk",
    "Đồng hồ": "clock",
    "Lịch nghỉ": "calendar",
    "Chứng thư": "lock",
    "Bản sao": "hand-in",
    "Bản chụp": "doc",
    "Nhật ký": "list",
}
"""Icon of a check by its name; a shield for any other."""
ELSEWHERE = (QUEUE, "Giấy in")
"""Checks that the list leaves out: a figure or another check shows them, and a task is listed above."""


@technician.get("/")
@allow("technician")
def overview() -> str:
    """Show whether the kiosk serves, then the tasks, then the rest."""
    today = context().clock.today()
    results = checks.look(context())
    with context().store.read() as db:
        queued = submissions.count_queued(db)
        link = sync.link.state(db)
        rows = [delivery_row(db, standing) for standing in sync.outbox.list_open(db, SHOWN)]
        waiting = sync.outbox.count_open(db)
        submitted = submissions.of_day(db, today)
        returned = submissions.count_returned(db)
        open_calls = help_calls.open_calls(db)
        is_new = first_run.load(db).is_open
    sent = sum(submission.delivery in ("sent", "confirmed") for submission in submitted)
    return render(
        "technician/overview.html",
        sentence=sentence(results, is_new=is_new),
        todo=urgency.tasks(results),
        results=[result for result in results if result.name not in ELSEWHERE],
        icons=ICONS,
        rows=rows,
        waiting=waiting,
        more=waiting - len(rows),
        figures=[
            (str(queued), "chờ gửi"),
            (str(returned), "phải xem tay"),
            (str(sent), "gửi hôm nay"),
            (short_time(link.last_success, today), "gửi lần cuối"),
        ],
        helped=len(open_calls),
        is_new=is_new,
        is_whole=all(result.code != GAP for result in results),
    )


def sentence(results: list[CheckResult], *, is_new: bool) -> str:
    """Return whether the kiosk serves, and the number of tasks, in words; a new machine does not yet."""
    count = sum(1 for result in results if result.todo)
    if is_new:
        return f"Máy mới, chưa phục vụ. Có {count} việc cần làm." if count else "Máy mới, chưa phục vụ."
    if any(result.state == "fault" for result in results):
        return f"Máy đang có lỗi. Có {count} việc cần làm ngay."
    if count:
        return f"Kiosk vẫn phục vụ. Có {count} việc cần làm."
    return "Kiosk vẫn phục vụ. Không có việc gì phải làm."


@technician.post("/confirm-time")
@allow("technician")
def confirm_time() -> Answer:
    """Record that the technician confirmed the clock."""
    confirming_time.confirm_time(context(), actor())
    return redirect(url_for("technician.overview"), 303)


@technician.post("/send-now")
@allow("technician")
def send_now() -> Answer:
    """End every pause and stop, and send everything now."""
    delivering.send_now(context(), actor())
    return redirect(url_for("technician.deliveries", said="now"), 303)
