"""Line of a declaration: check boxes, times, sums, and words that are kept on one row."""

import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kiosk.papers import wording
from kiosk.procedures import model
from kiosk.procedures.base import Words
from kiosk.procedures.loader import read_catalogue
from kiosk.procedures.model import AnswerOption, Field, Procedure
from printers.printable_text import NO_BREAK
from printers.render.line_layout import SHEET_MEASURES, lay_line
from printers.render.primitives import Bar, DottedLine, LaidBlock, Stroke, TextMark
from printers.sheet import Answer, Box, FormLine, FormText, Part
from tests.papers.forms import BIRTH

NAME = Words("ô", "box")
HOMES = (
    AnswerOption("ngheo", Words("Hộ nghèo", "Poor")),
    AnswerOption("can", Words("Hộ cận nghèo", "Nearly poor")),
    AnswerOption("khac", Words("Khác", "Other")),
)
FIELDS = (
    Field("ho", "choice", NAME, options=HOMES),
    Field("huong", "multichoice", NAME, options=HOMES),
    Field("dau", "choice_text", NAME, options=HOMES),
    Field("the", "boolean", NAME),
    Field("gio", "time", NAME),
    Field("tien", "money", NAME),
    Field("ten", "text", NAME),
    Field("nhom", "group", NAME, fields=(Field("tu", "date", NAME), Field("ho", "choice", NAME, options=HOMES))),
)


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    birth = read_catalogue().in_force(BIRTH, date(2026, 11, 24))
    assert birth is not None
    return replace(birth, fields=FIELDS)


def boxes(parts: tuple[Part, ...]) -> list[bool]:
    return [part.ticked for part in parts if isinstance(part, Box)]


def rows(parts: tuple[Part, ...], available_width: float = 460) -> list[LaidBlock]:
    return lay_line(FormLine(parts), SHEET_MEASURES["A4"], available_width)


@pytest.mark.parametrize(("key", "value", "ticked"), [
    ("ho", "can", [False, True]),
    ("ho", None, [False, False]),
    ("huong", ["ngheo", "can"], [True, True]),
    ("huong", [], [False, False]),
])  # fmt: skip
def test_a_box_is_ticked_where_the_answer_is_or_has_its_option(
    procedure: Procedure, key: str, value: Any, ticked: list[bool]
) -> None:
    parts = wording.line_parts(procedure, {key: value}, f"{{{key}?ngheo}} Hộ nghèo  {{{key}?can}} Hộ cận nghèo")
    assert boxes(parts) == ticked
    assert wording.named_keys("{ho?ngheo} {nhom.ho?can} {ten}") == ["ho", "nhom.ho", "ten"]
    assert wording.box_options("{ho?ngheo} {nhom.ho?can} {ten}") == [("ho", "ngheo"), ("nhom.ho", "can")]


def test_a_box_asks_for_yes_or_no_and_for_a_part_of_a_group(procedure: Procedure) -> None:
    text = "Có thẻ không? Có {the?true} Không {the?false}, hộ {nhom.ho?can}"
    assert boxes(wording.line_parts(procedure, {"the": False, "nhom": {"ho": "can"}}, text)) == [False, True, True]
    assert boxes(wording.line_parts(procedure, {"the": True}, text)) == [True, False, False]


def test_a_box_is_drawn_with_lines_and_never_as_a_letter(procedure: Procedure) -> None:
    (laid,) = rows(wording.line_parts(procedure, {"ho": "can"}, "{ho?ngheo} Hộ nghèo  {ho?can} Hộ cận nghèo"))
    assert len([mark for mark in laid.marks if isinstance(mark, Bar)]) == 8
    assert len([mark for mark in laid.marks if isinstance(mark, Stroke)]) == 1
    assert all(
        letter.isalpha() or letter == " " for mark in laid.marks if isinstance(mark, TextMark) for letter in mark.text
    )


@pytest.mark.parametrize(("text", "leads"), [
    ("{ho?ngheo} Hộ nghèo  {ho?can} Hộ cận nghèo", True),
    ("8. Tình trạng hộ: {ho?ngheo} Hộ nghèo {ho?can} Hộ cận nghèo", True),
    ("Có thẻ không? Có {the?true} Không {the?false}", False),
])  # fmt: skip
def test_a_box_stays_on_the_row_of_its_own_words(procedure: Procedure, text: str, leads: bool) -> None:
    parts = wording.line_parts(procedure, {}, text)
    assert all(part.leads is leads for part in parts if isinstance(part, Box))
    for width in range(90, 460, 10):
        for laid in rows(parts, width):
            edges = sorted({mark.x for mark in laid.marks if isinstance(mark, Bar)})
            words = sorted(mark.x for mark in laid.marks if isinstance(mark, TextMark))
            if edges:
                assert words, "a box stands alone"
                assert edges[0] < words[-1] if leads else edges[-1] > words[0]


def test_a_short_option_is_not_torn(procedure: Procedure) -> None:
    parts = wording.line_parts(procedure, {}, "8. Hộ: {ho?ngheo} Hộ nghèo  {ho?can} Hộ cận nghèo")
    assert FormText(f"Hộ{NO_BREAK}cận{NO_BREAK}nghèo") in parts
    parts = wording.line_parts(procedure, {}, "Có thẻ không? Có thẻ {the?true} Không có {the?false}")
    assert any(isinstance(part, FormText) and part.text.endswith(f"Không{NO_BREAK}có") for part in parts)


def test_own_words_stand_beside_the_boxes_and_an_option_does_not(procedure: Procedure) -> None:
    text = "{dau?ngheo} Hộ nghèo  {dau?khac} Khác: {dau}"
    assert Answer("Nhà văn hóa") in wording.line_parts(procedure, {"dau": "Nhà văn hóa"}, text)
    assert Answer("") in wording.line_parts(procedure, {"dau": "ngheo"}, text)


@pytest.mark.parametrize(("value", "hour", "minute"), [("09:40", "09", "40"), (None, "", "")])
def test_a_time_is_hours_and_minutes_also_where_it_is_not_known(
    procedure: Procedure, value: str | None, hour: str, minute: str
) -> None:
    parts = wording.line_parts(procedure, {"gio": value}, "Đã chết vào lúc: {gio}, ngày {nhom.tu}")
    texts = [part.text for part in parts if isinstance(part, FormText | Answer)]
    assert texts == ["Đã chết vào lúc:", hour, "giờ", minute, "phút", ", ngày", ""]
    (laid,) = rows(parts)
    assert len([mark for mark in laid.marks if isinstance(mark, DottedLine)]) == 3


def test_a_sum_has_its_dots_and_its_unit_once(procedure: Procedure) -> None:
    alone = wording.line_parts(procedure, {"tien": 1000000}, "4. Vốn: {tien}")
    assert isinstance(alone[-1], Answer)
    assert alone[-1].text.startswith("1.000.000 đồng")
    assert Answer("1.000.000") in wording.line_parts(procedure, {"tien": 1000000}, "mức {tien} đồng/tháng")


def test_several_options_stand_in_the_words_of_the_form(procedure: Procedure) -> None:
    parts = wording.line_parts(procedure, {"huong": ["can", "ngheo"]}, "Đang hưởng: {huong}")
    assert parts == (FormText("Đang hưởng:"), Answer("Hộ cận nghèo, Hộ nghèo"))


def test_an_answer_longer_than_its_row_goes_on_over_dotted_rows(procedure: Procedure) -> None:
    words = "buôn bán hàng tạp hóa và đồ dùng gia đình " * 8
    laid = rows(wording.line_parts(procedure, {"ten": words.strip()}, "3. Ngành nghề: {ten}  Số: {gio}"))
    assert len(laid) > 3
    assert all(any(isinstance(mark, DottedLine) for mark in row.marks) for row in laid)
    read = " ".join(mark.text for row in laid for mark in row.marks if isinstance(mark, TextMark))
    assert words.strip() in read


def test_quotes_belong_to_the_answer_and_are_not_set_around_nothing(procedure: Procedure) -> None:
    text = "Năm sinh từ “{ten}” thành …"
    assert Answer("“1959”") in wording.line_parts(procedure, {"ten": "1959"}, text)
    assert wording.line_parts(procedure, {}, text) == (FormText("Năm sinh từ"), Answer(""), FormText("thành …"))


def test_capitals_that_the_form_asks_for_are_set(procedure: Procedure) -> None:
    parts = wording.line_parts(
        procedure, {"ten": "Bún bò O Lành"}, "1. Tên (ghi bằng chữ in hoa): {ten}  Viết tắt: {ten}"
    )
    assert [part.text for part in parts if isinstance(part, Answer)] == ["BÚN BÒ O LÀNH", "Bún bò O Lành"]


def test_a_blank_of_the_form_is_a_dotted_line(procedure: Procedure) -> None:
    parts = wording.line_parts(procedure, {}, "mức ………… đồng/tháng, từ tháng ……/………")
    assert [type(part) for part in parts] == [FormText, Answer, FormText, Answer, FormText, Answer]


def test_words_behind_a_day_stay_near_it(procedure: Procedure) -> None:
    answer = wording.line_parts(procedure, {"nhom": {"tu": "2026-11-20"}}, "3. Ngày {nhom.tu} chết")[1]
    assert isinstance(answer, Answer)
    assert (answer.text, answer.grow) == ("20/11/2026", 0)


def test_a_line_is_repeated_for_each_row_of_a_list() -> None:
    assert wording.for_row("{viec.muc}: “{viec.thanh}”, {ten}", "viec", 2) == "{viec.2.muc}: “{viec.2.thanh}”, {ten}"


def test_the_guide_names_every_word_of_a_line() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "procedures.md").read_text("utf-8")
    table = guide.partition("<!-- lines -->")[2].partition("<!-- end -->")[0]
    rows = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
    named = {word for row in rows for word in re.findall(r"`(\w+)`", row)}
    assert named == {item.name for item in fields(model.DeclarationLine)}
