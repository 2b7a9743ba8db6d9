"""Refusals of the gateway as RFC 9457 problems.

A kiosk reacts to the `type` (docs/kiosk-sync-1.yaml), so the keys here are part of the contract: 401 means "unknown
caller", 403 "known caller without the right", and an id of another kiosk is 404, never 403.
"""

from collections.abc import Sequence

from sync.parcel import FieldError

_PROBLEMS = {
    "signature": (401, "Chữ ký của yêu cầu không khớp."),
    "unknown-key": (401, "Chưa biết khóa này; máy cần được ghi danh."),
    "clock": (401, "Đồng hồ bên gửi lệch quá 300 giây."),
    "replay": (401, "Yêu cầu này đã được gửi một lần."),
    "revoked": (403, "Máy này đã bị thu hồi."),
    "replaced": (403, "Một máy khác đã tiếp quản tên của máy này."),
    "foreign-unit": (403, "Máy này thuộc đơn vị khác."),
    "code": (403, "Mã ghi danh không dùng được cho máy và đơn vị này."),
    "rate": (429, "Gửi nhiều yêu cầu quá; hãy gửi lại sau."),
    "host": (421, "Cổng không trả lời ở địa chỉ này."),
    "live-kiosk": (403, "Máy này đã được ghi danh bằng khóa khác."),
    "not-json": (400, "Nội dung không phải JSON."),
    "cursor": (400, "Con trỏ không đọc được."),
    "not-found": (404, "Không có."),
    "restored": (410, "Con trỏ không thuộc kho này; hãy đọc lại từ đầu."),
    "old-release": (426, "Bản của máy cũ hơn bản mà cổng nhận; hãy cài bản mới, tờ khai vẫn giữ ở máy."),
    "too-large": (413, "Nội dung lớn hơn mức nhận."),
    "offset": (409, "Phần tệp này không nối vào phần đã có; hãy gửi tiếp từ chỗ cổng đang giữ."),
    "hash": (422, "Tệp nhận được khác với mã băm trong địa chỉ; hãy gửi lại từ đầu."),
    "encoding": (400, "Chỉ nhận JSON, có thể nén gzip; phần tệp thì không nén."),
    "upload": (400, "Thiếu hoặc sai Upload-Offset, Upload-Complete hay mã băm trong địa chỉ."),
    "away": (503, "Kho của cổng đang bận hoặc tạm nghỉ; hãy gửi lại sau."),
    "shape": (422, "Nội dung khác quy ước."),
}


class Problem(Exception):  # noqa: N818 - read as "raise Problem"
    """A refused request; `errors` name the wrong places of its content, `retry_after` is in seconds."""

    def __init__(self, kind: str, errors: Sequence[FieldError] = (), retry_after: int | None = None) -> None:
        super().__init__(kind)
        self.retry_after = retry_after
        self.kind = kind
        self.status, self.title = _PROBLEMS[kind]
        self.errors = tuple(errors)


def errors_json(errors: Sequence[FieldError]) -> list[dict[str, str]]:
    """Return field errors in the JSON form of the contract."""
    return [{"pointer": error.pointer, "code": error.code, "message": error.message} for error in errors]


def error_codes(errors: Sequence[FieldError]) -> str:
    """Return the places and codes of field errors as text without personal data."""
    return ", ".join(f"{error.pointer or '/'} {error.code}" for error in errors)[:300]
