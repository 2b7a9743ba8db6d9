import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from printers.document import Code, Pair, Run, Table, Text
from printers.printable_text import NO_BREAK, add_no_break_spaces, clean

ANYTHING = st.text(st.characters())  # all of Unicode, surrogates too


@given(ANYTHING)
@example("a\u200db\u0301")
@example("\u202eabc\x1b@\x10\x04\x01")
@example("e\u0301" * 3)
@example("a" + "\u0301" * 9)
@example("\u1100\u0301\u0301\u0301\u1161")
def test_no_control_format_surrogate_or_bidi_character_is_left(text: str) -> None:
    kept = clean(text)
    assert not [letter for letter in kept if unicodedata.category(letter).startswith("C")]
    assert unicodedata.is_normalized("NFC", kept)
    assert "  " not in kept
    assert clean(kept) == kept


@given(ANYTHING)
def test_a_letter_never_has_more_than_two_marks(text: str) -> None:
    marks = 0
    most_marks = 0
    for letter in clean(text):
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        most_marks = max(most_marks, marks)
    assert most_marks <= 2


@given(ANYTHING)
def test_every_block_cleans_its_own_words(text: str) -> None:
    kept = clean(text)
    assert Text((Run(text), Run(text, "strong"))).text == (Run(kept), Run(kept, "strong"))
    assert (Pair(text, text).label, Pair(text, text).value) == (kept, kept)
    assert Table(((text,),), shares=(1,)).rows == ((kept,),)
    assert Code("qr", "A", beside=(Text(text),)).beside[0].text == kept


@given(st.text(st.characters(max_codepoint=0x2030), max_size=8))
def test_a_text_that_needs_no_cleaning_comes_out_as_from_the_cleaning(text: str) -> None:
    assert clean(text) == clean(f"{text}\u200b")


def test_decomposed_vietnamese_comes_out_composed() -> None:
    assert clean(unicodedata.normalize("NFD", "Nguyễn Thị Diệu Hiền")) == "Nguyễn Thị Diệu Hiền"


def test_words_of_people_are_left_as_they_are() -> None:
    for name in ("Y Bhĭu Êban", "H'Ngŏ Ƀuôn Yă", "Trần Nguyễn Bảo Ngọc", "O’Brien-Müller"):
        assert clean(name) == name


def test_amounts_times_and_phones_hold_together() -> None:
    for text in ("16.000 đồng", "15 giờ", "25 phút", "1900 1075", "•••• •••• 0123", "0905 000 123", "quầy 3", "máy 1"):
        assert " " not in add_no_break_spaces(text), text
        assert add_no_break_spaces(text).replace(NO_BREAK, " ") == text


def test_ordinary_words_and_a_time_beside_its_date_may_part() -> None:
    for text in ("15 đến 25", "8:31 25/11/2026", "Vắng thì xin lấy số mới"):
        assert " " in add_no_break_spaces(text)
