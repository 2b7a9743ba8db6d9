"""Text of a TOML file that a person wrote: its table, or its first mistake with line and cure.

`tomllib` names a mistake in English, for somebody who knows TOML. Nothing is mended: a guess at a fee or a setting must
not be used.
"""

import codecs
import re
import tomllib
from typing import Any

SHOWN_LETTERS = 40
"""Letters of a wrong line that its message shows."""
SAVE_AS_UTF8 = "trong Notepad chọn Tệp, Lưu thành, ô Mã hóa chọn UTF-8 rồi lưu lại"
_PLACE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'[^']*'|#.*""")
_CURLY = re.compile("[“”„‟‘’]")
_STRANGE_SPACE = re.compile("[\u00a0\u2007\u202f\u3000\u200b\ufeff\u2028]")
_NO_VALUE = re.compile(r"\s*[\w.-]+\s*=\s*")
_CURES = (
    ("Expected '=' ", 'Sau tên phải là dấu =, như name = "..."'),
    ("Illegal character '\\n'", "Thiếu dấu ngoặc kép ở cuối chữ"),
    ("Expected newline", "Số chỉ ghi chữ số; ngày ghi như 2026-11-24; trong câu thì dùng ngoặc cong “ ”"),
    ("Invalid date", "Không có ngày này; ngày ghi năm-tháng-ngày, như 2026-11-24"),
    ("Unclosed", "Thiếu dấu phẩy giữa hai mục, hoặc thiếu dấu ngoặc đóng"),
    ("Expected ']", "Đầu đoạn phải có đủ dấu ngoặc vuông ở hai bên"),
    ("Cannot ", "Tên này đã có ở trên: xóa một chỗ; đầu đoạn của danh sách có hai dấu ngoặc vuông mỗi bên"),
    ("Unescaped", r"Có dấu \ trong câu: viết / hoặc \\"),
    ("Invalid value", "Chữ phải để trong ngoặc kép thẳng; có, không thì ghi true, false; danh sách phải có dấu ] đóng"),
)
"""Beginning of a cause in the words of `tomllib` -> its cure."""
_OTHER_CURE = "Xem dấu ngoặc, dấu ngoặc kép, dấu bằng"


class TomlMistake(Exception):  # noqa: N818 - read as "raise TomlMistake"
    """The first mistake of a text, in both languages, with its line; `text` is as much as could be decoded."""

    def __init__(self, line: int, vi: str, en: str, text: str) -> None:
        super().__init__(f"line {line}: {en}")
        self.line = line
        self.vi = vi
        self.en = en
        self.text = text


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8.

    Raises:
        TomlMistake: another program than an editor of plain UTF-8 saved it.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content[:100]:
        is_big = content.startswith(codecs.BOM_UTF16_BE) or content[:1] == b"\0"
        text = content.decode("utf-16-be" if is_big else "utf-16-le", "replace").removeprefix("\ufeff")
        raise TomlMistake(1, f"tệp lưu kiểu UTF-16 (Unicode); {SAVE_AS_UTF8}", "this is UTF-16, not UTF-8", text)
    if content.startswith(codecs.BOM_UTF8):
        text = content.decode("utf-8-sig", "replace")
        vi = f"tệp bắt đầu bằng dấu BOM (“UTF-8 có BOM”); {SAVE_AS_UTF8}"
        raise TomlMistake(1, vi, "the file begins with a byte order mark: save it as UTF-8 without BOM", text)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as cause:
        line = content.count(b"\n", 0, cause.start) + 1
        vi = f"chữ có dấu ở dòng này không phải UTF-8 (tệp lưu kiểu ANSI); {SAVE_AS_UTF8}"
        raise TomlMistake(line, vi, f"this is not UTF-8 ({cause})", content.decode("cp1258", "replace")) from cause


def parse(text: str) -> dict[str, Any]:
    """Return the table of a text.

    Raises:
        TomlMistake: it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as cause:
        raise _mistake(text, str(cause)) from cause
    except RecursionError as cause:
        vi = "danh sách lồng nhau quá nhiều lần"
        raise TomlMistake(1, vi, "lists are nested too deeply", text) from cause


def _mistake(text: str, told: str) -> TomlMistake:
    place = _PLACE.search(told)
    cause = _PLACE.sub("", told)
    lines = text.split("\n")
    number = min(int(place[1]) if place and place[1] else len(lines), len(lines))
    while number > 1 and not lines[number - 1].strip():  # the mistake is above the place where the parser stopped
        number -= 1
    line = lines[number - 1]
    shown = line.strip()[:SHOWN_LETTERS]
    cure = _cure(line, cause)
    return TomlMistake(number, f"viết sai quy cách: “{shown}”. {cure}", f"this is not TOML: {shown!r} ({cause})", text)


def _cure(line: str, cause: str) -> str:
    bare = _QUOTED.sub("", line)
    if _CURLY.search(bare):
        return 'Có dấu ngoặc kép cong “ ” (Word tự đổi): gõ lại bằng dấu ngoặc kép thẳng "'
    if _STRANGE_SPACE.search(bare):
        return "Có dấu cách lạ (chép từ Word hay trang web): xóa khoảng trống đó rồi gõ lại dấu cách"
    if _NO_VALUE.fullmatch(line.partition("#")[0]):
        return "Sau dấu = chưa có gì: ghi giá trị, hoặc xóa dòng này"
    return next((cure for beginning, cure in _CURES if cause.startswith(beginning)), _OTHER_CURE)
