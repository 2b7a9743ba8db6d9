"""The check of the backups: age, disk, and the receipt numbers that are missing after a restore."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.backup import create, restore
from kiosk.base import clock
from kiosk.base.errors import BackupMissing
from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.records import marks

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
    "K-59": "Máy khác đã tiếp quản tên của máy này: xem mục Bản từng phút.",
}


def check(context: Context) -> CheckResult:
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


def _mend(fault: str) -> str:
    return COPY_DO.get(fault, "Báo phòng công nghệ.")


def _at(moment: datetime) -> str:
    return f"{clock.local(moment):%H:%M, %d/%m}"
