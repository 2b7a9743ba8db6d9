"""Page of the journal: changes of the connection, and what technicians did; newest first."""

import sync.attempts
from kiosk.base import clock
from kiosk.pages.access import allow, context
from kiosk.pages.delivery_log import entry, merge_repeats
from kiosk.pages.technician.blueprint import render, technician
from kiosk.records import audit, staff
from kiosk.vietnam.calendar import short_time

SHOWN = 60
LINK_ENTRIES = 300
DONE = {
    "send_now": "Gửi ngay",
    "stop_sending": "Tạm dừng gửi",
    "go_on": "Gửi tiếp",
    "retry": "Thử lại một tờ",
    "ask_audit": "Hỏi lại thành phố",
    "renew_key": "Xin đổi khóa của máy",
    "key_renewed": "Cổng đã nhận khóa mới",
    "confirm_time": "Xác nhận ngày giờ",
    "recovery_paper": "Lập giấy khôi phục",
    "standby_key": "Cho máy dự phòng mở bản sao",
    "recovery_tried": "Diễn tập khôi phục bằng giấy",
    "copy_asked": "Sao lưu ngay",
    "backup_disk": "Gắn ổ sao lưu",
    "drill": "Diễn tập khôi phục",
    "certificate": "Gia hạn chứng thư",
    "print_readiness": "In phiếu sẵn sàng",
    "settings": "Đổi cài đặt",
    "connect_later": "Để việc nối mạng lại sau",
    "scanner_tried": "Thử đầu quét",
    "first_run": "Mở máy mới cho người dân",
    "update_asked": "Cập nhật phần mềm",
    "restart_asked": "Khởi động lại",
    "carried_out": "Chép ra USB",
    "held_queued": "Xếp hàng gửi tờ khai nộp từ khi chưa có cổng",
    "carried_back": "Đọc biên nhận từ USB",
    "paper_seen": "Trả lời về một phiếu in",
    "paper_dropped": "Bỏ một phiếu chưa in",
    "paper_moved": "Đổi một phiếu sang máy in khác",
    "print_test": "In thử",
    "change_asked": "Xin người phụ trách cho đổi",
    "change_agreed": "Người phụ trách đồng ý đổi",
    "change_refused": "Người phụ trách không đồng ý",
    "change_found": "Thấy cài đặt bị đổi thẳng trong tệp",
    "printer_added": "Thêm máy in",
    "printer_changed": "Đổi cài đặt máy in",
    "printer_calibrated": "Căn chỉnh máy in",
    "printer_removed": "Bỏ máy in",
    "reprint": "In thêm bản",
    "screen_code": "Tạo mã màn hình",
    "screen_refused": "Chặn màn hình ở địa chỉ khác",
    "screen_revoke": "Thôi dùng một màn hình",
    "screen_size": "Ghi cỡ của một màn hình",
}

ACTORS = {"technician": "Kỹ thuật", "worker": "Máy tự làm"}


@technician.get("/journal")
@allow("technician")
def journal() -> str:
    """Show both lists."""
    with context().store.read() as db:
        changes = sync.attempts.of_link(db, LINK_ENTRIES)
        names = staff.names(db)
        acts = audit.latest(db, list(DONE), SHOWN)
    line = merge_repeats([entry(context(), change) for change in changes])
    today = context().clock.today()
    done = [
        (
            short_time(clock.timestamp(act.at), today),
            DONE[act.line.act],
            ACTORS.get(act.line.actor) or names.get(act.line.actor, act.line.actor),
        )
        for act in acts
    ]
    return render("technician/journal.html", line=line[::-1][:SHOWN], done=done)
