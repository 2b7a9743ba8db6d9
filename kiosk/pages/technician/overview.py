"""The first page: does the machine still serve, what is to be done, how is each part, what waits.

Counts, states and codes only: what a portal says of a form may quote its answers, so it is not shown here.
"""

from flask import redirect, url_for
from werkzeug.wrappers import Response as Answer

import sync.link
import sync.outbox
from kiosk import health
from kiosk.acts import confirming_time, delivering
from kiosk.health import CheckResult
from kiosk.health.connection import QUEUE
from kiosk.pages.access import context, for_
from kiosk.pages.technician.blueprint import actor, render, technician
from kiosk.pages.technician.waiting import row
from kiosk.records import calls, submissions
from kiosk.vietnam.calendar import short_time

SHOWN = 4
GAP = "COPY-02"
"""The alarm of a store that was put back from a copy and lacks receipts: nobody may say then that nothing is lost."""
ICONS = {
    "Đường truyền": "send",
    "Máy in": "printer",
    "Ổ đĩa": "disk",
    "Đồng hồ": "clock",
    "Lịch nghỉ": "calendar",
    "Chứng thư": "lock",
    "Bản sao": "hand-in",
    "Bản chụp": "doc",
}
"""A check that is not named here has a shield."""
ELSEWHERE = (QUEUE, "Giấy in")
"""Checks that stand in figures, or beside another one; when something is to be done it stands above."""


@technician.get("/")
@for_("technician")
def overview() -> str:
    """Say in one sentence whether the kiosk serves, then what to do, then the rest."""
    here = context()
    findings = health.look(here)
    with here.store.read() as db:
        queued, line = submissions.queued(db), sync.link.state(db)
        standings = sync.outbox.underway(db, SHOWN)
        rows = [row(db, one) for one in standings]
        waiting, today = sync.outbox.waiting(db), submissions.of_day(db, here.clock.today())
        returned, helped = submissions.returned(db), calls.open(db)
    sent = sum(one.delivery in ("sent", "confirmed") for one in today)
    return render(
        "technician/overview.html",
        sentence=sentence(findings),
        todo=[one for one in findings if one.todo],
        findings=[one for one in findings if one.name not in ELSEWHERE],
        icons=ICONS,
        rows=rows,
        waiting=waiting,
        more=waiting - len(rows),
        figures=[
            (str(queued), "chờ gửi"),
            (str(returned), "phải xem tay"),
            (str(sent), "gửi hôm nay"),
            (short_time(line.last_success, here.clock.today()), "gửi lần cuối"),
        ],
        helped=len(helped),
        is_whole=all(one.code != GAP for one in findings),
    )


def sentence(findings: list[CheckResult]) -> str:
    """Return whether the kiosk still serves, and how many things there are to do."""
    count = sum(1 for one in findings if one.do)
    if any(one.state == "fault" for one in findings):
        return f"Máy đang có lỗi. Có {count} việc cần làm ngay."
    if count:
        return f"Máy vẫn phục vụ bà con. Có {count} việc cần làm."
    return "Máy vẫn phục vụ bà con. Không có việc gì phải làm."


@technician.post("/confirm-time")
@for_("technician")
def confirm_time() -> Answer:
    """Take the technician's word that the clock is right."""
    confirming_time.confirm_time(context(), actor())
    return redirect(url_for("technician.overview"), 303)


@technician.post("/send-now")
@for_("technician")
def send_now() -> Answer:
    """End every pause and stop, and send everything now."""
    delivering.send_now(context(), actor())
    return redirect(url_for("technician.deliveries", said="now"), 303)
