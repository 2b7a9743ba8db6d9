"""Tests of sentences with a value: the clips that say them, and what is never said."""

import pytest

from kiosk.pages.citizen.composed_texts import composed_texts
from kiosk.procedures.answer_errors import AnswerError
from kiosk.vietnam.calendar import number_in_words
from kiosk.voice.composing import compose, fixed_parts, value_words

VIETNAMESE = {
    "Tháng 2 năm 2026 không có ngày 31.": (
        "Tháng | hai | năm | hai | nghìn | không trăm | hai mươi sáu | không có ngày | ba mươi mốt"
    ),
    "Tháng 04 năm 1905 không có ngày 31.": (
        "Tháng | tư | năm | một | nghìn | chín trăm | linh năm | không có ngày | ba mươi mốt"
    ),
    "Năm 1054 xa quá.": "Năm | một | nghìn | không trăm | năm mươi bốn | xa quá",
    "Dài quá 120 chữ, in không hết.": "Dài quá | một trăm | hai mươi | chữ, in không hết",
    "Mời chọn từ 1 đến 15.": "Mời chọn từ | một | đến | mười lăm",
    "Mời ghi từ 1.000 đến 2.000.000.000 đồng.": "Mời ghi từ | một | nghìn | đến | hai | tỷ | đồng",
    "Còn 3 người phía trước": "Còn | ba | người phía trước",
    "21\u00a0người chờ, chừng 5 đến 105\u00a0phút": (
        "hai mươi mốt | người chờ, chừng | năm | đến | một trăm | linh năm | phút"
    ),
    "Quầy đang nghỉ, mở lại lúc 7:30 ngày 04/04/2027": (
        "Quầy đang nghỉ, mở lại lúc | bảy | giờ | ba mươi | phút | sáng | ngày | bốn | tháng tư | năm | hai | nghìn | "
        "không trăm | hai mươi bảy"
    ),
    "Quầy đang nghỉ, mở lại lúc 13:00": "Quầy đang nghỉ, mở lại lúc | một | giờ | chiều",
    "Tạm tính 1.275.000\u00a0đồng.": "Tạm tính | một | triệu | hai trăm | bảy mươi lăm | nghìn | đồng",
    "A017": "a | không | mười bảy",
    "Chưa ra thì nhớ số A017.": "Chưa ra thì nhớ số | a | không | mười bảy",
    "B250": "bê | hai trăm | năm mươi",
}
ENGLISH = {
    "Month 2 of 2026 has no day 31.": "Month | 2 | of | 2 | thousand | 26 | has no day | 31",
    "The year 1905 looks too early.": "The year | 1 | thousand | 9 | hundred | 5 | looks too early",
    "Please choose from 1 to 15.": "Please choose from | 1 | to | 15",
    "A017": "A | 0 | 1 | 7",
}


def _spoken(sentence: str, lang: str) -> str:
    return " | ".join(compose(sentence, composed_texts(lang), lang))


@pytest.mark.parametrize("sentence", VIETNAMESE)
def test_a_sentence_with_a_value_is_said_as_a_person_says_it(sentence: str) -> None:
    assert _spoken(sentence, "vi") == VIETNAMESE[sentence]


@pytest.mark.parametrize("sentence", ENGLISH)
def test_english_has_its_own_words(sentence: str) -> None:
    assert _spoken(sentence, "en") == ENGLISH[sentence]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_part_is_among_the_clips_that_are_made(lang: str) -> None:
    clips = {*value_words(lang), *(part for text in composed_texts(lang) for part in fixed_parts(text))}
    for sentence in {"vi": VIETNAMESE, "en": ENGLISH}[lang]:
        assert set(compose(sentence, composed_texts(lang), lang)) <= clips


def test_every_number_up_to_9999_is_said_whole() -> None:
    said = {number: _spoken(f"Mời chọn từ 0 đến {number}.", "vi").replace(" | ", " ") for number in range(10_000)}
    assert said == {number: f"Mời chọn từ không đến {number_in_words(number)}" for number in said}


@pytest.mark.parametrize(
    "sentence",
    [
        "Tháng Hai năm Nguyễn Văn A không có ngày Ba.",
        "Năm Tư xa quá.",
        "Mời chọn từ 046196000123 đến 2.",
        "Đây là số cũ 11 chữ số, nay đổi thành 0914123456.",
        "Chưa có Nguyễn Văn Ba.",
        "Quầy đang nghỉ, mở lại lúc 25:30 ngày 45/13/2027",
        "Năm 1905 xa quá. Nguyễn Văn Ba.",
        "2026",
        "Hai Ba",
        "AB017",
    ],
)
def test_a_name_an_id_or_anything_else_is_never_composed(sentence: str) -> None:
    assert compose(sentence, composed_texts("vi"), "vi") == []


ERRORS = (
    AnswerError("date_not_real", {"day": "31", "month": "2", "year": "2026"}),
    AnswerError("date_too_old", {"year": "1054"}),
    AnswerError("year_short", {"year": 1990}),
    AnswerError("too_long", {"max": 120}),
    AnswerError("number_range", {"min": 1, "max": 15}),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_first_sentence_of_each_error_with_a_value_is_composed(error: AnswerError, lang: str) -> None:
    sentence = error.message(lang).partition(". ")[0].rstrip(".") + "."
    assert compose(sentence, composed_texts(lang), lang)
