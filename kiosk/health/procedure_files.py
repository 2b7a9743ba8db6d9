"""The check of the ward's own procedure files and its override file: what is wrong, and what is left out meanwhile."""

from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.procedures.life_events import FILE_NAME as EVENTS

_NAME = "Tệp thủ tục"
_SHOWN = 3


def procedure_files(context: Context) -> CheckResult:
    """Report the files that have errors; the others are served."""
    catalogue = context.catalogue
    if not catalogue.errors:
        return CheckResult(_NAME, "ok", f"{len(catalogue.all(context.clock.today()))} thủ tục đang dùng")
    left_out = ", ".join(sorted(catalogue.withheld))
    words = f"{len(catalogue.errors)} chỗ phải sửa"
    kept = [name for name, is_kept in sorted(catalogue.bad_files.items()) if is_kept]
    if kept:
        words = f"{words}; máy dùng bản đúng gần nhất của {', '.join(kept)}"
    if left_out:
        words = f"{words}; máy tạm không nhận thủ tục {left_out}, để người dân không thấy lệ phí hay thời hạn sai"
    steps = (
        *catalogue.errors[:_SHOWN],
        "Sửa xong thì chạy kiosk procedure check: lệnh đó liệt kê mọi chỗ sai còn lại.",
        "Khởi động lại máy. Trong lúc chờ, thủ tục bị bỏ ra thì làm ở quầy.",
    )
    lost = [name for name, is_kept in catalogue.bad_files.items() if not is_kept and name != EVENTS]
    return CheckResult(
        name=_NAME,
        state="fault",
        words=words,
        do=" ".join(steps),
        code="FORM-01",
        steps=steps,
        stops="some" if catalogue.withheld or lost else "",
    )
