"""The check of kiosk.toml, which the kiosk reads again while it runs: a file that was broken by hand is an alarm."""

from kiosk.base.errors import BadSettings
from kiosk.context import Context
from kiosk.health.check_result import CheckResult

NAME = "Tệp cài đặt"
CODE = "CONF-01"
_SHOWN = 3
STEPS = (
    "Mở Bảo trì, Cài đặt, bấm “Lấy lại cài đặt trước”; hoặc sửa đúng dòng đó trong tệp rồi lưu: máy dùng ngay.",
    "Chưa sửa xong thì máy chạy theo cài đặt đúng gần nhất, kể cả sau khi tắt bật.",
)


def check(context: Context) -> CheckResult:
    """Say whether the settings in use are those of kiosk.toml, and which line is wrong."""
    error = context.settings_error
    if error is None:
        return CheckResult(NAME, "ok", "Đọc được")
    return broken_settings(error, "Bị sửa hỏng, máy vẫn chạy theo cài đặt trước")


def broken_settings(error: BadSettings, words: str) -> CheckResult:
    """Return the alarm of a broken file, with the first of its wrong lines."""
    faults = error.faults or (error.vi,)
    lines = tuple(f"{fault[:1].upper()}{fault[1:]}." for fault in faults[:_SHOWN])
    more = (f"Còn {len(faults) - _SHOWN} chỗ nữa.",) if len(faults) > _SHOWN else ()
    return CheckResult(name=NAME, state="fault", words=words, code=CODE, steps=(*lines, *more, *STEPS))
