"""The one door for text: what passes here may be drawn, and nothing else may.

Every block cleans its own words when it is made, so no renderer ever sees raw text. A printer takes control bytes for
commands (cut, drawer, reset), a reader takes bidi characters for another order of letters, and Pillow and reportlab
misplace the marks of decomposed Vietnamese while text extraction still passes.
"""

import re
import unicodedata

NO_BREAK = "\u00a0"
MAX_MARKS = 2  # loose marks on one letter; ê̆ of the Central Highlands needs one
HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})  # the serif lacks them, and no line breaks at a hyphen anyway

_UNITS = "đồng|giờ|phút|người|bản|bộ|tờ|lần|tuổi|ngày|tháng|mm|%"
_NUMBERS = re.compile(r"(?<=[\d•]) (?=[\d•]+(?![\d/:]))")  # phones and masked ids; not a time and its date
_AMOUNTS = re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))")
_COUNTERS = re.compile(r"(?<!\w)(số|quầy|máy|lần|lúc|tổ|kiệt) (?=\d)", re.IGNORECASE)


def _printable(letter: str) -> str:
    """The letter itself, a space in place of any other white space, or nothing."""
    if letter == NO_BREAK:
        return letter
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter).startswith("C") else letter


def clean(text: str) -> str:
    """Text in NFC without control, format, surrogate, private or bidi characters; white space becomes one space."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    kept = unicodedata.normalize("NFC", "".join(map(_printable, text)).translate(HYPHENS))
    return unicodedata.normalize("NFC", re.sub(" {2,}", " ", _limit_marks(kept)))


def _limit_marks(text: str) -> str:
    """At most two loose marks on a letter: more would climb into the line above."""
    out: list[str] = []
    run = 0
    for letter in text:
        run = run + 1 if unicodedata.category(letter) in ("Mn", "Me") else 0
        if run <= MAX_MARKS:
            out.append(letter)
    return "".join(out)


def add_no_break_spaces(text: str) -> str:
    """The same words, with ids, amounts, times and phone numbers held together by no-break spaces."""
    if not any(map(str.isdigit, text)) and "•" not in text:
        return text
    text = _NUMBERS.sub(NO_BREAK, text)
    text = _AMOUNTS.sub(NO_BREAK, text)
    return _COUNTERS.sub(lambda found: found.group(1) + NO_BREAK, text)


def has_combining_marks(text: str) -> bool:
    """Whether some mark is not part of its letter, as in ê̆."""
    return not text.isascii() and any(map(unicodedata.combining, text))
