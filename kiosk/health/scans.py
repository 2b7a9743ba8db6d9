"""The check of scans on their way to the portal; a technician sees codes, never content."""

import sync.file_outbox
from kiosk.context import Context
from kiosk.health.check_result import CheckResult

SCANS = "Bản chụp"
DAMAGED = (
    "Nhờ cán bộ ở quầy mở hồ sơ, bỏ bản chụp có dấu hỏng rồi chụp lại giấy.",
    "Nhiều bản cùng hỏng: xem mục Ổ đĩa, lập một bản sao ngay, thay ổ sớm.",
)
REFUSED = (
    "Gọi phòng công nghệ của thành phố, đọc mã này.",
    "Cổng sửa xong thì bấm “Gửi ngay”.",
)


def check(context: Context) -> CheckResult:
    """Report how many scans wait and their size, which are damaged, and which the portal refused."""
    portal = context.config.portal.capabilities
    if not (portal.takes_forms and portal.takes_files):
        return CheckResult(SCANS, "note", "Giữ tại máy, không gửi đi đâu")
    with context.store.read() as db:
        backlog = sync.file_outbox.backlog(db)
        refused = sync.file_outbox.list_statuses(db, ["refused"])
    if refused:
        is_damaged = all(scan.last_class == "record" for scan in refused)
        steps, code = (DAMAGED, "SCAN-01") if is_damaged else (REFUSED, "SCAN-02")
        why = ", ".join(sorted({str(scan.last_code) for scan in refused}))
        words = f"{backlog.refused} bản chụp không gửi được ({why})"
        return CheckResult(name=SCANS, state="warning", words=words, do=" ".join(steps), code=code, steps=steps)
    if not backlog.count:
        return CheckResult(SCANS, "ok", "Đã gửi hết")
    hours = ", ".join(context.config.portal.file_hours)
    words = f"{backlog.count} bản chụp chờ gửi, còn {max(1, (backlog.size - backlog.sent) // 1024)} kB"
    return CheckResult(SCANS, "ok", f"{words}; chỉ gửi {hours}" if hours else words)
