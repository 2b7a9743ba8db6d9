"""Words and rows of a digital signature on the officer's page: the verdict, and each thing that was checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kiosk.base import clock
from kiosk.uploads.signatures import FileSignature, Revocation, Verdict

Mark = Literal["ok", "ask", "bad"]
UNKNOWN_NAME = "không ghi tên"


@dataclass(frozen=True)
class Row:
    """One thing that was checked: its name, what is there, how it is in words, and a mark."""

    name: str
    value: str
    words: str
    mark: Mark


@dataclass(frozen=True)
class VerdictWords:
    """The verdict on a file: a title, and what the officer does."""

    title: str
    advice: str


VERDICTS: dict[Verdict, VerdictWords] = {
    "valid": VerdictWords(
        title="Chữ ký đúng, chưa ai sửa sau khi ký",
        advice="Đã so với nơi cấp chữ ký và danh sách thu hồi có trong máy. Cán bộ quyết có dùng thay bản chính không.",
    ),
    "unsure": VerdictWords(
        title="Chưa đủ căn cứ để tin chữ ký",
        advice="Tệp chưa bị sửa, nhưng có dòng máy chưa kiểm được. Cần chắc thì xin bản chính, hoặc hỏi nơi cấp.",
    ),
    "bad": VerdictWords(
        title="Không dùng được chữ ký này",
        advice="Tệp đã đổi sau khi ký, hoặc chứng thư đã bị thu hồi. Xin bản chính, hoặc hỏi nơi cấp.",
    ),
}
SHORT: dict[Verdict, str] = {
    "valid": "Chữ ký số đúng",
    "unsure": "Có chữ ký số, chưa chắc",
    "bad": "Chữ ký số không dùng được",
}
"""Words of the link to the signatures, in the list of scans: the verdict when the file was attached."""
UNCHECKED = VerdictWords(
    title="Máy chưa kiểm được chữ ký",
    advice="Tệp vẫn được giữ nguyên từng byte và gửi đi như thế. Cần chắc thì xin bản chính, hoặc hỏi nơi cấp.",
)


def verdict_words(signatures: Sequence[FileSignature] | None, verdict: Verdict) -> VerdictWords:
    """Return the words of the verdict on a file."""
    return UNCHECKED if signatures is None else VERDICTS[verdict or "unsure"]


def rows(signature: FileSignature, *, is_time_sure: bool) -> list[Row]:
    """Return the rows of one signature, in the order in which they are read."""
    day = signature.list_day
    at = f"{clock.local(signature.signed_at):%d/%m/%Y %H:%M}" if signature.signed_at else "không ghi giờ"
    return [
        _row("Ai ký", signature.signer or UNKNOWN_NAME, _term(signature, is_time_sure=is_time_sure)),
        _row("Cơ quan", signature.organisation or UNKNOWN_NAME, _KNOWN[signature.is_known]),
        _row("Nơi cấp", signature.issuer or UNKNOWN_NAME, _STRONG[not signature.is_weak]),
        _row("Ký lúc", at, _STAMPED[signature.has_time_stamp]),
        _row("Sau khi ký", *_CHANGES[signature.change if signature.is_intact else "broken"]),
        _row(
            "Thu hồi", f"danh sách ngày {day:%d/%m/%Y}" if day else "chưa có danh sách", _REVOKED[signature.revocation]
        ),
    ]


def _row(name: str, value: str, how: tuple[str, Mark]) -> Row:
    return Row(name=name, value=value, words=how[0], mark=how[1])


def _term(signature: FileSignature, *, is_time_sure: bool) -> tuple[str, Mark]:
    if not is_time_sure:
        return "đồng hồ máy chưa chắc", "ask"
    return ("chứng thư còn hạn", "ok") if signature.is_in_time else ("chứng thư ngoài hạn", "ask")


_KNOWN: dict[bool, tuple[str, Mark]] = {True: ("nơi cấp tin cậy", "ok"), False: ("nơi cấp chưa biết", "ask")}
_STRONG: dict[bool, tuple[str, Mark]] = {True: ("khóa đủ mạnh", "ok"), False: ("khóa yếu", "ask")}
_STAMPED: dict[bool, tuple[str, Mark]] = {True: ("có dấu thời gian", "ok"), False: ("tệp tự ghi", "ask")}
_CHANGES: dict[str, tuple[str, tuple[str, Mark]]] = {
    "none": ("không đổi chỗ nào", ("khớp cả tệp", "ok")),
    "filled": ("điền thêm ô hoặc ghi chú", ("bản ký cho phép", "ask")),
    "changed": ("có chỗ đã đổi", ("không khớp", "bad")),
    "broken": ("chữ ký không khớp nội dung", ("không khớp", "bad")),
}
_REVOKED: dict[Revocation, tuple[str, Mark]] = {
    "good": ("không bị thu hồi", "ok"),
    "revoked": ("đã bị thu hồi", "bad"),
    "unknown": ("chưa kiểm được", "ask"),
}
