"""Codes and chance: ids, tokens, receipt numbers, claim codes, key material.

Only this module draws lots. A receipt number is printed and unique for ever: its shape (two letters first,
so that it never looks like an official dossier number) may not change while a slip is in somebody's pocket.
"""

import random
import re
import secrets
from datetime import date, datetime

import uuid_utils
from stdnum.iso7064 import mod_37_36

# No 0 O 1 I L 5 S 8 B 2 Z U V: letters that a hand or an eye takes for another.
CLAIM_ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
CLAIM_LENGTH = 8

KIOSK_ID = re.compile(r"[A-Z]{2}[0-9]{2,4}", re.ASCII)
_RECEIPT = re.compile(r"([A-Z]{2}[0-9]{2,4})-([0-9]{6})-([0-9]{4})-([0-9A-Z])", re.ASCII)
_LOOSE = re.compile(r"([A-Z]{2}[0-9]{2,4})([0-9]{6})([0-9]{4})([0-9A-Z])", re.ASCII)
_OFFICIAL = re.compile(
    r"[A-Z][0-9]{2}(\.[0-9]{1,4}){0,3}-[0-9]{6}-[0-9]{4,5}|[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[A-Z][0-9]{2}-[0-9]{6}-[0-9]{4}",
    re.ASCII,
)


def new_id() -> str:
    """Make a UUIDv7 (RFC 9562): unique, and in order of time."""
    return str(uuid_utils.uuid7())


def token() -> str:
    """Make a secret for a cookie: 192 bits, safe in addresses and headers."""
    return secrets.token_urlsafe(24)


def nonce() -> str:
    """Make a one-time mark for a form or a request: 96 bits."""
    return secrets.token_urlsafe(12)


def key_bytes(count: int = 32) -> bytes:
    """Draw key material."""
    return secrets.token_bytes(count)


def chance() -> random.SystemRandom:
    """Return a source of jitter."""
    return random.SystemRandom()


def claim_code() -> str:
    """Make the code that fetches a parked draft: 8 characters, 36 bits, so wrong tries must be counted."""
    return "".join(secrets.choice(CLAIM_ALPHABET) for _ in range(CLAIM_LENGTH))


def read_claim_code(text: str) -> str | None:
    """Read a claim code as a hand types it: case, spaces and hyphens do not matter."""
    code = re.sub(r"[\s-]", "", text).upper()
    return code if len(code) == CLAIM_LENGTH and set(code) <= set(CLAIM_ALPHABET) else None


def enrol_code() -> str:
    """Make the one-time code that enrols a touchscreen: 12 characters, 54 bits, in groups of four."""
    return "-".join("".join(secrets.choice(CLAIM_ALPHABET) for _ in range(4)) for _ in range(3))


def read_enrol_code(text: str) -> str | None:
    """Read an enrolment code as a hand types it: case, spaces and hyphens do not matter."""
    code = re.sub(r"[\s-]", "", text).upper()
    is_code = len(code) == 12 and set(code) <= set(CLAIM_ALPHABET)
    return "-".join(code[at : at + 4] for at in (0, 4, 8)) if is_code else None


def receipt_no(kiosk_id: str, day: date, seq: int) -> str:
    """Make a receipt number such as PK03-261124-0017-F; the check is ISO 7064 MOD 37,36 without the hyphens."""
    if not KIOSK_ID.fullmatch(kiosk_id) or not 1 <= seq <= 9999:
        raise ValueError(f"no receipt number for kiosk {kiosk_id!r}, sequence {seq}")
    parts = (kiosk_id, f"{day:%y%m%d}", f"{seq:04d}")
    return "-".join((*parts, mod_37_36.calc_check_digit("".join(parts))))


def is_receipt_no(text: str) -> bool:
    """Tell whether a text is exactly a receipt number: shape, date and check character."""
    match = _RECEIPT.fullmatch(text)
    if match is None or match[3] == "0000" or not _is_day(match[2]):
        return False
    return bool(mod_37_36.is_valid(text.replace("-", "")))


def read_official_no(text: str) -> str | None:
    """Read a dossier number of the province as a hand types it: case and spaces do not matter.

    Never one that this kiosk makes: a receipt number has two letters in front and a check character behind.
    """
    number = re.sub(r"\s", "", text).upper()
    return number if _OFFICIAL.fullmatch(number) and read_receipt_no(number) is None else None


def read_receipt_no(text: str) -> str | None:
    """Read a receipt number as a hand types it: case, spaces and hyphens do not matter."""
    match = _LOOSE.fullmatch(re.sub(r"[\s-]", "", text).upper())
    number = "-".join(match.groups()) if match else ""
    return number if is_receipt_no(number) else None


def _is_day(text: str) -> bool:
    try:
        datetime.strptime(text, "%y%m%d")  # noqa: DTZ007 (a date, no time in it)
    except ValueError:
        return False
    return True
