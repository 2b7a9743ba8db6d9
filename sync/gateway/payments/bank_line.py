"""Line of a bank: one movement on a ward's account, as a notice or a statement has it."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Direction = Literal["in", "out"]
MAX_AMOUNT = 10**12
"""Dong; more is no fee of a ward."""
_REFERENCE = re.compile(r"(?=[^0-9]*[0-9])[A-Z0-9][A-Z0-9./_-]{3,63}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class BankLine:
    """A movement on an account.

    Attributes:
        reference: the bank's number of the movement, unique within the account.
        amount: whole dong, always positive.
        text: the text of the transfer, which may name people: it is read for a payment key and never stored.
    """

    reference: str
    direction: Direction
    amount: int
    booked_at: datetime
    text: str = field(repr=False)


def clean_reference(text: str) -> str:
    """Return a bank's number in capitals and without spaces; empty for a text that is none, such as a name or two."""
    reference = text.strip().replace(" ", "").upper()
    return reference if _REFERENCE.fullmatch(reference) else ""
