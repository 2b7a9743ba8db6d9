import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from kiosk.procedures import kinds
from kiosk.procedures.base import Words
from kiosk.procedures.kinds import NAMES, ParsedAnswer
from kiosk.procedures.model import AnswerOption, Field
from kiosk.vietnam import calendar, viet_text
from tests.procedures.form_walk import posted_boxes
from tests.procedures.texts import DAY, procedure

W = Words("Chỗ này", "This")
FONTS = Path(__file__).parents[2] / "printers" / "fonts"
CHOSEN = {"choice", "choice_text", "multichoice"}
OPTIONS = (AnswerOption("mot", Words("Một", "One"), "Mục 1"), AnswerOption("hai", Words("Hai", "Two")))
PARTS = (
    Field("dia_chi", "address", Words("Địa chỉ", "Address"), official="Tại", required=True),
    Field("tu_ngay", "date", Words("Từ ngày", "From"), official="từ ngày", required=True),
    Field("ghi_chu", "text", Words("Ghi chú", "Note")),
)
FIELDS = {
    name: Field("o", name, W, options=OPTIONS if name in CHOSEN else (), fields=PARTS if "group" in name else ())
    for name in NAMES
}
HUE = {"provinceCode": "46", "wardCode": "19753", "detail": "Tổ 5"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
BOXES = "o o.d o.m o.y o.so o.loai o.ngay_cap.d o.detail o.other o.tu_ngay.y o.h o.min o.own o.mot o.quick"
boxes = st.sampled_from(BOXES.split())


def read(kind: str, before: Any = None, item: Field | None = None, **boxes: str) -> ParsedAnswer:
    """Parse the posted boxes of a page: `o` itself, or its parts."""
    sent = {"o" if name == "o" else f"o.{name.replace('__', '.')}": text for name, text in boxes.items()}
    return kinds.by_name(kind).parse(item or FIELDS[kind], sent, before, DAY)


def validation_code(kind: str, value: Any, item: Field | None = None) -> str | None:
    """Return the code of the error, or None."""
    error = kinds.by_name(kind).validate(item or FIELDS[kind], value, DAY)
    return error.code if error else None


def on_screen(kind: str, value: Any, lang: str = "vi") -> str:
    return kinds.by_name(kind).on_screen(FIELDS[kind], value, lang)


def on_paper(kind: str, value: Any) -> str:
    return kinds.by_name(kind).on_paper(FIELDS[kind], value)


def error_code(reading: ParsedAnswer) -> str:
    assert reading.error is not None
    assert reading.value is None
    return reading.error.code


# --- every kind


@pytest.mark.parametrize("name", NAMES)
def test_nothing_posted_is_no_answer_and_no_fault(name: str) -> None:
    assert read(name) == ParsedAnswer()


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_valid_on_screen_and_on_paper(name: str) -> None:
    kind = kinds.by_name(name)
    item = FIELDS[name]
    sample = kind.sample(item)
    assert kind.validate(item, sample, DAY) is None
    assert kind.on_screen(item, sample, "vi")
    assert kind.on_screen(item, sample, "en")
    assert kind.on_paper(item, sample)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "group_list"])
def test_a_sample_comes_back_from_its_boxes(name: str) -> None:
    kind = kinds.by_name(name)
    item = FIELDS[name]
    sample = kind.sample(item)
    before = {"dia_chi": sample["dia_chi"]} if name == "group" else sample
    assert kind.parse(item, posted_boxes(item, sample), before, DAY) == ParsedAnswer(sample)


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_is_empty_on_screen_and_on_paper(name: str) -> None:
    assert (on_screen(name, None), on_paper(name, None)) == ("", "")


@pytest.mark.parametrize("name", NAMES)
@given(value=json_values)
def test_a_broken_value_is_judged_and_never_breaks_anything(name: str, value: Any) -> None:
    validation_code(name, value)


@pytest.mark.parametrize("name", NAMES)
@given(sent=st.dictionaries(boxes, st.text(max_size=30)))
def test_what_is_read_from_anything_posted_is_judged_right(name: str, sent: dict[str, str]) -> None:
    kind = kinds.by_name(name)
    item = FIELDS[name]
    reading = kind.parse(item, sent, None, DAY)
    assert reading.value is None or reading.error is None
    if reading.value is not None and name != "group":  # a group may be filled in part by part
        assert kind.validate(item, reading.value, DAY) is None
    if reading.error:
        for lang in ("vi", "en"):
            assert "{" not in reading.error.message(lang)


def test_the_kinds_are_a_closed_list() -> None:
    with pytest.raises(KeyError):
        kinds.by_name("signature")


# --- text


def test_text_is_cleaned_and_becomes_nfc() -> None:
    decomposed = unicodedata.normalize("NFD", "Thôn Hạ")
    assert read("text", o=f"  {decomposed}\t\u202e\u0000 ") == ParsedAnswer("Thôn Hạ")


def test_blank_text_is_no_answer() -> None:
    assert read("text", o=" \u200b\t") == ParsedAnswer()


def test_text_of_300_letters_is_too_long_and_the_error_has_the_maximum() -> None:
    reading = read("text", o="a" * 300)
    assert error_code(reading) == "too_long"
    assert reading.error is not None
    assert "200" in reading.error.message("vi")
    assert read("text", item=Field("o", "text", W, high=30), o="a" * 31).error is not None
    assert read("text", item=Field("o", "text", W, high=30), o="a" * 30) == ParsedAnswer("a" * 30)


@pytest.mark.parametrize("text", ["Tổ 5 😀", "村", "Дом 5", "→ 5", "بيت", "5\ufffd"])
def test_characters_that_the_fonts_do_not_have_are_an_error(text: str) -> None:
    assert error_code(read("text", o=text)) == "control"


@pytest.mark.parametrize("value", ["a\u202eb", "a\u0000b", " a", "a  b", unicodedata.normalize("NFD", "Hạ"), 5, None])
def test_text_that_was_not_normalised_is_an_error(value: Any) -> None:
    assert validation_code("text", value) == "control"


@given(st.text(max_size=250))
def test_any_text_becomes_clean_or_a_fault(text: str) -> None:
    reading = read("text", o=text)
    if reading.value is not None:
        assert reading.value == viet_text.clean(text)
        assert unicodedata.is_normalized("NFC", reading.value)


def test_every_letter_that_is_kept_can_be_shown_and_printed() -> None:
    covered = [set(TTFont(path).getBestCmap()) for path in sorted(FONTS.glob("*.ttf"))]
    kept = {code for code in range(0x20, 0x3000) if validation_code("text", f"a{chr(code)}a") is None}
    assert kept <= set.intersection(*covered)
    assert len(kept) > 400


# --- names


@pytest.mark.parametrize(
    "name", ["Nguyễn Thị Mẫu", "H'Wiên Niê", "Zơ Râm Mlô", "Y-Kôp", "Kpă Blúp", "Hoà", "Hòa", "Công Tằng Tôn Nữ Thị An"]
)
def test_names_of_all_peoples_are_kept_as_they_are(name: str) -> None:
    assert read("person_name", o=name) == ParsedAnswer(name)


@pytest.mark.parametrize("name", ["Nguyễn Văn 2", "An?", "An@", "(An)", "An_Bình", "1996"])
def test_a_digit_or_sign_is_no_name(name: str) -> None:
    assert error_code(read("person_name", o=name)) == "letters_only"


def test_a_name_typed_in_pieces_is_one_name() -> None:
    assert read("person_name", o=unicodedata.normalize("NFD", " Nguyễn  Thị\u200e Mẫu ")) == ParsedAnswer(
        "Nguyễn Thị Mẫu"
    )


def test_a_name_of_300_letters_is_too_long() -> None:
    assert error_code(read("person_name", o="An " * 100)) == "too_long"


def test_a_name_is_written_in_capitals_on_paper() -> None:
    assert on_paper("person_name", "Hồ Thị Ữ") == "HỒ THỊ Ữ"
    assert on_screen("person_name", "Hồ Thị Ữ") == "Hồ Thị Ữ"


# --- phone, e-mail, number of a person


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0905 000 123", "0905000123"),
        ("0905.000.123", "0905000123"),
        ("+84 905 000 123", "0905000123"),
        ("0084905000123", "0905000123"),
        ("84905000123", "0905000123"),
        ("(0234) 382-1234", "02343821234"),
    ],
)
def test_a_phone_number_is_kept_in_plain_digits(typed: str, kept: str) -> None:
    assert read("phone", o=typed) == ParsedAnswer(kept)


@pytest.mark.parametrize("typed", ["0905", "1905000123", "090500012a", "0405000123", "09050001234", "gọi tôi"])
def test_a_wrong_phone_number_is_an_error(typed: str) -> None:
    assert error_code(read("phone", o=typed)) == "phone"


def test_an_old_phone_number_is_answered_with_the_new_one() -> None:
    reading = read("phone", o="0169 500 0123")
    assert error_code(reading) == "phone_old"
    assert reading.error is not None
    assert "0395 000 123" in reading.error.message("vi")


def test_a_phone_number_is_shown_in_groups() -> None:
    assert (on_screen("phone", "0905000123"), on_paper("phone", "0905000123")) == ("0905 000 123", "0905000123")


@pytest.mark.parametrize("typed", ["a@b.vn", "ten.toi+1@noi.com.vn"])
def test_an_email_has_the_shape_of_one(typed: str) -> None:
    assert read("email", o=typed) == ParsedAnswer(typed)


@pytest.mark.parametrize("typed", ["a@b", "@b.vn", "a b@c.vn", "a@b.", "ten", "a@@b.vn"])
def test_a_wrong_email_is_an_error(typed: str) -> None:
    assert error_code(read("email", o=typed)) == "email"


@pytest.mark.parametrize("typed", ["046196000123", "046 196 000 123", "046.196.000.123", "046-196-000-123"])
def test_an_id_number_is_kept_without_gaps(typed: str) -> None:
    assert read("id_number", o=typed) == ParsedAnswer("046196000123")


def test_a_number_of_nine_digits_is_known_as_the_old_one() -> None:
    assert error_code(read("id_number", o="190000001")) == "id_old"


@given(st.text("0123456789", min_size=1, max_size=20).filter(lambda digits: len(digits) not in {9, 12}))
def test_a_wrong_count_of_digits_is_an_error_with_the_count(digits: str) -> None:
    reading = read("id_number", o=digits)
    assert error_code(reading) == "id_digits"
    assert reading.error is not None
    assert reading.error.values == {"n": len(digits)}


@pytest.mark.parametrize("typed", ["04619600012O", "０４６１９６０００１２３", "٠٤٦١٩٦٠٠٠١٢٣"])
def test_letters_and_foreign_digits_are_no_id_number(typed: str) -> None:
    assert error_code(read("id_number", o=typed)) == "id_digits"


def test_an_id_number_is_masked_on_screen_and_whole_on_paper() -> None:
    assert on_screen("id_number", "046196000123") == "•••• •••• 0123"
    assert on_paper("id_number", "046196000123") == "046196000123"


# --- dates

PARTIAL = Field("o", "date", W, partial=True)
PAST = Field("o", "date", W, high=0)


@pytest.mark.parametrize(
    ("d", "m", "y", "wrong"),
    [
        ("31", "2", "2024", "date_not_real"),
        ("29", "2", "2023", "date_not_real"),
        ("31", "4", "2024", "date_not_real"),
        ("0", "4", "2024", "date_not_real"),
        ("12", "13", "2024", "month_not_real"),
        ("12", "0", "2024", "month_not_real"),
        ("12", "3", "1899", "date_too_old"),
        ("12", "3", "96", "year_short"),
        ("12", "", "1996", "date_incomplete"),
        ("", "3", "1996", "date_incomplete"),
        ("", "", "1996", "date_incomplete"),
        ("12", "3", "", "date_incomplete"),
        ("123", "3", "1996", "date_incomplete"),
        ("mười", "3", "1996", "date_digits"),
        ("-1", "3", "1996", "date_digits"),
        ("²", "3", "1996", "date_digits"),
        ("١٢", "3", "1996", "date_digits"),
    ],
)
def test_an_impossible_day_is_an_error(d: str, m: str, y: str, wrong: str) -> None:
    assert error_code(read("date", d=d, m=m, y=y)) == wrong


def test_a_day_that_does_not_exist_is_named() -> None:
    reading = read("date", d="31", m="2", y="2026")
    assert reading.error is not None
    assert reading.error.message("vi") == "Tháng 2 năm 2026 không có ngày 31. Mời xem lại."


def test_29_february_is_a_day_in_a_leap_year() -> None:
    assert read("date", d="29", m="2", y="2024") == ParsedAnswer("2024-02-29")
    assert read("date", d="5", m="3", y="1996") == ParsedAnswer("1996-03-05")


@pytest.mark.parametrize(
    ("d", "m", "y", "value"), [("", "", "1942", "1942"), ("", "3", "1942", "1942-03"), ("1", "3", "1942", "1942-03-01")]
)
def test_a_year_alone_will_do_where_the_form_allows(d: str, m: str, y: str, value: str) -> None:
    assert read("date", item=PARTIAL, d=d, m=m, y=y) == ParsedAnswer(value)
    assert validation_code("date", value, PARTIAL) is None


def test_a_day_without_its_month_will_never_do() -> None:
    assert error_code(read("date", item=PARTIAL, d="12", y="1996")) == "date_incomplete"


def test_a_future_date_is_an_error_where_the_past_is_asked_for() -> None:
    tomorrow = DAY + timedelta(days=1)
    fields = {"d": "25", "m": "11", "y": "2026"}
    assert error_code(read("date", item=PAST, **fields)) == "date_future"
    assert read("date", **fields) == ParsedAnswer(tomorrow.isoformat())
    assert read("date", item=PAST, d="24", m="11", y="2026") == ParsedAnswer("2026-11-24")


@pytest.mark.parametrize(
    "value", ["2026-1-1", "2026-01-01-01", "26-01-01", "²026", "2026-", "", None, 2026, "2026-02-31"]
)
def test_only_iso_dates_are_kept(value: Any) -> None:
    assert validation_code("date", value, PARTIAL)


@given(st.dates(date(1900, 1, 1), DAY))
def test_a_day_comes_back_as_it_was_typed(day: date) -> None:
    assert read("date", item=PAST, d=str(day.day), m=str(day.month), y=str(day.year)) == ParsedAnswer(day.isoformat())
    assert on_paper("date", day.isoformat()) == f"{day:%d/%m/%Y}" == calendar.format_date(day.isoformat())


@given(*[st.text("0123456789", max_size=4) for _ in "dmy"])
def test_boxes_are_read_as_the_calendar_reads_them(d: str, m: str, y: str) -> None:
    ours = read("date", item=PARTIAL, d=d, m=m, y=y)
    theirs = calendar.read_date(d, m, y, partial=True)
    if isinstance(theirs, str) and len(d) < 3 and len(m) < 3:
        assert ours == ParsedAnswer(theirs)
    else:
        assert ours.value is None


def test_a_partial_date_is_written_as_far_as_it_is_known() -> None:
    assert [on_paper("date", value) for value in ("1942", "1942-03")] == ["1942", "03/1942"]


# --- choices


def test_only_listed_options_can_be_chosen() -> None:
    assert read("choice", o="mot") == ParsedAnswer("mot")
    assert error_code(read("choice", o="ba")) == "not_listed"
    assert (on_screen("choice", "mot"), on_screen("choice", "mot", "en"), on_paper("choice", "mot")) == (
        "Một",
        "One",
        "Mục 1",
    )
    assert on_paper("choice", "hai") == "Hai"
    assert on_screen("choice", "ba") == ""


def test_yes_and_no_are_kept_as_true_and_false() -> None:
    assert (read("boolean", o="co"), read("boolean", o="khong")) == (ParsedAnswer(True), ParsedAnswer(False))
    assert error_code(read("boolean", o="true")) == "choose"
    assert (on_screen("boolean", False), on_screen("boolean", True, "en"), on_paper("boolean", True)) == (
        "Không",
        "Yes",
        "Có",
    )
    assert [validation_code("boolean", value) for value in (True, False, None, "co", 1)] == [
        None,
        None,
        *["choose"] * 3,
    ]


def test_a_sex_may_have_a_forms_own_words() -> None:
    child = Field(
        "o",
        "sex",
        W,
        options=(AnswerOption("nam", Words("Trai", "Boy"), "Nam"), AnswerOption("nu", Words("Gái", "Girl"))),
    )
    assert kinds.of(child).on_screen(child, "nam", "vi") == "Trai"
    assert kinds.of(child).on_paper(child, "nam") == "Nam"
    assert (on_screen("sex", "nu", "en"), on_paper("sex", "nu")) == ("Female", "Nữ")
    assert error_code(read("sex", o="khac")) == "not_listed"


def test_ethnic_groups_and_countries_are_those_of_the_lists() -> None:
    assert read("ethnicity", o="Ta-ôi") == ParsedAnswer("Ta-ôi")
    assert read("ethnicity", o="Tà Ôi").error is not None
    assert error_code(read("ethnicity", o="Ta Oi")) == "not_listed"
    assert read("nationality", o="LA") == ParsedAnswer("LA")
    assert error_code(read("nationality", o="XX")) == "not_listed"
    assert on_paper("nationality", "VN") == "Việt Nam"
    assert on_paper("nationality", "XX") == ""


# --- numbers

COPIES = Field("o", "number", W, low=1, high=20)


@pytest.mark.parametrize("typed", ["0", "21", "-1", "1.5", "hai", "999999", "²"])
def test_a_number_beyond_its_range_is_an_error_with_the_range(typed: str) -> None:
    reading = read("number", item=COPIES, o=typed)
    assert error_code(reading) == "number_range"
    assert reading.error is not None
    assert reading.error.message("vi") == "Mời chọn từ 1 đến 20."


def test_a_number_is_written_with_two_digits() -> None:
    assert read("number", item=COPIES, o=" 20 ") == ParsedAnswer(20)
    assert (on_screen("number", 2), on_paper("number", 2), on_paper("number", 12)) == ("2", "02", "12")
    assert validation_code("number", True) == "number_range"


# --- identity papers

CARD = {"loai": "can_cuoc", "so": "046196000123"}


@pytest.mark.parametrize(
    ("sort", "number", "wrong"),
    [
        ("can_cuoc", "190000001", "id_old"),
        ("can_cuoc_dien_tu", "0461", "id_digits"),
        ("giay_chung_nhan", "04619600012X", "id_digits"),
        ("ho_chieu", "C12", "document_number"),
        ("ho_chieu", "C1234567890123456", "document_number"),
        ("cmnd", "046196000123", "document_number"),
        ("khac", "!!", "document_number"),
        ("la", "C1234567", "not_listed"),
    ],
)
def test_a_papers_number_has_the_shape_of_its_sort(sort: str, number: str, wrong: str) -> None:
    assert error_code(read("id_document", loai=sort, so=number)) == wrong


@pytest.mark.parametrize(
    ("sort", "number"), [("ho_chieu", "c1234567"), ("cmnd", "190 000 001"), ("khac", "12/KS-2024")]
)
def test_other_papers_have_numbers_of_their_own(sort: str, number: str) -> None:
    assert read("id_document", loai=sort, so=number) == ParsedAnswer(
        {"loai": sort, "so": number.replace(" ", "").upper()}
    )


def test_a_file_adds_a_type_of_paper_to_the_usual_ones() -> None:
    added = AnswerOption("giay_khai_sinh", Words("Giấy khai sinh", "Birth certificate"), "Giấy khai sinh")
    item = Field("o", "id_document", Words("Giấy tờ", "Paper"), options=(added,))
    value = {"loai": "giay_khai_sinh", "so": "114/2020"}
    assert read("id_document", item=item, loai="giay_khai_sinh", so="114/2020") == ParsedAnswer(value)
    assert kinds.of(item).on_paper(item, value) == "Giấy khai sinh số 114/2020"
    assert error_code(read("id_document", item=item, loai="giay_khai_sinh", so="!!")) == "document_number"
    assert error_code(read("id_document", loai="giay_khai_sinh", so="114/2020")) == "not_listed"


def test_without_a_number_there_is_no_paper() -> None:
    assert read("id_document", loai="ho_chieu", ngay_cap__y="2021") == ParsedAnswer()


def test_the_place_of_issue_follows_from_the_day() -> None:
    issued = {"ngay_cap__d": "10", "ngay_cap__m": "5", "ngay_cap__y": "2021"}
    reading = read("id_document", so="046196000123", **issued)
    police = "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
    assert reading.value == CARD | {"ngay_cap": "2021-05-10", "noi_cap": police}
    assert "noi_cap" not in read("id_document", loai="ho_chieu", so="C1234567", **issued).value


def test_answers_of_a_card_are_kept_while_the_number_stays() -> None:
    card = CARD | {"ngay_cap": "2021-05-10", "noi_cap": "Công an tỉnh"}
    assert read("id_document", card, so="046196000123") == ParsedAnswer(card)
    same = {"ngay_cap__d": "10", "ngay_cap__m": "05", "ngay_cap__y": "2021"}
    assert read("id_document", card, so="046196000123", **same) == ParsedAnswer(card)
    later = read("id_document", card, so="046196000123", **same | {"ngay_cap__y": "2025"})
    assert later.value["noi_cap"] == "Bộ Công an"
    assert read("id_document", card, so="046054000005") == ParsedAnswer(CARD | {"so": "046054000005"})


def test_a_paper_is_not_issued_tomorrow_or_on_no_day() -> None:
    day = {"ngay_cap__d": "25", "ngay_cap__m": "11", "ngay_cap__y": "2026"}
    assert error_code(read("id_document", so="046196000123", **day)) == "date_future"
    assert error_code(read("id_document", so="046196000123", **day | {"ngay_cap__d": "31"})) == "date_not_real"


def test_a_paper_is_written_as_the_note_on_the_forms_wants_it() -> None:
    card = CARD | {"ngay_cap": "2025-08-01", "noi_cap": "Bộ Công an"}
    assert on_paper("id_document", card) == "Thẻ căn cước số 046196000123 do Bộ Công an cấp ngày 01/08/2025"
    assert on_paper("id_document", CARD | {"ngay_cap": "2025-08-01"}) == (
        "Thẻ căn cước số 046196000123, cấp ngày 01/08/2025"
    )
    assert on_paper("id_document", {"loai": "ho_chieu", "so": "C1234567"}) == "Hộ chiếu số C1234567"
    assert on_screen("id_document", card) == "•••• •••• 0123"


# --- places


def test_a_place_keeps_the_ward_that_was_picked_before() -> None:
    assert read("place", HUE, detail="Tổ 6") == ParsedAnswer(HUE | {"detail": "Tổ 6"})
    assert read("place", HUE) == ParsedAnswer(HUE)
    assert read("place", HUE, detail="") == ParsedAnswer(HUE | {"detail": ""})


def test_a_line_without_a_ward_is_half_a_place() -> None:
    assert error_code(read("place", detail="Tổ 6")) == "place_not_chosen"
    assert error_code(read("address", HUE, detail="")) == "place_detail"


def test_a_ward_must_exist() -> None:
    for code in ("99999", "", None, [], 19753.5):
        assert validation_code("place", HUE | {"wardCode": code}) == "place_not_chosen"


def test_the_text_of_a_card_is_shown_for_a_place() -> None:
    card = {"card": "Tổ 5, Phú Hậu, Thành phố Huế, Thừa Thiên Huế"}
    assert read("address", card) == ParsedAnswer(card)
    assert on_screen("address", card) == card["card"]
    assert read("address", card | HUE, detail="Tổ 5") == ParsedAnswer(card | HUE)


def test_an_address_line_has_a_maximum_length() -> None:
    assert error_code(read("place", HUE, detail="a" * 121)) == "too_long"


def test_a_place_is_written_from_small_to_large() -> None:
    assert on_paper("place", HUE) == "Tổ 5, phường Phú Xuân, thành phố Huế"
    assert on_paper("place", HUE | {"detail": ""}) == "phường Phú Xuân, thành phố Huế"


# --- groups and rows


def test_a_group_keeps_its_parts_and_reports_the_first_error() -> None:
    before = {"dia_chi": HUE}
    day = {"tu_ngay__d": "1", "tu_ngay__m": "12", "tu_ngay__y": "2026"}
    assert read("group", before, dia_chi__detail="Tổ 5", **day) == ParsedAnswer(
        {"dia_chi": HUE, "tu_ngay": "2026-12-01"}
    )
    assert error_code(read("group", before, **day | {"tu_ngay__d": "31", "tu_ngay__m": "11"})) == "date_not_real"
    assert read("group", before, dia_chi__detail="Tổ 5") == ParsedAnswer({"dia_chi": HUE})


def test_a_group_needs_its_required_parts() -> None:
    assert validation_code("group", {"dia_chi": HUE}) == "required"
    assert validation_code("group", {"dia_chi": HUE, "tu_ngay": "2026-12-01"}) is None
    assert validation_code("group", {"dia_chi": HUE, "tu_ngay": "2026-02-31"}) == "date_not_real"


def test_a_group_is_plain_on_screen_and_has_the_words_of_the_form_on_paper() -> None:
    value = {"dia_chi": HUE, "tu_ngay": "2026-12-01"}
    place = "Tổ 5, phường Phú Xuân, thành phố Huế"
    assert on_screen("group", value) == f"{place}, từ ngày 01/12/2026"
    assert on_screen("group", value, "en") == f"{place}, from 01/12/2026"
    assert on_paper("group", value) == f"Tại {place}, từ ngày 01/12/2026"


def test_rows_are_judged_one_by_one() -> None:
    row = {"dia_chi": HUE, "tu_ngay": "2026-12-01"}
    assert validation_code("group_list", [row, row]) is None
    assert validation_code("group_list", [row, {}]) == "required"
    assert validation_code("group_list", [row, row | {"tu_ngay": "2026-13-01"}]) == "month_not_real"
    assert read("group_list", [row]) == ParsedAnswer([row])
    assert on_screen("group_list", [row, row]).count("Tổ 5") == 2


@pytest.mark.parametrize(
    ("card", "name"),
    [
        ({"ngay_cap": "2024-06-30"}, "Căn cước công dân"),
        ({"ngay_cap": "2024-07-01"}, "Thẻ căn cước"),
        ({"noi_cap": "Bộ Công an"}, "Thẻ căn cước"),
        ({"noi_cap": "Cục Cảnh sát quản lý hành chính về trật tự xã hội"}, "Căn cước công dân"),
        ({}, "Căn cước công dân"),
    ],
)
def test_a_card_is_printed_under_the_name_of_its_day_or_issuer(card: dict[str, str], name: str) -> None:
    printed = on_paper("id_document", {"loai": "can_cuoc", "so": "046196000123", **card})
    assert printed.startswith(f"{name} số 046196000123")


def test_a_number_has_at_most_five_digits() -> None:
    item = replace(FIELDS["number"], high=99_999)
    assert read("number", item=item, o="99999") == ParsedAnswer(99_999)
    assert error_code(read("number", item=item, o="000001")) == "number_range"
    assert error_code(read("number", item=replace(item, high=999_999), o="100000")) == "number_range"


@pytest.mark.parametrize(("year", "code"), [("1899", "date_too_old"), ("1900", None), ("1901", None)])
def test_years_begin_with_1900(year: str, code: str | None) -> None:
    assert validation_code("date", f"{year}-01-01") == code
    error = read("date", d="1", m="1", y=year).error
    assert (error.code if error else None) == code
    by_hand = calendar.read_date("1", "1", year)
    assert (by_hand if isinstance(by_hand, str) else by_hand.kind) == ("too_old" if code else f"{year}-01-01")


def test_a_list_has_names_on_screen_and_every_column_on_paper() -> None:
    """The desk copies, compares and corrects by the text on paper: a changed number of a member is another text."""
    members = procedure("1.004194").by_key["thanh_vien"]
    rows = [
        {"ho_ten": "Hồ Thị Ữ", "ngay_sinh": "1993-09-02", "gioi_tinh": "nu", "so_dinh_danh": "046193000456"},
        {"ho_ten": "Lê Văn Á", "so_dinh_danh": ""},
    ]
    kind = kinds.by_name("group_list")
    assert kind.on_screen(members, rows, "vi") == "Hồ Thị Ữ, Lê Văn Á"
    text = kind.on_paper(members, rows)
    assert text == (
        "HỒ THỊ Ữ (ngày, tháng, năm sinh 02/09/1993, giới tính Nữ, số định danh cá nhân 046193000456); LÊ VĂN Á"
    )
    other = [rows[0] | {"so_dinh_danh": "046193000457"}, rows[1]]
    assert kind.on_paper(members, other) != text
