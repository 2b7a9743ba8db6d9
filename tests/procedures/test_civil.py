"""Civil status as of November 2026: places of filing, terms, copies, legal bases, cards, fingerprints."""

import re
from dataclasses import replace

import pytest

from kiosk.papers import signature_blocks
from kiosk.procedures.answers import complete
from kiosk.procedures.conditions import holds
from kiosk.procedures.documents import shipped_documents
from kiosk.procedures.model import Procedure
from kiosk.procedures.official_records import SHIPPED, read_records
from tests.papers.pictures import declaration_sheet
from tests.procedures.form_walk import OFFICE
from tests.procedures.texts import CODES, DAY, procedure

SIX = ("1.000656", "1.000894", "1.001193", "1.004859", "1.004873", "2.000635")
PLACE_RULES = ("in_ward", "any_in_ward")


def forms() -> list[Procedure]:
    return [procedure(code) for code in SIX]


@pytest.mark.parametrize("code", [code for code in CODES if procedure(code).series == "A-HOTICH"])
def test_nobody_is_turned_away_for_a_home_in_another_ward(code: str) -> None:
    for check in procedure(code).checks:
        if check.rule in PLACE_RULES:
            assert (check.level, check.ticket, check.officer) == ("warn", True, False)
            assert "nộp trực tuyến" in check.say.vi
            assert check.sources in {("dvcqg4",), ("dvcqg7",)}


def test_a_death_that_must_be_verified_has_no_term_in_print() -> None:
    verified = procedure("1.000656").times[1]
    assert verified.text.vi == "Phải xác minh thì lâu hơn, cán bộ báo ngày."
    assert (verified.seen, verified.days) == ("memory", 3)


def test_copies_stand_after_the_oath() -> None:
    for form in forms():
        assert form.declaration is not None
        texts = [line.text for line in form.declaration.lines]
        copies = [at for at, text in enumerate(texts) if text.startswith("Đề nghị cấp bản sao")]
        oath = next(at for at, line in enumerate(form.declaration.lines) if line.oath)
        assert all(at > oath for at in copies)


def test_a_copy_asks_for_no_ethnic_group_and_no_nationality() -> None:
    form = procedure("2.000635")
    assert not form.by_key["nd_dan_toc"].required
    assert not form.by_key["nd_quoc_tich"].required
    assert form.by_step["dan_toc"].place == "review"


@pytest.mark.parametrize(("wanted", "purpose", "is_printed"), [
    (True, "nha_dat", True), (False, "nha_dat", False), (True, "ket_hon", False),
])  # fmt: skip
def test_the_clause_on_marriage_is_switched_on_by_the_ward(wanted: bool, purpose: str, is_printed: bool) -> None:
    form = procedure("1.004873")
    answers = complete(form, {"muc_dich": purpose}, replace(OFFICE, not_for_marriage=wanted), DAY)
    assert form.declaration is not None
    lines = [line.text for line in form.declaration.lines if holds(line.when, answers, DAY)]
    purposes = [text for text in lines if text.startswith("Mục đích sử dụng")]
    assert len(purposes) == 1
    assert purposes[0].endswith(", không có giá trị sử dụng để đăng ký kết hôn") == is_printed


def test_the_single_status_paper_rests_on_decree_07_2025() -> None:
    (note,) = [note for note in procedure("1.000894").notes if "giấy độc thân" in note.say.vi]
    assert note.sources == ("nd07", "cv481")
    assert "lâu nhất 5 ngày làm việc" in note.say.vi


def test_civil_status_names_the_documents_of_its_records() -> None:
    documents = shipped_documents()
    records = read_records(SHIPPED)
    for form in forms():
        numbers = "; ".join(documents[name].number for name in form.law)
        cited = [re.sub(r"^Thông tư số ", "", basis) for basis in records[form.code].legal_basis]
        kept = [number for number in cited if number not in NOT_ABOUT_CIVIL_STATUS]
        assert [number for number in kept if number not in numbers] == [], form.code


NOT_ABOUT_CIVIL_STATUS = {"91/2015/QH13"}
"""The Civil Code, which the register of documents does not have."""


def test_the_combined_procedure_is_named_with_its_portal() -> None:
    for code in ("1.001193", "1.000656"):
        also = procedure(code).also
        assert also is not None
        assert "một lần" in also.vi
        assert "Cổng Dịch vụ công quốc gia hoặc VNeID" in also.vi


@pytest.mark.parametrize("form", forms(), ids=SIX)
def test_who_cannot_write_gives_a_fingerprint(form: Procedure) -> None:
    assert complete(form, {}, OFFICE, DAY)["cach_ky"] == "ky"
    assert form.by_step["chu_ky"].fields == ("cach_ky",)
    assert form.declaration is not None
    signed = {
        way: [sign for sign in form.declaration.signatures if holds(sign.when, {"cach_ky": way}, DAY)]
        for way in ("ky", "diem_chi")
    }
    assert not any("điểm chỉ" in sign.note.lower() for sign in signed["ky"])
    assert any("điểm chỉ" in sign.note.lower() for sign in signed["diem_chi"])
    assert any("đọc lại" in sign.note for sign in signed["diem_chi"])
    assert declaration_sheet(form, {"cach_ky": "diem_chi"}) != declaration_sheet(form, {"cach_ky": "ky"})
    assert signature_blocks.blocks(form, form.declaration, answers={"cach_ky": "diem_chi"}, today=DAY)


def test_the_card_is_for_checking_who_stands_there() -> None:
    for form in forms():
        cards = [paper for paper in form.papers if paper.name.vi.startswith("Căn cước")]
        assert len(cards) == 1, form.code
        assert cards[0].kind == "xuat_trinh"
        assert cards[0].bring.vi == "Để cán bộ đối chiếu người. Không mang thì đọc số định danh."
