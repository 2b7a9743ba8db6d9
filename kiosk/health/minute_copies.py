"""The check of the copies of each minute: their age, their disk, and what prevents them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from kiosk.backup import create
from kiosk.backup.minute_copies import FAULT
from kiosk.base import clock
from kiosk.base.errors import ForeignCopies, MachineReplaced
from kiosk.context import Context
from kiosk.health.check_result import CheckResult
from kiosk.records import marks

NAME = "Bản từng phút"
LATE = timedelta(minutes=5)
_STEPS = {
    "K-04": (
        "Cắm lại ổ thứ hai, hoặc xem máy giữ bản sao có bật, có mạng không.",
        "Cắm xong máy tự chép những gì thiếu.",
    ),
    "K-05": ("Dọn bớt tệp khác trên ổ đó, hoặc thay ổ lớn hơn. Đừng xóa tệp của máy.",),
    "K-11": ("Ổ của máy sắp đầy: xem mục Ổ đĩa.",),
    "K-12": ("Kho có chỗ hỏng. Đừng xóa gì; khởi động lại máy để máy lấy bản sao gần nhất.",),
    MachineReplaced.code: (
        "Máy kia đang phục vụ thì tắt hẳn máy này: hai máy cùng chạy thì cấp trùng số.",
        "Máy này mới là máy đúng: gọi phòng công nghệ, đọc mã COPY-10.",
    ),
    ForeignCopies.code: (
        "Chuyển các tệp của kho kia (tên có mã kho khác) sang thư mục khác, đừng xóa.",
        "Hai máy trùng mã: đổi [kiosk] id của một máy.",
    ),
}
_CODES = {MachineReplaced.code: "COPY-10", ForeignCopies.code: "COPY-11"}
_WORDS = {
    MachineReplaced.code: "Máy khác đã tiếp quản kho và tên của máy này",
    ForeignCopies.code: "Thư mục có bản của một kho khác cùng tên máy",
}


def check(context: Context) -> CheckResult:
    """Report the age of the newest copy of each minute, and what prevents the next one."""
    folder = context.config.second_folder
    if folder is None:
        return CheckResult(NAME, "note", "Chưa dùng: hỏng ổ thì mất những gì khai sau bản sao gần nhất")
    with context.store.read() as db:
        last: dict[str, Any] = json.loads(marks.get(db, create.MINUTE) or "{}")
        fault: dict[str, Any] = json.loads(marks.get(db, FAULT) or "{}")
    if fault:
        return _faulty(fault)
    return _age(context, folder, last)


def _faulty(fault: dict[str, Any]) -> CheckResult:
    code = str(fault["code"])
    since = clock.local(clock.parse_timestamp(fault["since"]))
    words = f"{_WORDS.get(code, f'Chưa chép được ({code})')}, từ {since:%H:%M, %d/%m}"
    steps = _STEPS.get(code, ("Báo phòng công nghệ.",))
    return CheckResult(
        name=NAME, state="warning", words=words, do=" ".join(steps), code=_CODES.get(code, "COPY-08"), steps=steps
    )


def _age(context: Context, folder: Path, last: dict[str, Any]) -> CheckResult:
    if not last:
        return CheckResult(NAME, "note", "Chưa có bản nào, máy sẽ tự chép")
    at = clock.parse_timestamp(last["at"])
    words = f"Bản mới nhất lúc {clock.local(at):%H:%M:%S, %d/%m}"
    if abs(context.clock.now() - at) > LATE:
        do = "Khởi động lại máy. Vẫn vậy thì xem lại ổ thứ hai."
        return CheckResult(name=NAME, state="warning", words=words, do=do, code="COPY-08")
    if folder.exists() and folder.stat().st_dev == context.config.folder.stat().st_dev:
        do = "Ghi vào [backup] second một thư mục trên ổ khác, hoặc trên máy khác của phường."
        return CheckResult(name=NAME, state="warning", words="Không nằm trên ổ riêng", do=do, code="COPY-09")
    return CheckResult(NAME, "ok", words)
