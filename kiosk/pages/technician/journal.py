"""What happened: the turns of the line, and what technicians did, the latest first."""

import sync.attempts
from kiosk import clock
from kiosk.pages.access import context, for_
from kiosk.pages.delivery_log import folded, turn
from kiosk.pages.technician.blueprint import render, technician
from kiosk.records import audit, staff
from kiosk.vietnam.calendar import short_time

SHOWN = 60
TURNS = 300
DONE = {
    "send_now": "Gửi ngay",
    "stop_sending": "Tạm dừng gửi",
    "go_on": "Gửi tiếp",
    "retry": "Thử lại một tờ",
    "ask_audit": "Hỏi lại thành phố",
    "renew_key": "Xin đổi khóa của máy",
    "key_renewed": "Cổng đã nhận khóa mới",
    "confirm_time": "Xác nhận ngày giờ",
    "carried_out": "Chép ra USB",
    "carried_back": "Đọc biên nhận từ USB",
    "paper_seen": "Trả lời về một phiếu in",
    "reprint": "In thêm bản",
    "screen_code": "Tạo mã màn hình",
    "screen_revoke": "Thôi dùng một màn hình",
}

WHO = {"technician": "Kỹ thuật", "worker": "Máy tự làm"}


@technician.get("/journal")
@for_("technician")
def journal() -> str:
    """Show both lists."""
    here = context()
    with here.store.read() as db:
        line = folded([turn(here, one) for one in sync.attempts.of_line(db, TURNS)])
        names = staff.names(db)
        acts = audit.latest(db, list(DONE), SHOWN)
    done = [
        (
            short_time(clock.stamp(one.at), here.clock.today()),
            DONE[one.line.act],
            WHO.get(one.line.actor) or names.get(one.line.actor, one.line.actor),
        )
        for one in acts
    ]
    return render("technician/journal.html", line=line[::-1][:SHOWN], done=done)
