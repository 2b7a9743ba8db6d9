"""A VietQR: what a bank's app reads to fill in a transfer (EMVCo merchant-presented QR, as NAPAS has it).

Fields are two digits of name, two of length, and the value; the last is a checksum over all before it, its own name and
length included. A length has two digits: what is longer than 99 would break the code without a word, so nothing longer
is let in. The purpose is folded to ASCII and cut at 25: some banks drop what is longer, or all of it for one mark.
"""

import binascii
import re

from kiosk.vietnam import viet_text

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
DONG = "704"
LONGEST_PURPOSE = 25
MOST = 9_999_999_999_999
"""Thirteen digits: what the standard has room for."""
BANK = re.compile(r"[0-9]{6}", re.ASCII)
ACCOUNT = re.compile(r"[0-9A-Za-z]{1,19}", re.ASCII)


def code(bank: str, account: str, amount: int = 0, purpose: str = "") -> str:
    """Return the words of a code; without an amount whoever pays types it. ValueError for what no bank can read."""
    if not BANK.fullmatch(bank) or not ACCOUNT.fullmatch(account) or not 0 <= amount <= MOST:
        raise ValueError("a bank has 6 digits, an account 1 to 19 signs, a sum at most 13 digits")
    holder = _field("00", bank) + _field("01", account)
    where = _field("00", NAPAS) + _field("01", holder) + _field("02", TO_ACCOUNT)
    told = folded(purpose)
    fields = (
        _field("00", "01"),
        _field("01", "12" if amount else "11"),  # made for one payment, or to be used again
        _field("38", where),
        _field("53", DONG),
        _field("54", str(amount)) if amount else "",
        _field("58", "VN"),
        _field("62", _field("08", told)) if told else "",
    )
    content = "".join(fields) + "6304"
    return f"{content}{binascii.crc_hqx(content.encode('ascii'), 0xFFFF):04X}"


def folded(purpose: str) -> str:
    """Return what a transfer is for as every bank takes it: capitals without marks, digits, spaces, at most 25."""
    bare = viet_text.fold(purpose).encode("ascii", "ignore").decode().upper()
    return " ".join(bare.split())[:LONGEST_PURPOSE].rstrip()


def _field(name: str, value: str) -> str:
    return f"{name}{len(value):02d}{value}"
