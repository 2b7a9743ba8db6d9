"""The QR text of a citizen ID card: parsed by the shape of its fields, checked, never trusted.

The card of 2021 has seven fields separated by bars: number, old number, name, birth, sex, residence, issued. The card
of 2024 is unconfirmed, so fields are recognised by their shape; an unknown field is dropped and stored nowhere. The
text is not signed: it saves typing and proves nothing. `parse` accepts any input and never raises.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from kiosk.vietnam import viet_text
from kiosk.vietnam.reference_data import read

NotACardKind = Literal["vietqr", "bhyt", "wifi", "url", "slip", "garbage", "garbled", "too_long", "bad_date"]

LONGEST = 1000  # characters; a card has under 300
LONGEST_NAME = 80
LONGEST_RESIDENCE = 250
RENEWAL_AGES = (14, 25, 40, 60)

_OTHER_CODES: tuple[tuple[NotACardKind, re.Pattern[str]], ...] = (
    ("vietqr", re.compile(r"000201")),
    ("wifi", re.compile(r"WIFI:", re.IGNORECASE)),
    ("slip", re.compile(r"(?:\S*#)?[A-Z]{2}[0-9]{2,4}-[0-9]{6}-[0-9]{4}-[0-9A-Z]")),
    ("url", re.compile(r"(?:https?://|www\.)", re.IGNORECASE)),
    # A health insurance card: two letters and digits, or its ten-digit number, or a name in hexadecimal.
    ("bhyt", re.compile(r"(?:[A-Za-z]{2}[0-9]{8,13}|[0-9]{10})\||(?=[0-9]*[A-Fa-f])(?:[0-9A-Fa-f]{2}){8,}(?:\||$)")),
)
_ID = re.compile(r"[0-9]{12}")
_OLD_ID = re.compile(r"[0-9]{9}")
_SEXES = {"nam": "nam", "nu": "nu", "n": "nu"}  # "N?" and "N" are Nữ with its letter lost
_GARBLED = re.compile(r"(?=.*[0-9]{6}).*[|~\\].*[|~\\].*[|~\\]", re.DOTALL)
_LOST = ("?", "\ufffd")
_AROUND = " \t\r\n\x00\ufeff"  # not strip(): in a line read as Latin-1 the last byte of à looks like a space
_SAMPLES = ("123456789012", "012345678901")


@dataclass(frozen=True)
class Card:
    """The fields of a card; "" where the card has none, and for a name that lost its marks (`lossy`)."""

    id_number: str
    old_id_number: str
    full_name: str
    date_of_birth: str  # YYYY-MM-DD, or YYYY-MM or YYYY
    sex: str  # "nam", "nu"
    residence_text: str
    issued_on: str  # YYYY-MM-DD
    lossy: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class NotACard:
    """The kind of code that was scanned instead of a card; nothing of its text is kept."""

    kind: NotACardKind


@dataclass(frozen=True)
class CardProblem:
    """A problem of an id number: "error" stops, "warn" lets a person continue."""

    code: str
    level: Literal["error", "warn"]


def parse(line: str, today: date | None = None, *, is_typed: bool = False) -> Card | NotACard:
    """Parse the text of a scanner; with `today` also check whether the card may have expired.

    A scanner that types sends ASCII: in an `is_typed` text a name or residence without any mark has lost its marks
    ("Hong" for Hoàng). Text that looks like a card and cannot be parsed is "garbled".

    Warnings: province, sex, year, sample, future (see `check`); name_lost, residence_lost; maybe_expired.
    """
    text = line.strip(_AROUND)
    kind = _other_code(text)
    if kind:
        return NotACard(kind)
    fields = [viet_text.clean(viet_text.repair_encoding(field), LONGEST_RESIDENCE) for field in text.split("|")]
    if not _ID.fullmatch(fields[0]):
        return NotACard(_garbage(text))
    return _card(fields, today, is_typed=is_typed)


def _other_code(text: str) -> NotACardKind | None:
    for kind, shape in _OTHER_CODES:
        if shape.match(text):
            return kind
    return "too_long" if len(text) > LONGEST else None


def _garbage(text: str) -> NotACardKind:
    return "garbled" if _GARBLED.match(text) else "garbage"


def _card(fields: Sequence[str], today: date | None, *, is_typed: bool) -> Card | NotACard:
    number = fields[0]
    rest = fields[1:]
    days = [field for field in rest if _looks_like_date(field)][:2]
    dates = [_read_date(day) for day in days]
    if None in dates:
        return NotACard("bad_date")
    birth, issued = (*sorted(day for day in dates if day), "", "")[:2]
    sex = next((sex for sex in map(_read_sex, rest) if sex), "")
    name, residence = _name_and_residence(rest)
    if not birth or not (name or sex):
        return NotACard(_garbage("|".join((number, *rest))))
    old = next((field for field in rest if _OLD_ID.fullmatch(field)), "")
    lost_name = _is_lost(name) or (is_typed and name.isascii())
    lost_residence = any(sign in residence for sign in _LOST) or (is_typed and residence.isascii() and bool(residence))
    warnings = [problem.code for problem in check(id_number=number, sex=sex, birth=birth, today=today)]
    warnings += ["name_lost"] * lost_name + ["residence_lost"] * lost_residence
    warnings += ["maybe_expired"] * may_be_expired(birth, issued, today)
    return Card(
        id_number=number,
        old_id_number=old,
        full_name="" if lost_name else viet_text.title_case(name),
        date_of_birth=birth,
        sex=sex,
        residence_text="" if lost_residence else residence,
        issued_on=issued if len(issued) == 10 else "",
        lossy=lost_name,
        warnings=tuple(warnings),
    )


def _looks_like_date(field: str) -> bool:
    return re.fullmatch(r"[0-9]{8}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}|[0-9]{4}", field) is not None


def _read_date(field: str) -> str | None:
    """Parse ddMMyyyy, dd/MM/yyyy, yyyy, 0000yyyy or 00MMyyyy; None if there is no such day."""
    day, month, year = field.split("/") if "/" in field else (field[:-6] or "0", field[-6:-4] or "0", field[-4:])
    d = int(day)
    m = int(month)
    y = int(year)
    try:
        date(y, m or 1, d or 1)
    except ValueError:
        return None
    if d and not m:
        return None
    return f"{y:04}" + (f"-{m:02}" if m else "") + (f"-{d:02}" if d else "")


def _read_sex(field: str) -> str:
    return _SEXES.get(viet_text.fold(field), "") if len(field) <= 3 else ""


def _name_and_residence(fields: Sequence[str]) -> tuple[str, str]:
    """Return name and residence: the first text of letters, and the text after it, before the second date."""
    dates = [place for place, field in enumerate(fields) if _looks_like_date(field)]
    until = dates[1] if len(dates) > 1 else len(fields)
    texts = [field for field in fields[:until] if any(ch.isalpha() for ch in field) and not _read_sex(field)]
    if texts and _is_name(texts[0]):
        return texts[0], texts[1] if len(texts) > 1 else ""
    return "", texts[0] if texts else ""


def _is_name(text: str) -> bool:
    for sign in _LOST:
        text = text.replace(sign, "a")
    return len(text) <= LONGEST_NAME and viet_text.is_name(text)


def _is_lost(name: str) -> bool:
    """Return whether marks are lost: a keyboard-wedge scanner sends "?" for them, or leaves a word without vowels."""
    if any(sign in name for sign in _LOST) or not name:
        return True
    return name.isascii() and not all(re.search("[aeiouy]", word.lower()) for word in name.split())


def check(id_number: str, sex: str = "", birth: str = "", today: date | None = None) -> tuple[CardProblem, ...]:
    """Check an id number against sex and birth.

    Errors: digits (not twelve), future (born after `today`). Warnings, since officers can confirm them: province
    (born abroad, new codes), sex (re-determined), year (birth date corrected later), sample (obviously made up).

    Source: Decree 137/2015/NĐ-CP art. 13, Circular 59/2021/TT-BCA.
    """
    if not _ID.fullmatch(id_number):
        return (CardProblem("digits", "error"),)
    century, is_female = divmod(int(id_number[3]), 2)
    year = 1900 + 100 * century + int(id_number[4:6])
    doubts = {
        "province": id_number[:3] not in _birth_provinces(),
        "sex": sex in ("nam", "nu") and is_female != (sex == "nu"),
        "year": bool(birth) and birth[:4] != str(year),
        "sample": id_number in _SAMPLES or len(set(id_number)) == 1,
    }
    warnings = tuple(CardProblem(code, "warn") for code, is_doubtful in doubts.items() if is_doubtful)
    is_future = bool(birth and today) and birth > str(today)[: len(birth)]
    return (*warnings, CardProblem("future", "error")) if is_future else warnings


@cache
def _birth_provinces() -> frozenset[str]:
    return frozenset(code for code, *_ in read("id_provinces.json")["rows"])


def issuer(issued_on: str) -> str:
    """Return the issuer of a card of this ISO date, as printed. The QR code does not hold it."""
    if not issued_on:
        return ""
    if issued_on >= "2024-07-01":
        return "Bộ Công an"
    if issued_on >= "2018-10-10":
        return "Cục Cảnh sát quản lý hành chính về trật tự xã hội"
    return "Cục Cảnh sát đăng ký quản lý cư trú và dữ liệu quốc gia về dân cư"


def may_be_expired(birth: str, issued_on: str, today: date | None) -> bool:
    """Return whether a card may have expired; only the date printed on it is certain."""
    ends = _ends_on(birth, issued_on)
    return bool(today and ends) and str(today) >= ends


def _ends_on(birth: str, issued_on: str) -> str:
    """Return the expiry date: at age 14, 25, 40 or 60; a card issued in the two years before lasts to the next age."""
    if len(birth) != 10 or len(issued_on) != 10:
        return ""
    birthdays = [f"{int(birth[:4]) + age:04}{birth[4:]}" for age in RENEWAL_AGES]
    in_two_years = f"{int(issued_on[:4]) + 2:04}{issued_on[4:]}"
    return next((day for day in birthdays if day > in_two_years), "")


def mask(number: str) -> str:
    """Return a person's number with only its last four characters: •••• •••• 0123."""
    return f"•••• •••• {number[-4:]}" if len(number) > 4 else "••••" if number else ""


def mask_on_paper(number: str) -> str:
    """Return a number with only four characters before its last four, which open a look-up: •••• 9600 ••••."""
    before = "•••• " if len(number) > 8 else ""
    return f"{before}{number[-8:-4]} ••••" if len(number) >= 8 else "••••" if number else ""


@dataclass(frozen=True)
class PracticeCode:
    """A made-up code for practice: a card (kind "card"), or a code that is no card."""

    key: str
    vi: str
    en: str
    line: str
    kind: str


@cache
def practice_cards() -> tuple[PracticeCode, ...]:
    """Return the made-up cards."""
    return tuple(PracticeCode(**row, kind="card") for row in read("practice_cards.toml")["card"])


@cache
def practice_codes() -> tuple[PracticeCode, ...]:
    """Return codes that fail as in real life: a card without marks, a payment code, a slip."""
    return tuple(PracticeCode(**row) for row in read("practice_cards.toml")["code"])


def is_practice(id_number: str) -> bool:
    """Return whether a number belongs to a practice card; practice refuses real cards."""
    return any(
        code.kind == "card" and code.line.startswith(id_number + "|") for code in practice_cards() + practice_codes()
    )
