"""Mobile numbers of Vietnam: which ones can get a message, and why another one cannot.

Source: numbering plan of the Ministry of Information and Communications (circular 22/2014, changed in 2018: mobile
numbers have ten digits since then).
"""

import re
from dataclasses import dataclass
from typing import Literal

NumberFault = Literal["", "no-number", "landline", "foreign", "eleven-digits"]
_MOBILE = re.compile(r"0(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-9])[0-9]{7}", re.ASCII)
_LANDLINE = re.compile(r"02[0-9]{8,9}", re.ASCII)
_OLD_MOBILE = re.compile(r"01[0-9]{9}", re.ASCII)
_SEPARATORS = re.compile(r"[\s.\-()\u00a0]+")


@dataclass(frozen=True, kw_only=True)
class PhoneNumber:
    """A typed number: ten digits that begin with 0, or why it gets no message."""

    digits: str = ""
    fault: NumberFault = ""


def parse_phone_number(text: str) -> PhoneNumber:
    """Return the mobile number of a text; blanks, dots, hyphens, brackets and +84 are allowed."""
    digits = _SEPARATORS.sub("", text)
    is_foreign = False
    if digits.startswith(("+", "00")):
        digits = digits.removeprefix("+").removeprefix("00")
        is_foreign = not digits.startswith("84")
        digits = "0" + digits.removeprefix("84").removeprefix("0")
    elif digits.startswith("84") and len(digits) == 11:
        digits = "0" + digits[2:]
    if not digits.isascii() or not digits.isdigit():
        return PhoneNumber(fault="no-number")
    if is_foreign:
        return PhoneNumber(fault="foreign")
    if _MOBILE.fullmatch(digits):
        return PhoneNumber(digits=digits)
    if _LANDLINE.fullmatch(digits):
        return PhoneNumber(fault="landline")
    return PhoneNumber(fault="eleven-digits" if _OLD_MOBILE.fullmatch(digits) else "no-number")
