"""The check of series, counters and opening hours: which of kiosk.toml and the lead's page is in force."""

from kiosk.base import clock
from kiosk.config.service_plan import UnreadablePlan, effective_parts, from_json
from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.records import service_plans
from kiosk.records.service_plans import SavedPlan

_NAME = "Dãy số, quầy, giờ mở"
_PARTS = {"series": "[[series]]", "counters": "[[counter]]", "hours": "[hours]"}


def check(context: Context) -> CheckResult:
    """Say which is in force, and which sections of kiosk.toml have no effect."""
    with context.store.read() as db:
        saved = service_plans.newest(db)
    if saved is None or not saved.parts:
        return CheckResult(_NAME, "ok", "Theo kiosk.toml")
    try:
        from_json(saved.plan)
    except UnreadablePlan:
        return CheckResult(
            _NAME,
            "warning",
            f"Bản máy này không đọc được lần lưu ở trang của phụ trách ({_saved(saved)}): đang dùng theo kiosk.toml",
            do="Mời phụ trách mở trang Dãy số, quầy, giờ mở, xem lại rồi lưu",
            code="PLAN-01",
        )
    parts = effective_parts(context.file_plan, saved.plan, saved.parts)
    sections = ", ".join(_PARTS[part] for part in parts)
    words = f"Theo trang của phụ trách, {_saved(saved)}: {sections} của kiosk.toml không dùng"
    if set(parts) > set(saved.parts):
        words = f"{words}; kiosk.toml đã đổi và không khớp với trang, nên máy dùng cả ba phần của trang"
    return CheckResult(_NAME, "note", words)


def _saved(saved: SavedPlan) -> str:
    return f"bản {saved.revision}, {saved.actor}, {clock.local(saved.at):%H:%M %d/%m/%Y}"
