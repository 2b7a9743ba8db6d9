"""Whether the log file can be written. A kiosk whose log cannot be opened serves on and writes to standard error."""

from kiosk.context import Context
from kiosk.health.check_result import CheckResult


def check(context: Context) -> CheckResult:
    """Report a log file that cannot be opened for writing."""
    path = context.config.log_path
    try:
        with path.open("ab"):
            pass
    except FileNotFoundError:
        return CheckResult("Tệp nhật ký", "note", "Chưa có: máy ghi từ lần chạy tới")
    except OSError:
        return CheckResult(
            name="Tệp nhật ký",
            state="warning",
            words=f"Không ghi được {path}",
            do="Xem tệp đó: chủ phải là người dùng chạy kiosk, ổ phải ghi được. Sửa xong thì khởi động lại máy.",
            code="LOGS-01",
        )
    return CheckResult("Tệp nhật ký", "ok", "Ghi được")
