"""A long text in a row of QR codes, for a scanner or a telephone at another machine; docs/copying.md is the format.

    KSK1:3:7:1a2b3c4d:...;      part 3 of 7; the first 8 hex digits of the text's SHA-256; a piece of what it packs to

The text is packed (zlib) and written in letters that every keyboard has (base64url): a scanner that types loses marks
and mistakes quotes and braces, and a form that says the same words under three names packs to a fifth.
"""

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Iterable

NAME = "KSK1"
PIECE = 800
"""Letters in one code: with its head it fits version 20 at the lowest level, which a telephone reads off a laptop."""
LONGEST = 1_000_000
"""Bytes that a text may unpack to: what is longer was not written by `parts`."""
_PART = re.compile(r"KSK1:([0-9]{1,3}):([0-9]{1,3}):([0-9a-f]{8}):([A-Za-z0-9_-]*);", re.ASCII)


def parts(text: str) -> list[str]:
    """Return what the codes of a text say, in order."""
    packed = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    pieces = [packed[at : at + PIECE] for at in range(0, len(packed), PIECE)]
    return [f"{NAME}:{number}:{len(pieces)}:{_mark(text)}:{piece};" for number, piece in enumerate(pieces, 1)]


def joined(read: Iterable[str]) -> str:
    """Return the text of codes read in any order, some perhaps twice; ValueError where one is absent or strange."""
    found: dict[int, str] = {}
    heads: set[tuple[str, str]] = set()
    for one in read:
        match = _PART.fullmatch(one.strip())
        if match is None:
            raise ValueError("not a part of a form")
        found[int(match[1])] = match[4]
        heads.add((match[2], match[3]))
    if len(heads) != 1:
        raise ValueError("parts of two forms")
    ((count, mark),) = heads
    if sorted(found) != list(range(1, int(count) + 1)):
        raise ValueError("a part is absent")
    text = _unpacked("".join(found[number] for number in sorted(found)))
    if _mark(text) != mark:
        raise ValueError("a part was read wrong")
    return text


def _unpacked(packed: str) -> str:
    try:
        engine = zlib.decompressobj()
        told = engine.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), LONGEST)
        return told.decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError) as cause:
        raise ValueError("a part was read wrong") from cause


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
