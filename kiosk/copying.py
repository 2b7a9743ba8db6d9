"""A long text in a row of QR codes, for a scanner or a telephone at another machine; docs/copying.md is the format.

    KSK1:3:7:1a2b3c4d:...;      part 3 of 7; the first 8 hex digits of the SHA-256 of the whole text; a piece of it

The text is ASCII: a scanner that types loses every other letter, and no code of a row may break a letter in two. The
semicolon stands behind a piece so that nobody who trims a line takes a space away that belongs to the text.
"""

import hashlib
import re
from collections.abc import Iterable

NAME = "KSK1"
PIECE = 900
"""Letters of the text in one code: with its head it fits version 22 at the lowest level, which a telephone reads off a
laptop's screen."""
_PART = re.compile(r"KSK1:([0-9]{1,3}):([0-9]{1,3}):([0-9a-f]{8}):(.*);", re.ASCII | re.DOTALL)


def parts(text: str) -> list[str]:
    """Return what the codes of a text say, in order; ValueError where it is not ASCII."""
    if not text.isascii():
        raise ValueError("a scanner that types would lose letters")
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)] or [""]
    mark = _mark(text)
    return [f"{NAME}:{number}:{len(pieces)}:{mark}:{piece};" for number, piece in enumerate(pieces, 1)]


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
    text = "".join(found[number] for number in sorted(found))
    if sorted(found) != list(range(1, int(count) + 1)) or _mark(text) != mark:
        raise ValueError("a part is absent, or was read wrong")
    return text


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:8]
