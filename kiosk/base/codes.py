"""Random values and codes: ids, tokens, passwords, receipt numbers, key material.

Only this module uses a random source. A receipt number is printed and unique for ever. It begins with two letters, so
that it never looks like an official dossier number, and its shape must not change while printed slips are in use.
"""

import random
import re
import secrets
import string
from datetime import date, datetime

import uuid_utils

# Without 0 O 1 I L 5 S 8 B 2 Z U V, which are easily confused in print or handwriting.
CODE_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"

KIOSK_ID = re.compile(r"[A-Z]{2}[0-9]{2,4}", re.ASCII)
_RECEIPT = re.compile(r"([A-Z]{2}[0-9]{2,4})-([0-9]{6})-([0-9]{4})-([0-9A-Z])", re.ASCII)
_LOOSE = re.compile(r"([A-Z]{2}[0-9]{2,4})([0-9]{6})([0-9]{4})([0-9A-Z])", re.ASCII)
_KEPT = re.compile(rf"([A-Z]{{2}}[0-9]{{2,4}})G([{CODE_ALPHABET}]{{4}})([{CODE_ALPHABET}]{{4}})([0-9A-Z])", re.ASCII)
_TICKET = re.compile(r"[A-Z]{2}[0-9]{2,4}-([A-Z][0-9]{3,4})-([0-9]{6})", re.ASCII)
_CHECKED = string.digits + string.ascii_uppercase
_OFFICIAL = re.compile(
    r"[A-Z][0-9]{2}(\.[0-9]{1,4}){0,3}-[0-9]{6}-[0-9]{4,5}|[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}-[0-9]{6}-[0-9]{4}",
    re.ASCII,
)


def new_id() -> str:
    """Return a new UUIDv7 (RFC 9562): unique, and in order of time."""
    return str(uuid_utils.uuid7())


def token() -> str:
    """Return a secret for a cookie: 192 bits, safe in URLs and headers."""
    return secrets.token_urlsafe(24)


def nonce() -> str:
    """Return a nonce for a form or a request: 96 bits."""
    return secrets.token_urlsafe(12)


def random_bytes(count: int = 32) -> bytes:
    """Return random bytes for keys."""
    return secrets.token_bytes(count)


def random_source() -> random.SystemRandom:
    """Return a random source for jitter."""
    return random.SystemRandom()


def random_letters(count: int) -> str:
    """Return random letters and digits that nobody confuses, 4.5 bits each."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(count))


def enrol_code() -> str:
    """Return a one-time code that enrols a touchscreen: 12 characters, 54 bits, in groups of four."""
    return "-".join(random_letters(4) for _ in range(3))


def parse_enrol_code(text: str) -> str | None:
    """Parse a typed enrolment code; case, spaces and hyphens do not matter."""
    code = re.sub(r"[\s-]", "", text).upper()
    if len(code) != 12 or not set(code) <= set(CODE_ALPHABET):
        return None
    return "-".join((code[:4], code[4:8], code[8:]))


def receipt_no(kiosk_id: str, day: date, seq: int) -> str:
    """Return a receipt number such as PK03-261124-0017-F; its check character is ISO 7064 MOD 37,36 without hyphens."""
    if not KIOSK_ID.fullmatch(kiosk_id) or not 1 <= seq <= 9999:
        raise ValueError(f"no receipt number for kiosk {kiosk_id!r}, sequence {seq}")
    parts = (kiosk_id, f"{day:%y%m%d}", f"{seq:04d}")
    return "-".join((*parts, _check_character("".join(parts))))


def is_receipt_no(text: str) -> bool:
    """Return whether a text is a valid receipt number: shape, date and check character."""
    match = _RECEIPT.fullmatch(text)
    if match is None or match[3] == "0000" or not _is_day(match[2]):
        return False
    return _has_check_character(text.replace("-", ""))


def parse_official_no(text: str) -> str | None:
    """Parse a typed dossier number of the province; case and spaces do not matter.

    It is never a receipt number, which begins with two letters and ends with a check character.
    """
    number = re.sub(r"\s", "", text).upper()
    return number if _OFFICIAL.fullmatch(number) and parse_receipt_no(number) is None else None


def parse_receipt_no(text: str) -> str | None:
    """Parse a typed receipt number; case, spaces and hyphens do not matter."""
    match = _LOOSE.fullmatch(re.sub(r"[\s-]", "", text).upper())
    number = "-".join(match.groups()) if match else ""
    return number if is_receipt_no(number) else None


def kept_code(kiosk_id: str) -> str:
    """Return the code of a kept form's slip, such as PK03-G-7K3M-9QRT-C: 36 random bits and a check character.

    20 characters at most fit into the smallest QR code. The random part is no number, so nobody counts up to another
    person's slip.
    """
    if not KIOSK_ID.fullmatch(kiosk_id):
        raise ValueError(f"no code for kiosk {kiosk_id!r}")
    parts = (kiosk_id, "G", random_letters(4), random_letters(4))
    return "-".join((*parts, _check_character("".join(parts))))


def parse_kept_code(text: str) -> str | None:
    """Parse the code of a kept form's slip, typed or scanned; case, spaces and hyphens do not matter."""
    letters = re.sub(r"[\s-]", "", text).upper()
    match = _KEPT.fullmatch(letters)
    if match is None or not _has_check_character(letters):
        return None
    kiosk_id, first, second, check = match.groups()
    return "-".join((kiosk_id, "G", first, second, check))


def parse_number(text: str, default: int = -1) -> int:
    """Parse a number of up to nine digits of ASCII; return the default for any other text.

    `str.isdigit` takes a superscript 2, which `int` refuses, and `int` refuses 4,400 digits.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def ticket_code(kiosk_id: str, label: str, day: date) -> str:
    """Return the code on the paper of a queue number without a form: PK03-A017-261127."""
    return f"{kiosk_id}-{label}-{day:%y%m%d}"


def parse_ticket_code(text: str) -> tuple[str, date] | None:
    """Parse the code on the paper of a queue number; return its label and its day."""
    match = _TICKET.fullmatch(text.strip().upper())
    if match is None or not _is_day(match[2]):
        return None
    return match[1], datetime.strptime(match[2], "%y%m%d").date()  # noqa: DTZ007 (a date, no time in it)


def _is_day(text: str) -> bool:
    try:
        datetime.strptime(text, "%y%m%d")  # noqa: DTZ007 (a date, no time in it)
    except ValueError:
        return False
    return True


def _check_character(text: str) -> str:
    """Return the check character of a text of digits and capital letters.

    Source: ISO/IEC 7064:2003, hybrid system MOD 37,36; it finds every single wrong character.
    """
    product = 36
    for letter in text:
        product = ((product + _CHECKED.index(letter)) % 36 or 36) * 2 % 37
    return _CHECKED[(37 - product) % 36]


def _has_check_character(text: str) -> bool:
    return _check_character(text[:-1]) == text[-1]
