from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.base import codes
from kiosk.security.password_strength import random_password

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-"
NUMBERS = st.builds(
    codes.receipt_no,
    st.from_regex(r"[A-Z]{2}[0-9]{2,4}", fullmatch=True),
    st.dates(date(2000, 1, 1), date(2068, 12, 31)),
    st.integers(1, 9999),
)


@pytest.mark.parametrize(
    "text",
    [
        "A12425GABC1234002M",  # the example of the Global Release Identifier (IFPI, GRid Standard 2.1)
        "PK032611240017F",
    ],
)
def test_the_check_character_is_the_one_of_iso_7064(text: str) -> None:
    assert codes._check_character(text[:-1]) == text[-1]


def test_the_number_on_the_sample_slip_is_the_one_that_is_made() -> None:
    assert codes.receipt_no("PK03", date(2026, 11, 24), 17) == "PK03-261124-0017-F"


@given(NUMBERS)
def test_a_number_that_was_made_is_known_however_it_is_typed(number: str) -> None:
    assert codes.is_receipt_no(number)
    assert codes.parse_receipt_no(f" {number.lower().replace('-', ' ')}") == number
    assert codes.parse_receipt_no(number.replace("-", "")) == number


@given(NUMBERS, st.data())
def test_any_single_wrong_character_is_noticed(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    wrong = data.draw(st.sampled_from(ALPHABET).filter(lambda letter: letter != number[place]))
    assert not codes.is_receipt_no(number[:place] + wrong + number[place + 1 :])


@given(NUMBERS, st.data())
def test_a_character_lost_after_the_kiosks_code_is_noticed(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(number.index("-"), len(number) - 1))
    assert not codes.is_receipt_no(number[:place] + number[place + 1 :])


@pytest.mark.parametrize(
    "text",
    ["", "H57.132-260804-0583", "pk03-261124-0017-f", "PK03-261124-0017-F\n", "PK03-٢61124-0017-F", "PK03-261124-0017"],
)
def test_what_is_no_receipt_number_is_not_taken_for_one(text: str) -> None:
    assert not codes.is_receipt_no(text)


def test_a_right_check_on_a_day_that_is_none_is_refused() -> None:
    number = next(f"PK03-261301-0001-{letter}" for letter in ALPHABET[:-1] if _checks(f"PK032613010001{letter}"))
    assert not codes.is_receipt_no(number)


def _checks(text: str) -> bool:
    return bool(codes._has_check_character(text))


@pytest.mark.parametrize(("kiosk_id", "seq"), [("PK03", 0), ("PK03", 10000), ("H57.99", 1), ("pk03", 1), ("PK", 1)])
def test_no_number_is_made_that_could_not_be_read(kiosk_id: str, seq: int) -> None:
    with pytest.raises(ValueError, match="no receipt number"):
        codes.receipt_no(kiosk_id, date(2026, 11, 24), seq)


def test_ids_are_uuids_of_version_7_and_in_order() -> None:
    ids = [codes.new_id() for _ in range(100)]
    assert {UUID(new_id).version for new_id in ids} == {7}
    assert ids == sorted(set(ids))


def test_a_random_password_has_letters_that_nobody_confuses() -> None:
    passwords = {random_password() for _ in range(50)}
    assert len(passwords) == 50
    assert {len(password) for password in passwords} == {8}
    assert set("".join(passwords)) <= set(codes.CODE_ALPHABET)


def test_secrets_are_long_and_never_the_same() -> None:
    assert len({codes.token() for _ in range(50)} | {codes.nonce() for _ in range(50)}) == 100
    assert (len(codes.token()), len(codes.nonce()), len(codes.random_bytes())) == (32, 16, 32)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("H57.132-260804-0583", "H57.132-260804-0583"),
        (" h57.99.01-261125-00042 ", "H57.99.01-261125-00042"),
        ("000.00.19.H47-260105-0001", "000.00.19.H47-260105-0001"),
        ("PK03-261124-0017-F", None),
        ("PK03-261124-0017", None),
        ("H57.132-260804-583", None),
        ("H57.132.1.2.3-260804-0583", None),
        ("H57.132-260804-0583\n<b>", None),
        ("", None),
    ],
)
def test_an_official_number_is_read_and_never_ours(text: str, number: str | None) -> None:
    assert codes.parse_official_no(text) == number
