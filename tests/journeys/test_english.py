"""A visit in English: no page has a Vietnamese sentence; names, titles and official words may be Vietnamese."""

import html
import re

import pytest

from tests.journeys.people import (
    COPY,
    STAY,
    begin_birth,
    father,
    home_answers,
    mother_registers,
    peoples,
    reach_check_page,
    submit,
)
from tests.journeys.walker import Walker

SENTENCE = re.compile(
    r"(?<!\w)(của|là|mời|xin|không|cho|hoặc|nếu|đã|đang|để|được|bà con|thì|này|nào|phải|với|khi|những|các|mang|ghi|gõ"
    r"|chọn|chạm|quét|đến|trong|trước|sau|từ|còn|chưa|lại|máy|giấy|thẻ|ngày|tháng|năm|người)(?!\w)"
)
"""Small words of Vietnamese sentences, absent from names in capitals."""
SPOKEN = re.compile(
    r'<div class="keyboard".*?</div>\n|<[^>]* lang="vi"[^>]*>.*?</|<(script|style|svg)\b.*?</\1>', re.DOTALL
)


@pytest.fixture
def visitor(walker: Walker) -> Walker:
    walker.post("/set", name="lang", value="en")
    assert '<html lang="en"' in walker.page
    return walker


def sentences(page: str) -> list[str]:
    """Return the Vietnamese sentences of a page, with its ARIA labels and placeholders."""
    start = page.find('<div class="keyboard"')
    if start >= 0:  # the letters and tones of the keyboard are Vietnamese in every language
        page = page[:start] + page[page.index('<div class="dock"') :]
    bare = re.sub("“[^”]*”", "", SPOKEN.sub(" ", page))  # an official label is quoted as the paper has it
    texts = re.findall(r">([^<]+)<", bare) + re.findall(
        r'(?:aria-label|placeholder|alt|title|data-[a-z]+)="([^"]+)"', bare
    )
    return [html.unescape(text).strip() for text in texts if SENTENCE.search(html.unescape(text))]


def _check(walker: Walker) -> None:
    assert sentences(walker.page) == [], walker.at


def test_the_check_bites(walker: Walker) -> None:
    assert sentences(walker.page)
    assert sentences(walker.go("/choose").page)


@pytest.mark.parametrize(
    "address",
    ["/", "/choose", "/choose?event=all", "/choose?q=birth", "/choose?q=zzzz", "/need/1.001193", f"/need/{COPY}",
     f"/need/{STAY}", "/status", "/ticket", "/easier", "/privacy", "/leave", "/no-such-page", "/need/9.99",
     "/form/check"],
)  # fmt: skip
def test_a_page_outside_the_form_is_english(visitor: Walker, address: str) -> None:
    _check(visitor.go(address))


def test_a_whole_birth_registration_is_english(visitor: Walker) -> None:
    for step in (begin_birth, lambda walker: walker.scan("vietqr"), mother_registers, father):
        step(visitor)
        _check(visitor)
    for answers in ({}, {"con_ho_ten": "Nguyeenx Anf", "con_gioi_tinh": "nu"}):
        visitor.fill(answers) if visitor.at == "/form/ten_be" else None
        _check(visitor)
    wrong = {"con_ngay_sinh.d": "31", "con_ngay_sinh.m": "2", "con_ngay_sinh.y": "2026", "con_noi_sinh": "birth:0"}
    _check(visitor.fill(wrong))
    _check(visitor.fill(wrong | {"con_ngay_sinh.d": "1"}))
    _check(peoples(visitor))
    _check(reach_check_page(visitor))
    _check(visitor.fill())
    _check(submit(visitor))
    assert visitor.at == "/done"


def test_typing_by_hand_is_english(visitor: Walker) -> None:
    begin_birth(visitor).press("by-hand")
    _check(visitor.fill())
    _check(visitor.fill(nyc_ho_ten="Nguyễn Thị Diệu Hiền"))
    _check(visitor.fill())
    _check(visitor.fill({"nyc_ngay_sinh.d": "12", "nyc_ngay_sinh.m": "3", "nyc_ngay_sinh.y": "1996"}))
    _check(visitor.fill())
    _check(visitor.fill({"nyc_giay_to_tuy_than.loai": "can_cuoc", "nyc_giay_to_tuy_than.so": "046196000123"}))


def test_a_copy_and_its_missing_parts_are_english(visitor: Walker) -> None:
    visitor.go(f"/need/{COPY}").fill(giay_nao="khac")
    _check(visitor)
    visitor.fill(loai_viec="khai_tu") if "loai_viec" in visitor.form().names else None
    _check(visitor)
    visitor.scan("sinh_vien")
    _check(visitor)
    visitor.fill(home_answers(visitor) | {"nyc_quan_he": "con"})
    _check(visitor)
    visitor.scan("ong").fill(home_answers(visitor))
    _check(visitor)
    visitor.fill({"dk_tai": "Ủy ban nhân dân xã Hương Phong"})
    _check(visitor)
    visitor.fill(so_luong="1")
    _check(visitor)
    _check(reach_check_page(visitor))


def test_a_stay_is_english(visitor: Walker) -> None:
    visitor.go(f"/need/{STAY}").fill(o_dau="thue")
    _check(visitor.scan("sinh_vien"))
    _check(visitor.fill())
    _check(visitor.press("same"))
    _check(visitor.fill(pick="noi_dung_de_nghi.dia_chi"))
    _check(visitor.go(f"{visitor.at}?q=thuan hoa"))
    _check(visitor.go(f"{visitor.at}?q=zzzz"))
