"""Corrections of November 2026 in the procedures of social support: c21 to c32 and c61."""

import re
from dataclasses import replace

import pytest

from kiosk.procedures import documents
from kiosk.procedures.answers import default_of
from kiosk.procedures.checks import CheckContext, failed_checks
from kiosk.procedures.conditions import holds
from kiosk.procedures.cross_checks import errors_of
from kiosk.procedures.model import Procedure
from tests.procedures.form_walk import OFFICE
from tests.procedures.texts import DAY, catalogue, procedure, texts

SOCIAL = ("1.001776", "1.001731", "1.014027", "1.014028")
PENSION = "1.014027"
FUNERAL = "1.001731"
ALLOWANCE = "1.001776"


def lines(code: str) -> list[str]:
    form = procedure(code).declaration
    assert form is not None
    return [line.text for line in form.lines]


def papers(code: str, **situations: str) -> set[str]:
    return {paper.id for paper in procedure(code).papers if holds(paper.when, situations, DAY)}


def warnings(form: Procedure, answers: dict[str, object], amount: int) -> set[str]:
    office = replace(OFFICE, amounts={"social_pension": amount} if amount else {})
    return {check.id for check in failed_checks(form, answers, CheckContext(DAY, office))}


@pytest.mark.parametrize("code", SOCIAL)
def test_c21_decree_335_is_named(code: str) -> None:
    names = documents.names_in_force(documents.shipped_documents(), procedure(code).law, DAY)
    assert names[0] == "Nghị định 335/2026/NĐ-CP"
    assert not [name for name in names if re.search("20/2021|76/2024", name)]
    (note,) = [note for note in procedure(code).notes if not note.when and "335/2026" in note.say.vi]
    assert note.seen == "secondary"
    assert note == procedure(code).notes[-1], "who may apply comes before the law"
    assert procedure(code).declaration.seen in {"secondary", "product"}  # type: ignore[union-attr]


def test_c22_amounts_are_the_wards() -> None:
    form = procedure(PENSION)
    answers = {"loai_de_nghi": "moi", "luong_huu_muc": {"muc": 520_000}}
    assert "luong_cao" in warnings(form, answers, amount=500_000)
    assert "luong_cao" not in warnings(form, answers, amount=540_000)
    assert "luong_cao" not in warnings(form, answers, amount=0)
    insured = {"loai_de_nghi": "moi", "bhxh_muc": {"muc": 520_000}}
    assert "bao_hiem_cao" in warnings(form, insured, amount=500_000)


@pytest.mark.parametrize("code", SOCIAL)
def test_c22_no_amount_of_support_stands_in_a_text(code: str) -> None:
    shown = [words.vi for where, words in texts(procedure(code)) if "example" not in where]
    assert [text for text in shown if re.search(r"[45]\d\d[.\d]*\.?000|810\.000", text)] == []


def test_c23_it_takes_ten_days() -> None:
    (time,) = procedure(ALLOWANCE).times
    assert (time.days, time.text.vi.partition(".")[0]) == (10, "10 ngày làm việc")
    assert (time.sources, time.seen) == (("dvcqg9",), "official-copy")


def test_c24_births_are_proved() -> None:
    groups = [option.id for option in procedure(ALLOWANCE).by_key["nhom_doi_tuong"].options]
    listed = {group for group in groups if "khai_sinh" in papers(ALLOWANCE, nhom_doi_tuong=group)}
    assert listed == {"tre_em", "don_than", "khuyet_tat_con"}
    (paper,) = [paper for paper in procedure(ALLOWANCE).papers if paper.id == "khai_sinh"]
    assert paper.optional
    assert "không phải nộp" in paper.bring.vi
    assert {group for group in groups if "y_te" in papers(ALLOWANCE, nhom_doi_tuong=group)} == {"khuyet_tat_con"}


def test_c25_1_014028_is_apart() -> None:
    (dien,) = procedure(FUNERAL).situations
    elsewhere = {option.id: option.procedure for option in dien.options if option.officer}
    assert elsewhere == {"huu_tri": "1.014028", "khong_ro": ""}
    assert not [line for line in lines(FUNERAL) if "hưu trí" in line]
    assert procedure("1.014028").declaration.form_code == "Mẫu số 02"  # type: ignore[union-attr]


def test_c26_no_other_paper_is_asked() -> None:
    assert papers(FUNERAL, dien="bao_tro") == {"khai_tu", "the"}
    assert papers(FUNERAL, dien="tuat_80") == {"khai_tu", "the", "thoi_huong"}
    assert not [words for _, words in texts(procedure(FUNERAL)) if "thống nhất" in words.vi]


def test_c27_the_title_is_official() -> None:
    assert procedure(PENSION).declaration.title == "VĂN BẢN ĐỀ NGHỊ HƯỞNG TRỢ CẤP HƯU TRÍ XÃ HỘI"  # type: ignore[union-attr]


@pytest.mark.parametrize("chosen", [["khong"], ["luong_huu"], ["luong_huu", "tro_cap"]])
def test_c28_five_boxes_are_printed(chosen: list[str]) -> None:
    answers = {"dang_huong_luong_huu": chosen, "dang_huong_tcxh": ["khong"]}
    answers |= {"luong_huu_muc": {"muc": 400_000}} if "luong_huu" in chosen else {}
    form = procedure(PENSION).declaration
    assert form is not None
    boxes = [line.text for line in form.lines if "đồng/tháng" in line.text and holds(line.when, answers, DAY)]
    names = [re.sub(r"\{[^}]*\} | \(.*", "", text) for text in boxes]
    assert names == [
        "Lương hưu",
        "Trợ cấp Bảo hiểm xã hội",
        "Trợ cấp xã hội",
        "Trợ cấp ưu đãi Người có công với cách mạng",
        "Trợ cấp, phụ cấp khác",
    ]


def test_c29_the_third_box_is_official() -> None:
    assert [line for line in lines(PENSION) if line.endswith("{ho_ngheo?khong} Không thuộc hộ nghèo, cận nghèo")]


def test_c30_line_9_is_a_place() -> None:
    place = procedure(PENSION).by_key["noi_nhan"]
    assert place.default == "Tại {ward.committee}"
    assert procedure(PENSION).by_step["noi_nhan"].place == "review"
    (line,) = [line for line in lines(PENSION) if line.startswith("9.")]
    assert line.endswith("{noi_nhan}")


def test_c31_part_two_is_official() -> None:
    tail = lines(PENSION)[-7:-1]
    assert [line.partition(":")[0] for line in tail] == [
        "1. Họ, chữ đệm, tên",
        "2. Ngày, tháng, năm sinh",
        "3. Thẻ Căn cước hoặc số định danh cá nhân",
        "4. Địa chỉ liên hệ",
        "5. Số điện thoại",
        "6. Quan hệ với người đề nghị hưởng trợ cấp hưu trí xã hội",
    ]


def test_c32_the_oath_is_official() -> None:
    (oath,) = [line.text for line in procedure(PENSION).declaration.lines if line.oath]  # type: ignore[union-attr]
    assert oath == (
        "Tôi xin cam đoan những lời khai trên là đúng sự thật, nếu có điều gì khai không đúng, "
        "tôi xin chịu trách nhiệm hoàn toàn."
    )


@pytest.mark.parametrize("code", SOCIAL)
def test_c61_old_words_are_only_searched(code: str) -> None:
    shown = [words.vi for _, words in texts(procedure(code)) if re.search("tiền già|người già", words.vi.casefold())]
    assert all("hưu trí xã hội" in text.casefold() for text in shown)
    assert len(shown) <= 2
    assert {"tiền già", "xin tiền già"} <= set(procedure(PENSION).search)


def test_an_option_that_opens_another_procedure_names_one_of_the_catalogue() -> None:
    named = {
        option.procedure
        for form in catalogue().all(DAY)
        for situation in form.situations
        for option in situation.options
        if option.procedure
    }
    assert {"1.001731", "1.014028"} <= named
    assert named <= {form.code for form in catalogue().all(DAY)}


def test_an_option_opens_another_procedure_only_with_words_for_it() -> None:
    form = procedure(FUNERAL)
    (dien,) = form.situations
    silent = tuple(replace(option, officer=False) for option in dien.options)
    errors = errors_of(replace(form, situations=(replace(dien, options=silent),)))
    assert [str(error) for error in errors if "officer = true" in str(error)]
    assert not [error for error in errors_of(form) if "officer" in str(error)]


def test_an_amount_that_no_ward_can_enter_is_an_error() -> None:
    form = procedure(PENSION)
    checks = tuple(
        replace(check, args={"amount": "luong"}) if check.id == "luong_cao" else check for check in form.checks
    )
    assert [error for error in errors_of(replace(form, checks=checks)) if "social_pension" in str(error)]


def test_a_text_is_entered_with_the_name_of_the_ward() -> None:
    place = procedure(PENSION).by_key["noi_nhan"]
    assert default_of(place, OFFICE) == "Tại Ủy ban nhân dân phường Phú Xuân"
