"""Page of the machine's log: its newest events in words, filtered by level and part, without personal data.

The log has codes and numbers only (kiosk/base/log.py), so the page may show each of its facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from kiosk.base import clock
from kiosk.base.log_reader import LoggedEvent, newest_entries
from kiosk.pages.access import allow, context
from kiosk.pages.technician.blueprint import render, technician

SHOWN = 200
LEVELS: Mapping[str, str] = {"all": "Mọi việc", "trouble": "Chỉ trục trặc", "error": "Chỉ lỗi"}
TROUBLE = frozenset({"warning", "error", "critical"})
PARTS: Mapping[str, str] = {
    "sync": "Gửi lên cổng",
    "kiosk.backup": "Sao lưu",
    "kiosk.lan_server": "Mạng nội bộ",
    "kiosk.worker": "Phần chạy nền",
    "kiosk.context.scanner": "Đầu quét",
    "kiosk.paper_scanner.stack": "Máy quét giấy",
    "kiosk.uploads": "Tệp tải lên",
    "kiosk": "Kho và các trang",
}
"""Beginning of a logger's name -> the part of the machine; the first that fits counts."""
FORMER_SOURCES: Mapping[str, str] = {"kiosk.scanner": "kiosk.context.scanner"}
"""Name of a logger in lines of a former release -> its present name."""
EVENTS: Mapping[str, str] = {
    "started": "Phần mềm đã chạy",
    "content not read": "Chưa đọc được kho thủ tục đã tải",
    "content in use": "Đang dùng kho thủ tục mới",
    "kiosk report refused": "Cổng không nhận báo cáo của máy",
    "queue not posted": "Chưa gửi được số đang chờ cho trang xem hồ sơ",
    "settings not read again": "Chưa đọc lại được kiosk.toml",
    "probe failed": "Tự thử bản mới không xong",
    "release confirmed": "Bản mới chạy tốt",
    "release replaced": "Thay bản phần mềm",
    "release switched": "Chuyển sang bản mới",
    "release switched back": "Quay lại bản trước",
    "self-check failed": "Tự kiểm tra không đạt",
    "store put back": "Đã lấy lại kho trước khi nâng cấp",
    "store not put back": "Chưa lấy lại được kho cũ",
    "update": "Cập nhật phần mềm",
    "disk reserve deleted": "Ổ đĩa đầy, máy nhả tệp để dành",
    "nothing wiped": "Chưa dọn gì vì ngày giờ chưa chắc",
    "audit trail changed": "Nhật ký bị sửa",
    "portal trail changed": "Sổ việc của cổng tỉnh bị cắt hoặc viết lại",
    "audit trail cut": "Nhật ký bị cắt phần cuối",
    "worker thread ended": "Một phần chạy nền dừng, máy cho chạy lại",
    "worker": "Một phần chạy nền gặp lỗi",
    "error page shown": "Người dùng thấy trang báo",
    "unexpected error": "Lỗi không lường trước",
    "typed text not kept": "Chưa giữ được chữ đang gõ ở bàn",
    "lan closed": "Chưa mở được ra mạng nội bộ",
    "lan failed": "Mạng nội bộ gặp lỗi, máy mở lại",
    "no body limit": "Không biết cỡ tệp được nhận",
    "no answer of the app": "Một trang không trả lời được",
    "lan connection failed": "Một kết nối nội bộ gặp lỗi",
    "lan loop failed": "Vòng nhận kết nối nội bộ gặp lỗi",
    "upload refused": "Không nhận một tệp tải lên",
    "signatures not checked": "Chưa kiểm được chữ ký số của một tệp",
    "papers scanned": "Máy quét giấy đã dừng",
    "paper not scanned": "Một trang không đọc được từ máy quét giấy",
    "scanner connected": "Đầu quét đã nối",
    "scanner disconnected": "Đầu quét đã rời",
    "log of the store lost": "Kho mất phần ghi cuối",
    "store damaged": "Kho hỏng",
    "copy failed": "Chưa sao lưu được",
    "minute copy failed": "Chưa chép được bản từng phút",
    "copy taken": "Đã sao lưu",
    "copy unusable": "Một bản sao không dùng được",
    "store restored": "Đã khôi phục kho",
    "renamed copy refused": "Không dùng một bản sao bị đổi tên",
    "scans not fetched": "Chưa lấy lại được bản chụp",
    "old store deleted": "Đã xóa kho cũ hết hạn giữ",
    "language left out": "Bỏ qua một ngôn ngữ viết sai",
    "voice model left out": "Không dùng được mô hình giọng",
    "voice installed": "Đã dùng giọng đọc mới của tỉnh",
    "voice refused": "Không nhận giọng đọc của tỉnh",
    "procedure files left out": "Bỏ qua tệp thủ tục viết sai",
    "kept version not read": "Không đọc được mẫu của tờ khai cũ",
    "out of service": "Máy tạm nghỉ",
    "receipt numbers moved to another block": "Số phiếu chuyển sang dãy khác",
    "key or store changed": "Thấy lại khóa hoặc kho, máy chạy lại",
    "restart requested": "Kỹ thuật cho khởi động lại",
    "long work failed": "Một việc dài không xong",
    "long work": "Một việc dài gặp lỗi",
    "file kept": "Cổng đã nhận đủ một bản chụp",
    "file refused": "Cổng không nhận một bản chụp",
    "sync run begun": "Bắt đầu lượt gửi",
    "portal restored": "Cổng đã khôi phục kho của cổng",
    "sync failed": "Chưa gửi được",
    "statuses read": "Đã đọc tin từ cổng",
    "cursor refused": "Cổng không nhận chỗ đọc dở",
    "sync sent": "Đã gửi",
    "sync batch refused": "Cổng không nhận một lượt gửi",
    "portal lost submissions": "Cổng thiếu tờ khai, máy gửi lại",
    "usb parcel written": "Đã chép ra USB",
    "usb answer applied": "Đã đọc biên nhận USB",
}
"""Event of the log -> its words; an event without words is shown as it is logged."""
LIBRARIES = "Thư viện"
"""The part of a library: of what it logs only module and line are kept, because its words may name somebody."""


@dataclass(frozen=True)
class LogRow:
    """An entry as the page shows it."""

    at: str
    level: str
    part: str
    words: str
    facts: str


@technician.get("/log")
@allow("technician")
def machine_log() -> str:
    """Show the newest entries of a level and a part."""
    level = request.args.get("level", "all")
    part = request.args.get("part", "")

    def is_wanted(entry: LoggedEvent) -> bool:
        if level == "trouble" and entry.level not in TROUBLE:
            return False
        if level == "error" and entry.level not in TROUBLE - {"warning"}:
            return False
        return not part or _part_of(entry.source) == part

    entries = newest_entries(context().config.log_path, SHOWN, is_wanted)
    return render(
        "technician/machine_log.html",
        rows=[_row(entry) for entry in entries],
        is_full=len(entries) >= SHOWN,
        shown=SHOWN,
        level=level if level in LEVELS else "all",
        levels=LEVELS,
        part=part,
        parts=PARTS,
        is_there=context().config.log_path.exists(),
    )


def _row(entry: LoggedEvent) -> LogRow:
    part = _part_of(entry.source)
    facts = [f"{name} {value}" for name, value in entry.facts.items() if value is not None]
    return LogRow(
        at=f"{clock.local(entry.at):%H:%M:%S, %d/%m}",
        level="fault" if entry.level in TROUBLE - {"warning"} else "warning" if entry.level in TROUBLE else "ok",
        part=PARTS.get(part, LIBRARIES),
        words=EVENTS.get(entry.event, entry.event if part else f"Ghi chú của thư viện {entry.source}: {entry.event}"),
        facts=", ".join([*facts, *([entry.error] if entry.error else [])]),
    )


def _part_of(source: str) -> str:
    source = FORMER_SOURCES.get(source, source)
    return next((name for name in PARTS if source == name or source.startswith(f"{name}.")), "")
