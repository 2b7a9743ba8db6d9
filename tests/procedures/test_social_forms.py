"""Declarations of social support beside the words of their forms: official/CODE.txt, a line of the form a line."""

import re
from itertools import groupby
from pathlib import Path

import pytest

from kiosk.procedures.model import Declaration, DeclarationLine
from tests.procedures.texts import procedure

OFFICIAL = Path(__file__).parent / "official"
DOTS = "……"
FORMS = {
    "1.001699": {"Kính gửi: Chủ tịch Ủy ban nhân dân ……": "Kính gửi: Chủ tịch ……"},
    "1.014028": {"Kính gửi: Chủ tịch Ủy ban nhân dân ……": "Kính gửi: Chủ tịch ……"},
    "1.014027": {"Kính gửi: Chủ tịch Ủy ban nhân dân xã (phường, đặc khu) ……": "Kính gửi: Chủ tịch ……"},
    "1.001731": {
        "Giấy CMND số: …… cấp ngày …… Nơi cấp ……": "Giấy CCCD số: …… cấp ngày, nơi cấp: ……\nSố điện thoại: ……"
    },
}
"""Code -> official line -> printed line, where they differ.

The answer after "Chủ tịch" is "Ủy ban nhân dân phường …". Copies of Mẫu số 04 of 2026 have "CCCD" and the phone number;
day and place of issue are one answer of a card.
"""


CLOCK = "…… giờ …… phút"


def words_of_form(text: str, times: frozenset[str] = frozenset()) -> str:
    """Return a line with each blank as "……" and each box as "□", whatever its answer or the number of its dots.

    A time of day, one of the keys `times`, is printed with the words giờ and phút.
    """
    text = re.sub(r"\{([\w.]+)\}", lambda match: CLOCK if match[1] in times else DOTS, text)
    boxes = re.sub(r"\{[\w.]+\?[\w-]+\}", "□", text)
    dots = re.sub(r"…+(/…+)*", DOTS, boxes)
    dates = dots.replace(f"{DOTS} tháng {DOTS} năm {DOTS}", DOTS)
    return re.sub(r"\s+", " ", dates).strip()


def printed(form: Declaration, times: frozenset[str]) -> list[str]:
    """Return the lines of a declaration; the variants of one line (with and without an answer) are one."""
    lines = [words_of_form(_text(line), times) for line in form.lines]
    return [form.title, *([form.subtitle] if form.subtitle else []), *(line for line, _ in groupby(lines))]


def _text(line: DeclarationLine) -> str:
    text = f"{line.text} {{{line.boxes}}}" if line.boxes else line.text
    return " | ".join(line.cells) if line.cells else text


def official(code: str) -> list[str]:
    lines = (OFFICIAL / f"{code}.txt").read_text("utf-8").splitlines()
    changed = [FORMS[code].get(words_of_form(line), words_of_form(line)) for line in lines]
    return "\n".join(changed).split("\n")


@pytest.mark.parametrize("code", FORMS)
def test_every_line_of_the_form_is_printed_in_its_words_and_order(code: str) -> None:
    form = procedure(code).declaration
    assert form is not None
    times = frozenset(item.key for item in procedure(code).fields if item.kind == "time")
    assert printed(form, times) == official(code)


@pytest.mark.parametrize("code", FORMS)
def test_every_line_that_differs_is_a_line_of_the_form(code: str) -> None:
    text = [words_of_form(line) for line in (OFFICIAL / f"{code}.txt").read_text("utf-8").splitlines()]
    assert set(FORMS[code]) <= set(text)


def has_oath(code: str) -> bool:
    form = procedure(code).declaration
    return form is not None and any(line.oath for line in form.lines)


@pytest.mark.parametrize("code", list(filter(has_oath, FORMS)))
def test_the_oath_of_the_answers_is_that_of_the_paper(code: str) -> None:
    form = procedure(code).declaration
    assert form is not None
    (oath,) = [line.text for line in form.lines if line.oath]
    assert procedure(code).by_key["cam_doan"].official == oath
    assert official(code)[-1] == oath


def test_a_changed_word_is_noticed() -> None:
    assert words_of_form("4. Nơi cư trú: {dt_thuong_tru}") == "4. Nơi cư trú: ……"
    assert words_of_form("{loai?moi} Đề nghị") == "□ Đề nghị"
    assert words_of_form("(Mức ……………… đồng/tháng. Hưởng từ tháng ……/………)") == (
        words_of_form("(Mức {muc.muc} đồng/tháng. Hưởng từ tháng {muc.tu_thang})")
    )
    assert words_of_form("4. Nơi ở: {o}") != words_of_form("4. Nơi cư trú: ……")
