"""Declarations of old registrations and of parentage: the words of the forms, line by line.

`official_lines/CODE.txt` has the lines of the public copies of a form, with "……" for each answer.
"""

import re
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from kiosk.papers import wording
from kiosk.papers.declaration import complete_sheet
from kiosk.procedures.answers import complete
from kiosk.procedures.model import Declaration, Procedure
from kiosk.procedures.printed_forms import has_oath
from printers.render.pdf import render_sheet
from printers.sheet import FormLine, FormText, Sheet
from tests.papers.forms import made_up_answers, words_of_pdf
from tests.papers.pictures import AT, HEADER, OFFICE, declaration_sheet
from tests.procedures.texts import FILES, procedure

OFFICIAL = Path(__file__).parents[1] / "procedures" / "official_lines"
BIRTH = "1.001193"
FIRST_BIRTH = "1.004772"
RECOGNITION = "1.001022"
NOT_SEEN = ("1.004746", "1.005461")
WORDS = "bản khai tại kiosk, chưa theo mẫu"


def form_of(code: str) -> tuple[Procedure, Declaration]:
    form = procedure(code)
    assert form.declaration is not None
    return form, form.declaration


def blank_lines(form: Declaration) -> list[str]:
    """Return the lines without their answers; two cases of one line (a parent lives, or has died) count once."""
    texts = [line.text or " | ".join(line.cells) for line in form.lines] + [form.place_and_date]
    texts = [text.replace(wording.YES_NO, "Có □ Không □ ").replace("□ {de_nghi_cap_ban_sao}", "□") for text in texts]
    texts = [re.sub(r"ngày \{\w+\} tháng \{\w+\} năm \{\w+\}", "ngày … tháng … năm ……", text) for text in texts]
    texts = [text.replace("{nc_gio_chet}", "… giờ … phút") for text in texts]
    texts = [re.sub(r" {2,}", " ", re.sub(r"\{\w+\}", "……", text)) for text in texts]
    return [text for text, _ in groupby(texts)]


def printed_words(sheet: Sheet) -> str:
    lines = [block for block in sheet.blocks if isinstance(block, FormLine)]
    return " ".join(part.text for line in lines for part in line.parts if isinstance(part, FormText))


@pytest.mark.parametrize("code", ["1.004884", RECOGNITION])
def test_a_declaration_has_the_lines_of_the_form_in_its_order(code: str) -> None:
    _, form = form_of(code)
    assert blank_lines(form) == (OFFICIAL / f"{code}.txt").read_text("utf-8").splitlines()


def test_the_first_registration_of_an_adult_has_the_form_of_every_birth() -> None:
    _, form = form_of(FIRST_BIRTH)
    _, birth = form_of(BIRTH)
    assert blank_lines(form) == blank_lines(birth)
    assert (form.title, form.issued_by, form.footnotes) == (birth.title, birth.issued_by, birth.footnotes)


@pytest.mark.parametrize("code", NOT_SEEN)
def test_a_sheet_whose_form_nobody_saw_does_not_look_like_one(code: str) -> None:
    _, form = form_of(code)
    assert WORDS in form.subtitle.casefold()
    assert not form.form_code
    assert "TỜ KHAI" not in form.title
    assert "Thông tư" not in form.issued_by


def test_a_sheet_of_no_ministry_has_one_name() -> None:
    """Own sheets are "bản khai tại kiosk" in every file, in print and where a ward compares them."""
    forms = [sheet for form in FILES.values() for sheet in (form.declaration, *form.enclosed) if sheet]
    own = [form.issued_by for form in forms if not re.search("Thông tư|Nghị định", form.issued_by)]
    assert len(own) > 8
    assert {name.removesuffix(", chưa theo mẫu") for name in own} == {"bản khai tại kiosk"}


@pytest.mark.parametrize(
    ("code", "seen"),
    [
        ("1.004746", "Đã đăng ký kết hôn tại …… ngày … tháng … năm ……"),
        ("1.004746", "Theo Giấy chứng nhận kết hôn số …… Quyển số ……"),
        ("1.005461", "Đã chết vào lúc: … giờ … phút, ngày … tháng … năm ……"),
        ("1.005461", "Giấy chứng tử/Trích lục khai tử số: …… quyển số: ……"),
    ],
)
def test_the_few_lines_that_were_seen_are_on_the_sheet(code: str, seen: str) -> None:
    _, form = form_of(code)
    assert seen in blank_lines(form)


@pytest.mark.parametrize(
    ("case", "relation", "recognised"),
    [
        ("cha_nhan_con", "cha", "con"),
        ("me_nhan_con", "mẹ", "con"),
        ("con_nhan_cha", "con", "cha"),
        ("con_nhan_me", "con", "mẹ"),
    ],
)
def test_the_oath_and_the_relation_follow_from_who_recognises_whom(case: str, relation: str, recognised: str) -> None:
    form, _ = form_of(RECOGNITION)
    sheet = declaration_sheet(form, made_up_answers(form) | {"viec": case})
    assert f"việc nhận {recognised} nói trên" in printed_words(sheet)
    assert f"Answer(text='{relation}'" in repr(sheet)


@pytest.mark.parametrize("code", ["1.004884", FIRST_BIRTH])
def test_a_parent_who_has_died_has_the_words_of_the_forms_on_the_line_of_residence(code: str) -> None:
    form, declaration = form_of(code)
    given = made_up_answers(form) | {"nyc_quan_he": "ban_than", "me_tinh_trang": "da_mat", "cha_tinh_trang": "con_song"}
    sheet = declaration_sheet(replace(form, declaration=declaration), given)
    assert repr(sheet).count("Answer(text='Đã chết'") == 1


@pytest.mark.parametrize("way", ["ky", "diem_chi"])
def test_an_adult_signs_a_statement_that_is_printed_with_the_declaration(way: str) -> None:
    form, _ = form_of(FIRST_BIRTH)
    answers = complete(form, made_up_answers(form) | {"cach_ky": way}, office=OFFICE, today=AT.date())
    name = str(answers["nd_ho_ten"]).upper()
    printed = words_of_pdf(render_sheet(complete_sheet(form, answers=answers, header=HEADER)))
    declared, title, sworn = printed.partition("VĂN BẢN CAM ĐOAN CHƯA ĐĂNG KÝ KHAI SINH")
    assert title
    assert name in declared
    assert name in sworn
    assert "chưa được đăng ký khai sinh ở nơi nào" in sworn
    assert sworn.count("Người cam đoan") == 1
    assert ("(Điểm chỉ)" in sworn) == (way == "diem_chi")
    assert has_oath(form, answers, AT.date())
