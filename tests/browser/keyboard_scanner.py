"""A scanner that types like a keyboard: key events over Chromium's DevTools protocol, with a scanner's timing.

Every event carries its own time, so that on a slow machine a scanner still looks like a scanner and a hand like a hand.
The events of a line are sent without waiting for their answers: a page takes a pause of 250 ms for the end of a line.
A scanner sends the keys of a US keyboard; a letter that this keyboard does not have is lost.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect

from kiosk.base import clock

SHIFTED = dict(zip('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./", strict=True))
NAMES = "Backquote Minus Equal BracketLeft BracketRight Backslash Semicolon Quote Comma Period Slash Space"
CODES = dict(zip("`-=[]\\;',./ ", NAMES.split(), strict=True))
SHIFT = 8
GAP = 0.006
SCANS = 12
HELD_BACK = 5
SUBMIT_MS = 15_000
SETTLE_MS = 3000
ENDS = {"Enter": "\r", "Tab": "\t"}
AZERTY = dict(zip("1234567890", "&é\"'(-è_çà", strict=True)) | {"a": "q", "q": "a", "z": "w", "w": "z", "m": ","}


def without_marks(line: str, replacement: str = "") -> str:
    """Return a card's line as a scanner that knows only ASCII sends it: each marked letter is lost, or a "?"."""
    return "".join(char if char.isascii() else replacement for char in line)


class KeyboardScanner:
    """A scanner that types into a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._cdp = page.context.new_cdp_session(page)

    def send(
        self,
        line: str,
        *,
        end: str = "Enter",
        gap: float = GAP,
        layout: dict[str, str] | None = None,
        stall: float = 0,
    ) -> None:
        """Type a line.

        Args:
            line: the characters to type.
            end: the key after the line, or an empty string.
            gap: seconds between two keys.
            layout: character that the machine's keyboard layout has for a US key, where they differ.
            stall: seconds that a busy machine holds back the last keys; their own times do not change.
        """
        times = count(clock.now().timestamp(), gap)
        events = []
        for char in line:
            lower = SHIFTED.get(char, char.lower())
            code = CODES.get(lower) or (f"Digit{lower}" if lower.isdigit() else f"Key{lower.upper()}")
            typed = (layout or {}).get(char, char)
            modifiers = SHIFT * (char != lower)
            if modifiers:
                events.append({"key": "Shift", "code": "ShiftLeft", "modifiers": SHIFT, "timestamp": next(times)})
            events.append({"key": typed, "code": code, "modifiers": modifiers, "timestamp": next(times), "text": typed})
        if end:
            events.append({"key": end, "code": end, "modifiers": 0, "timestamp": next(times), "text": ENDS[end]})
        if stall:
            self._press(events[:-HELD_BACK])
            time.sleep(stall)
            events = events[-HELD_BACK:]
        self._press(events)

    def scan_until(self, url: str, line: str, **options: Any) -> None:
        """Scan until the page has read the card, as a person does.

        A machine that is busy with other tests may stall a page between two keys; then the page asks to scan again, or
        the late keys are typed into the next page, which refuses them.

        Args:
            url: the address, as a pattern, of the page that a card that was read leads to.
            line, options: as for `send`.
        """
        page_for_card = self.page.url
        for _ in range(SCANS):
            with suppress(TimeoutError), self.page.expect_navigation(timeout=SUBMIT_MS):
                self.send(line, **options)
            with suppress(TimeoutError):
                self.page.wait_for_url(url, timeout=SETTLE_MS)
                if self.page.get_by_role("alert").count() == 0:
                    return
                self.page.goto(page_for_card)
        raise AssertionError(f"the card was not read in {SCANS} scans")

    def scan_into(self, field: Locator, line: str, *, shown: str) -> None:
        """Scan until the page shows what it read in a field, as `scan_until`.

        Args:
            field: the field that the page fills in.
            line: the characters to type.
            shown: the value of the field when the line was read.
        """
        for _ in range(SCANS):
            self.send(line)
            with suppress(AssertionError):
                expect(field).to_have_value(shown, timeout=SETTLE_MS)
                return
        raise AssertionError(f"{shown} was not read in {SCANS} scans")

    def _press(self, events: Sequence[Mapping[str, object]]) -> None:
        """Send key events in one go; Playwright's public call waits for the answer to each."""
        session = self._cdp._impl_obj

        async def send_all() -> None:
            presses = [
                session.send(method="Input.dispatchKeyEvent", params={"type": "keyDown"} | dict(event), timeout=None)
                for event in events
            ]
            await asyncio.gather(*presses)

        self._cdp._sync(send_all())
