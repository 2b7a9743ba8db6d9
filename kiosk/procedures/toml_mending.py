"""Mending of one line of a TOML file that an officer wrote: the right form, and what to say about it.

Word and Notepad make the same few mistakes. Each is mended in memory, so that the parser goes on and the officer gets
all mistakes of a file at once; the file itself is never changed.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

LIST_TABLES = frozenset(
    {
        *("time", "fee", "paper", "note", "situation", "field", "options", "step", "copy", "check"),
        *("line", "signature", "procedure", "event", "waiver", "local_options", "enclosed", "rate"),
    }
)
"""Tables that stand in double brackets: a file has several of them."""
_CURLY = {"“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'"}
_STRANGE_SPACES = "\u00a0\u2007\u202f\u3000\u200b\ufeff\u2028"
_VALUE = re.compile(r"""^(\s*[\w.-]+\s*=\s*)([^"'\[{\s].*?)\s*$""")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?")
_YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
_MONEY = re.compile(r"(\d[\d., ]*)\s*(?:đồng|đ|₫|vnđ|vnd|d)?\.?", re.IGNORECASE)
_HEADER = re.compile(r"^\s*(\[{1,2})\s*([\w.-]+)\s*(\]{0,2})\s*(#.*)?$")
_TEXT_VALUE = re.compile(r'^(\s*[\w.-]+\s*=\s*)"(.*)"(\s*)$')
_NO_EQUALS = re.compile(r"""^(\s*[\w-]+)\s*(?::|\s)\s*(["“\[{\d].*|true|false)$""")
_MISSING_COMMA = re.compile(r'(?<=")(\s+)(?=")')


class Mend(NamedTuple):
    """A line in its right form ("" where it is only left out), and the message with the remedy."""

    line: str
    message: str


def mend(line: str) -> Mend | None:
    """Return the right form of a line that the parser refused, or None where it is not known."""
    return next(filter(None, (rule(line) for rule in _RULES)), None)


def _outside_quotes(line: str) -> Iterator[tuple[int, str]]:
    """Yield (position, letter) of the letters of a line that are in no quoted text and in no comment."""
    quote = ""
    escaped = False
    for at, letter in enumerate(line):
        if quote:
            if letter == quote and not escaped:
                quote = ""
            escaped = letter == "\\" and not escaped
        elif letter in "\"'":
            quote = letter
        elif letter == "#":
            return
        else:
            yield at, letter


def curly_quotes(line: str) -> Mend | None:
    """Mend quotation marks that Word made."""
    curly = [at for at, letter in _outside_quotes(line) if letter in _CURLY]
    if not curly:
        return None
    letters = list(line)
    for at in curly:
        letters[at] = _CURLY[letters[at]]
    return Mend("".join(letters), 'có dấu ngoặc kép cong “ ” (Word tự đổi); gõ lại bằng dấu ngoặc kép thẳng "')


def strange_spaces(line: str) -> Mend | None:
    """Mend spaces that only look like spaces."""
    strange = [at for at, letter in _outside_quotes(line) if letter in _STRANGE_SPACES]
    if not strange:
        return None
    letters = list(line)
    for at in strange:
        letters[at] = " "
    return Mend(
        "".join(letters), "có dấu cách lạ (chép từ Word hay trang web); xóa khoảng trống ấy rồi gõ lại dấu cách"
    )


def _header(line: str) -> Mend | None:
    header = _HEADER.match(line)
    if not header:
        return None
    *_, name = header[2].split(".")
    right = f"[[{header[2]}]]" if name in LIST_TABLES else f"[{header[2]}]"
    if right == line.partition("#")[0].strip():
        return None
    how = "hai dấu ngoặc vuông mỗi bên" if name in LIST_TABLES else "một dấu ngoặc vuông mỗi bên"
    return Mend(right, f"đầu đoạn phải là {right}, {how}")


def _no_equals(line: str) -> Mend | None:
    found = _NO_EQUALS.match(line)
    return Mend(f"{found[1]} = {found[2]}", "sau tên phải là dấu =, như label = ...") if found else None


def _date(line: str) -> Mend | None:
    found = _VALUE.match(line)
    value = found[2].partition("#")[0].strip() if found else ""
    day_first = _DAY_FIRST.fullmatch(value)
    year_first = _YEAR_FIRST.fullmatch(value)
    if not found or not (day_first or year_first):
        return None
    parts = year_first.groups()[::-1] if year_first else day_first.groups()  # type: ignore[union-attr]
    day = int(parts[0])
    month = int(parts[1])
    year = int(parts[2] or 0)
    if not 1 <= month <= 12 or not day:
        return Mend(f"{found[1]}2000-01-01", f"không có ngày {value}; ngày viết theo năm-tháng-ngày, như 2026-11-24")
    if not year:
        return Mend(
            f"{found[1]}2000-{month:02d}-01", f"ngày {value} thiếu năm; viết theo năm-tháng-ngày, như 2026-11-24"
        )
    last = calendar.monthrange(year, month)[1] if 1 <= year <= 9999 else 28
    right = f"{year:04d}-{month:02d}-{min(day, last):02d}"
    if day > last:
        return Mend(f"{found[1]}{right}", f"tháng {month} năm {year} không có ngày {day}")
    return Mend(f"{found[1]}{right}", f"ngày viết theo năm-tháng-ngày: {right}, không có ngoặc kép")


def _money(line: str) -> Mend | None:
    found = _VALUE.match(line)
    money = _MONEY.fullmatch(found[2].partition("#")[0].strip()) if found else None
    if not found or not money:
        return None
    digits = re.sub(r"\D", "", money[1]).lstrip("0") or "0"
    return Mend(f"{found[1]}{digits}", f"số chỉ ghi bằng chữ số, không có dấu chấm, dấu phẩy hay chữ “đồng”: {digits}")


def _yes_no(line: str) -> Mend | None:
    found = _VALUE.match(line)
    word = found[2].casefold() if found else ""
    right = {"true": "true", "false": "false", "có": "true", "không": "false", "yes": "true", "no": "false"}.get(word)
    return Mend(f"{found[1]}{right}", f"viết {right}, chữ thường, không dấu") if found and right else None


def _quote_in_quotes(line: str) -> Mend | None:
    found = _TEXT_VALUE.match(line)
    inside = found[2] if found else ""
    if not found or not re.search(r'(?<!\\)"', inside):
        return None
    right = re.sub(r'(?<!\\)"', r"\\" + '"', inside)
    return Mend(
        f'{found[1]}"{right}"', "trong câu có dấu ngoặc kép thẳng; trong câu thì dùng ngoặc cong “ ”, như “Tiếp”"
    )


def _missing_comma(line: str) -> Mend | None:
    is_list = "[" in line or line.lstrip().startswith('"')
    if not is_list or not _MISSING_COMMA.search(line):
        return None
    return Mend(_MISSING_COMMA.sub(", ", line), "giữa hai mục của danh sách phải có dấu phẩy")


def _missing_quote(line: str) -> Mend | None:
    found = re.match(r"""^(\s*[\w.-]+\s*=\s*)(.*?)\s*$""", line)
    value = found[2] if found else ""
    if not found or value.count('"') - value.count('\\"') != 1:
        return None
    right = f'{value}"' if value.startswith('"') else f'"{value}' if value.endswith('"') else ""
    return Mend(f"{found[1]}{right}", "thiếu một dấu ngoặc kép; chữ phải có ngoặc kép ở cả hai đầu") if right else None


def _no_value(line: str) -> Mend | None:
    found = re.match(r"^\s*([\w.-]+)\s*=\s*(#.*)?$", line)
    return Mend("", f"sau {found[1]} = chưa có gì; ghi giá trị, hoặc xóa dòng này") if found else None


def _bare_words(line: str) -> Mend | None:
    found = _VALUE.match(line)
    if not found or '"' in found[2] or not re.search(r"[^\W\d_]", found[2]):
        return None
    text = found[2].partition("#")[0].strip().replace("\\", "")
    return Mend(f'{found[1]}"{text}"', f'chữ phải để trong ngoặc kép: "{text}"')


def _backslash(line: str) -> Mend | None:
    if "\\" not in line:
        return None
    return Mend(line.replace("\\", "/"), r"có dấu \ trong câu; bỏ đi hoặc viết hai lần: \\")


def _control(line: str) -> Mend | None:
    right = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", line)
    return Mend(right, "có ký tự điều khiển không nhìn thấy; xóa dòng rồi gõ lại") if right != line else None


_RULES: tuple[Callable[[str], Mend | None], ...] = (
    _control,
    curly_quotes,
    strange_spaces,
    _header,
    _no_value,
    _date,
    _money,
    _yes_no,
    _no_equals,
    _quote_in_quotes,
    _missing_quote,
    _missing_comma,
    _bare_words,
    _backslash,
)
"""In this order: the first that knows the line mends it."""
