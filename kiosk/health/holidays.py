"""The check of the holiday table."""

from datetime import timedelta

from kiosk.context import Context, clock_trust
from kiosk.health.check_result import CheckResult

AHEAD = timedelta(days=60)
"""The farthest that a due date can be ahead."""


def check(context: Context) -> CheckResult:
    """Check that the holiday table covers all due dates, and that the year is announced officially."""
    ahead = context.clock.today() + AHEAD
    if ahead.year not in context.calendar.known:
        if context.clock.today() < clock_trust.RELEASED:
            return CheckResult("Lịch nghỉ", "note", "Chưa biết: đồng hồ của máy sai ngày")
        do = (
            f"Ghi ngày nghỉ năm {ahead.year} ở trang Dãy số, quầy, giờ mở của phụ trách, hoặc cài bản mới. Soát ngày "
            "hẹn bằng tay."
        )
        return CheckResult(
            name="Lịch nghỉ", state="warning", words=f"Chưa có ngày nghỉ năm {ahead.year}", do=do, code="TIME-02"
        )
    if not context.calendar.is_certain(ahead):
        return CheckResult("Lịch nghỉ", "note", f"Năm {ahead.year} tính theo luật, chờ thông báo chính thức")
    return CheckResult("Lịch nghỉ", "ok", f"Đủ đến {ahead:%d/%m/%Y}")
