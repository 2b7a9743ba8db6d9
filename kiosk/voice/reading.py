"""Reading rules: a text of a page, cut into sentences, and each as the words that are spoken.

The words have no figures, signs or abbreviations, so that every engine and every reader says the same. A long number
is never spoken whole: of an identity or account number only the last four digits are, as on the screen.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from kiosk.vietnam.calendar import date_aloud, number_in_words
from kiosk.voice.call_clips import LETTER_NAMES

_ABBREVIATIONS = {
    "UBND": "ủy ban nhân dân", "HĐND": "hội đồng nhân dân", "TTHC": "thủ tục hành chính",
    "CCCD": "căn cước công dân", "CMND": "chứng minh nhân dân", "BHYT": "bảo hiểm y tế",
    "BHXH": "bảo hiểm xã hội", "CSDL": "cơ sở dữ liệu", "TDP": "tổ dân phố", "DVC": "dịch vụ công",
    "GPLX": "giấy phép lái xe", "SĐT": "số điện thoại", "VNeID": "vi en i ai đi", "QR": "quy a",
    "Wi-Fi": "oai phai", "km": "ki lô mét", "kg": "ki lô gam", "m²": "mét vuông", "đ": "đồng",
}  # fmt: skip
_BEFORE_NAMES = {"TP": "thành phố", "Tp": "thành phố", "Q": "quận", "P": "phường", "TX": "thị xã", "TT": "thị trấn"}
"""Abbreviations with a period before a name: "TP. Huế" is no end of a sentence."""
_SPOKEN_TOGETHER = frozenset({"ông/bà", "anh/chị", "cô/chú", "và/hoặc"})
"""Pairs whose slash is not spoken; every other slash between words is "hoặc"."""


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, as they are written; joined with spaces they are the text again."""
    found: list[str] = []
    for part in re.split(r"(?<=[.!?])\s+|(?<=[.!?][”\")])\s+", text.strip()):
        continues = bool(found) and (part[:1].islower() or _ends_with_abbreviation(found[-1]))
        if continues:
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return [part for part in found if part]


def _ends_with_abbreviation(text: str) -> bool:
    last = text.rsplit(" ", 1)[-1]
    return last.endswith(".") and last[:-1].lstrip("(“") in _BEFORE_NAMES


@lru_cache(maxsize=8192)
def spoken_words(text: str, lang: str) -> str:
    """Return a sentence as it is spoken; in a language without rules, without signs and long numbers."""
    words = unicodedata.normalize("NFC", text.replace("\u00a0", " "))
    if lang == "vi":
        for pattern, replace in _RULES:
            words = pattern.sub(replace, words)
    else:
        words = _ENGLISH_DATE.sub(_english_date, words) if lang == "en" else words
        words = re.sub(r"[“”\"•…]", "", _LONG_NUMBER.sub(lambda found: " ".join(found[0][-4:]), words))
    words = re.sub(r"\s+", " ", words)
    words = re.sub(r"\s+([,.?!])", r"\1", words)
    words = re.sub(r"[,.]+(?=[.?!])|,(?=,)", "", words)
    return words.strip(" ,")


# --- numbers


def _number(digits: str) -> str:
    """Return a whole number; with a leading zero, or where it is long, digit by digit."""
    digits = digits.replace(".", "")
    if len(digits) > 12 or (digits.startswith("0") and len(digits) > 1):
        return _digits(digits)
    return number_in_words(int(digits))


def _digits(digits: str) -> str:
    return " ".join(number_in_words(int(digit)) for digit in digits if digit.isascii() and digit.isdigit())


def _thousands(found: re.Match[str]) -> str:
    return number_in_words(int(found[0].replace(".", "")))


def _decimal(found: re.Match[str]) -> str:
    return f"{_number(found[1])} phẩy {_digits(found[2]) if found[2].startswith('0') else _number(found[2])}"


def _ending(found: re.Match[str]) -> str:
    """Return the last four digits of a number that is nobody else's business."""
    return f"bốn số cuối là {', '.join(_digits(digit) for digit in re.sub(r'[^0-9]', '', found[0])[-4:])}"


def _phone(found: re.Match[str]) -> str:
    return ", ".join(_digits(group) for group in found.groups())


# --- dates and times


def _date(found: re.Match[str]) -> str:
    day, month, year = map(int, found.groups())
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return found[0]
    return date_aloud(f"{year:04}-{month:02}-{day:02}")


def _day_and_month(found: re.Match[str]) -> str:
    day, month = map(int, found.groups()[1:])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return found[0]
    before = "" if found[1].lower() == "ngày" else f"{found[1]} "
    return before + date_aloud(f"2000-{month:02}-{day:02}", with_year=False)


def _month_and_year(found: re.Match[str]) -> str:
    month = int(found[1])
    return date_aloud(f"{int(found[2]):04}-{month:02}") if 1 <= month <= 12 else found[0]


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ENGLISH_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/((?:19|20)\d{2})\b")


def _english_date(found: re.Match[str]) -> str:
    day, month, year = map(int, found.groups())
    return f"{day} {MONTHS[month - 1]} {year}" if 1 <= day <= 31 and 1 <= month <= 12 else found[0]


_PARTS_OF_DAY = ((11, "sáng"), (13, "trưa"), (18, "chiều"), (22, "tối"), (24, "đêm"))
"""Hour before which the part of the day holds."""


def _time(found: re.Match[str]) -> str:
    hour = int(found["hour"])
    minute = int(found["minute"] or 0)
    if hour > 23:
        return found[0]
    part = "đêm" if hour == 0 else next(name for until, name in _PARTS_OF_DAY if hour < until)
    words = [number_in_words((hour - 1) % 12 + 1), "giờ"]
    if minute:
        words += [number_in_words(minute), "phút"]
    return " ".join([*words, part])


# --- codes


def _letters(letters: str) -> str:
    return " ".join({"Đ": "đê"}.get(letter, LETTER_NAMES.get(letter, letter.lower())) for letter in letters.upper())


def _groups(found: re.Match[str]) -> str:
    """Return a code with dashes or periods, sign by sign, with a pause at each of them."""
    groups = re.split(r"[-.]", found[0])
    return ", ".join(" ".join(_code_part(part) for part in group) for group in groups)


def _code_part(part: str) -> str:
    return _digits(part) if part.isascii() and part.isdigit() else _letters(part)


def _ticket(found: re.Match[str]) -> str:
    """Return a number of the queue: A012 is "a, không mười hai"."""
    zeros = len(found[2]) - len(found[2].lstrip("0"))
    rest = found[2].lstrip("0")
    words = ["không"] * zeros + ([number_in_words(int(rest))] if rest else [])
    return f"{_letters(found[1])}, {' '.join(words)}"


def _form_code(found: re.Match[str]) -> str:
    return f"{_letters(found[1])} {_number(found[2])}"


def _law(found: re.Match[str]) -> str:
    return f"{number_in_words(int(found[1]))} năm {number_in_words(int(found[2]))}"


_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}


def _section(found: re.Match[str]) -> str:
    first = _ROMAN.get(found[1]) or int(found[1])
    return f"{number_in_words(first)} chấm {_number(found[2])}"


def _roman(found: re.Match[str]) -> str:
    return f"{found[1]} {number_in_words(_ROMAN[found[2]])}"


def _acronym(found: re.Match[str]) -> str:
    """Spell an abbreviation that has no words of its own; a word in capitals stays a word."""
    letters = found[0]
    return letters if len(letters) > 2 and re.search(r"[AEIOUY]", letters) else _letters(letters)


def _slash(found: re.Match[str]) -> str:
    pair = found[0].lower().replace(" ", "")
    return f"{found[1]} {found[2]}" if pair in _SPOKEN_TOGETHER else f"{found[1]} hoặc {found[2]}"


_LONG_NUMBER = re.compile(r"\d(?:[ .]?\d){8,}")
_ROMANS = "|".join(sorted(_ROMAN, key=len, reverse=True))
_ABBREVIATED = "|".join(re.escape(short) for short in sorted(_ABBREVIATIONS, key=len, reverse=True))

_Replace = str | Callable[[re.Match[str]], str]
_RULES: tuple[tuple[re.Pattern[str], _Replace], ...] = tuple(
    (re.compile(pattern), replace)
    for pattern, replace in (
        (r"(?:• ?){2,}(\d{4})\b", _ending),
        (r"[“”\"«»•*]|…|\.\.\.", " "),
        (r"\b(?:mã|Mã) QR\b", "mã quy a"),
        # codes before numbers: their digits are spoken one by one
        (r"\b[A-Z]{1,3}\d+(?:[-.][0-9A-Z]+)+\b", _groups),
        (r"\b(\d+)/((?:19|20)\d{2})/[A-ZĐ][\w-]*", _law),
        (r"\b(?:[Nn]gày )?(\d{1,2}) ?/ ?(\d{1,2}) ?/ ?((?:19|20)\d{2})\b", _date),
        (r"\b(?:[Tt]háng )?(\d{1,2})/((?:19|20)\d{2})\b", _month_and_year),
        (r"\b([Nn]gày|[Tt]ừ|đến|trước|sau|hết|thứ \w+,|[Cc]hủ nhật,) (\d{1,2})/(\d{1,2})\b", _day_and_month),
        (r"\b(?P<hour>\d{1,2})(?::|h)(?P<minute>[0-5]\d)\b", _time),
        (r"\b(?P<hour>1[3-9]|2[0-3]) giờ(?P<minute>)(?! làm việc)\b", _time),
        (r"\b(0\d{3})[ .]?(\d{3})[ .]?(\d{3})\b(?![ .]?\d)", _phone),
        (r"\b(1[89]00)[ .]?(\d{4})\b", _phone),
        (r"\b(?:(?:\d{4} ){2}\d{4}|(?:\d{3} ){2,3}\d{3})\b", _ending),
        (r"\b\d{7,}\b", _ending),
        (r"\b(\d{1,3}(?:\.\d{3})+|\d+) ?(?:đ|VNĐ|VND)(?!\w)", lambda found: f"{_number(found[1])} đồng"),
        (r"\b([A-Z])(\d{3})\b", _ticket),
        (r"\b([A-ZĐ]{1,4})(\d{1,4})\b", _form_code),
        (r"\b\d{1,3}(?:\.\d{3})+\b", _thousands),
        (rf"\b({_ROMANS}|\d+)\.(\d{{1,2}})\b", _section),
        (rf"\b([Mm]ục|[Pp]hần|[Cc]hương|đến|và) ({_ROMANS})\b", _roman),
        (r"\b(\d+),(\d+)\b", _decimal),
        (r"(\d)\s*%", r"\1 phần trăm"),
        (r"(?<=\d)\s*[–-]\s*(?=\d)", " đến "),
        (r"(?<=\d)/(?=\d)", " trên "),
        (r"\d+", lambda found: f" {_number(found[0])} "),
        # abbreviations
        (rf"\b({'|'.join(_BEFORE_NAMES)})\.\s*(?=[^\W\d_])", lambda found: f"{_BEFORE_NAMES[found[1]]} "),
        (rf"(?<!\w)(?:{_ABBREVIATED})(?!\w)", lambda found: _ABBREVIATIONS[found[0]]),
        (r"(?<![\w-])[A-ZĐ]{2,5}(?![\w-])", _acronym),
        # signs
        (r"\b(\w+) ?/ ?(\w+)\b", _slash),
        (r"(?<=\w)['’](?=\w)", ""),
        (r"(?<=[^\W\d_])-(?=[^\W\d_])", " "),
        (r"\s[–-]\s|[;:()\[\]]", ", "),
        (r"&", " và "),
        (r"(?<=\w)@(?=\w)", " a còng "),
        (r"(?<=\w)\.(?=[a-z]{2,3}\b)", " chấm "),
        (r"[/–]", " "),
    )
)
