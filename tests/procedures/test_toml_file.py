"""A file that is no TOML, as Word and Notepad save it: the first mistake is told in Vietnamese, with line and cure."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.procedures.file_errors import messages
from kiosk.procedures.loader import BadProcedure, read_procedure
from kiosk.procedures.toml_file import read_toml

FORM = Path(__file__).with_name("ward_form.toml")
STAY = FORM.read_text("utf-8")
ASK = 'ask = "Đang ở nhà của ai?"'
ENGLISH = ("Illegal", "Invalid", "Expected", "Unclosed", "Cannot", "Unescaped", "codec", "(at ")
IN_QUOTES = "Chữ phải để trong ngoặc kép thẳng"
PLAIN_VALUES = "Số chỉ ghi chữ số; ngày ghi như 2026-11-24; trong câu thì dùng ngoặc cong “ ”"

# right, wrong, cure
MISTAKES = [
    (ASK, "ask = “Đang ở nhà của ai?”", 'Có dấu ngoặc kép cong “ ” (Word tự đổi): gõ lại bằng dấu ngoặc kép thẳng "'),
    (ASK, "ask\u00a0=\u00a0" + ASK.partition("= ")[2], "Có dấu cách lạ (chép từ Word hay trang web)"),
    (ASK, ASK[:-1], "Thiếu dấu ngoặc kép ở cuối chữ"),
    (ASK, "ask = Đang ở nhà của ai?", IN_QUOTES),
    (ASK, 'ask = "Đang ở "nhà" của ai?"', PLAIN_VALUES),
    (ASK, ASK.replace(" =", ":"), "Sau tên phải là dấu ="),
    (ASK, "ask =", "Sau dấu = chưa có gì: ghi giá trị, hoặc xóa dòng này"),
    (ASK, 'ask = "C:\\quay"', "Có dấu \\ trong câu"),
    ("checked_on = 2026-11-24", "checked_on = 01/11/2026", PLAIN_VALUES),
    ("checked_on = 2026-11-24", "checked_on = 2026-11-31", "Không có ngày này"),
    ("amount = 15000", "amount = 8000 đồng", PLAIN_VALUES),
    ("amount = 15000", "amount = 1.500.000", PLAIN_VALUES),
    ("required = true", "required = True", IN_QUOTES),
    ('[[field]]\nkey = "ho_ten"', '[[field]\nkey = "ho_ten"', "Đầu đoạn phải có đủ dấu ngoặc vuông ở hai bên"),
    ('"tạm trú", "đăng ký tạm trú"', '"tạm trú" "đăng ký tạm trú"', "Thiếu dấu phẩy giữa hai mục"),
]


def told(folder: Path, content: str | bytes) -> tuple[str, ...]:
    path = folder / "x.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(BadProcedure) as caught:
        read_procedure(path)
    return caught.value.errors


@pytest.mark.parametrize(("right", "wrong", "cure"), MISTAKES, ids=[wrong for _, wrong, _ in MISTAKES])
def test_a_syntax_mistake_is_told_with_its_line_and_cure(right: str, wrong: str, cure: str, tmp_path: Path) -> None:
    assert right in STAY
    line = STAY.count("\n", 0, STAY.index(right)) + 1
    (error,) = told(tmp_path, STAY.replace(right, wrong, 1))
    assert error.startswith(f"dòng {line}: viết sai quy cách: “")
    assert cure in error
    assert not any(word in error for word in ENGLISH)


def test_a_key_that_is_written_twice_is_told(tmp_path: Path) -> None:
    (error,) = told(tmp_path, STAY.replace(ASK, f"{ASK}\n{ASK}", 1))
    assert "Tên này đã có ở trên: xóa một chỗ" in error


def test_single_brackets_of_a_list_are_told(tmp_path: Path) -> None:
    (error,) = told(tmp_path, STAY.replace("[[field]]", "[field]"))
    assert "đầu đoạn của danh sách có hai dấu ngoặc vuông mỗi bên" in error


def test_the_mistake_is_told_at_the_last_written_line_where_the_file_ends_too_early(tmp_path: Path) -> None:
    (error,) = told(tmp_path, 'name = "x"\nsearch = [\n\n\n')
    assert error.startswith("dòng 2: viết sai quy cách: “search = [”.")


def test_a_file_of_another_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        (error,) = told(tmp_path, STAY.encode(encoding))
        assert error.startswith("dòng 1: tệp lưu kiểu UTF-16 (Unicode); trong Notepad chọn Tệp, Lưu thành")
    ansi = "\n".join(["# a", "# b", 'name = "Đăng ký"']).encode("cp1258", "replace")
    assert told(tmp_path, ansi)[-1].startswith("dòng 3: chữ có dấu ở dòng này không phải UTF-8 (tệp lưu kiểu ANSI)")
    (error,) = told(tmp_path, b"\xef\xbb\xbf" + STAY.encode())
    assert error.startswith("dòng 1: tệp bắt đầu bằng dấu BOM (“UTF-8 có BOM”); trong Notepad chọn Tệp, Lưu thành")


def test_line_ends_of_windows_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(STAY.replace("\n", "\r\n").encode())
    assert read_procedure(path) == read_procedure(FORM)


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
    assert all(message.startswith("dòng ") for message in told_errors)
    cures = [message.partition("”. ")[2] for message in told_errors]
    assert not any(word in cure for cure in cures for word in ENGLISH)
