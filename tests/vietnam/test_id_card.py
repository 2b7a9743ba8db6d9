"""Text line of an ID card, parsed by the shape of its fields; other codes that people hold to the reader."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.vietnam import id_card
from kiosk.vietnam.id_card import Card, CardProblem, NotACard, parse

TODAY = date(2026, 11, 24)
LINE = "046180000001|190000001|Nguyễn Thị Mẫu|15081980|Nữ|Tổ 5, Phú Hậu, Thành phố Huế, Thừa Thiên Huế|10052021"
CARD = Card(
    id_number="046180000001",
    old_id_number="190000001",
    full_name="Nguyễn Thị Mẫu",
    date_of_birth="1980-08-15",
    sex="nu",
    residence_text="Tổ 5, Phú Hậu, Thành phố Huế, Thừa Thiên Huế",
    issued_on="2021-05-10",
    lossy=False,
    warnings=(),
)


def card(line: str) -> Card:
    """Parse a line that must be a card."""
    result = parse(line, TODAY)
    assert isinstance(result, Card)
    return result


@pytest.mark.parametrize(
    "line",
    [
        *(LINE, LINE + "\r", "\ufeff" + LINE + "\r\n", "  " + LINE, LINE + "|", LINE + "||||"),
        LINE.encode().decode("latin-1"),
        ("\ufeff" + LINE).encode().decode("latin-1"),
        LINE.replace("ễ", "e\u0302\u0303"),
        LINE.replace("Nữ", "NU"),
        LINE.replace("Nguyễn Thị Mẫu", "NGUYỄN THỊ MẪU"),
        LINE.replace("15081980", "15/8/1980"),
    ],
)
def test_the_card_of_2021_is_read_however_it_is_sent(line: str) -> None:
    assert card(line) == CARD


def test_a_card_without_an_old_number_has_none() -> None:
    line = "046204000002||Trần Văn Thử|02092004|Nam|Thôn 2, Lộc Sơn, Phú Lộc, Thừa Thiên Huế|25122021"
    assert (card(line).old_id_number, card(line).sex) == ("", "nam")


def test_what_stands_behind_the_known_fields_is_not_kept() -> None:
    line = (
        "046090000003||Lê Văn Ví Dụ|01011990|Nam|12 Nguyễn Trãi, Tây Lộc, Phú Xuân, Thành phố Huế|05082024"
        "||Lê Văn Cha|Phạm Thị Mẹ|046060000009|0905000123"
    )
    result = card(line)
    assert result.full_name == "Lê Văn Ví Dụ"
    assert result.residence_text == "12 Nguyễn Trãi, Tây Lộc, Phú Xuân, Thành phố Huế"
    assert not any(kept in repr(result) for kept in ("Cha", "Mẹ", "046060000009", "0905"))


def test_another_order_of_fields_is_read_too() -> None:
    result = card("046190000004|Phạm Thị Dụ|Nữ|01021990|Phường Phú Xuân, Thành phố Huế|01082025|190000004|")
    assert result == Card(
        id_number="046190000004",
        old_id_number="190000004",
        full_name="Phạm Thị Dụ",
        date_of_birth="1990-02-01",
        sex="nu",
        residence_text="Phường Phú Xuân, Thành phố Huế",
        issued_on="2025-08-01",
        lossy=False,
        warnings=(),
    )


@pytest.mark.parametrize(
    ("written", "birth"),
    [
        ("1942", "1942"),
        ("00001942", "1942"),
        ("00031942", "1942-03"),
        ("02031942", "1942-03-02"),
        ("2/3/1942", "1942-03-02"),
    ],
)
def test_a_birth_date_may_be_a_year_alone(written: str, birth: str) -> None:
    line = f"046042000005|190000005|Hồ Văn Lão|{written}|Nam|Hồng Hạ, A Lưới, Thừa Thiên Huế|12082021"
    assert card(line).date_of_birth == birth
    assert card(line).warnings == ()


@pytest.mark.parametrize(
    "written", ["31021990", "29022021", "00131990", "01010000", "32011990", "05001990", "30/2/1990"]
)
def test_a_day_that_never_was_is_not_rolled_over(written: str) -> None:
    assert parse(LINE.replace("15081980", written)) == NotACard("bad_date")
    assert parse(LINE.replace("10052021", written)) == NotACard("bad_date")


def test_a_card_whose_name_lost_its_marks_leaves_the_name_to_be_typed() -> None:
    result = card("046188000777|190000777|Nguy?n Th? H?a|08031988|N?|T? 5, Ph? H?u, Hu?|10052021")
    assert (result.full_name, result.residence_text, result.lossy) == ("", "", True)
    assert (result.id_number, result.date_of_birth, result.sex) == ("046188000777", "1988-03-08", "nu")
    assert result.warnings == ("name_lost", "residence_lost")


@pytest.mark.parametrize("name", ["Nguy\ufffdn Th\ufffd M\ufffdu", "Nguyn Th Mu", "", "H?a"])
def test_lost_letters_are_noticed(name: str) -> None:
    result = card(LINE.replace("Nguyễn Thị Mẫu", name))
    assert (result.full_name, result.lossy, "name_lost" in result.warnings) == ("", True, True)


@pytest.mark.parametrize("name", ["Cao Minh Khoa", "Zơ Râm Thị Klŏng", "H'Wiên Niê", "Y-Kôp"])
def test_names_that_only_look_plain_are_kept(name: str) -> None:
    result = card(LINE.replace("Nguyễn Thị Mẫu", name))
    assert (result.full_name, result.lossy) == (name, False)


@pytest.mark.parametrize(("name", "full_name"), [("Cao Minh Khoa", ""), ("Hong Lan", ""), ("Nguyễn An", "Nguyễn An")])
def test_a_scanner_that_types_is_not_believed_a_name_without_marks(name: str, full_name: str) -> None:
    result = parse(LINE.replace("Nguyễn Thị Mẫu", name), TODAY, is_typed=True)
    assert isinstance(result, Card)
    assert (result.full_name, result.lossy) == (full_name, not full_name)
    assert result.residence_text == CARD.residence_text
    plain = parse(LINE.replace(CARD.residence_text, "To 5, Phu Hau, Hue"), TODAY, is_typed=True)
    assert isinstance(plain, Card)
    assert (plain.residence_text, plain.warnings) == ("", ("residence_lost",))


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("00020101021138540010A00000072701240006000000011000000000010208QRIBFTTA53037045802VN63040000", "vietqr"),
        ("WIFI:T:WPA;S:Phong cho;P:khongcothat;;", "wifi"),
        ("https://example.org/046180000001|x", "url"),
        ("HTTP://example.org", "url"),
        ("www.example.org", "url"),
        ("https://example.org/" + "x" * 5000, "url"),
        ("GD4460000000001|4e677579|15/08/1980|2|", "bhyt"),
        ("HT3460000000001|x", "bhyt"),
        ("0123456789|4e677579e1bb856e|1", "bhyt"),
        ("4e677579e1bb856e205468e1bb8b", "bhyt"),
        ("PK03-261124-0017-F", "slip"),
        ("https://cong.example/h/abcdefghijklmnop#PK03-261124-0017-F", "slip"),
        ("https://cong.example/h/abcdefghijklmnop", "url"),
        ("x" * 1001, "too_long"),
        (LINE + "x" * 1000, "too_long"),
        ("", "garbage"),
        ("|||||||", "garbage"),
        ("8934563138165", "garbage"),
        ("046180000001", "garbage"),
        ("046180000001|||||", "garbled"),
        ("046180000001||15081980", "garbage"),
        ("04618000001|190000001|Nguyễn Thị Mẫu|15081980|Nữ|Huế|10052021", "garbled"),
        ("０46180000001|190000001|Nguyễn Thị Mẫu|15081980|Nữ|Huế|10052021", "garbled"),
    ],
)
def test_other_codes_are_named_and_nothing_of_them_is_kept(line: str, kind: str) -> None:
    assert parse(line, TODAY) == NotACard(kind)  # type: ignore[arg-type]


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
def test_any_text_at_all_is_answered(text: str) -> None:
    assert isinstance(parse(text, TODAY), Card | NotACard)


PIECES = st.sampled_from(
    [*LINE.split("|"), "", "31021990", "1942", "Phạm Thị Mẹ", "N?", "?", "a" * 300, "046060000009"]
)


@given(st.lists(PIECES | st.text(max_size=12), max_size=12))
def test_any_fields_behind_a_number_are_answered_in_clean_text(fields: list[str]) -> None:
    result = parse("|".join(["046180000001", *fields]), TODAY)
    assert isinstance(result, Card | NotACard)
    if isinstance(result, Card):
        assert result.sex in ("", "nam", "nu")
        assert len(result.date_of_birth) in (4, 7, 10)
        assert len(result.issued_on) in (0, 10)
        assert result.lossy == (result.full_name == "")


@pytest.mark.parametrize(
    "garbage", ["|" * 10_000, "9" * 10_000, "a?" * 5000, "046180000001|" + "x|" * 5000, "\x00" * 10_000]
)
def test_ten_kilobytes_of_garbage_are_no_card(garbage: str) -> None:
    assert isinstance(parse(garbage, TODAY), NotACard)


@pytest.mark.parametrize(
    ("number", "sex", "birth", "problems"),
    [
        ("046196000123", "nu", "1996-03-12", []),
        ("046204000002", "nam", "2004", []),
        ("046196000123", "", "", []),
        ("046196000123", "nam", "1996-03-12", [CardProblem("sex", "warn")]),
        ("046196000123", "nu", "1997-03-12", [CardProblem("year", "warn")]),
        ("046296000123", "nu", "1996", [CardProblem("sex", "warn"), CardProblem("year", "warn")]),
        ("999196000123", "nu", "1996", [CardProblem("province", "warn")]),
        ("003196000123", "nu", "1996", [CardProblem("province", "warn")]),
        ("123456789012", "", "", [CardProblem("province", "warn"), CardProblem("sample", "warn")]),
        ("012345678901", "", "", [CardProblem("sample", "warn")]),
        ("111111111111", "", "", [CardProblem("province", "warn"), CardProblem("sample", "warn")]),
        ("046226000123", "nam", "2026-11-24", []),
        ("046226000123", "nam", "2026-11-25", [CardProblem("future", "error")]),
        ("046226000123", "nam", "2026", []),
        ("04619600012", "nu", "1996", [CardProblem("digits", "error")]),
        ("046 196000123", "nu", "1996", [CardProblem("digits", "error")]),
        ("", "", "", [CardProblem("digits", "error")]),
    ],
)
def test_a_number_is_checked_against_the_person(number: str, sex: str, birth: str, problems: list[CardProblem]) -> None:
    assert list(id_card.check(number, sex=sex, birth=birth, today=TODAY)) == problems


def test_a_mismatch_on_the_card_warns_and_does_not_block() -> None:
    result = card(LINE.replace("Nữ", "Nam").replace("15081980", "15081981"))
    assert result.warnings == ("sex", "year")


@pytest.mark.parametrize(
    ("issued", "by"),
    [
        ("2024-07-01", "Bộ Công an"),
        ("2024-06-30", "Cục Cảnh sát quản lý hành chính về trật tự xã hội"),
        ("2018-10-10", "Cục Cảnh sát quản lý hành chính về trật tự xã hội"),
        ("2018-10-09", "Cục Cảnh sát đăng ký quản lý cư trú và dữ liệu quốc gia về dân cư"),
        ("", ""),
    ],
)
def test_the_issuer_follows_from_the_date(issued: str, by: str) -> None:
    assert id_card.issuer(issued) == by


@pytest.mark.parametrize(
    ("birth", "issued", "expired"),
    [
        ("1996-03-12", "2021-05-10", False),  # made at 25: lasts to 40
        ("2001-11-24", "2021-05-10", True),  # 25 today
        ("2001-11-25", "2021-05-10", False),  # 25 tomorrow
        ("2001-11-24", "2024-11-24", False),  # made in the two years before 25: lasts to 40
        ("2001-11-24", "2024-11-23", True),
        ("2001-11-24", "2019-01-01", True),
        ("1966-01-01", "2021-05-10", True),  # 60 in 2026
        ("1954-05-01", "2021-08-12", False),  # made after 60: for life
        ("2013-01-01", "2024-08-01", False),  # made at 11: lasts to 14
        ("2012-08-01", "2024-07-01", True),  # made at 11 years 11 months: ended at 14
        ("1942", "2021-08-12", False),
        ("1942-05-01", "", False),
    ],
)
def test_a_card_may_have_run_out_at_the_renewal_ages(birth: str, issued: str, *, expired: bool) -> None:
    assert id_card.may_be_expired(birth, issued, TODAY) == expired


def test_a_card_that_may_have_run_out_says_so_only_when_today_is_known() -> None:
    line = LINE.replace("15081980", "15081985").replace("046180", "046185")
    assert card(line).warnings == ("maybe_expired",)
    without_today = parse(line)
    assert isinstance(without_today, Card)
    assert without_today.warnings == ()


@pytest.mark.parametrize(
    ("number", "masked"),
    [("046196000123", "•••• •••• 0123"), ("C1234567", "•••• •••• 4567"), ("1234", "••••"), ("", "")],
)
def test_only_four_characters_of_a_number_are_shown(number: str, masked: str) -> None:
    assert id_card.mask(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("046196000123", "•••• 9600 ••••"),
        ("190000123", "•••• 9000 ••••"),
        ("C1234567", "C123 ••••"),
        ("1234567", "••••"),
        ("", ""),
    ],
)
def test_a_paper_shows_no_character_that_opens_a_look_up(number: str, masked: str) -> None:
    assert id_card.mask_on_paper(number) == masked


def _key_of(practice: id_card.PracticeCode) -> str:
    return practice.key


@pytest.mark.parametrize("practice", id_card.practice_cards(), ids=_key_of)
def test_every_practice_card_is_read_without_a_doubt(practice: id_card.PracticeCode) -> None:
    result = card(practice.line)
    assert (result.lossy, result.warnings) == (False, ())
    assert result.full_name
    assert result.residence_text
    assert id_card.is_practice(result.id_number)


@pytest.mark.parametrize("practice", id_card.practice_codes(), ids=_key_of)
def test_every_practice_code_is_what_it_says(practice: id_card.PracticeCode) -> None:
    result = parse(practice.line, TODAY)
    assert (result.kind if isinstance(result, NotACard) else "card") == practice.kind


def test_practice_people_have_numbers_of_their_own_and_real_ones_are_told_apart() -> None:
    numbers = [practice.line.split("|")[0] for practice in id_card.practice_cards()]
    assert len(set(numbers)) == len(numbers) >= 6
    assert id_card.is_practice("046188000777")
    assert not id_card.is_practice("046180000001")
    assert not id_card.is_practice("")
