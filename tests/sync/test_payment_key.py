"""Payment keys in the texts of transfers: found in the additions of banks, never with a wrong sign."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.payment_key import KEYS, LETTERS, SIGNS, find_keys, format_key, parse_key

KEY = format_key("PK03", 12_345_678_901)
KIOSK_IDS = st.from_regex(r"[A-Z]{2}[0-9]{2,4}", fullmatch=True)
NUMBERS = st.integers(0, KEYS - 1)


@given(kiosk_id=KIOSK_IDS, number=NUMBERS)
def test_a_key_is_read_back_and_short_enough_for_every_bank(kiosk_id: str, number: int) -> None:
    key = format_key(kiosk_id, number)
    assert find_keys(key) == [key]
    assert parse_key(key) == (kiosk_id, number)
    assert len(f"PHI {key}") <= 18
    assert not set(key[len(kiosk_id) :]) & set("01IO")


@pytest.mark.parametrize(
    "text",
    [
        "PHI {}",
        "PHI{}",
        "phi {}",
        "MBVCB.3278907687.PHI {}.CT tu 0011000012345 toi 0123456789",
        "PHI {}-021226-09:41:27 412907",
        "REM  PHI {}  FT26336104458821",
        "{}GD 123456-12/02/26 10:31:02",
    ],
)
def test_a_key_is_found_in_what_a_bank_makes_of_the_text(text: str) -> None:
    assert find_keys(text.format(KEY)) == [KEY]


def test_a_key_that_is_cut_by_a_line_end_is_found() -> None:
    for at in range(1, len(KEY)):
        assert find_keys(f"PHI {KEY[:at]}\r\n {KEY[at:]}") == [KEY]


@pytest.mark.parametrize(
    "text", ["", "PHI", "LE THI B CHUYEN", "LE PHI PK032611240017F", KEY[:-1], "PHI PK03", "FT26336104458821"]
)
def test_a_text_without_a_key_has_none(text: str) -> None:
    assert find_keys(text) == []


def test_two_keys_are_two_and_a_repeated_one_is_one() -> None:
    other = format_key("PK04", 7)
    assert find_keys(f"{KEY} {other} {KEY}") == [KEY, other]


def test_a_single_wrong_sign_is_noticed_at_each_place() -> None:
    for at, sign in enumerate(KEY):
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if at < 2 else "0123456789" if at < 4 else LETTERS if at == 4 else SIGNS
        for other in letters:
            if other != sign:
                assert find_keys(KEY[:at] + other + KEY[at + 1 :]) == []


def test_two_neighbours_that_changed_places_are_noticed_499_times_in_500() -> None:
    keys = [format_key("PK03", number) for number in range(0, KEYS, KEYS // 2000)]
    swapped = [
        key[:at] + key[at + 1] + key[at] + key[at + 2 :]
        for key in keys
        for at in range(5, 11)
        if key[at] != key[at + 1]
    ]
    assert sum(1 for key in swapped if find_keys(key)) < len(swapped) / 300
