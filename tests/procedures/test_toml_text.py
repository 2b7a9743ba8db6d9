"""Syntax mistakes of Word and Notepad: told in Vietnamese, with line and remedy, all at once."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.procedures.file_errors import messages
from kiosk.procedures.loader import BadProcedure, notes_on, read_procedure
from kiosk.procedures.toml_text import read_toml

FORM = Path(__file__).with_name("ward_form.toml")
STAY = FORM.read_text("utf-8")
ASK = 'ask = "Đang ở nhà của ai?"'
ENGLISH = ("Illegal", "Invalid", "Expected", "Unclosed", "Cannot", "codec", "(at ")

# right, wrong, message
MISTAKES = [
    (ASK, "ask = “Đang ở nhà của ai?”", 'có dấu ngoặc kép cong “ ” (Word tự đổi); gõ lại bằng dấu ngoặc kép thẳng "'),
    (ASK, "ask\u00a0=\u00a0" + ASK.partition("= ")[2], "có dấu cách lạ"),
    (ASK, ASK[:-1], "thiếu một dấu ngoặc kép; chữ phải có ngoặc kép ở cả hai đầu"),
    (ASK, "ask = Đang ở nhà của ai?", 'chữ phải để trong ngoặc kép: "Đang ở nhà của ai?"'),
    (ASK, 'ask = "Đang ở "nhà" của ai?"', "trong câu có dấu ngoặc kép thẳng; trong câu thì dùng ngoặc cong “ ”"),
    (ASK, ASK.replace(" =", ":"), "sau tên phải là dấu =, như label = ..."),
    (ASK, "ask =", "sau ask = chưa có gì; ghi giá trị, hoặc xóa dòng này"),
    (ASK, f"{ASK}\n{ASK}", "'ask' đã ghi ở dòng {line}; xóa một trong hai dòng"),
    ("checked_on = 2026-11-24", "checked_on = 01/11/2026", "ngày viết theo năm-tháng-ngày: 2026-11-01, không có"),
    ("checked_on = 2026-11-24", "checked_on = 1.11.2026", "ngày viết theo năm-tháng-ngày: 2026-11-01, không có"),
    ("checked_on = 2026-11-24", "checked_on = 31/11/2026", "tháng 11 năm 2026 không có ngày 31"),
    ("checked_on = 2026-11-24", "checked_on = 2026-11-31", "tháng 11 năm 2026 không có ngày 31"),
    ("checked_on = 2026-11-24", "checked_on = 31/11", "ngày 31/11 thiếu năm; viết theo năm-tháng-ngày, như 2026-11-24"),
    (
        "amount = 15000",
        "amount = 8000 đồng",
        "số chỉ ghi bằng chữ số, không có dấu chấm, dấu phẩy hay chữ “đồng”: 8000",
    ),
    (
        "amount = 15000",
        "amount = 1.500.000đ",
        "số chỉ ghi bằng chữ số, không có dấu chấm, dấu phẩy hay chữ “đồng”: 1500000",
    ),
    ("required = true", "required = True", "viết true, chữ thường, không dấu"),
    ('[[field]]\nkey = "ho_ten"', '[field]\nkey = "ho_ten"', "đầu đoạn phải là [[field]], hai dấu ngoặc vuông mỗi bên"),
    (
        '[[field]]\nkey = "ho_ten"',
        '[[field]\nkey = "ho_ten"',
        "đầu đoạn phải là [[field]], hai dấu ngoặc vuông mỗi bên",
    ),
]


def told(folder: Path, content: str | bytes) -> tuple[str, ...]:
    path = folder / "x.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(BadProcedure) as caught:
        read_procedure(path)
    return caught.value.errors


@pytest.mark.parametrize(("right", "wrong", "message"), MISTAKES, ids=[wrong for _, wrong, _ in MISTAKES])
def test_a_syntax_mistake_is_told_with_its_line_and_remedy(
    right: str, wrong: str, message: str, tmp_path: Path
) -> None:
    assert right in STAY
    line = STAY.count("\n", 0, STAY.index(right)) + 1
    (error,) = told(tmp_path, STAY.replace(right, wrong, 1))
    at = line + (1 if wrong.count("\n") and "[" not in wrong else 0)
    assert error.startswith(f"dòng {at}: {message.format(line=line)}")
    assert not any(word in error for word in ENGLISH)


def test_an_unclosed_list_and_a_missing_comma_are_told(tmp_path: Path) -> None:
    first = STAY.count("\n", 0, STAY.index("search = [")) + 1
    (error,) = told(tmp_path, STAY.replace('"register my stay",\n]', '"register my stay",\n', 1))
    assert error.endswith(f"danh sách bắt đầu ở dòng {first} chưa có dấu ] đóng")
    text = STAY.replace('"tạm trú", "đăng ký tạm trú"', '"tạm trú" "đăng ký tạm trú"', 1)
    (error,) = told(tmp_path, text)
    assert error == f"dòng {first + 1}: giữa hai mục của danh sách phải có dấu phẩy"


def test_all_syntax_mistakes_of_a_file_are_told_together_with_its_other_mistakes(tmp_path: Path) -> None:
    text = STAY.replace("minutes = 4", "minuts = 4")
    text = text.replace(ASK, "ask = “Đang ở nhà của ai?”").replace("amount = 15000", "amount = 8000 đồng")
    text = text.replace("checked_on = 2026-11-24", "checked_on = 31/11/2026").replace('line = "Cho', "line = “Cho", 1)
    text = text.replace('label = "Kính gửi"', 'label = "Kính gửi', 1)
    errors = told(tmp_path, text)
    assert len(errors) == 6, errors
    assert [int(error.split()[1].rstrip(":")) for error in errors] == sorted(
        int(error.split()[1].rstrip(":")) for error in errors
    )
    assert not any(word in error for error in errors for word in ENGLISH)


def test_a_file_of_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        (error,) = told(tmp_path, STAY.encode(encoding))
        assert error.startswith("dòng 1: tệp lưu kiểu UTF-16 (Unicode); trong Notepad chọn Tệp, Lưu thành")
    ansi = "\n".join(["# a", "# b", 'name = "Đăng ký"']).encode("cp1258", "replace")
    assert told(tmp_path, ansi)[-1].startswith("dòng 3: chữ có dấu ở dòng này không phải UTF-8 (tệp lưu kiểu ANSI)")


def test_a_byte_order_mark_and_line_ends_of_windows_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xef\xbb\xbf" + STAY.replace("\n", "\r\n").encode())
    assert read_procedure(path) == read_procedure(FORM)
    (note,) = notes_on(path)
    assert "tệp bắt đầu bằng dấu BOM; máy vẫn đọc được" in note


def test_many_mistakes_end(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("a b c\n" * 500, "utf-8")
    assert read_toml(path).errors[-1].message == "tệp có trên 60 chỗ viết sai quy cách; sửa bớt rồi thử lại"


LINES = STAY.splitlines()[:60]


@given(st.data())
def test_no_text_stops_the_reader_or_is_answered_in_english(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(LINES) - 1))
    line = LINES[at]
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    piece = data.draw(st.text("\"'[]{}=,#\\\n. a1“”\u00a0đ/-", max_size=4))
    text = "\n".join([*LINES[:at], line[:start] + piece + line[end:], *LINES[at + 1 :]])
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_text(text, "utf-8")
    file = read_toml(path)
    told_errors = messages(file.errors, file.text)
    assert all(message.startswith(("dòng ", "tệp có")) for message in told_errors)
    assert not any(word in message for message in told_errors for word in ENGLISH)
