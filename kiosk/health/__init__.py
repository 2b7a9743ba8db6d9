"""Checks of the machine: each is ok, note, warning or fault, with steps in a ward technician's words."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.backup import create, restore
from kiosk.base import clock
from kiosk.base.errors import BackupMissing
from kiosk.context import Context, clock_trust
from kiosk.health import heartbeat
from kiosk.health.backup_media import size_in_words
from kiosk.health.check_result import CheckResult, CheckState
from kiosk.health.clock_check import time
from kiosk.health.connection import LINK, PAUSES, link, queue
from kiosk.health.differing_facts import differing_facts
from kiosk.health.heartbeat import PRINTER, worker
from kiosk.health.key_safety import key
from kiosk.health.lan import lan
from kiosk.health.legal_documents import legal_documents
from kiosk.health.log_file import log_file
from kiosk.health.minute_copies import minute_copies
from kiosk.health.procedure_files import procedure_files
from kiosk.health.scans import scans
from kiosk.health.service_plan import service_plan
from kiosk.health.settings_file import settings_file
from kiosk.health.trail_check import trail
from kiosk.health.updates import updates
from kiosk.records import marks
from kiosk.security import tls
from printers import spool
from printers.errors import ADVICE

CANNOT_TELL = "no_status"
"""Stored status of a printer that reports none."""
WARN_BYTES = 1_000_000_000
FAULT_BYTES = 200_000_000
AHEAD = timedelta(days=60)
"""The farthest that a due date can be ahead."""


def disk(context: Context) -> CheckResult:
    """Check the free space of the data folder: warning below 1 GB, fault below 200 MB (no new forms)."""
    free = shutil.disk_usage(context.config.folder).free
    words = f"Còn trống {size_in_words(free)}"
    if free < FAULT_BYTES:
        return CheckResult(
            name="Ổ đĩa",
            state="fault",
            words=words,
            do="Xóa bớt tệp trên máy, hoặc thay ổ lớn hơn. Tạm dùng mẫu giấy.",
            code="DISK-02",
            stops="all",
        )
    if free < WARN_BYTES:
        return CheckResult(
            name="Ổ đĩa", state="warning", words=words, do="Xóa bớt tệp trên máy trong hôm nay.", code="DISK-01"
        )
    return CheckResult("Ổ đĩa", "ok", words)


def holidays(context: Context) -> CheckResult:
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


def certificate(context: Context) -> CheckResult:
    """Check that the certificate of the LAN listener exists and is not about to expire."""
    if not context.config.lan.host:
        return CheckResult("Chứng thư", "note", "Không mở cửa ra mạng nội bộ")
    found = tls.read_certificates(context.config.tls_folder)
    now = context.clock.now()
    if found is None:
        return CheckResult(
            name="Chứng thư",
            state="fault",
            words="Chưa có",
            do="Mở Bảo trì, Chứng thư, bấm “Lập chứng thư”, đợi một phút: máy tự mở ra mạng nội bộ.",
            code="CERT-01",
        )
    words = f"Dùng đến {clock.local(found.expires_at):%d/%m/%Y}"
    if found.authority_expires_at - now < timedelta(days=tls.RENEW_DAYS):
        do = f"Xóa thư mục {context.config.tls_folder}, chạy kiosk tls init, cài lại chứng thư ở từng máy của cán bộ."
        return CheckResult(
            name="Chứng thư",
            state="warning",
            words=f"Chứng thư của phường hết hạn {found.authority_expires_at:%d/%m/%Y}",
            do=do,
            code="CERT-02",
        )
    if found.expires_at <= now:
        return CheckResult(
            name="Chứng thư",
            state="fault",
            words=f"Hết hạn {found.expires_at:%d/%m/%Y}",
            do="Khởi động lại máy: máy tự gia hạn.",
            code="CERT-03",
        )
    if found.expires_at - now < timedelta(days=tls.RENEW_DAYS):
        return CheckResult(
            name="Chứng thư",
            state="warning",
            words=words,
            do="Khởi động lại máy trong tuần: máy tự gia hạn.",
            code="CERT-03",
        )
    return CheckResult("Chứng thư", "ok", words)


def copies(context: Context) -> CheckResult:
    """Report the age and disk of the newest backup, and the receipt numbers missing after a restore."""
    with context.store.read() as db:
        told = marks.get(db, create.LAST)
        fault = marks.get(db, create.FAULT)
        restored = restore.last_restore(db)
    if restored and restored.gaps and context.clock.now() - restored.at < restore.GAPS_SHOWN_FOR:
        words = "; ".join(gap.words for gap in restored.gaps)
        cause = "được khôi phục" if restored.has_copy else "mất phần ghi cuối (tệp kiosk.db-wal bị xóa), thấy lúc"
        words = f"Kho {cause} {_at(restored.at)}, thiếu số phiếu {words}"
        if restored.newest > restored.copy:
            words = f"{words}; dùng bản sao {restored.copy} vì bản {restored.newest} không còn hoặc không mở được"
        do = MISSING_DO
        if fault:
            words = f"{words}; nay chưa sao lưu được ({fault})"
            do = f"{do} {_mend(fault)}"
        return CheckResult(name="Bản sao", state="warning", words=words, do=do, code="COPY-02")
    if context.config.backup_folder is None:
        if context.config.kiosk.practice:
            return CheckResult("Bản sao", "note", "Tập khai, không sao lưu")
        do = "Cắm ổ thứ hai, rồi mở Bảo trì, Ổ sao lưu."
        return CheckResult(name="Bản sao", state="warning", words="Chưa đặt nơi sao lưu", do=do, code="COPY-01")
    if fault:
        return CheckResult(
            name="Bản sao", state="warning", words=f"Chưa sao lưu được ({fault})", do=_mend(fault), code="COPY-03"
        )
    return _last_copy(context, context.config.backup_folder, json.loads(told) if told else {})


def _last_copy(context: Context, folder: Path, last: dict[str, Any]) -> CheckResult:
    """Return the result of the last copy, which succeeded: its age, its medium and its neighbours."""
    newest = _newest(context, folder, clock.parse_timestamp(last["at"]) if last else None)
    if newest.code == "COPY-04":
        return newest
    if last.get("others"):
        words = f"Ổ sao lưu có {last['others']} bản sao của một kho khác cùng tên máy {context.config.kiosk.id}"
        return CheckResult(name="Bản sao", state="warning", words=words, do=OTHERS_DO, code="COPY-06")
    if last.get("dropped"):
        words = "Ổ sao lưu chật: bản sao cũ phải bỏ sớm để có chỗ cho bản mới"
        do = "Thay ổ lớn hơn, hoặc bớt số bản giữ ([backup] copies, days, weeks trong kiosk.toml)."
        return CheckResult(name="Bản sao", state="warning", words=words, do=do, code="COPY-07")
    return newest


def _newest(context: Context, folder: Path, at: datetime | None) -> CheckResult:
    if at is None and not folder.exists():
        words = "Chưa có bản nào, không thấy thư mục sao lưu"
        return CheckResult(name="Bản sao", state="warning", words=words, do=_mend(BackupMissing.code), code="COPY-03")
    if at is None:
        return CheckResult("Bản sao", "note", "Chưa có bản nào, máy sẽ tự lập")
    if abs(context.clock.now() - at) > timedelta(minutes=context.config.backup.minutes * 3):
        return CheckResult(
            name="Bản sao",
            state="warning",
            words=f"Bản mới nhất lúc {_at(at)}",
            do="Khởi động lại máy. Vẫn vậy thì xem lại ổ.",
            code="COPY-04",
        )
    if not folder.exists() or folder.stat().st_dev == context.config.folder.stat().st_dev:
        do = "Cắm lại ổ sao lưu, hoặc chọn ổ khác ở Bảo trì, Ổ sao lưu."
        return CheckResult(name="Bản sao", state="warning", words="Không nằm trên ổ riêng", do=do, code="COPY-05")
    return CheckResult("Bản sao", "ok", f"Bản mới nhất lúc {_at(at)}")


MISSING_DO = "Báo các quầy: ai cầm phiếu có số đó thì tìm ở cổng của tỉnh, không có thì khai lại. Kho cũ ở data/aside."
OTHERS_DO = (
    "Máy không xóa các bản đó. Hai máy trùng mã: đổi [kiosk] id của một máy. Máy vừa lập kho mới: báo phòng công nghệ "
    "xem kho cũ có cần khôi phục không. Không cần nữa thì chuyển các bản đó sang thư mục khác."
)
COPY_DO = {
    "K-04": "Cắm lại ổ sao lưu, xem thư mục có đó và ghi được không. Cắm xong máy tự sao lưu.",
    "K-05": "Dọn bớt tệp trên ổ sao lưu, hoặc thay ổ lớn hơn.",
    "K-11": "Ổ của máy sắp đầy: xem mục Ổ đĩa.",
    "K-12": "Kho có chỗ hỏng. Đừng xóa gì; khởi động lại máy để máy lấy bản sao gần nhất.",
    "K-45": "Máy khác đã tiếp quản tên của máy này: xem mục Bản từng phút.",
}


def _mend(fault: str) -> str:
    return COPY_DO.get(fault, "Báo phòng công nghệ.")


def _at(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M, %d/%m}"


__all__ = ["PAUSES", "PRINTER", "CheckResult", "link", "look", "queue", "worker"]
CHECKS: tuple[Callable[[Context], CheckResult], ...] = (
    *(
        worker,
        link,
        queue,
        scans,
        printers,
        paper,
        disk,
        copies,
        minute_copies,
        key,
        trail,
        log_file,
        time,
        procedure_files,
        legal_documents,
        differing_facts,
        settings_file,
        service_plan,
        holidays,
        certificate,
        lan,
        updates,
    ),
)


def look(context: Context) -> list[CheckResult]:
    """Return the results of all checks, in the order of the maintenance page."""
    results = [check(context) for check in CHECKS]
    if any(result.code == heartbeat.NOT_RUNNING for result in results):
        return [_without_worker(result) for result in results]
    return results


def _without_worker(result: CheckResult) -> CheckResult:
    """Take back what only a running worker makes true: that the connection is up, and that it is tried again."""
    if result.name == LINK and result.state == "ok":
        return CheckResult(LINK, "note", "Không biết: phần gửi không chạy")
    return replace(result, ends="")
