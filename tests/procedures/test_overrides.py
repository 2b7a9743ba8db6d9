"""Overrides of a ward, and the ward's own forms."""

from datetime import date
from pathlib import Path

import pytest

from kiosk.procedures.loader import CATALOGUE, BadProcedure, read_catalogue
from kiosk.procedures.overrides import read_overrides

DAY = date(2026, 11, 24)
GOOD = """
[[procedure]]
code = "1.004194"
why = "Nghị quyết 12 của Hội đồng nhân dân (ví dụ)"
checked_on = 2026-12-01
[[procedure.fee]]
id = "truc_tiep"
amount = 10000
seen = "official"
[[procedure.fee]]
id = "gap"
name = "Lấy trong ngày"
name_en = "Same day"
amount = 20000
seen = "product"
[[procedure.time]]
text = "2 ngày làm việc."
text_en = "2 working days."
days = 2
seen = "product"
"""


def changes(folder: Path, text: str) -> Path:
    path = folder / "sua-doi.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_fee_a_time_and_a_date_are_changed_and_the_rest_stays(tmp_path: Path) -> None:
    before = read_catalogue().in_force("1.004194", DAY)
    catalogue = read_catalogue(overrides=changes(tmp_path, GOOD))
    after = catalogue.in_force("1.004194", DAY)
    assert before is not None
    assert after is not None
    assert [(fee.id, fee.amount) for fee in after.fees] == [
        ("truc_tiep", 10000),
        ("danh_sach", 10000),
        ("gap", 20000),
    ]
    assert after.fees[0].exempt == before.fees[0].exempt
    assert [time.days for time in after.times] == [2]
    assert after.checked_on == date(2026, 12, 1)
    assert (after.fields, after.steps, after.papers) == (before.fields, before.steps, before.papers)
    assert catalogue.overrides["1.004194"].summary() == (
        "phí truc_tiep, phí gap, thời hạn, ngày xem quy định (Nghị quyết 12 của Hội đồng nhân dân (ví dụ))"
    )


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('code = "1.004194"', 'code = "9.999999"', "không có thủ tục mang mã '9.999999'"),
        ('why = "Nghị', '# why = "Nghị', "dòng 2: procedure[1]: thiếu 'why'"),
        ("checked_on", "checked", "ở đây chỉ sửa được một trong: code, why"),
        ('id = "truc_tiep"\n', "", "procedure[1].fee: mỗi đoạn [[procedure.fee]] phải có id"),
        ("amount = 10000", 'amount = "10000"', "fee[truc_tiep].amount: phải là số nguyên, không phải '10000'"),
        ('name_en = "Same day"', "", "fee[gap].name_en: thiếu chữ tiếng Anh"),
        ("[[procedure]]", "[[procedures]]", "tệp sửa đổi chỉ có các đoạn [[procedure]]"),
        ("days = 2", "days = ", "dòng 19: viết sai quy cách: “days =”. Sau dấu = chưa có gì"),
    ],
)
def test_what_is_wrong_with_a_change_is_named(right: str, wrong: str, message: str, tmp_path: Path) -> None:
    assert right in GOOD
    with pytest.raises(BadProcedure) as caught:
        read_catalogue(overrides=changes(tmp_path, GOOD.replace(right, wrong, 1)))
    assert message in caught.value.vi
    assert "sua-doi.toml" in caught.value.vi, "the file that is to be mended"
    assert "1.004194.toml" not in caught.value.vi
    assert len(caught.value.errors) == 1, "no second error that is only a consequence"


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [("amount = 10000", 'amount = "10000"', 8), ('name_en = "Same day"', "", 12), ("days = 2", 'days = "2"', 19)],
)
def test_an_error_of_a_change_names_its_line_in_the_file_of_changes(
    right: str, wrong: str, line: int, tmp_path: Path
) -> None:
    text = GOOD.replace(right, wrong, 1)
    with pytest.raises(BadProcedure) as caught:
        read_catalogue(overrides=changes(tmp_path, text))
    assert f"sua-doi.toml, dòng {line}, mã 1.004194" in caught.value.vi, text


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    read = read_overrides(tmp_path / "khong-co.toml")
    assert read.overrides == {}
    assert read.errors == ("khong-co.toml: không đọc được tệp: không có tệp này",)


def test_a_ward_s_own_form_is_added_or_replaces_one(tmp_path: Path) -> None:
    stay = (CATALOGUE / "1.004194.toml").read_text("utf-8")
    (tmp_path / "moi.toml").write_text(stay.replace('code = "1.004194"', 'code = "H57.000001"'), "utf-8")
    (tmp_path / "thay.toml").write_text(stay.replace("minutes = 4", "minutes = 9"), "utf-8")
    catalogue = read_catalogue(CATALOGUE, tmp_path)
    assert len(catalogue.all(DAY)) == len(read_catalogue().all(DAY)) + 1
    assert [catalogue.in_force(code, DAY).minutes for code in ("H57.000001", "1.004194")] == [4, 9]  # type: ignore[union-attr]
