"""Transfer of a form: the codes on the screen hold the same bytes as the JSON, for the officer at its counter only."""

import re

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from kiosk.context import Context
from kiosk.papers import qr_sequence
from tests.pages.officer.sitting import Desk
from tests.pages.officer.test_queue import _tap

SCALE = 4


@pytest.fixture
def desk(app: Flask, birth_filed: Context) -> Desk:
    """Return an officer with a birth registration at the counter."""
    return _tap(Desk(app), "next")


def _codes(desk: Desk) -> str:
    match = re.search(r'href="(/officer/ticket/[^"]+/codes)"', desk.page)
    assert match
    return match[1]


def _drawn(page: str) -> Image.Image:
    """Draw the code of a page as a browser does: each `h` of the path is a row of modules."""
    box = re.search(r'viewBox="0 0 (\d+) ', page)
    path = re.search(r'class="qrline" stroke="#000" d="([^"]+)"', page)
    assert box
    assert path
    picture = Image.new("L", (int(box[1]), int(box[1])), 255)
    x = y = 0
    for step, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[1]):
        values = [float(number) for number in numbers.split()]
        if step == "h":
            for at in range(int(values[0])):
                picture.putpixel((x + at, y), 0)
            x += int(values[0])
        elif step == "M":
            x = int(values[0])
            y = int(values[1])
        else:
            x += int(values[0])
            y += int(values[1])
    return picture.resize((picture.width * SCALE, picture.height * SCALE), Image.Resampling.NEAREST)


def _walk(desk: Desk) -> list[str]:
    """Return what a scanner reads from the first code to the last, following the links."""
    read = []
    address = _codes(desk)
    while address:
        desk.go(address)
        assert desk.answer.headers["Cache-Control"] == "no-store"
        (code,) = zxingcpp.read_barcodes(_drawn(desk.page))
        read.append(code.text)
        match = re.search(r'class="button main" href="([^"]+)"', desk.page)
        address = match[1] if match else ""
    return read


def test_read_off_the_screen_and_joined_it_is_the_same_json(desk: Desk) -> None:
    given = desk.browser.get(_codes(desk).replace("/codes", "/answers.json")).get_data(as_text=True)
    read = _walk(desk)
    assert len(read) > 1
    assert qr_sequence.join_parts(read) == given
    assert "Đây là mã cuối" in desk.words
    assert f"{len(read)} / {len(read)}" in desk.words


def test_no_address_and_no_word_of_the_page_holds_an_answer(desk: Desk) -> None:
    _walk(desk)
    shown = re.sub(r"<svg.*?</svg>", "", desk.page, flags=re.DOTALL)
    for answer in ("Hiền", "Ngọc", "046196000123", "19753"):
        assert answer.casefold() not in shown.casefold()


@pytest.mark.parametrize("part", ["0", "99", "x", "-1", "²"])
def test_a_code_that_is_not_there_is_said(desk: Desk, part: str) -> None:
    assert desk.browser.get(f"{_codes(desk)}?part={part}").status_code == 404


def test_codes_open_at_ones_own_counter_alone_and_only_while_the_number_is_there(app: Flask, desk: Desk) -> None:
    address = _codes(desk)
    assert Desk(app, "minhtam", counter=2).browser.get(address).status_code == 403
    assert desk.browser.get(address).status_code == 200
    _tap(desk, "finish")
    assert desk.browser.get(address).status_code == 403


def test_the_json_says_it_under_the_names_of_the_national_forms(desk: Desk) -> None:
    form = desk.browser.get(_codes(desk).replace("/codes", "/answers.json")).json
    portal = form["national"]["portal"]
    justice = form["national"]["justice"]
    assert portal["HoTenKS"] == justice["nksHoTen"] == "TRẦN NGUYỄN BẢO NGỌC"
    assert portal["SoDinhDanhC"] == justice["nycSoGiayToTuyThan"] == "046196000123"
    assert portal["NgayCapDDC"] == "10/05/2021"
    assert (portal["NgaySinhChon"], portal["GioiTinhKS"], portal["DanTocKS"]) == ("12/11/2026", "Nữ", "Kinh")
    assert "phường Phú Xuân" in portal["nksQueQuan"]
    assert portal["LoaiDangKy"] == "Đăng ký đúng hạn"
    assert portal["nksLoaiKhaiSinh"] == "Đã xác định được cả cha lẫn mẹ"
    assert justice["nycLoaiGiayToTuyThan"] == "Căn cước công dân"
    assert all(isinstance(words, str) and words for boxes in (portal, justice) for words in boxes.values())


def test_each_box_of_a_national_form_is_copied_by_itself(desk: Desk) -> None:
    names = re.findall(r'data-copy="046196000123" title="[^"]*">([^<]+)</button>', desk.page)
    assert {"Số định danh cá nhân", "nycSoGiayToTuyThan", "meSoGiayToTuyThan"} <= set(names)
    label = "Ngày, tháng, năm cấp"
    assert f'data-copy="10/05/2021" title="NgayCapDDC: 10/05/2021">{label}</button>' in desk.page
    assert 'title="HoTenChaKS: TRẦN VĂN PHƯỚC">Họ, chữ đệm, tên</button>' in desk.page
    assert 'title="LoaiDangKy: Đăng ký đúng hạn">Loại đăng ký</button>' in desk.page
    assert "Hiện tên ô của cổng quốc gia" in desk.words


def test_a_whole_part_of_the_form_is_copied_a_line_an_answer(desk: Desk) -> None:
    match = re.search(r'data-copy="([^"]+)" aria-label="Chép cả phần Cha, mỗi ô một dòng"', desk.page)
    assert match
    lines = match[1].split("\n")
    assert len(lines) > 3
    assert lines[0] == "TRẦN VĂN PHƯỚC"
