"""Checks of the printers and of the papers that wait for them."""

from kiosk.context import Context
from kiosk.health import heartbeat
from kiosk.health.check_result import CheckResult, CheckState
from kiosk.health.heartbeat import PRINTER
from kiosk.records import marks
from printers import spool
from printers.errors import ADVICE

CANNOT_TELL = "no_status"
"""Stored status of a printer that reports none."""


def printers(context: Context) -> CheckResult:
    """Report the last status of each printer that the worker asked for."""
    now = context.clock.monotonic()
    with context.store.read() as db:
        names = [one.name for one in context.config.printers] + [one.name for one in context.config.office_printers]
        told = {name: marks.get(db, PRINTER + name) for name in names}
        unasked = [name for name in told if not heartbeat.is_alive(db, PRINTER + name, now)]
    if not told:
        return CheckResult("Máy in", "note", "Chưa có máy in nào trong cài đặt")
    if unasked:
        return CheckResult("Máy in", "note", f"Không biết: {', '.join(unasked)} không được hỏi nữa")
    for name, advice in told.items():
        if advice and advice not in ("ok", CANNOT_TELL):
            words, _dot, do = ADVICE.get(advice, advice).partition(". ")
            is_early = not context.calendar.is_open(context.clock.now())
            state: CheckState = "note" if advice == "paper_near_end" and not is_early else "warning"
            if advice == "paper_near_end" and is_early:
                do = "Thay cuộn mới trước khi mở quầy."
            return CheckResult(
                name="Máy in",
                state=state,
                words=f"{name}: {words.lower()}",
                do=do,
                code="PRINT-01",
                stops="" if advice == "paper_near_end" else "some",
            )
    if not all(told.values()):
        return CheckResult("Máy in", "note", "Chưa hỏi lần nào")
    mute = [name for name, advice in told.items() if advice == CANNOT_TELL]
    if mute:
        return CheckResult("Máy in", "note", f"{', '.join(mute)} không biết báo hết giấy: nhìn giấy ở máy in")
    return CheckResult("Máy in", "ok", "Sẵn sàng")


def paper(context: Context) -> CheckResult:
    """Report print jobs with an unknown outcome, and jobs that wait for a printer."""
    with context.store.read() as db:
        unknown = spool.count_jobs(db, ["unknown"])
        waiting = spool.count_jobs(db, ["waiting"])
    if unknown:
        words = f"{unknown} phiếu chưa rõ đã ra chưa"
        return CheckResult(
            name="Giấy in",
            state="warning",
            words=words,
            do="Xem ở máy in, rồi trả lời ở trang Thiết bị.",
            code="PRINT-02",
        )
    if waiting:
        return CheckResult(
            name="Giấy in",
            state="warning",
            words=f"{waiting} phiếu chờ máy in",
            do="Xem giấy, nắp và dây của máy in. Phiếu không cần nữa thì bỏ ở trang Thiết bị.",
            code="PRINT-03",
            stops="some",
        )
    return CheckResult("Giấy in", "ok", "Không phiếu nào chờ")
