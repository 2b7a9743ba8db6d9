"""Payment key: the text of a transfer by which the bank's notice of it is matched to a fee.

A key is the kiosk's id, a letter, six signs and a check sign: `PK03KM4PQ7SL`. The letter ends the digits of the id, so
a key can be read where a bank has removed the spaces around it or added text of its own. The id tells the gateway
which kiosk has the fee. Without 0, 1, I and O, which people confuse.
"""

import re

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LETTERS = SIGNS[8:]
BODY_LENGTH = 7
KEYS = len(LETTERS) * len(SIGNS) ** (BODY_LENGTH - 1)
"""Number of keys of a kiosk: 25,769,803,776."""
_ID_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_KEY = re.compile(rf"(?=([A-Z]{{2}}[0-9]{{2,4}})([{LETTERS}][{SIGNS}]{{{BODY_LENGTH - 1}}})([{SIGNS}]))", re.ASCII)
_SEPARATORS = re.compile(r"[^A-Z0-9]", re.ASCII)


def format_key(kiosk_id: str, number: int) -> str:
    """Return the key of a number from 0 to `KEYS` - 1."""
    signs = ""
    rest = number
    for _ in range(BODY_LENGTH - 1):
        rest, value = divmod(rest, len(SIGNS))
        signs = SIGNS[value] + signs
    body = LETTERS[rest] + signs
    return f"{kiosk_id}{body}{_check_sign(kiosk_id, body)}"


def find_keys(text: str) -> list[str]:
    """Return the keys in the text of a transfer, each once; capitals, spaces and punctuation do not matter."""
    joined = _SEPARATORS.sub("", text.upper())
    found = [
        f"{kiosk_id}{body}{check}"
        for kiosk_id, body, check in _KEY.findall(joined)
        if _check_sign(kiosk_id, body) == check
    ]
    return list(dict.fromkeys(found))


def parse_key(key: str) -> tuple[str, int]:
    """Return the kiosk's id and the number of a key that `find_keys` has returned."""
    body = key[-BODY_LENGTH - 1 : -1]
    number = LETTERS.index(body[0])
    for sign in body[1:]:
        number = number * len(SIGNS) + SIGNS.index(sign)
    return key[: -BODY_LENGTH - 1], number


def _check_sign(kiosk_id: str, body: str) -> str:
    """Return the check sign of an id and a body: it finds every single wrong sign.

    It is computed as in the hybrid systems of ISO/IEC 7064, with 32 signs. The letters of an id have different values
    modulo 32, and so have its digits.
    """
    product = 32
    for value in (*map(_ID_SIGNS.index, kiosk_id), *map(SIGNS.index, body)):
        product = ((product + value) % 32 or 32) * 2 % 33
    return SIGNS[(33 - product) % 32]
