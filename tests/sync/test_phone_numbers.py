"""Mobile numbers: which can get a message, and why others cannot."""

import pytest

from sync.phone_numbers import parse_phone_number


@pytest.mark.parametrize(
    "text",
    ["0912345678", "091 234 56 78", "091.234.5678", "(091) 234-5678", "+84 912 345 678", "+84 0912345678",
     "0084912345678", "84912345678"],
)  # fmt: skip
def test_one_number_in_the_ways_that_people_write_it(text: str) -> None:
    assert parse_phone_number(text).digits == "0912345678"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("02363822333", "landline"),
        ("0236 3822 333", "landline"),
        ("+84 236 3822333", "landline"),
        ("01234567890", "eleven-digits"),
        ("+1 202 555 0123", "foreign"),
        ("0085620555012", "foreign"),
        ("19001075", "no-number"),
        ("091234567", "no-number"),
        ("09123456789", "no-number"),
        ("0512345678", "no-number"),
        ("٠٩١٢٣٤٥٦٧٨", "no-number"),
        ("không có", "no-number"),
        ("", "no-number"),
    ],
)
def test_a_number_without_messages_has_a_reason(text: str, fault: str) -> None:
    number = parse_phone_number(text)
    assert (number.digits, number.fault) == ("", fault)
