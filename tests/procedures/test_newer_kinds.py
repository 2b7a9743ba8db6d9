"""Kinds with several boxes: a time, several options, own words, money, a ward, long text."""

from dataclasses import replace
from typing import Any

import pytest

from kiosk.procedures import kinds
from kiosk.procedures.base import Words
from kiosk.procedures.model import AnswerOption, Field
from tests.procedures.texts import DAY

OPTIONS = (
    AnswerOption("gia_yeu", Words("Già yếu", "Old age"), "Tuổi già"),
    AnswerOption("benh", Words("Bệnh", "Illness")),
)
ITEM = Field("o", "text", Words("Chỗ này", "This"), options=OPTIONS)


def read(kind: str, before: Any = None, item: Field = ITEM, **boxes: str) -> Any:
    """Return the value of the boxes, or the code of the error."""
    sent = {"o" if name == "o" else f"o.{name}": text for name, text in boxes.items()}
    reading = kinds.by_name(kind).parse(replace(item, kind=kind), sent, before, DAY)
    return f"!{reading.error.code}" if reading.error else reading.value


def error_code(kind: str, value: Any, item: Field = ITEM) -> str | None:
    error = kinds.by_name(kind).validate(replace(item, kind=kind), value, DAY)
    return error.code if error else None


def words(kind: str, value: Any, item: Field = ITEM) -> tuple[str, str, str]:
    """Return the texts of an answer: Vietnamese screen, English screen, paper."""
    question_kind = kinds.by_name(kind)
    field = replace(item, kind=kind)
    vietnamese = question_kind.on_screen(field, value, "vi")
    return vietnamese, question_kind.on_screen(field, value, "en"), question_kind.on_paper(field, value)


@pytest.mark.parametrize(
    ("hour", "minute", "kept"),
    [
        *(("9", "40", "09:40"), ("09", "5", "09:05"), ("0", "0", "00:00"), ("23", "59", "23:59"), ("9", "", "09:00")),
        *(("24", "0", "!time"), ("9", "60", "!time"), ("", "40", "!time"), ("9h", "", "!time"), ("９", "", "!time")),
        *((" 9 ", " 40 ", "09:40"), ("-1", "", "!time"), ("", "", None)),
    ],
)
def test_a_time_has_an_hour_and_minutes(hour: str, minute: str, kept: Any) -> None:
    assert read("time", h=hour, min=minute) == kept


def test_a_time_is_short_on_screen_and_full_on_paper() -> None:
    assert words("time", "09:40") == ("9 giờ 40", "9:40", "09 giờ 40 phút")
    assert words("time", "14:00") == ("14 giờ", "14:00", "14 giờ 00 phút")
    assert words("time", None) == ("", "", "")


@pytest.mark.parametrize("value", ["9:40", "24:00", "09:60", "09:40:00", 940, None])
def test_only_a_whole_time_is_kept(value: Any) -> None:
    assert error_code("time", value) == "time"


def test_own_words_or_an_option_are_kept() -> None:
    assert read("choice_text", o="benh") == "benh"
    assert read("choice_text", o="benh", own="cũ") == "benh"
    assert read("choice_text", o="khac", own=" Ngã  xe ") == "Ngã xe"
    assert read("choice_text", own="Ngã xe") == "Ngã xe"
    assert read("choice_text", o="khac") == "!own_words"
    assert read("choice_text", o="khac", own="x" * 201) == "!too_long"
    assert read("choice_text", o="lạ") == "!not_listed"
    assert read("choice_text") is None


def test_own_words_are_on_paper_as_they_are() -> None:
    assert words("choice_text", "gia_yeu") == ("Già yếu", "Old age", "Tuổi già")
    assert words("choice_text", "Ngã xe") == ("Ngã xe", "Ngã xe", "Ngã xe")
    assert error_code("choice_text", "Ngã xe") is None
    assert error_code("choice_text", "村") == "control"
    assert error_code("choice_text", 5) == "control"


def test_an_own_line_is_offered_last_and_once() -> None:
    kind = kinds.by_name("choice_text")
    own = AnswerOption("khac", Words("Việc khác", "Something else"))
    assert [option.id for option in kind.options(ITEM)] == ["gia_yeu", "benh", "khac"]  # type: ignore[attr-defined]
    listed = kind.options(replace(ITEM, options=(own, *OPTIONS)))  # type: ignore[attr-defined]
    assert [option.label.vi for option in listed] == ["Già yếu", "Bệnh", "Việc khác"]


def test_several_are_kept_in_the_order_of_the_list() -> None:
    assert read("multichoice", benh="benh", gia_yeu="1") == ["gia_yeu", "benh"]
    assert read("multichoice", la="1") is None
    assert words("multichoice", ["gia_yeu", "benh"]) == ("Già yếu, Bệnh", "Old age, Illness", "Tuổi già, Bệnh")


@pytest.mark.parametrize("value", [["la"], ["benh", "benh"], [], "benh", [1], None, [["benh"]]])
def test_only_what_is_listed_can_be_ticked(value: Any) -> None:
    assert error_code("multichoice", value) == "not_listed"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        *(("50.000.000", 50_000_000), ("50 000 000", 50_000_000), ("50000000", 50_000_000), ("0", 0)),
        *(("50,000,000", 50_000_000), ("50,000.000", 50_000_000)),
        *(("năm mươi triệu", "!money"), ("-5", "!money"), ("²", "!money"), ("9" * 13, "!money"), ("", None)),
    ],
)
def test_money_is_whole_dong(typed: str, kept: Any) -> None:
    assert read("money", o=typed) == kept


def test_a_typed_sum_wins_over_a_touched_one() -> None:
    assert read("money", quick="20000000") == 20_000_000
    assert read("money", o="30.000.000", quick="20000000") == 30_000_000


def test_money_beyond_its_range_is_an_error_with_the_range() -> None:
    item = replace(ITEM, kind="money", low=1000, high=2000)
    fault = kinds.by_name("money").validate(item, 2001, DAY)
    assert fault is not None
    assert fault.message("vi") == "Mời ghi từ 1.000 đến 2.000 đồng."
    assert error_code("money", True) == "money"


def test_money_is_written_in_figures_and_words() -> None:
    paper = "50.000.000 đồng (năm mươi triệu đồng)"
    assert words("money", 50_000_000) == ("50.000.000 đồng", "50,000,000 dong", paper)
    assert words("money", None) == ("", "", "")


def test_a_ward_is_what_was_picked() -> None:
    ward = {"provinceCode": "46", "wardCode": "19753", "detail": ""}
    assert read("ward", before=ward, detail="Tổ 5") == ward
    assert read("ward", before={"wardCode": "99999"}) == "!place_not_chosen"
    assert read("ward", detail="Tổ 5") is None
    assert words("ward", ward)[2] == "phường Phú Xuân, thành phố Huế"


def test_some_lines_are_kept_as_one() -> None:
    assert read("longtext", o="Cán bộ ghi nhầm\nlúc đăng ký") == "Cán bộ ghi nhầm lúc đăng ký"
    assert read("longtext", o="x" * 501) == "!too_long"
