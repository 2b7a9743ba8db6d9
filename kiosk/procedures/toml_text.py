"""Reader of a TOML file that an officer wrote: its encoding, and all its syntax mistakes at once, in Vietnamese.

tomllib stops at the first mistake and names it in English. Here each mistake is mended in memory (`toml_mending`) or
its line left out, and the parser begins again, until the whole file is read.
"""

import codecs
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.procedures.file_errors import NO_LINE, FileError, FileErrors
from kiosk.procedures.toml_mending import LIST_TABLES, mend

MOST_MISTAKES = 60
"""Mistakes after which the file is given up: each costs one parsing of the whole file."""
SAVE_AS_UTF8 = "trong Notepad chọn Tệp, Lưu thành, ô Mã hóa chọn UTF-8 rồi lưu lại"
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_KEY = re.compile(r"\s*([\w-]+)\s*=")
_LIST_HEADER = re.compile(r"^(\s*)\[\s*([\w.-]+)\s*\](\s*(?:#.*)?)$")


@dataclass(frozen=True)
class TomlFile:
    """Content of a file: its text, its table as far as it could be read, and its syntax mistakes."""

    name: str
    text: str = ""
    table: dict[str, Any] = field(default_factory=dict)
    errors: tuple[FileError, ...] = ()
    notes: tuple[FileError, ...] = ()


def read_toml(path: Path) -> TomlFile:
    """Return the content of a file; a file that cannot be opened has one error and no text."""
    try:
        content = path.read_bytes()
    except OSError as cause:
        reason = "không có tệp này" if isinstance(cause, FileNotFoundError) else str(cause)
        return TomlFile(path.name, errors=(FileError("", f"không đọc được tệp: {reason}", line=NO_LINE),))
    errors: FileErrors = []
    text = _decode(content, errors).replace("\r\n", "\n").replace("\r", "\n")
    notes = [error for error in errors if error.is_note]
    table = _parse(text, errors)
    return TomlFile(
        name=path.name,
        text=text,
        table=table,
        errors=tuple(error for error in errors if not error.is_note),
        notes=tuple(notes),
    )


def _decode(content: bytes, errors: FileErrors) -> str:
    """Return the text of a file, whatever program saved it."""
    if content.startswith(codecs.BOM_UTF8):
        errors.append(FileError("", "tệp bắt đầu bằng dấu BOM; máy vẫn đọc được", is_note=True))
        content = content.removeprefix(codecs.BOM_UTF8)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in content[:100]:
        errors.append(FileError("", f"tệp lưu kiểu UTF-16 (Unicode); {SAVE_AS_UTF8}", line=1))
        is_big = content.startswith(codecs.BOM_UTF16_BE) or content[:1] == b"\0"
        return content.decode("utf-16-be" if is_big else "utf-16-le", "replace").removeprefix("\ufeff")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as cause:
        line = content.count(b"\n", 0, cause.start) + 1
        message = f"chữ có dấu ở dòng này không phải UTF-8 (tệp lưu kiểu ANSI); {SAVE_AS_UTF8}"
        errors.append(FileError("", message, line=line))
        return content.decode("cp1258", "replace")


def _parse(text: str, errors: FileErrors) -> dict[str, Any]:
    lines = text.split("\n")
    for _ in range(MOST_MISTAKES):
        try:
            return tomllib.loads("\n".join(lines))
        except tomllib.TOMLDecodeError as cause:
            _mend_at(lines, str(cause), errors)
        except RecursionError:
            errors.append(FileError("", "danh sách lồng nhau quá nhiều lần"))
            return {}
    errors.append(FileError("", f"tệp có trên {MOST_MISTAKES} chỗ viết sai quy cách; sửa bớt rồi thử lại"))
    return {}


def _mend_at(lines: list[str], cause: str, errors: FileErrors) -> None:
    """Mend the mistake that the parser named, and tell it."""
    found = _AT_LINE.search(cause)
    at = min(int(found[1]) - 1 if found else len(lines) - 1, len(lines) - 1)
    if "Illegal character '\\n'" in cause and not lines[at].strip() and at:
        at -= 1
    if ("twice" in cause or "overwrite" in cause or "mutate" in cause) and _mend_repeated(lines, at, errors):
        return
    if _close_list(lines, at, cause, errors):
        return
    mended = mend(lines[at])
    if mended is not None and mended.line != lines[at]:
        lost = "" if mended.line else _key_of(lines[at])
        errors.append(FileError("", mended.message, line=at + 1, lost=lost))
        lines[at] = mended.line
        return
    shown = lines[at].strip()[:60]
    message = f"máy không hiểu dòng này: {shown}; xem lại ngoặc kép, dấu phẩy, dấu ngoặc đóng"
    errors.append(FileError("", message, line=at + 1, lost=_key_of(lines[at])))
    lines[at] = ""
    if not shown:
        _drop_last(lines, at)


def _drop_last(lines: list[str], at: int) -> None:
    """Empty the last written line up to a position: the mistake is above the place where the parser stopped."""
    written = next((number for number in range(at, -1, -1) if lines[number].strip()), None)
    if written is not None:
        lines[written] = ""


def _key_of(line: str) -> str:
    key = _KEY.match(line)
    return key[1] if key else ""


def _mend_repeated(lines: list[str], at: int, errors: FileErrors) -> bool:
    """Mend a header in single brackets that stands for a list, or a key that is written twice."""
    header = _LIST_HEADER.match(lines[at])
    if header and header[2].rpartition(".")[2] in LIST_TABLES:
        name = header[2]
        for number, line in enumerate(lines):
            same = _LIST_HEADER.match(line)
            if same and same[2] == name:
                message = f"đầu đoạn phải là [[{name}]], hai dấu ngoặc vuông mỗi bên"
                errors.append(FileError("", message, line=number + 1))
                lines[number] = f"[[{name}]]"
        return True
    start = next((number for number in range(at, -1, -1) if _KEY.match(lines[number])), None)
    if lines[at].lstrip().startswith("[") and "]" in lines[at] and "=" not in lines[at]:
        errors.append(FileError("", f"đoạn {lines[at].strip()} đã có ở trên; gộp lại làm một", line=at + 1))
        lines[at] = ""
        return True
    if start is None:
        return False
    key = _key_of(lines[start])
    message = f"'{key}' ghi hai lần trong một đoạn; xóa một dòng"
    first = next((number for number in range(start - 1, -1, -1) if _key_of(lines[number]) == key), None)
    if first is not None:
        message = f"'{key}' đã ghi ở dòng {first + 1}; xóa một trong hai dòng"
    errors.append(FileError("", message, line=start + 1))
    lines[start : at + 1] = [""] * (at + 1 - start)
    return True


def _close_list(lines: list[str], at: int, cause: str, errors: FileErrors) -> bool:
    """Close a list or an inline table that is still open where the next line of the file begins."""
    is_open = "Unclosed array" in cause or "end of document" in cause or "Invalid value" in cause
    begins = re.match(r"\s*(\[\[?[A-Za-z_][\w.-]*\]\]?\s*$|[\w-]+\s*=)", lines[at]) or not lines[at].strip()
    if not (is_open and begins and at):
        return False
    above = next((number for number in range(at - 1, -1, -1) if lines[number].strip()), None)
    start = next((number for number in range(at - 1, -1, -1) if re.match(r"\s*[\w-]+\s*=\s*\[", lines[number])), None)
    if above is None or start is None or _depth("\n".join(lines[start : above + 1])) <= 0:
        return False
    errors.append(FileError("", f"danh sách bắt đầu ở dòng {start + 1} chưa có dấu ] đóng", line=above + 1))
    lines[above] += "]"
    return True


def _depth(text: str) -> int:
    """Return how many brackets of a text are still open, without those in quotes and comments."""
    bare = re.sub(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*', "", text)
    return bare.count("[") - bare.count("]")
