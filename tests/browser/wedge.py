"""A scanner that types: real key events from Chromium's own door, with the times that a scanner has.

Every event carries its time, so that a slow machine does not make a scanner of a hand or a hand of a scanner. A scanner
sends the keys of a US keyboard; a letter that such a keyboard has not got does not come through.
"""

import time
from itertools import count

from playwright.sync_api import Page

SHIFTED = dict(zip('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./", strict=True))
NAMES = "Backquote Minus Equal BracketLeft BracketRight Backslash Semicolon Quote Comma Period Slash Space"
CODES = dict(zip("`-=[]\\;',./ ", NAMES.split(), strict=True))
SHIFT = 8
PACE = 0.006
ENDS = {"Enter": "\r", "Tab": "\t"}
AZERTY = dict(zip("1234567890", "&é\"'(-è_çà", strict=True)) | {"a": "q", "q": "a", "z": "w", "w": "z", "m": ","}


def marks_lost(line: str, stand_in: str = "") -> str:
    """What is left of a card's line when a scanner sends ASCII: each marked letter is gone, or a "?"."""
    return "".join(char if char.isascii() else stand_in for char in line)


class Wedge:
    """A scanner at the keyboard of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._door = page.context.new_cdp_session(page)

    def send(self, line: str, *, end: str = "Enter", gap: float = PACE, layout: dict[str, str] | None = None) -> None:
        """Type a line; `layout` is what the machine makes of a US key, `gap` the seconds between two keys."""
        at = count(time.time(), gap)
        for char in line:
            lower = SHIFTED.get(char, char.lower())
            code = CODES.get(lower) or (f"Digit{lower}" if lower.isdigit() else f"Key{lower.upper()}")
            self._key((layout or {}).get(char, char), code, SHIFT * (char != lower), next(at))
        if end:
            self._key(end, end, 0, next(at), ENDS[end])

    def _key(self, key: str, code: str, modifiers: int, at: float, text: str = "") -> None:
        struck = {"type": "keyDown", "key": key, "code": code, "modifiers": modifiers, "timestamp": at}
        self._door.send("Input.dispatchKeyEvent", struck | {"text": text or key})
