"""Class and code of a failed delivery in Vietnamese words: officers read no code, technicians see the codes."""

from collections.abc import Mapping

CLASSES: Mapping[str, str] = {
    "link": "đường truyền",
    "unknown": "chưa rõ kết quả",
    "auth": "khóa của máy",
    "record": "nội dung gửi",
    "rate": "gửi quá nhanh",
    "maintenance": "cổng bảo trì",
    "clock": "đồng hồ của máy",
    "version": "bản của máy",
    "size": "gói gửi quá lớn",
    "poison": "nội dung gửi",
    "later": "cổng hẹn gửi sau",
}
CODES: Mapping[str, str] = {
    "invalid": "có mục chưa đúng",
    "conflict": "mã này ở cổng có nội dung khác",
    "too-large": "quá lớn",
    "not-read": "cổng không đọc được",
    "unreadable": "máy không mở được",
    "withdrawn": "đã rút",
    "changed": "tệp trong máy đã đổi",
    "released": "cán bộ cho gửi lại",
    "lost": "cổng thiếu tờ này",
    "absent": "cổng chưa có",
    "carried": "đã chép ra USB",
    "interrupted": "máy tắt giữa lúc gửi",
}


def refusal_words(last_class: str | None, last_code: str | None) -> str:
    """Return class and code in words; a number of the portal stays, another unknown code is left out."""
    code = last_code or ""
    known = CODES.get(code) or (f"số {code}" if code.isascii() and code.isdigit() else "")
    return ", ".join(filter(None, [CLASSES.get(last_class or "", ""), known])) or "không rõ vì sao"
