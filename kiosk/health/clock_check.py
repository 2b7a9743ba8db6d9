"""The check of the clock, in words: `kiosk.context.clock_trust` judges it."""

from kiosk.base import clock
from kiosk.context import Context, clock_trust
from kiosk.context.clock_trust import ClockDoubt
from kiosk.health.check_result import CheckResult, CheckState

CLOCK = "Đồng hồ"
WRONG = "Đồng hồ chạy sai. Chỉnh lại ngày giờ của máy. Chưa chỉnh xong thì máy chưa xóa gì theo hạn."
WRONG_DAY = (
    "Tạm dùng mẫu giấy: ngày in trên phiếu sẽ sai.",
    "Chỉnh lại ngày giờ của máy, rồi khởi động lại máy.",
    "Tắt máy bật lại mà ngày lại sai thì pin của đồng hồ trên bo mạch đã hết: gọi thợ thay pin.",
)
EMPTY_DAY = (
    "Xem ngày ở góc trên trang này với điện thoại; sai thì chỉnh lại ngày giờ của máy.",
    "Ngày đúng: cài bản mới, vì mọi thủ tục của bản này đã hết hạn dùng.",
)
RIGHT = "Xem với điện thoại. Sai thì chỉnh lại ngày giờ của máy; đúng thì bấm “Ngày giờ đúng”."


def time(context: Context) -> CheckResult:
    """Report whether the clock is trusted; without a portal a technician has to confirm a leap."""
    now = clock.local(context.clock.now())
    words = f"{now:%H:%M, %d/%m/%Y}"
    doubt = clock_trust.doubt(context)
    if doubt is None:
        return CheckResult(CLOCK, "ok", words)
    if doubt.other is None:
        return _wrong_day(words, doubt)
    other = clock.local(doubt.other)
    if doubt.reason == "far_from_portal":
        state: CheckState = "warning" if other.date() == now.date() else "fault"
        return CheckResult(
            name=CLOCK,
            state=state,
            words=f"{words}; ở cổng là {other:%H:%M, %d/%m/%Y}",
            do=WRONG,
            code="TIME-03",
            stops="some" if state == "fault" else "",
        )
    words = f"{words}; lần trước máy chạy là {other:%d/%m/%Y}"
    if not context.config.portal.capabilities.takes_forms:
        return CheckResult(name=CLOCK, state="warning", words=words, do=RIGHT, code="TIME-04")
    return CheckResult(CLOCK, "note", f"{words}, sẽ đối chiếu với cổng", code="TIME-04")


def _wrong_day(words: str, doubt: ClockDoubt) -> CheckResult:
    """Return the fault of a day that cannot be today, or on which no procedure is in force."""
    steps: tuple[str, ...] = WRONG_DAY
    why = f"trước ngày của bản cài đặt ({clock_trust.RELEASED:%d/%m/%Y})"
    if doubt.reason == "nothing_in_force":
        steps = EMPTY_DAY
        why = "ngày này không thủ tục nào có hiệu lực, người dân không khai được"
    return CheckResult(
        name=CLOCK,
        state="fault",
        words=f"{words}: {why}",
        do=" ".join(steps),
        code="TIME-01",
        steps=steps,
        stops="all",
    )
