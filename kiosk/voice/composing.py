"""Sentences with a value inside, such as a number of people or a date: spoken as clips of their parts.

Only sentences of a list of the product's own texts are composed. The value of each is a number, a date, a time, a sum
or a number of the queue, by its pattern: never a name, an id or a free answer, because no pattern matches one.
"""

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

from kiosk.vietnam.calendar import number_in_words
from kiosk.voice.call_clips import LETTER_NAMES
from kiosk.voice.reading import MONTHS, sentences, spoken_words

_PLACE = re.compile(r"\{(\w+)\}|%\((\w+)\)s")
_DATE = r"\d{1,2}/\d{1,2}/\d{4}"
_TIME = r"\d{1,2}:\d{2}"
_SUM = {"vi": r"\d{1,3}(?:\.\d{3}){0,3} đồng", "en": r"\d{1,3}(?:,\d{3}){0,3} dong"}
_THOUSANDS = {"vi": r"\d{1,3}(?:\.\d{3}){1,3}", "en": r"\d{1,3}(?:,\d{3}){1,3}"}
_SMALL = r"\d{1,4}"
_TICKET = r"[A-Z]\d{3}"
_WORDS = {
    "vi": (
        *(number_in_words(number) for number in range(100)),
        *(f"{number_in_words(number)} trăm" for number in range(10)),
        *(f"linh {number_in_words(number)}" for number in range(1, 10)),
        *(f"ngày {number_in_words(number)}" for number in range(1, 32)),
        *(f"tháng {'tư' if number == 4 else number_in_words(number)}" for number in range(1, 13)),
        *("nghìn", "triệu", "tỷ", "tư", "đồng", "năm", "giờ", "phút", "sáng", "trưa", "chiều", "tối", "đêm"),
        *LETTER_NAMES.values(),
    ),
    "en": (
        *map(str, range(100)),
        *("hundred", "thousand", "million", "oh", "o'clock", "dong"),
        *MONTHS,
        *LETTER_NAMES,
    ),
}
"""What values are composed of, longest phrase first when they are found in a value."""


def value_words(lang: str) -> tuple[str, ...]:
    """Return the texts of the clips that say values."""
    return tuple(dict.fromkeys(_WORDS[lang]))


def fixed_parts(text: str) -> list[str]:
    """Return the texts of the clips between the values of a text; its sentences without a value are whole."""
    found = list[str]()
    for sentence in sentences(_PLACE.sub(lambda place: f"{{{place[1] or place[2]}}}", text)):
        parts = re.split(r"\{\w+\}", sentence)
        found += parts if len(parts) == 1 else map(_bare, parts)
    return [part for part in found if _has_letter(part)]


def compose(sentence: str, texts: Iterable[str], lang: str) -> list[str]:
    """Return the texts of the clips that say a sentence; none if it is no sentence of these texts."""
    spaced = sentence.replace("\u00a0", " ")
    for text in texts:
        for pattern in _patterns(text, lang):
            found = pattern.fullmatch(spaced)
            if found:
                with suppress(LookupError):
                    return _parts(pattern, found, lang)
    return []


@lru_cache(maxsize=512)
def _patterns(text: str, lang: str) -> list[re.Pattern[str]]:
    """Return a pattern for each sentence of a text that has values: fixed parts and values are its groups in turn."""
    value = "|".join((_DATE, _TIME, _SUM[lang], _THOUSANDS[lang], _SMALL))
    patterns = []
    for sentence in sentences(_PLACE.sub(lambda place: f"{{{place[1] or place[2]}}}", text)):
        pieces = re.split(r"\{(\w+)\}", sentence)
        if len(pieces) == 1:
            continue
        groups = (
            f"({re.escape(piece)})" if place % 2 == 0 else f"({_TICKET if piece == 'number' else value})"
            for place, piece in enumerate(pieces)
        )
        patterns.append(re.compile("".join(groups)))
    return patterns


def _parts(pattern: re.Pattern[str], found: re.Match[str], lang: str) -> list[str]:
    parts = list[str]()
    for group in range(1, pattern.groups + 1):
        if group % 2 == 0:
            parts += _phrases(found[group], before=found[group - 1], lang=lang)
        elif _has_letter(found[group]):
            parts.append(_bare(found[group]))
    return parts


def _phrases(value: str, before: str, lang: str) -> list[str]:
    """Return the texts of the clips that say a value after a fixed part.

    Raises:
        LookupError: it has words without a clip.
    """
    words = _english(value) if lang == "en" else _vietnamese(value, before)
    left = re.sub(r"[,\s]+", " ", words).split()
    known = frozenset(_WORDS[lang])
    found = list[str]()
    while left:
        sizes = (size for size in range(min(4, len(left)), 0, -1) if " ".join(left[:size]) in known)
        length = next(sizes, 0)
        if not length:  # no date or time, such as 45/13/2026
            raise LookupError(value)
        found.append(" ".join(left[:length]))
        left = left[length:]
    return found


def _vietnamese(value: str, before: str) -> str:
    last = before.rstrip(" “").rpartition(" ")[2].lower()
    if last == "tháng" and value in ("4", "04"):
        return "tư"
    if last in ("ngày", "tháng") and value.isascii() and value.isdigit():
        value = value.lstrip("0") or "0"
    words = spoken_words(value, "vi")
    return words.removeprefix("ngày ") if last == "ngày" else words


def _english(value: str) -> str:
    """Return a value in the English phrases that have clips."""
    if re.fullmatch(_DATE, value):
        day, month, year = map(int, value.split("/"))
        name = MONTHS[month - 1] if 1 <= month <= 12 else _english_number(month)
        return f"{day} {name} {_english_number(year)}"
    if re.fullmatch(_TIME, value):
        hour, minute = map(int, value.split(":"))
        if not minute:
            return f"{hour} o'clock"
        return f"{hour} {minute}" if minute > 9 else f"{hour} oh {minute}"
    if re.fullmatch(_TICKET, value):
        return " ".join(value)
    digits = re.sub(r"\D", "", value)
    return _english_number(int(digits)) + (" dong" if value.endswith("dong") else "")


def _english_number(number: int) -> str:
    words = list[str]()
    for size, name in ((10**9, "thousand million"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            words += [_english_number(number // size), name]
            number %= size
    return " ".join([*words, str(number)] if number or not words else words)


def _bare(part: str) -> str:
    return part.strip(" ,.:;“”")


def _has_letter(part: str) -> bool:
    return any(letter.isalpha() for letter in part)
