"""The check of the clock, in words: `kiosk.clock_trust` judges it."""

from kiosk import clock, clock_trust
from kiosk.context import Context
from kiosk.health.check_result import CheckResult, CheckState

CLOCK = "Đồng hồ"
WRONG = "Đồng hồ chạy sai. Chỉnh lại ngày giờ của máy. Chưa chỉnh xong thì máy chưa xóa gì theo hạn."
RIGHT = "Xem với điện thoại. Sai thì chỉnh lại ngày giờ của máy; đúng thì bấm “Ngày giờ đúng”."


def time(context: Context) -> CheckResult:
    """Report whether the clock is trusted; without a portal a technician has to confirm a leap."""
    now = clock.local(context.clock.now())
    words = f"{now:%H:%M, %d/%m/%Y}"
    doubt = clock_trust.doubt(context)
    if doubt is None:
        return CheckResult(CLOCK, "ok", words)
    if doubt.other is None:
        return CheckResult(name=CLOCK, state="fault", words=words, do=WRONG, code="TIME-01")
    other = clock.local(doubt.other)
    if doubt.reason == "far_from_portal":
        state: CheckState = "warning" if other.date() == now.date() else "fault"
        return CheckResult(
            name=CLOCK, state=state, words=f"{words}; ở cổng là {other:%H:%M, %d/%m/%Y}", do=WRONG, code="TIME-03"
        )
    words = f"{words}; lần trước máy chạy là {other:%d/%m/%Y}"
    if not context.config.portal.capabilities.takes_forms:
        return CheckResult(name=CLOCK, state="warning", words=words, do=RIGHT, code="TIME-04")
    return CheckResult(CLOCK, "note", f"{words}, sẽ đối chiếu với cổng", code="TIME-04")
