# ruff: noqa: E501 - a mistake a line

from pathlib import Path

import pytest

from kiosk.procedures.reading import SHELF, BadProcedure, read, read_shelf

STAY = (SHELF / "1.004194.toml").read_text("utf-8")
COPY = (SHELF / "2.000635.toml").read_text("utf-8")

# what stands in the file, what somebody writes instead, what is said about it
MISTAKES = [
    ('code = "1.004194"\n', "", "x: 'code' is missing"),
    ("minutes = 4", 'minutes = "4"', "x.minutes: int is wanted, not '4'"),
    ("minutes = 4", "minutes = true", "x.minutes: int is wanted, not True"),
    ("minutes = 4", "minuts = 4", "x: 'minuts' is not a word of this format"),
    ('event = "cho_o"', 'event = "o_cho"', "event 'o_cho' is none of co_con"),
    ("effective_from = 2025-07-01", "effective_from = 2026-07-01\neffective_to = 2026-06-30", "effective_to is before"),
    ("effective_from = 2025-07-01", 'effective_from = "2025-07-01"', "x.effective_from: date is wanted"),
    ('line_en = "For stays', '# line_en = "For stays', "x.line_en: a text is missing"),
    ('ask_en = "Who is staying?"', 'ask_en = " "', "x.step[nguoi_o].ask_en: a text is missing"),
    ('"The result comes in 3 working days."]', '""]', "x.done[3]_en: a text is missing"),
    ('["Kết quả có sau 3 ngày làm việc.", "The result comes in 3 working days."]', '"Xong"', "x.done[3]: a text"),
    ("[[time]]", "[time]", "x.time: a list is wanted"),
    ("amount = 15000", 'amount = 15000\nper = "ban"', "fee truc_tiep: there is no field 'ban'"),
    ('when = [{ key = "chua_thanh_nien", is = "tre" }]', 'when = ["tre"]', "x.paper[y_kien_cha_me].when[1]: a table is"),
    ('kind = "xuat_trinh"', 'kind = "xem"', "x.paper[the].kind: 'xem' is none of nop, xuat_trinh, ghi_to_khai"),
    ('id = "so_huu"', 'id = "cho_o"', "paper 'cho_o' stands twice"),
    ('key = "email"', 'key = "dien_thoai"', "field 'dien_thoai' stands twice"),
    ('id = "ngoai_phuong"', 'id = "qua_2_nam"', "check 'qua_2_nam' stands twice"),
    ('kind = "phone"', 'kind = "fone"', "field dien_thoai: kind 'fone' is none of person_name"),
    ('options = "nam_nu"', 'options = "nam_nua"', "options 'nam_nua' is not in choices.toml"),
    ('options = "quan_he_chu_ho"\nquick', "quick", "field quan_he_chu_ho: a choice needs options"),
    ('"o_nho", "con_de", "vo"', '"o_nhoo", "con_de", "vo"', "field quan_he_chu_ho: quick names 'o_nhoo'"),
    ('derive = { from = "ward.police" }', 'derive = { from = "ward.cop" }', "field kinh_gui: derive knows from = ward."),
    ('derive = { from = "ward.police" }', "", "field kinh_gui: no page asks it and nothing fills it"),
    ('in = ["thue", "nguoi_than"', 'in = ["thua", "nguoi_than"', "paper cho_o: its condition asks whether 'o_dau' is 'thua'"),
    ('when = [{ key = "o_dau", is = "tap_the"', 'when = [{ key = "odau", is = "tap_the"', "note 1: its condition asks for 'odau'"),
    ("years = 18, yes = ", "years = 18, yess = ", "'chua_thanh_nien' is 'tre', which is no answer of it"),
    ('fields = ["email"]', 'fields = ["mail"]', "step thu_dien_tu: there is no field 'mail'"),
    ('sex = "gioi_tinh", id', 'sex = "gioi", id', "step nguoi_o: there is no field 'gioi'"),
    ("same_sets = { quan_he_chu_ho", "same_sets = { quan_he", "step chu_ho: there is no field 'quan_he'"),
    ('rows = "thanh_vien"', 'rows = "ho_ten"', "step cung_o: rows wants a group_list, and 'ho_ten' is none"),
    ('rule = "in_ward"', 'rule = "inward"', ": 'inward' is none of age_between"),
    ('at = "chu_ho"', 'at = "chuho"', "check chu_ho_trung: there is no step 'chuho'"),
    ('keys = ["noi_dung_de_nghi.dia_chi"]', 'keys = ["noi_dung_de_nghi.diachi"]', "there is no field 'noi_dung_de_nghi.diachi'"),
    ('level = "error"', 'level = "eror"', "x.check[chu_ho_trung].level: 'eror' is none of error, warn"),
    ('to = "chu_ho_ten"', 'to = "chuho_ten"', "copy to chuho_ten: there is no field 'chuho_ten'"),
    ('source = "so_dinh_danh"', 'source = "so_dinhdanh"', "copy to chu_ho_so_dinh_danh: there is no field 'so_dinhdanh'"),
    ("Giới tính: {gioi_tinh}", "Giới tính: {gioi}", "line 3: there is no field 'gioi'"),
    ('boxes = "so_dinh_danh"', 'boxes = "so"', "line 4: there is no field 'so'"),
    ('table = "thanh_vien"', 'table = "vien"', "line 9: there is no field 'vien'"),
    ('key = "nguoi_ke_khai"\n', 'key = "nguoi_ky"\n', "field 'nguoi_k"),
    ("cho {ho_ten} tại", "cho {ten} tại", "summary: there is no field 'ten'"),
]  # fmt: skip


def told(text: str, folder: Path) -> tuple[str, ...]:
    """What is said about a file with this text."""
    path = folder / "x.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadProcedure) as caught:
        read(path)
    return caught.value.faults


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES, ids=[said for _, _, said in MISTAKES])
def test_a_mistake_is_named_with_its_place(right: str, wrong: str, said: str, tmp_path: Path) -> None:
    assert right in STAY
    faults = told(STAY.replace(right, wrong, 1), tmp_path)
    assert any(said in fault for fault in faults), faults


def test_several_mistakes_are_named_at_once(tmp_path: Path) -> None:
    text, wanted = STAY, []
    for right, wrong, said in MISTAKES:
        if right in text:
            text = text.replace(right, wrong, 1)
            wanted.append(said)
    faults = told(text, tmp_path)
    assert len(wanted) > 30
    unsaid = [said for said in wanted if not any(said in fault for fault in faults)]
    assert unsaid == []


def test_the_message_is_a_list_that_a_person_can_work_off(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(STAY.replace("minutes = 4", "minuts = 4").replace("[[time]]", "[time]"), "utf-8")
    with pytest.raises(BadProcedure) as caught:
        read(path)
    assert str(caught.value) == (
        "x.toml: 2 to mend\n  - x.time: a list is wanted\n  - x: 'minuts' is not a word of this format"
    )


def test_a_page_may_not_hang_on_what_is_answered_later(tmp_path: Path) -> None:
    early = STAY.replace('fields = ["quan_he_chu_ho"]', 'fields = ["quan_he_chu_ho"]\nwhen = [{ key = "thanh_vien" }]')
    assert told(early, tmp_path) == ("step chu_ho: its condition asks for 'thanh_vien', which is answered only later",)
    early = COPY.replace(
        'when = [{ key = "giay_nao", is = "khac" }]', 'when = [{ key = "so_cho_biet_gioi_tinh", is = "co" }]', 1
    )
    assert told(early, tmp_path) == (
        "step loai_khac: its condition asks for 'so_cho_biet_gioi_tinh', which is answered only later",
    )


def test_what_is_no_toml_is_said_with_its_line(tmp_path: Path) -> None:
    (fault,) = told("code = 1.004194.2\n", tmp_path)
    assert fault.startswith("this is not TOML")
    assert "line 1" in fault


def test_all_files_of_a_shelf_are_judged_together(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(STAY.replace("minutes", "minuts"), "utf-8")
    (tmp_path / "b.toml").write_text("", "utf-8")
    (tmp_path / "c.toml").write_text(STAY, "utf-8")
    with pytest.raises(BadProcedure) as caught:
        read_shelf(tmp_path)
    text = str(caught.value)
    assert "a.toml: 1 to mend" in text
    assert "b: 'code' is missing" in text
    assert "c.toml" not in text


def test_an_empty_file_lacks_everything_and_breaks_nothing(tmp_path: Path) -> None:
    faults = told("", tmp_path)
    assert all("is missing" in fault for fault in faults)
    assert len(faults) > 20


def test_a_good_file_is_read_from_any_folder(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(STAY, "utf-8")
    shelf = read_shelf(tmp_path)
    assert shelf.version("1.004194", "2026-11") == read_shelf().version("1.004194", "2026-11")
