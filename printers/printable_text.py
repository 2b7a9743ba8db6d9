"""Cleaning of text before it is drawn.

Every block cleans its own texts when it is made, so no renderer sees raw text. A printer reads control bytes as
commands (cut, drawer, reset), bidi characters show letters in another order, and Pillow and reportlab misplace the
marks of decomposed Vietnamese while text extraction still passes.
"""

import re
import unicodedata

NO_BREAK = "\u00a0"
MAX_MARKS = 2  # combining marks on one letter; ê̆ of the Central Highlands needs one
HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})  # the serif lacks them, and no line breaks at a hyphen anyway
# Needs no cleaning: precomposed Latin and Vietnamese, dashes, quotes. Without U+00AD, a format character.
_PLAIN = re.compile("[ -~\u00a0-\u00ac\u00ae-\u024f\u1ea0-\u1ef9\u2013\u2014\u2018-\u201d\u2022\u2026]*")

_UNITS = "đồng|giờ|phút|người|bản|bộ|tờ|lần|tuổi|ngày|tháng|waiting|minutes|mm|%"
_NUMBERS = re.compile(r"(?<=[\d•]) (?=[\d•]+(?![\d/:]))")  # phones and masked ids; not a time and its date
_AMOUNTS = re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))")
_COUNTERS = re.compile(r"(?<!\w)(số|quầy|máy|lần|lúc|tổ|kiệt) (?=\d)", re.IGNORECASE)


def _printable(letter: str) -> str:
    """Return the letter, a space for other white space, or an empty text for what must not be printed."""
    if letter == NO_BREAK:
        return letter
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter).startswith("C") else letter


def clean(text: str) -> str:
    """Return text in NFC without control, format, surrogate, private or bidi characters, with single spaces."""
    if _PLAIN.fullmatch(text) and "  " not in text:
        return text  # nearly every text; a declaration takes less than half the time
    kept = unicodedata.normalize("NFC", "".join(map(_printable, text)).translate(HYPHENS))
    return unicodedata.normalize("NFC", re.sub(" {2,}", " ", _limit_marks(kept)))


def _limit_marks(text: str) -> str:
    """Delete the third and further combining marks of a letter: they would reach into the line above."""
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if marks <= MAX_MARKS:
            kept.append(letter)
    return "".join(kept)


def add_no_break_spaces(text: str) -> str:
    """Return text with no-break spaces inside ids, amounts, times and phone numbers."""
    if not any(map(str.isdigit, text)) and "•" not in text:
        return text
    text = _NUMBERS.sub(NO_BREAK, text)
    text = _AMOUNTS.sub(NO_BREAK, text)
    return _COUNTERS.sub(lambda match: match.group(1) + NO_BREAK, text)


def has_combining_marks(text: str) -> bool:
    """Return whether some mark has no precomposed letter, as in ê̆."""
    return not text.isascii() and any(map(unicodedata.combining, text))
