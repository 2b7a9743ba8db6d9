"""File of a ward's comparisons for other wards: JSON, written and read strictly.

It is signed by nobody, so a reader only learns whose it says it is. A file with one wrong row is refused as a whole.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kiosk.base import clock
from kiosk.base.errors import BadUpload
from kiosk.config.ward_sections import WardSettings
from kiosk.records.comparisons import MAX_NAME_LENGTH, MAX_NOTE_LENGTH, RESULTS, Comparison

FORMAT = "kiosk-comparisons"
VERSION = 1
MAX_BYTES = 1_000_000
MAX_ROWS = 5_000
AHEAD = timedelta(days=1)
"""A clock of another ward may be so much ahead; a later time is wrong."""
EARLIEST_YEAR = 2020
_DIGEST_LENGTH = 64
_LENGTHS = {"procedure": 40, "fact": 80, "by": MAX_NAME_LENGTH}


@dataclass(frozen=True)
class ComparisonFile:
    """A read file: unit code and name of its ward, when it was written, its rows."""

    ward: str
    ward_name: str
    exported_at: datetime
    rows: tuple[Comparison, ...]


def encode(
    ward: WardSettings,
    rows: Iterable[Comparison],
    *,
    names: Mapping[str, str],
    texts: Mapping[tuple[str, str], str],
    now: datetime,
) -> bytes:
    """Return the file of this ward's comparisons, readable by people too.

    Args:
        ward: this ward.
        rows: its own comparisons.
        names: names of the staff by code.
        texts: words of the facts by (procedure, digest), for a reader in the province; no kiosk reads them.
        now: the time of the export.
    """
    content = {
        "format": FORMAT,
        "version": VERSION,
        "ward": {"code": ward.unit_code, "name": ward.name},
        "exported_at": clock.timestamp(now),
        "rows": [
            {
                "procedure": row.procedure,
                "fact": row.fact,
                "digest": row.digest,
                "text": texts.get((row.procedure, row.digest), ""),
                "result": row.result,
                "note": row.note,
                "by": names.get(row.actor, row.actor),
                "at": clock.timestamp(row.at),
            }
            for row in rows
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode() + b"\n"


def too_large_error() -> BadUpload:
    """Return the error of a file above `MAX_BYTES`."""
    return BadUpload(
        "Tệp lớn quá 1 MB nên không phải tệp đối chiếu. Mời chọn lại tệp mà phường kia đã xuất.",
        "The file is larger than 1 MB, so it is no file of comparisons. Choose the file that the other ward exported.",
    )


def decode(content: bytes, now: datetime) -> ComparisonFile:
    """Return a file that another ward wrote.

    Raises:
        BadUpload: it is empty, too large, damaged, of another kind or release; the text says what to do.
    """
    table = _load(content)
    if table.get("format") != FORMAT:
        raise _refusal("Tệp này không phải tệp đối chiếu. Mời chọn tệp mà phường kia lấy bằng nút “Xuất”.")
    if table.get("version") != VERSION:
        raise _refusal("Tệp do bản phần mềm mới hơn ghi. Mời cán bộ kỹ thuật cập nhật máy này rồi nhập lại.")
    ward = table.get("ward")
    code = _text(ward, "code", 40)
    name = _text(ward, "name", MAX_NAME_LENGTH)
    exported_at = _time(table.get("exported_at"))
    if not code or not name or exported_at is None:
        raise _refusal("Tệp không ghi của phường nào, xuất lúc nào. Mời xin lại tệp của phường kia.")
    if exported_at > now + AHEAD:
        raise _refusal("Tệp ghi ngày xuất chưa tới. Xem lại đồng hồ của hai máy rồi nhập lại.")
    listed = table.get("rows")
    if not isinstance(listed, list) or len(listed) > MAX_ROWS:
        raise _refusal("Tệp không có danh sách các ý đã đối chiếu. Mời xin lại tệp của phường kia.")
    rows = tuple(_row(number, row, exported_at, (code, name)) for number, row in enumerate(listed, 1))
    return ComparisonFile(ward=code, ward_name=name, exported_at=exported_at, rows=rows)


def _load(content: bytes) -> dict[str, Any]:
    if not content.strip():
        raise _refusal("Chưa chọn tệp, hoặc tệp trống. Mời chọn lại tệp.")
    if len(content) > MAX_BYTES:
        raise too_large_error()
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        table = json.loads(content.decode(encoding))
    except (UnicodeDecodeError, RecursionError) as cause:
        raise _refusal("Máy không đọc được tệp này. Mời chọn tệp mà phường kia lấy bằng nút “Xuất”.") from cause
    except json.JSONDecodeError as cause:
        message = f"Tệp hỏng hoặc thiếu ở dòng {cause.lineno}. Mời xin lại tệp của phường kia, đừng mở ra sửa."
        raise _refusal(message) from cause
    except ValueError as cause:  # a number of thousands of digits
        raise _refusal("Máy không đọc được tệp này. Mời xin lại tệp của phường kia.") from cause
    return table if isinstance(table, dict) else {}


def _row(number: int, row: Any, exported_at: datetime, ward: tuple[str, str]) -> Comparison:
    values = {name: _text(row, name, length) for name, length in _LENGTHS.items()}
    digest = _text(row, "digest", _DIGEST_LENGTH)
    result = _text(row, "result", 10)
    note = _text(row, "note", MAX_NOTE_LENGTH)
    at = _time(row.get("at")) if isinstance(row, dict) else None
    is_digest = len(digest) == _DIGEST_LENGTH and set(digest) <= set("0123456789abcdef")
    if not all(values.values()) or not is_digest or result not in RESULTS or at is None or at > exported_at:
        raise _refusal(f"Ý thứ {number} trong tệp ghi sai. Máy chưa nhập ý nào. Mời xin lại tệp của phường kia.")
    if result == "differs" and not note:
        raise _refusal(f"Ý thứ {number} ghi Khác mà không nói khác gì. Máy chưa nhập ý nào. Mời hỏi phường kia.")
    return Comparison(
        procedure=values["procedure"],
        digest=digest,
        fact=values["fact"],
        result="same" if result == "same" else "differs",
        actor=values["by"],
        at=at,
        note=note,
        ward=ward[0],
        ward_name=ward[1],
    )


def _text(table: Any, name: str, length: int) -> str:
    """Return a text of a table; empty where it is missing, too long, or has a control character."""
    value = table.get(name) if isinstance(table, dict) else None
    is_usable = isinstance(value, str) and len(value) <= length and value.isprintable()
    return value.strip() if is_usable and isinstance(value, str) else ""


def _time(value: Any) -> datetime | None:
    try:
        at = clock.parse_timestamp(value)
    except (TypeError, ValueError, AttributeError):
        return None
    return at if at.tzinfo is not None and at.year >= EARLIEST_YEAR else None


def _refusal(vi: str) -> BadUpload:
    return BadUpload(vi, "This file of comparisons is not taken; the page says why. Nothing was changed.")
