"""Rules that a review of November 2026 missed: minors, common children, guardians, dates in words."""

from typing import Any

import pytest

from kiosk.procedures.answers import complete
from kiosk.procedures.checks import CheckContext, failed_checks
from kiosk.procedures.conditions import holds
from kiosk.vietnam import calendar
from tests.procedures.form_walk import OFFICE
from tests.procedures.texts import DAY, procedure, texts


def failed(code: str, answers: dict[str, Any]) -> set[str]:
    form = procedure(code)
    full = complete(form, answers, OFFICE, DAY)
    return {check.id for check in failed_checks(form, full, CheckContext(today=DAY, office=OFFICE))}


def test_a_14_year_old_who_changes_the_own_name_hears_of_the_parents() -> None:
    own = {"loai_yeu_cau": "doi", "nyc_quan_he": "ban_than"}
    assert "chua_18_tu_khai" in failed("1.004859", own | {"nyc_ngay_sinh": "2012-03-12"})
    assert "chua_18_tu_khai" not in failed("1.004859", own | {"nyc_ngay_sinh": "1996-03-12"})


@pytest.mark.parametrize(("born", "is_told"), [("2012-01-01", False), ("2010-01-01", True), ("2000-01-01", False)])
def test_an_ethnic_group_of_15_to_17_needs_the_own_consent(born: str, is_told: bool) -> None:
    found = failed("1.004859", {"loai_yeu_cau": "dan_toc", "nd_ngay_sinh": born})
    assert ("dan_toc_15_tuoi" in found) == is_told


def test_a_child_born_before_the_marriage_is_acknowledged_in_writing() -> None:
    birth = {"cha_me": "da_ket_hon", "con_ngay_sinh": "2026-11-12"}
    assert "con_chung" in failed("1.001193", birth | {"gcnkh_ngay": "2026-11-20"})
    assert "con_chung" not in failed("1.001193", birth | {"gcnkh_ngay": "2020-01-15"})
    assert "con_chung" not in failed("1.001193", birth)


@pytest.mark.parametrize("code", ["2.000635", "1.004873"])
def test_a_guardian_needs_no_authorisation(code: str) -> None:
    (paper,) = [paper for paper in procedure(code).papers if paper.id == "uy_quyen"]
    assert not holds(paper.when, {"nyc_quan_he": "giam_ho"}, DAY)
    assert holds(paper.when, {"nyc_quan_he": "uy_quyen"}, DAY)


def test_an_authorisation_for_another_matter_opens_the_form_of_transactions() -> None:
    form = procedure("2.000884")
    (option,) = [option for item in form.situations for option in item.options if option.id == "uq_khac"]
    assert (option.officer, option.procedure) == (True, "2.001035")
    assert option.say is not None
    assert "lấy số" not in option.say.vi


def test_a_date_in_words_begins_with_the_word_day() -> None:
    assert calendar.date_in_words("2026-09-02").startswith("ngày hai, tháng chín, năm")
    assert calendar.date_in_words("1985") == "năm một nghìn chín trăm tám mươi lăm"


def test_a_stay_that_ended_long_ago_is_not_extended_into_the_past() -> None:
    stay = {"het_han_cu": "2024-10-01", "den_ngay": "2026-10-01"}
    assert "ngay_moi_da_qua" in failed("1.002755", {"noi_dung_de_nghi": stay})
    assert "ngay_moi_da_qua" not in failed("1.002755", {"noi_dung_de_nghi": stay | {"den_ngay": "2026-12-01"}})


def test_one_parent_on_the_birth_certificate_signs_alone() -> None:
    both = [words.vi for _, words in texts(procedure("1.004859")) if "cùng đến ký" in words.vi or "cùng ký" in words.vi]
    assert both
    assert [text for text in both if "Cha và mẹ" in text and "một người thì người đó ký" not in text] == []


def test_who_registers_a_birth_for_the_parents_brings_an_authorisation() -> None:
    form = procedure("1.001193")
    assert "uy_quyen" in {option.id for option in form.by_key["nyc_quan_he"].options}
    (paper,) = [paper for paper in form.papers if paper.id == "uy_quyen"]
    assert holds(paper.when, {"nyc_quan_he": "uy_quyen"}, DAY)
    assert not holds(paper.when, {"nyc_quan_he": "ong"}, DAY)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("1.000894", "từ trước năm 1987"),
        ("1.001022", "do Tòa án xác định"),
        ("2.000635", "15 ngày làm việc"),
    ],
)
def test_what_the_law_asks_is_told(code: str, told: str) -> None:
    assert [words.vi for _, words in texts(procedure(code)) if told in words.vi]


def printed(code: str, answers: dict[str, Any]) -> list[str]:
    form = procedure(code).declaration
    assert form is not None
    shown = [line for line in form.lines if holds(line.when, answers, DAY)]
    return [text for line in shown for text in (line.text, *line.cells)]


def test_no_row_of_a_form_is_cut() -> None:
    assert [text for text in printed("1.001699", {}) if text.endswith(" …")] == []


@pytest.mark.parametrize("who", ["ca_nhan", "gia_dinh"])
def test_line_7_of_a_household_business_is_always_printed(who: str) -> None:
    assert len([text for text in printed("1.001612", {"chu_the": who}) if text.startswith("7. ")]) == 1


def test_an_own_sheet_uses_the_words_of_today() -> None:
    assert [text for text in printed("1.001776", {}) if "CMND" in text or "Hộ khẩu" in text] == []


def test_no_footnote_sends_to_another_paper() -> None:
    form = procedure("1.001022").declaration
    assert form is not None
    assert [note for note in form.footnotes if "niêm yết" in note] == []
