"""Telephone numbers: their kind, and the new form of an old one.

A number is never refused by its operator's prefix. The new form of an eleven-digit mobile number from before 2018 is
only suggested, because the person must confirm it. `viet_text.normalize_phone` turns input into digits.
"""

import re

from kiosk.vietnam.reference_data import read

_KINDS = (("mobile", "0[35789][0-9]{8}"), ("landline", "02[0-9]{8,9}"), ("old", "01[0-9]{9}"))


def kind(number: str) -> str:
    """Return "mobile", "landline", "old" (mobile number from before 2018), or "" for none of them."""
    return next((name for name, shape in _KINDS if re.fullmatch(shape, number)), "")


def current_number(number: str) -> str:
    """Return the ten digits that replaced an old mobile number in 2018, or ""."""
    prefix = read("phone_prefixes.toml")["new"].get(number[:4], "") if kind(number) == "old" else ""
    return prefix + number[4:] if prefix else ""


def grouped(number: str) -> str:
    """Return ten digits as 0905 000 123; other numbers unchanged."""
    return f"{number[:4]} {number[4:7]} {number[7:]}" if re.fullmatch("[0-9]{10}", number) else number


def mask(number: str) -> str:
    """Return a telephone number with only its last three digits, •••• ••• 777, in one piece."""
    return f"••••\u00a0•••\u00a0{number[-3:]}" if len(number) > 3 else "•••"
