"""What kind of telephone number this is, and what an old one became.

A number is never refused by its operator's prefix; the new form of an eleven-digit mobile number of before 2018 is
only suggested, since the person must say that it is theirs. `viet_text.phone` brings a number to plain digits.
"""

import re

from kiosk.vietnam.reference_data import read

_KINDS = (("mobile", "0[35789][0-9]{8}"), ("landline", "02[0-9]{8,9}"), ("old", "01[0-9]{9}"))


def kind(number: str) -> str:
    """Tell a "mobile" from a "landline" and an "old" mobile number; "" is none of them."""
    return next((name for name, shape in _KINDS if re.fullmatch(shape, number)), "")


def renewed(number: str) -> str:
    """Return the ten digits that an old mobile number became in 2018, or ""."""
    prefix = read("phone_prefixes.toml")["new"].get(number[:4], "") if kind(number) == "old" else ""
    return prefix + number[4:] if prefix else ""


def shown(number: str) -> str:
    """Show ten digits in groups, as 0905 000 123; other numbers as they are."""
    return f"{number[:4]} {number[4:7]} {number[7:]}" if re.fullmatch("[0-9]{10}", number) else number
