"""The check of the facts that the ward found to differ from the official texts: a task for technician and province."""

from kiosk import comparison
from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.records import comparisons

_NAME = "Đối chiếu"
_SHOWN = 5


def check(context: Context) -> CheckResult:
    """Report the facts that differ, with what the lead wrote; and how many procedures were compared."""
    with context.store.read() as db:
        if not comparisons.has_difference(db):
            return CheckResult(_NAME, "ok", "Không ý nào phường thấy khác văn bản")
        states = comparison.load_all(context, db)
    found = [(state.procedure.short.vi, item) for state in states for item in state.differing]
    if not found:
        return CheckResult(_NAME, "ok", "Không ý nào phường thấy khác văn bản")
    steps = [
        f"{name}, {item.fact.label}: máy ghi “{item.fact.value}”, phường ghi “{item.standing.note}”."
        for name, item in found[:_SHOWN]
        if item.standing
    ]
    if len(found) > _SHOWN:
        steps.append(f"Còn {len(found) - _SHOWN} ý nữa: xem ở trang Đối chiếu của người phụ trách.")
    steps.append("Mức phí, thời hạn của phường: sửa trong tệp sửa đổi. Sửa xong, người phụ trách đối chiếu lại ý đó.")
    steps.append("Mẫu, giấy tờ, điều kiện: nhờ người phụ trách bấm “Xuất cho phường khác”, gửi tệp đó cho tỉnh.")
    words = f"Phường thấy {len(found)} ý khác văn bản"
    return CheckResult(name=_NAME, state="warning", words=words, do=" ".join(steps), code="DIFF-01", steps=tuple(steps))
