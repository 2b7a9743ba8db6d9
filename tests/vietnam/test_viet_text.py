"""Vietnamese text: clean, folded, sorted, compared, written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.vietnam import viet_text

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"


def test_clean_makes_one_spelling_and_tidies_spaces() -> None:
    assert viet_text.clean("  Nguye\u0302\u0303n \t\n Thi\u0323\u00a0\u3000Mẫu ") == "Nguyễn Thị Mẫu"


@pytest.mark.parametrize(
    "dirt",
    [
        "\x00",
        "\x1b",
        "\u200b",
        "\ufeff",
        "\u202e",
        "\u2066",
        "\ud800",
        "\ue000",
        "\U0010ffff",
    ],
)
def test_what_cannot_be_seen_is_taken_away(dirt: str) -> None:
    assert viet_text.clean(f"Hò{dirt}a") == "Hòa"


def test_a_cut_never_parts_a_letter_from_its_marks() -> None:
    assert viet_text.clean("ab\u0306c", 2) == "a"
    assert viet_text.clean("Phú Xuân", 4) == "Phú"
    assert viet_text.clean("Phú", 0) == ""


@given(st.text(st.characters(), max_size=60), st.integers(0, 60))
def test_clean_text_is_composed_and_stays_as_it_is(text: str, limit: int) -> None:
    once = viet_text.clean(text, limit)
    assert unicodedata.is_normalized("NFC", once)
    assert viet_text.clean(once, limit) == once
    assert len(once) <= limit


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đường Đống Đa", "duong dong da"),
        ("H'Mông", "hmong"),
        ("Đắk R’Lấp", "dak rlap"),
        ("Ta-ôi", "ta oi"),
        ("Chân Mây - Lăng Cô", "chan may lang co"),
        ("ƀ ŏ ŭ ĕ ĭ č Ñ Ƀ", "b o u e i c n b"),
        ("  A   Lưới 5 ", "a luoi 5"),
        ("Nguye\u0302\u0303n", "nguyen"),
        ("...", ""),
    ],
)
def test_folding_for_search(text: str, folded: str) -> None:
    assert viet_text.fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert viet_text.fold(viet_text.fold(text)) == viet_text.fold(text)


@given(st.text(VIETNAMESE, max_size=20))
def test_vietnamese_folds_to_plain_letters(text: str) -> None:
    assert viet_text.fold(text).isascii()
    assert viet_text.fold(unicodedata.normalize("NFD", text)) == viet_text.fold(text)


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Xã Phú Xuân", "phu xu", "Phú Xu"),
        ("gồm xã Phú Xuân cũ", "phú xuân", "Phú Xuân"),
        ("Chân Mây - Lăng Cô", "may lang", "Mây - Lăng"),
        ("Đắk R’Lấp", "rlap", "R’Lấp"),
        ("Phu\u0301 Xuân", "phu", "Phu\u0301"),
    ],
)
def test_a_hit_says_which_letters_to_mark(text: str, query: str, marked: str) -> None:
    place = viet_text.find_span(text, query)
    assert place is not None
    assert text[slice(*place)] == marked


@pytest.mark.parametrize(("text", "query"), [("Phú Xuân", "uan"), ("Phú Xuân", ""), ("", "a"), ("Phú", "phu xuan")])
def test_no_hit_within_a_word_or_for_nothing(text: str, query: str) -> None:
    assert viet_text.find_span(text, query) is None


@given(st.text(max_size=30), st.text(max_size=5))
def test_a_hit_lies_within_the_text(text: str, query: str) -> None:
    place = viet_text.find_span(text, query)
    assert place is None or 0 <= place[0] < place[1] <= len(text)


def test_names_sort_by_the_vietnamese_alphabet() -> None:
    ordered = (
        "A Lưới 2, A Lưới 10, An, Ăn, Ân, Dan, Đà, Đan, Hà Nội, Huế, Ma, Mà, Mả, Mã, Má, Mạ, Man, "
        "O, Ô, Ơ, Ờ, Phù Cát, Phú Bài, Ươm, Zơ"
    )
    listed = ordered.split(", ")
    assert sorted(set(listed), key=viet_text.sort_key) == listed


def test_letters_sort_in_the_order_of_the_alphabet() -> None:
    alphabet = list("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
    assert sorted(set(alphabet), key=viet_text.sort_key) == alphabet


def test_numbers_sort_by_value_and_before_letters() -> None:
    assert sorted(["Tổ b", "Tổ 10", "Tổ 9", "Tổ 009", "Tổ"], key=viet_text.sort_key) == [
        *("Tổ", "Tổ 009", "Tổ 9", "Tổ 10", "Tổ b"),
    ]


@given(st.lists(st.text(max_size=8), max_size=8))
def test_the_order_is_total(texts: list[str]) -> None:
    keys = {viet_text.sort_key(text) for text in texts}
    assert len(keys) == len(set(texts))
    forward = sorted(texts, key=viet_text.sort_key)
    assert sorted(set(texts), key=viet_text.sort_key) == list(dict.fromkeys(forward))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("hòa", "hoà"),
        ("Thủy Xuân", "Thuỷ  Xuân"),
        ("HÓA CHÂU", "Hoá Châu"),
        ("khoẻ", "khỏe"),
        ("H'Wiên", "H’wiên"),
        ("Ngụy", "Nguỵ"),
        ("Hòa", "Ho\u0300a"),
    ],
)
def test_names_are_the_same_wherever_the_mark_stands(name: str, other: str) -> None:
    assert viet_text.is_same_name(name, other)


@pytest.mark.parametrize(
    ("name", "other"), [("Hòa", "Hóa"), ("Hoa", "Hòa"), ("Ân", "An"), ("Đa", "Da"), ("hò a", "ho à")]
)
def test_other_names_are_other_names(name: str, other: str) -> None:
    assert not viet_text.is_same_name(name, other)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Nguyễn Thị Diệu Hiền",
            "Zơ Râm Thị Klŏng",
            "H'Wiên Niê",
            "H’Wiên",
            "Y-Kôp",
            "Kpă",
            "Mlô",
            "Blúp",
            "Ƀuôn Č Ñ",
        ),
        *("Bh'-ling", "ĐỖ", "Ơ", "Nguye\u0302\u0303n", "Jơ̆ng", "Faw Zw"),
    ],
)
def test_names_of_every_people_are_names(name: str) -> None:
    assert viet_text.is_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " A",
        "A ",
        "A  B",
        "Nguyễn 2",
        "A-",
        "-A",
        "A.",
        "A, B",
        "李",
        "Ан",
        "A\nB",
        "ſ",
        "ı",
        "a\u0338",
        "A_B",
        "A\u202eB",
    ],
)
def test_other_text_is_no_name(text: str) -> None:
    assert not viet_text.is_name(text)


def test_a_long_text_that_is_no_name_is_refused_at_once() -> None:
    assert not viet_text.is_name("an" * 50_000 + "!")


def test_names_are_written_in_capitals_and_back() -> None:
    assert viet_text.upper_case("Nguyễn Thị H’Wiên ƀŏ") == "NGUYỄN THỊ H’WIÊN ɃŎ"
    assert viet_text.title_case("NGUYỄN THỊ H'WIÊN") == "Nguyễn Thị H'Wiên"
    assert viet_text.title_case("y-kôp niê") == "Y-Kôp Niê"
    assert viet_text.title_case("Nguyễn văn A") == "Nguyễn văn A"


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("Nguyễn Văn A", "Nguyễn"),
        ("Tôn Nữ Thị Mẫu", "Tôn Nữ"),
        ("Công Tằng Tôn Nữ Mẫu", "Công Tằng Tôn Nữ"),
        ("Zơ Râm Thị Mẫu", "Zơ Râm"),
        ("Tôn Văn Mẫu", "Tôn"),
        ("", ""),
    ],
)
def test_the_surname_stands_first_and_may_be_long(name: str, surname: str) -> None:
    assert viet_text.surname(name) == surname


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0905 000 123", "0905000123"),
        ("0905.000.123", "0905000123"),
        ("+84 905-000-123", "0905000123"),
        ("0084905000123", "0905000123"),
        ("84905000123", "0905000123"),
        ("+84 (0)905000123", "0905000123"),
        ("(0234) 3822 222", "02343822222"),
        ("845123456", "845123456"),
        ("", ""),
    ],
)
def test_telephone_numbers_become_plain_digits(typed: str, number: str) -> None:
    assert viet_text.normalize_phone(typed) == number


WORDS = ["Nguyễn Thị Mẫu", "Đặng Ờ Ỡ Ệ", "Huỳnh’ Ư", "Tổ 5, Phú Hậu", "Plain", "\ufeffĐỗ", "Zơ Râm Klŏng"]


@pytest.mark.parametrize("word", WORDS)
def test_utf_8_read_as_latin_1_is_mended(word: str) -> None:
    assert viet_text.repair_encoding(word.encode().decode("latin-1")) == word


@pytest.mark.parametrize("word", WORDS)
def test_utf_8_read_as_windows_1252_is_mended(word: str) -> None:
    spoilt = "".join(
        bytes([byte]).decode("cp1252") if byte not in b"\x81\x8d\x8f\x90\x9d" else chr(byte) for byte in word.encode()
    )
    assert viet_text.repair_encoding(spoilt) == word


@pytest.mark.parametrize("word", [*WORDS, "Hà", "André", "Ã", "日本", "â‚¬ 5"])
def test_sound_text_is_left_alone(word: str) -> None:
    assert viet_text.repair_encoding(word) == word


@given(st.text(max_size=40))
def test_mending_never_fails(text: str) -> None:
    assert isinstance(viet_text.repair_encoding(text), str)
