"""Recognition of scanned or typed codes: a slip, the slip of a kept form, an ID card, a queue number, or none of them.

The start page, the look-up and the desk's field for everything share this, so that one code opens the same thing
everywhere. It reads the text only; whether the thing exists is the caller's question.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kiosk.base import codes
from kiosk.dossiers import status_page
from kiosk.vietnam import id_card

CodeKind = Literal["slip", "kept", "card", "number", "unknown"]
MAX_LENGTH = id_card.LONGEST
_LABEL = re.compile(r"([A-Z])\s?([0-9]{1,4})", re.ASCII)


@dataclass(frozen=True)
class ScannedCode:
    """A recognised code.

    Attributes:
        text: the receipt number of a slip, the code of a kept form, the id number of a card, or the label of a queue
            number (A017); empty for an unknown code, of which nothing is kept.
        day: the day of a queue number.
        card: the fields of a card.
    """

    kind: CodeKind
    text: str = ""
    day: date | None = None
    card: id_card.Card | None = None


UNKNOWN = ScannedCode("unknown")


def recognise(line: str, today: date, *, is_typed: bool = False) -> ScannedCode:
    """Return what a line of a scanner, or a typed text, is.

    Args:
        today: the day of a queue number that is typed without one.
        is_typed: the line came from a keyboard, or from a scanner that types: a card's name may have lost its marks.
    """
    text = line.strip()
    if not text or len(text) > MAX_LENGTH:
        return UNKNOWN
    if receipt_no := status_page.parse_code(text):
        return ScannedCode("slip", receipt_no)
    if kept_code := codes.parse_kept_code(text):
        return ScannedCode("kept", kept_code)
    if number := _parse_number(text, today):
        return number
    card = id_card.parse(text, today, is_typed=is_typed) if "|" in text else None
    if isinstance(card, id_card.Card):
        return ScannedCode("card", card.id_number, card=card)
    return UNKNOWN


def _parse_number(text: str, today: date) -> ScannedCode | None:
    """Return a queue number: the code on its paper, or a label such as "a 17"."""
    if on_paper := codes.parse_ticket_code(text):
        label, day = on_paper
        return ScannedCode("number", label, day=day)
    match = _LABEL.fullmatch(text.upper())
    return ScannedCode("number", f"{match[1]}{int(match[2]):03d}", day=today) if match else None
