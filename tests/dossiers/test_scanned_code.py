"""What a scanned code is, from the papers that the kiosk prints, cards, and everything else that people hold up."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.base import codes
from kiosk.dossiers.scanned_code import MAX_LENGTH, UNKNOWN, recognise
from kiosk.vietnam import id_card

TODAY = date(2026, 11, 24)
CARD = id_card.practice_cards()[0].line


def test_the_receipt_number_of_a_slip_is_recognised_however_it_is_typed() -> None:
    number = codes.receipt_no("PK03", TODAY, 17)
    for text in (number, number.lower(), number.replace("-", " "), f" {number}\r\n"):
        assert recognise(text, TODAY).kind == "slip"
        assert recognise(text, TODAY).text == number


@pytest.mark.parametrize(
    "address",
    [
        "https://cong.example/h/abcdefghijklmnop#{}",
        "HTTPS://CONG.EXAMPLE/H/ABCDEFGHIJKLMNOP#{}\r\n",
        "hts://cong.ẽmple/h/âbcd#{}",
    ],
)
def test_the_address_on_a_slip_is_its_receipt_number_also_when_a_keyboard_has_changed_its_letters(address: str) -> None:
    number = codes.receipt_no("PK03", TODAY, 17)
    assert recognise(address.format(number), TODAY).text == number
    assert recognise(address.format(number.lower().replace("-", "")), TODAY, is_typed=True).text == number


def test_an_address_without_a_valid_receipt_number_is_unknown() -> None:
    for end in ("", "#", "#PK03-261124-0017-X", "#" + "9" * 60):
        assert recognise(f"https://cong.example/h/abcdefghijklmnop{end}", TODAY) == UNKNOWN


def test_the_code_of_a_kept_form_is_recognised_however_it_is_typed() -> None:
    code = codes.kept_code("PK03")
    for text in (code, code.lower(), code.replace("-", ""), f" {code}\n"):
        assert recognise(text, TODAY).kind == "kept"
        assert recognise(text, TODAY).text == code


def test_a_wrong_letter_in_the_code_of_a_kept_form_is_noticed() -> None:
    code = codes.kept_code("PK03")
    other = "A" if code[8] != "A" else "C"
    assert recognise(code[:8] + other + code[9:], TODAY) == UNKNOWN


@pytest.mark.parametrize(("kiosk_id", "length"), [("PK03", 18), ("PK0321", 20)])
def test_the_code_of_a_kept_form_fits_the_smallest_qr_code(kiosk_id: str, length: int) -> None:
    assert len(codes.kept_code(kiosk_id)) == length


def test_a_queue_number_has_the_day_of_its_paper_and_a_typed_one_has_today() -> None:
    on_paper = recognise(codes.ticket_code("PK03", "A017", date(2026, 11, 20)), TODAY)
    assert (on_paper.kind, on_paper.text, on_paper.day) == ("number", "A017", date(2026, 11, 20))
    for text in ("A017", "a17", "a 17"):
        typed = recognise(text, TODAY)
        assert (typed.kind, typed.text, typed.day) == ("number", "A017", TODAY)


def test_a_card_is_recognised_with_its_fields() -> None:
    scanned = recognise(CARD, TODAY)
    assert scanned.kind == "card"
    assert scanned.card is not None
    assert scanned.text == scanned.card.id_number == CARD.partition("|")[0]


OTHER_CODES = [code.line for code in id_card.practice_codes() if code.kind not in ("card", "slip")]


@pytest.mark.parametrize("code", [*OTHER_CODES, "", "A", "x", "A01234", "PK03-G-7K3M"])
def test_any_other_code_is_unknown_and_nothing_of_it_is_kept(code: str) -> None:
    assert recognise(code, TODAY) == UNKNOWN


def test_a_code_that_is_too_long_is_unknown() -> None:
    assert recognise("A" * (MAX_LENGTH + 1), TODAY) == UNKNOWN


@given(st.text(max_size=60))
def test_no_text_breaks_the_recognition(text: str) -> None:
    assert recognise(text, TODAY).kind in ("slip", "kept", "card", "number", "unknown")
