"""Scans of papers on their way to the portal, and those that cannot go: by code, for a technician sees no more."""

import sync.file_outbox
from kiosk.context import Context
from kiosk.health.check_result import CheckResult

SCANS = "Bản chụp"
BROKEN = (
    "Nhờ cán bộ ở quầy mở hồ sơ, bỏ bản chụp có dấu hỏng rồi chụp lại giấy.",
    "Nhiều bản cùng hỏng: xem mục Ổ đĩa, lập một bản sao ngay, thay ổ sớm.",
)
NOT_TAKEN = (
    "Gọi phòng công nghệ của thành phố, đọc mã này.",
    "Cổng sửa xong thì bấm “Gửi ngay”.",
)


def scans(context: Context) -> CheckResult:
    """Say how many scans wait and how large they are; which are broken here, and which the portal does not take."""
    if not context.config.portal.capabilities.takes_files:
        return CheckResult(SCANS, "note", "Giữ tại máy, không gửi đi đâu")
    with context.store.read() as db:
        waits, refused = sync.file_outbox.backlog(db), sync.file_outbox.list_statuses(db, ["refused"])
    if refused:
        is_broken = all(one.last_class == "record" for one in refused)
        steps, code = (BROKEN, "SCAN-01") if is_broken else (NOT_TAKEN, "SCAN-02")
        why = ", ".join(sorted({str(one.last_code) for one in refused}))
        words = f"{waits.refused} bản chụp không gửi được ({why})"
        return CheckResult(SCANS, "warning", words, " ".join(steps), code, steps)
    if not waits.count:
        return CheckResult(SCANS, "ok", "Đã gửi hết")
    hours = ", ".join(context.config.portal.file_hours)
    words = f"{waits.count} bản chụp chờ gửi, còn {max(1, (waits.size - waits.sent) // 1024)} kB"
    return CheckResult(SCANS, "ok", f"{words}; chỉ gửi {hours}" if hours else words)
