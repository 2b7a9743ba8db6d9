"""Checks of the machine, each ok, note, warning or fault, with what to do about it in a ward technician's words."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from kiosk import clock, tls
from kiosk.backup import create, restore
from kiosk.context import Context
from kiosk.health.check_result import CheckResult, State
from kiosk.health.clock_check import time
from kiosk.health.connection import PAUSES, line, queue
from kiosk.health.scans import scans
from kiosk.records import marks
from printers import spool
from printers.errors import ADVICE

PRINTER = "printer:"
"""Marks under which the worker leaves what each printer said."""
WARN_BYTES, FAULT_BYTES = 1_000_000_000, 200_000_000
SPOKEN_OF = timedelta(days=7)
"""So long numbers that a restore left missing are spoken of."""
AHEAD = timedelta(days=60)
"""So far ahead, in days, a deadline may lie."""


def disk(context: Context) -> CheckResult:
    """Room on the disk of the data folder: warn below 1 GB, fault below 200 MB (no new forms)."""
    free = shutil.disk_usage(context.config.folder).free
    words = f"Còn trống {free // 1_000_000_000} GB"
    if free < FAULT_BYTES:
        return CheckResult(
            "Ổ đĩa", "fault", words, "Xóa bớt tệp trên máy, hoặc thay ổ lớn hơn. Tạm dùng mẫu giấy.", "DISK-02"
        )
    if free < WARN_BYTES:
        return CheckResult("Ổ đĩa", "warning", words, "Xóa bớt tệp trên máy trong hôm nay.", "DISK-01")
    return CheckResult("Ổ đĩa", "ok", words)


def holidays(context: Context) -> CheckResult:
    """The table of holidays must reach as far as deadlines do; a year is only likely until it is announced."""
    ahead = context.clock.today() + AHEAD
    if ahead.year not in context.calendar.known:
        do = f"Ghi ngày nghỉ năm {ahead.year} vào [hours] off của kiosk.toml, hoặc cài bản mới. Soát ngày hẹn bằng tay."
        return CheckResult("Lịch nghỉ", "warning", f"Chưa có ngày nghỉ năm {ahead.year}", do, "TIME-02")
    if not context.calendar.is_certain(ahead):
        return CheckResult("Lịch nghỉ", "note", f"Năm {ahead.year} tính theo luật, chờ thông báo chính thức")
    return CheckResult("Lịch nghỉ", "ok", f"Đủ đến {ahead:%d/%m/%Y}")


def printers(context: Context) -> CheckResult:
    """What each printer said of itself the last time the worker asked."""
    with context.store.read() as db:
        told = {one.name: marks.get(db, PRINTER + one.name) for one in context.config.printers}
    if not told:
        return CheckResult("Máy in", "note", "Chưa có máy in nào trong cài đặt")
    for name, advice in told.items():
        if advice and advice != "ok":
            words, _dot, do = ADVICE.get(advice, advice).partition(". ")
            state: State = "note" if advice == "paper_near_end" else "warning"
            return CheckResult("Máy in", state, f"{name}: {words.lower()}", do, "PRINT-01")
    return CheckResult(
        "Máy in", "ok" if all(told.values()) else "note", "Sẵn sàng" if all(told.values()) else "Chưa hỏi lần nào"
    )


def paper(context: Context) -> CheckResult:
    """Papers that nobody knows about, or that wait for the printer."""
    with context.store.read() as db:
        unknown, waiting = spool.listed(db, ["unknown"], 50), spool.listed(db, ["waiting"], 50)
    if unknown:
        words = f"{len(unknown)} phiếu chưa rõ đã ra chưa"
        return CheckResult("Giấy in", "warning", words, "Xem ở máy in, rồi trả lời ở trang Thiết bị.", "PRINT-02")
    if waiting:
        return CheckResult(
            "Giấy in", "warning", f"{len(waiting)} phiếu chờ máy in", "Xem giấy, nắp và dây của máy in.", "PRINT-03"
        )
    return CheckResult("Giấy in", "ok", "Không phiếu nào chờ")


def certificate(context: Context) -> CheckResult:
    """The certificate of the LAN's door: there, and good for more than the time it takes to notice."""
    if not context.config.lan.host:
        return CheckResult("Chứng thư", "note", "Không mở cửa ra mạng nội bộ")
    found, now = tls.read(context.config.tls_folder), context.clock.now()
    if found is None:
        return CheckResult("Chứng thư", "fault", "Chưa có", "Chạy kiosk tls init rồi khởi động lại máy.", "CERT-01")
    words = f"Dùng đến {clock.local(found.ends):%d/%m/%Y}"
    if found.authority_ends - now < timedelta(days=tls.RENEW_DAYS):
        do = f"Xóa thư mục {context.config.tls_folder}, chạy kiosk tls init, cài lại chứng thư ở từng máy của cán bộ."
        return CheckResult(
            "Chứng thư", "warning", f"Chứng thư của phường hết hạn {found.authority_ends:%d/%m/%Y}", do, "CERT-02"
        )
    if found.ends <= now:
        return CheckResult(
            "Chứng thư", "fault", f"Hết hạn {found.ends:%d/%m/%Y}", "Khởi động lại máy: máy tự gia hạn.", "CERT-03"
        )
    if found.ends - now < timedelta(days=tls.RENEW_DAYS):
        return CheckResult("Chứng thư", "warning", words, "Khởi động lại máy trong tuần: máy tự gia hạn.", "CERT-03")
    return CheckResult("Chứng thư", "ok", words)


def copies(context: Context) -> CheckResult:
    """The copies of the store: when the last one was taken, on which disk; and what a restore left missing."""
    if context.config.backup_folder is None:
        if context.config.kiosk.practice:
            return CheckResult("Bản sao", "note", "Tập khai, không sao lưu")
        do = "Cắm ổ thứ hai, ghi thư mục của nó vào [backup] path của kiosk.toml rồi khởi động lại máy."
        return CheckResult("Bản sao", "warning", "Chưa đặt nơi sao lưu", do, "COPY-01")
    with context.store.read() as db:
        told, fault, restored = marks.get(db, create.LAST), marks.get(db, create.FAULT), restore.last_restore(db)
    if restored and restored[1] and context.clock.now() - restored[0] < SPOKEN_OF:
        words = "; ".join(gap.words for gap in restored[1])
        words, do = f"Kho được khôi phục {_at(restored[0])}, thiếu số phiếu {words}", MISSING_DO
        if fault:
            words, do = f"{words}; nay chưa sao lưu được ({fault})", f"{do} {_mend(fault)}"
        return CheckResult("Bản sao", "warning", words, do, "COPY-02")
    if fault:
        return CheckResult("Bản sao", "warning", f"Chưa sao lưu được ({fault})", _mend(fault), "COPY-03")
    return _newest(
        context, context.config.backup_folder, clock.parse_timestamp(json.loads(told)["at"]) if told else None
    )


def _newest(context: Context, folder: Path, at: datetime | None) -> CheckResult:
    if at is None:
        return CheckResult("Bản sao", "note", "Chưa có bản nào, máy sẽ tự lập")
    if abs(context.clock.now() - at) > timedelta(minutes=context.config.backup.minutes * 3):
        return CheckResult(
            "Bản sao", "warning", f"Bản mới nhất lúc {_at(at)}", "Khởi động lại máy. Vẫn vậy thì xem lại ổ.", "COPY-04"
        )
    if not folder.exists() or folder.stat().st_dev == context.config.folder.stat().st_dev:
        do = "Cắm lại ổ sao lưu, hoặc ghi vào [backup] path một thư mục trên ổ khác."
        return CheckResult("Bản sao", "warning", "Không nằm trên ổ riêng", do, "COPY-05")
    return CheckResult("Bản sao", "ok", f"Bản mới nhất lúc {_at(at)}")


MISSING_DO = "Báo các quầy: ai cầm phiếu có số ấy thì tìm ở cổng của tỉnh, không có thì khai lại. Kho cũ ở data/aside."
COPY_DO = {
    "K-04": "Cắm lại ổ sao lưu, xem thư mục có đó và ghi được không. Cắm xong máy tự sao lưu.",
    "K-05": "Dọn bớt tệp trên ổ sao lưu, hoặc thay ổ lớn hơn.",
    "K-11": "Ổ của máy sắp đầy: xem mục Ổ đĩa.",
    "K-12": "Kho có chỗ hỏng. Đừng xóa gì; khởi động lại máy để máy lấy bản sao gần nhất.",
}


def _mend(fault: str) -> str:
    return COPY_DO.get(fault, "Báo phòng công nghệ.")


def _at(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M, %d/%m}"


__all__ = ["PAUSES", "CheckResult", "line", "look", "queue"]
CHECKS: tuple[Callable[[Context], CheckResult], ...] = (
    *(line, queue, scans, printers, paper, disk, copies, time, holidays, certificate),
)


def look(context: Context) -> list[CheckResult]:
    """Return all findings, in the order of the maintenance page."""
    return [check(context) for check in CHECKS]
