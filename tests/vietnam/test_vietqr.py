"""VietQR codes, read back by another library; a code that no bank can read is never made."""

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vietnam_qr_pay import QRPay

from kiosk.vietnam import vietqr

BANK = "970436"
ACCOUNT = "0123456789"


def parse(code: str) -> QRPay:
    qr = QRPay(code)
    assert qr.is_valid, code
    return qr


def test_a_parser_of_others_finds_what_was_put_in() -> None:
    qr = parse(vietqr.vietqr_text(BANK, ACCOUNT, amount=16_000, purpose="Lệ phí PK032611240017F"))
    assert qr.provider.guid == "A000000727"
    assert qr.provider.service == "QRIBFTTA"
    assert (qr.consumer.bank_bin, qr.consumer.bank_number) == (BANK, ACCOUNT)
    assert (qr.amount, qr.currency, qr.nation) == ("16000", "704", "VN")
    assert qr.init_method == "12"
    assert qr.additional_data.purpose == "LE PHI PK032611240017F"


def test_it_is_byte_for_byte_what_the_other_library_makes() -> None:
    other = QRPay.init_viet_qr(BANK, ACCOUNT, "16000", "LE PHI PK032611240017F")
    assert vietqr.vietqr_text(BANK, ACCOUNT, amount=16_000, purpose="LE PHI PK032611240017F") == other.build()


def test_without_a_sum_and_a_purpose_whoever_pays_types_them() -> None:
    qr = parse(vietqr.vietqr_text(BANK, ACCOUNT))
    assert qr.init_method == "11"
    assert not qr.amount
    assert not qr.additional_data.purpose


@pytest.mark.parametrize("amount", [1, 999, 100_000_000, vietqr.MOST])
def test_any_sum_that_the_standard_has_room_for(amount: int) -> None:
    assert parse(vietqr.vietqr_text(BANK, ACCOUNT, amount)).amount == str(amount)


@pytest.mark.parametrize(("bank", "account", "amount"), [
    ("97043", ACCOUNT, 1), ("9704 6", ACCOUNT, 1), ("٩٧٠٤٣٦", ACCOUNT, 1), (BANK, "", 1), (BANK, "1" * 20, 1),
    (BANK, "12-34", 1), (BANK, ACCOUNT, -1), (BANK, ACCOUNT, vietqr.MOST + 1),
])  # fmt: skip
def test_what_no_bank_can_read_is_refused(bank: str, account: str, amount: int) -> None:
    with pytest.raises(ValueError, match="6 digits"):
        vietqr.vietqr_text(bank, account, amount)


@pytest.mark.parametrize(("text", "folded"), [
    ("Lệ phí đăng ký khai sinh", "LE PHI DANG KY KHAI SINH"),
    ("Nguyê\u0303n  Đức\n(Huế)", "NGUYEN DUC HUE"),
    ("", ""),
    ("!!! 中文", ""),
    ("a" * 120, "A" * 25),
    ("Bản sao trích lục khai tử của bác", "BAN SAO TRICH LUC KHAI TU"),
    ("mười hai chữ một dấu cách cuối", "MUOI HAI CHU MOT DAU CACH"),
])  # fmt: skip
def test_a_purpose_is_plain_capitals_and_short(text: str, folded: str) -> None:
    assert vietqr.ascii_purpose(text) == folded


@given(
    purpose=st.text(max_size=300),
    amount=st.integers(0, vietqr.MOST),
    account=st.from_regex(r"[0-9]{6,19}", fullmatch=True),
)
def test_whatever_the_purpose_the_code_is_whole(purpose: str, amount: int, account: str) -> None:
    code = vietqr.vietqr_text(BANK, account, amount=amount, purpose=purpose)
    assert code.isascii()
    assert len(vietqr.ascii_purpose(purpose)) <= 25
    assert code[-4:] == f"{binascii.crc_hqx(code[:-4].encode(), 0xFFFF):04X}"
    qr = parse(code)
    assert (qr.amount or "0") == str(amount)
    assert (qr.additional_data.purpose or "") == vietqr.ascii_purpose(purpose)


def test_one_wrong_sign_is_noticed() -> None:
    code = vietqr.vietqr_text(BANK, ACCOUNT, amount=16_000, purpose="LE PHI")
    assert not QRPay(code.replace("16000", "61000")).is_valid
