"""A long text as a sequence of QR codes, for a scanner or a phone at another computer; docs/copying.md has the format.

    KSK1:3:7:1a2b3c4d:...;      part 3 of 7; the first 8 hex digits of the text's SHA-256; a piece of the packed text

The text is compressed (zlib) and encoded in letters that every keyboard has (base64url): a scanner that types loses
marks and confuses quotes and braces. A form that has the same words under three names is compressed to a fifth.
"""

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Iterable

NAME = "KSK1"
PIECE_LETTERS = 800
"""Letters in one code: with its head this is version 20 at the lowest level, which a phone can read from a laptop."""
MAX_BYTES = 1_000_000
"""Bytes of an unpacked text: a longer one was not written by `split_text`."""
_PART = re.compile(r"KSK1:([0-9]{1,3}):([0-9]{1,3}):([0-9a-f]{8}):([A-Za-z0-9_-]*);", re.ASCII)


def split_text(text: str) -> list[str]:
    """Return the texts of the codes, in order."""
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    pieces = [packed[at : at + PIECE_LETTERS] for at in range(0, len(packed), PIECE_LETTERS)]
    return [f"{NAME}:{number}:{len(pieces)}:{_mark(text)}:{piece};" for number, piece in enumerate(pieces, 1)]


def join_parts(parts: Iterable[str]) -> str:
    """Return the text of codes that were read in any order, some perhaps twice.

    Raises:
        ValueError: a part is missing, is no part, or was read wrong.
    """
    pieces: dict[int, str] = {}
    heads: set[tuple[str, str]] = set()
    for part in parts:
        match = _PART.fullmatch(part.strip())
        if match is None:
            raise ValueError("not a part of a form")
        pieces[int(match[1])] = match[4]
        heads.add((match[2], match[3]))
    if len(heads) != 1:
        raise ValueError("parts of two forms")
    ((count, mark),) = heads
    if sorted(pieces) != list(range(1, int(count) + 1)):
        raise ValueError("a part is absent")
    text = _unpack("".join(pieces[number] for number in sorted(pieces)))
    if _mark(text) != mark:
        raise ValueError("a part was read wrong")
    return text


def _unpack(packed: str) -> str:
    try:
        compressed = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        return zlib.decompressobj().decompress(compressed, MAX_BYTES).decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError) as cause:
        raise ValueError("a part was read wrong") from cause


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
