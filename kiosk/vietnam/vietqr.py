"""VietQR: the text of a QR code from which a bank's app fills in a transfer.

A field is two digits of name, two of length, and the value. The last field is a checksum over everything before it,
its own name and length included. A length has two digits, so longer values are refused: they would break the code
silently. The purpose is folded to ASCII and cut at 25: some banks drop a longer one, or all of it for one mark.

Source: EMVCo merchant-presented QR, as specified by NAPAS.
"""

import binascii
import re

from kiosk.vietnam import viet_text

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
DONG = "704"
LONGEST_PURPOSE = 25
MOST = 9_999_999_999_999
"""The largest amount in dong: thirteen digits, the limit of the standard."""
BANK = re.compile(r"[0-9]{6}", re.ASCII)
ACCOUNT = re.compile(r"[0-9A-Za-z]{1,19}", re.ASCII)


def vietqr_text(bank: str, account: str, amount: int = 0, purpose: str = "") -> str:
    """Return the text of a QR code; without an amount the payer types it.

    Raises:
        ValueError: a value that no bank can read.
    """
    if not BANK.fullmatch(bank) or not ACCOUNT.fullmatch(account) or not 0 <= amount <= MOST:
        raise ValueError("a bank has 6 digits, an account 1 to 19 signs, a sum at most 13 digits")
    holder = _field("00", bank) + _field("01", account)
    merchant = _field("00", NAPAS) + _field("01", holder) + _field("02", TO_ACCOUNT)
    purpose_text = ascii_purpose(purpose)
    fields = (
        _field("00", "01"),
        _field("01", "12" if amount else "11"),  # made for one payment, or to be used again
        _field("38", merchant),
        _field("53", DONG),
        _field("54", str(amount)) if amount else "",
        _field("58", "VN"),
        _field("62", _field("08", purpose_text)) if purpose_text else "",
    )
    content = "".join(fields) + "6304"
    return f"{content}{binascii.crc_hqx(content.encode('ascii'), 0xFFFF):04X}"


def ascii_purpose(purpose: str) -> str:
    """Return a purpose that every bank accepts: capitals without marks, digits, spaces, at most 25 characters."""
    bare = viet_text.fold(purpose).encode("ascii", "ignore").decode().upper()
    return " ".join(bare.split())[:LONGEST_PURPOSE].rstrip()


def _field(name: str, value: str) -> str:
    return f"{name}{len(value):02d}{value}"
