"""The four digits that open a status look-up, besides the receipt number; no slip prints them.

They are the last four of the applicant's id number. A person without such a number gives day and month of birth; one
whose birthday is not known either asks at the counter. Reasons: docs/decisions/0020-privacy-at-the-touchscreen.md.
"""

from dataclasses import dataclass
from typing import Literal

NO_DIGITS = "----"


@dataclass(frozen=True)
class LookupDigits:
    """The digits and what they are; `NO_DIGITS`, which nobody can type, for `none`."""

    kind: Literal["id_number", "birthday", "none"]
    digits: str


def of_person(id_number: str, born_on: str) -> LookupDigits:
    """Return the digits of a person by the id number and the birth date, YYYY-MM-DD or less."""
    last_four = id_number[-4:]
    if len(last_four) == 4 and last_four.isascii() and last_four.isdigit():
        return LookupDigits("id_number", last_four)
    year, _, rest = born_on.partition("-")
    month, _, day = rest.partition("-")
    if len(year) == 4 and len(month) == 2 and len(day) == 2:
        return LookupDigits("birthday", day + month)
    return LookupDigits("none", NO_DIGITS)
