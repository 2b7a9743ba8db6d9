# ruff: noqa: E501 - an error a line

from pathlib import Path

import pytest

from kiosk.procedures.loader import CATALOGUE, BadProcedure, notes_on, read_catalogue, read_procedure

SAMPLE = Path(__file__).with_name("stay.toml")
STAY = SAMPLE.read_text("utf-8")
COPY = (CATALOGUE / "2.000635.toml").read_text("utf-8")

# text of the file, the wrong text in its place, the message
ERRORS = [
    ('code = "1.004194"\n', "", "thiếu 'code'"),
    ("minutes = 4", 'minutes = "4"', "minutes: phải là số nguyên, không phải '4'"),
    ("minutes = 4", "minutes = true", "minutes: phải là số nguyên, không phải True"),
    ("minutes = 4", "minuts = 4", "minuts: 'minuts' không có trong quy cách; có phải 'minutes'?"),
    ('event = "cho_o"', 'event = "o_cho"', "event: 'o_cho' phải là một trong: co_con, ket_hon, cho_o, nguoi_mat, giay_to,"),
    ("effective_from = 2025-07-01", "effective_from = 2026-07-01\neffective_to = 2026-06-30", "effective_to: đứng trước effective_from; xem lại hai ngày này"),
    ("effective_from = 2025-07-01", 'effective_from = "2025-07-01"', "effective_from: phải là ngày viết như 2026-11-24, không có ngoặc kép, không phải"),
    ('line_en = "For stays', '# line_en = "For stays', "line_en: thiếu chữ tiếng Anh (cần cả hai thứ tiếng)"),
    ('ask_en = "Who is staying?"', 'ask_en = " "', "step[nguoi_o].ask_en: thiếu chữ tiếng Anh (cần cả hai thứ tiếng)"),
    ('"The result comes in 3 working days."]', '""]', "done[3]_en: thiếu chữ tiếng Anh (cần cả hai thứ tiếng)"),
    ('["Kết quả có sau 3 ngày làm việc.", "The result comes in 3 working days."]', '"Xong"', "done[3]: thiếu chữ tiếng Việt (cần cả hai thứ tiếng)"),
    ("[[time]]", "[time]", "time: phải là một danh sách: [[...]] hoặc [ ... ]"),
    ("amount = 15000", 'amount = 15000\nper = "ban"', "fee[truc_tiep].per: không có ô 'ban'"),
    ('when = [{ key = "chua_thanh_nien", is = "tre" }]', 'when = ["tre"]', 'paper[y_kien_cha_me].when[1]: phải là một bảng, như { key = "...", is = "..." },'),
    ('kind = "xuat_trinh"', 'kind = "xem"', "paper[the].kind: 'xem' phải là một trong: nop, xuat_trinh, ghi_to_khai"),
    ('id = "so_huu"', 'id = "cho_o"', "paper[cho_o]: paper 'cho_o' có hai lần; mỗi tên chỉ dùng một lần"),
    ('key = "email"', 'key = "dien_thoai"', "field[dien_thoai]: field 'dien_thoai' có hai lần; mỗi tên chỉ dùng một lần"),
    ('id = "ngoai_phuong"', 'id = "qua_2_nam"', "check[qua_2_nam]: check 'qua_2_nam' có hai lần; mỗi tên chỉ dùng một lần"),
    ('kind = "phone"', 'kind = "fone"', "field[dien_thoai].kind: 'fone' phải là một trong: person_name, text, longtext,"),
    ('options = "nam_nu"', 'options = "nam_nua"', "field[gioi_tinh].options: 'nam_nua' không có trong choices.toml; có phải 'nam_nu'?"),
    ('options = "quan_he_chu_ho"\nquick', "quick", 'field[quan_he_chu_ho]: kind = "choice" thì phải có options'),
    ('"o_nho", "con_de", "vo"', '"o_nhoo", "con_de", "vo"', "field[quan_he_chu_ho].quick: 'o_nhoo' không có trong options; có phải 'o_nho'?"),
    ('derive = { from = "ward.police" }', 'derive = { from = "ward.cop" }', "field[kinh_gui].derive: phải là { from = ... } với một trong: ward.committee,"),
    ('derive = { from = "ward.police" }', "", "field[kinh_gui]: chưa trang nào hỏi ô này: ghi vào fields của một [[step]], hoặc"),
    ('in = ["thue", "nguoi_than"', 'in = ["thua", "nguoi_than"', "paper[cho_o].when: điều kiện hỏi 'o_dau' có là 'thua' không, mà 'o_dau' chỉ trả"),
    ('when = [{ key = "o_dau", is = "tap_the"', 'when = [{ key = "odau", is = "tap_the"', "note[1].when: điều kiện hỏi 'odau', không có ô hay situation nào tên đó; có phải"),
    ("years = 18, yes = ", "years = 18, yess = ", "paper[y_kien_cha_me].when: điều kiện hỏi 'chua_thanh_nien' có là 'tre' không, mà"),
    ('fields = ["email"]', 'fields = ["mail"]', "step[thu_dien_tu]: không có ô 'mail'; có phải 'email'?"),
    ('sex = "gioi_tinh", id', 'sex = "gioi", id', "step[nguoi_o]: không có ô 'gioi'; có phải 'gioi_tinh'?"),
    ("same_sets = { quan_he_chu_ho", "same_sets = { quan_he", "step[chu_ho]: không có ô 'quan_he'; có phải 'quan_he_chu_ho'?"),
    ('rows = "thanh_vien"', 'rows = "ho_ten"', "step[cung_o].rows: phải là một ô kind = \"group_list\", mà 'ho_ten' không phải"),
    ('rule = "in_ward"', 'rule = "inward"', "check[ngoai_phuong].rule: 'inward' phải là một trong: age_between, "),
    ('at = "chu_ho"', 'at = "chuho"', "check[chu_ho_trung].at: không có trang (step) 'chuho'; có phải 'chu_ho'?"),
    ('keys = ["noi_dung_de_nghi.dia_chi"]', 'keys = ["noi_dung_de_nghi.diachi"]', "check[ngoai_phuong].keys: không có ô 'noi_dung_de_nghi.diachi'; có phải"),
    ('level = "error"', 'level = "eror"', "check[chu_ho_trung].level: 'eror' phải là một trong: error, warn; có phải 'error'?"),
    ('to = "chu_ho_ten"', 'to = "chuho_ten"', "copy[1].to: không có ô 'chuho_ten'; có phải 'chu_ho_ten'?"),
    ('source = "so_dinh_danh"', 'source = "so_dinhdanh"', "copy[2].source: không có ô 'so_dinhdanh'; có phải 'so_dinh_danh'?"),
    ("Giới tính: {gioi_tinh}", "Giới tính: {gioi}", "declaration.line[3]: không có ô 'gioi'; có phải 'gioi_tinh'?"),
    ('boxes = "so_dinh_danh"', 'boxes = "so"', "declaration.line[4]: không có ô 'so'"),
    ('table = "thanh_vien"', 'table = "vien"', "declaration.line[9]: không có ô 'vien'"),
    ('key = "nguoi_ke_khai"\n', 'key = "nguoi_ky"\n', "declaration.signature[nguoi_ke_khai]: không có ô 'nguoi_ke_khai'; có phải"),
    ("cho {ho_ten} tại", "cho {ten} tại", "summary: không có ô 'ten'; có phải 'ho_ten'?"),
]  # fmt: skip
# errors whose message has the line of the error itself
ON_THEIR_LINE = ["minuts = 4", 'ask_en = " "', 'kind = "fone"', '"o_nhoo"', 'at = "chuho"', 'level = "eror"',
                 '"noi_dung_de_nghi.diachi"', 'to = "chuho_ten"', 'options = "nam_nua"']  # fmt: skip


def errors_in(text: str, folder: Path) -> tuple[str, ...]:
    """Return the errors of a file with this text."""
    path = folder / "x.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadProcedure) as caught:
        read_procedure(path)
    return caught.value.errors


@pytest.mark.parametrize(("right", "wrong", "message"), ERRORS, ids=[message for _, _, message in ERRORS])
def test_a_mistake_is_named_with_its_place(right: str, wrong: str, message: str, tmp_path: Path) -> None:
    assert right in STAY
    errors = errors_in(STAY.replace(right, wrong, 1), tmp_path)
    assert any(message in error for error in errors), errors


@pytest.mark.parametrize("wrong", ON_THEIR_LINE)
def test_a_mistake_is_named_with_its_line(wrong: str, tmp_path: Path) -> None:
    right, whole, message = next(entry for entry in ERRORS if wrong in entry[1])
    text = STAY.replace(right, whole, 1)
    line = text.count("\n", 0, text.index(wrong)) + 1
    at_line = [error for error in errors_in(text, tmp_path) if error.startswith(f"dòng {line}: ")]
    assert message in at_line[0]


CORRECTION = (CATALOGUE / "1.004859.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('figures_for = ["nam_sinh", ', 'figures_for = ["namsinh", ', "'namsinh' phải là một lựa chọn của cột đầu"),
        ('key = "tu"\nkind = "text"', 'key = "tu"\nkind = "longtext"', "và cột này là một dòng chữ"),
    ],
)
def test_figures_are_for_options_of_the_first_column(right: str, wrong: str, message: str, tmp_path: Path) -> None:
    errors = errors_in(CORRECTION.replace(right, wrong, 1), tmp_path)
    assert any("field[noi_dung].field[tu].figures_for: " in error and message in error for error in errors), errors


def test_several_mistakes_are_named_at_once(tmp_path: Path) -> None:
    text = STAY
    wanted = []
    for right, wrong, message in ERRORS:
        if right in text and "có hai lần" not in message:  # a name given twice would rename the others' places
            text = text.replace(right, wrong, 1)
            wanted.append(message)
    errors = errors_in(text, tmp_path)
    assert len(wanted) > 30
    # where two mistakes meet, the words change; the place does not
    places = [message.partition(": ")[0] for message in wanted]
    absent = [place for place in places if not any(place in error for error in errors)]
    assert absent == []


def test_the_message_is_a_list_that_a_person_can_work_off(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(STAY.replace("minutes = 4", "minuts = 4").replace("[[time]]", "[time]"), "utf-8")
    with pytest.raises(BadProcedure) as caught:
        read_procedure(path)
    assert caught.value.vi == (
        "x.toml có 2 chỗ phải sửa:\n"
        "  - dòng 17: minuts: 'minuts' không có trong quy cách; có phải 'minutes'?\n"
        "  - dòng 33: time: phải là một danh sách: [[...]] hoặc [ ... ]"
    )


def test_a_page_may_not_hang_on_what_is_answered_later(tmp_path: Path) -> None:
    early = STAY.replace('fields = ["quan_he_chu_ho"]', 'fields = ["quan_he_chu_ho"]\nwhen = [{ key = "thanh_vien" }]')
    (message,) = errors_in(early, tmp_path)
    assert "step[chu_ho].when: điều kiện hỏi 'thanh_vien', mà trang sau mới hỏi" in message
    early = COPY.replace(
        'when = [{ key = "giay_nao", is = "khac" }]', 'when = [{ key = "so_cho_biet_gioi_tinh", is = "co" }]', 1
    )
    message, *_ = errors_in(early, tmp_path)
    assert "step[loai_khac].when: điều kiện hỏi 'so_cho_biet_gioi_tinh', mà trang sau mới hỏi" in message


def test_an_extended_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    errors = errors_in('extends = "khong-co.toml"\n', tmp_path)
    assert (
        errors[0]
        == "dòng 1: extends: 'khong-co.toml' không đọc được hoặc có chỗ viết sai; xem tên, rồi sửa tệp ấy trước"
    )


def test_a_file_that_continues_itself_or_another_continuation_is_named(tmp_path: Path) -> None:
    (message, *_) = errors_in('extends = "x.toml"\n', tmp_path)
    assert message == "dòng 1: extends: tệp này tiếp chính nó; ghi tên tệp của bản trước"
    (tmp_path / "hai.toml").write_text('extends = "ba.toml"\n', "utf-8")
    (message, *_) = errors_in('extends = "hai.toml"\n', tmp_path)
    assert message.startswith("dòng 1: extends: 'hai.toml' lại tiếp tệp 'ba.toml'; ghi tên tệp đầu tiên")


def test_all_files_of_a_catalogue_are_checked_together(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(STAY.replace("minutes", "minuts"), "utf-8")
    (tmp_path / "b.toml").write_text("", "utf-8")
    (tmp_path / "c.toml").write_text(STAY, "utf-8")
    with pytest.raises(BadProcedure) as caught:
        read_catalogue(tmp_path)
    text = str(caught.value)
    assert "a.toml, dòng 17: minuts" in text
    assert "b.toml, dòng 1: thiếu 'code'" in text
    assert "c.toml" not in text


def test_an_empty_file_lacks_everything_and_breaks_nothing(tmp_path: Path) -> None:
    errors = errors_in("", tmp_path)
    assert all("thiếu '" in error for error in errors)
    assert len(errors) > 18


def test_a_good_file_is_read_from_any_folder(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(STAY, "utf-8")
    catalogue = read_catalogue(tmp_path)
    assert catalogue.version("1.004194", "2026-11") == read_procedure(SAMPLE)


UNNUMBERED = STAY.replace("format = 3\n", "")
RETIRED = {
    "printed": ('key = "ho_ten"\n', 'key = "ho_ten"\nprinted = false\n'),
    "cutoff": ("[[time]]\n", "[[time]]\ncutoff = true\n"),
    "field_of_work": ("minutes = 4\n", 'minutes = 4\nfield_of_work = "Cư trú"\n'),
    "field_of_work_en": ("minutes = 4\n", 'minutes = 4\nfield_of_work_en = "Residence"\n'),
}
"""Words that older files may have -> a line of a file and the same line with the word behind it."""


@pytest.mark.parametrize("word", RETIRED)
def test_a_word_that_is_no_longer_used_is_ignored_and_noted_with_its_line(word: str, tmp_path: Path) -> None:
    line, with_word = RETIRED[word]
    text = UNNUMBERED.replace(line, with_word, 1)
    path = tmp_path / "x.toml"
    path.write_text(text, "utf-8")
    assert read_procedure(path) == read_procedure(SAMPLE)
    (note,) = notes_on(path)
    number = next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(f"{word} ="))
    assert note.startswith(f"dòng {number}: ")
    assert note.endswith(f"'{word}' không còn dùng; xóa dòng này")


def test_a_word_that_is_no_longer_used_stays_unknown_elsewhere(tmp_path: Path) -> None:
    errors = errors_in(UNNUMBERED.replace("minutes = 4", "minutes = 4\nprinted = false"), tmp_path)
    assert errors == ("dòng 18: printed: 'printed' không có trong quy cách",)


def test_the_shipped_files_have_no_word_that_is_no_longer_used() -> None:
    assert [note for path in sorted(CATALOGUE.glob("*.toml")) for note in notes_on(path)] == []
