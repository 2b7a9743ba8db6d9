"""A browser's session file, from which it restores pages after a crash, has no card, no answer and no officer's note.

Chromium saves the fields of a page and the body of a form that was answered without a redirect. The test takes the
guards away once, and then finds all of it in the profile.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Playwright, expect

from kiosk.context import Context
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.keyboard_scanner import KeyboardScanner, without_marks
from tests.browser.laptop import PASSWORD, add_officer, sign_in_officer
from tests.browser.person import Person
from tests.browser.test_canary import files_with
from tests.chromium import ARGS, CHROMIUM
from tests.journeys.walker import card_line
from tests.other_date import moved_clock
from tests.serving import served

CARD_NUMBER = card_line("me").partition("|")[0]
NAME = "Khuỵu Nghuếch 7"
NOTE = "Cụ Quạ Kềnh để quên giấy"
GUARDS = (
    rb'\s+autocomplete="off"',
    rb'form\.elements\.line\.value = "";',
    rb"history\.replaceState\(.*\);",
)
"""The guards in pages and scripts: see templates/parts/forms.html, scan.js and private.js."""


def without_guards(app: Flask) -> Callable[..., Any]:
    """Return a WSGI app that serves the same pages and scripts without the guards."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        environ.pop("HTTP_IF_NONE_MATCH", None)
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        head: list[Any] = []
        parts = app(environ, lambda *args: head.extend(args))
        content = b"".join(parts)
        parts.close()  # type: ignore[attr-defined]
        for guard in GUARDS:
            content = re.sub(guard, b"", content)
        headers = [(name, value) for name, value in head[1] if name.lower() != "content-length"]
        start_response(head[0], [*headers, ("Content-Length", str(len(content)))])
        return [content]

    return serve


@pytest.fixture
def profile() -> Iterator[Path]:
    """Make a folder with a short path, because Chromium's sockets are in it."""
    with TemporaryDirectory(prefix="k") as name:
        yield Path(name)


@contextmanager
def browser_with_profile(play: Playwright, profile: Path) -> Iterator[BrowserContext]:
    """Open a browser that writes its profile, and close it as a person does."""
    browser = play.chromium.launch_persistent_context(
        profile,
        executable_path=CHROMIUM,
        args=ARGS,
        env=moved_clock() | {"TMPDIR": str(profile), "HOME": str(profile)},
        **TOUCHSCREEN,
    )  # type: ignore[arg-type]
    yield browser
    browser.close()


def scan_a_card_by_wedge(browser: BrowserContext, address: str) -> None:
    """Scan a card with a scanner that types, and leave."""
    person = Person(browser.new_page(), address).go_to_card()
    KeyboardScanner(person.page).scan_until("**.name*", without_marks(card_line("me")))
    person.go("/").page.close()


def send_an_answer_with_an_error(browser: BrowserContext, address: str) -> None:
    """Send a name that the kiosk refuses, and leave."""
    person = Person(browser.new_page(), address).go_to_card()
    person.send("Không có thẻ, gõ tay")
    person.page.locator("main input[data-keyboard]").first.fill(NAME)
    person.onward()
    expect(person.page.locator(".summary")).to_be_visible()
    person.go("/").page.close()


def type_a_note_at_the_desk(browser: BrowserContext, address: str, context: Context) -> None:
    """Call a number as an officer, type a note and leave it unsaved."""
    add_officer(context)
    desk = browser.new_page()
    desk.goto(f"{address}/officer/")
    sign_in_officer(desk, "hoaian", PASSWORD, counter=1)
    desk.wait_for_load_state()
    desk.keyboard.press("F2")
    expect(desk.locator(".plaque b")).to_have_text("A001")
    desk.locator("#note").fill(NOTE)
    desk.goto(f"{address}/officer/counter")


def encoded(text: str) -> set[bytes]:
    """Return a text in the encodings that a browser writes, and as it sends it."""
    spellings = {text, quote_plus(text)}
    return {spelling.encode(kind) for spelling in spellings for kind in ("utf-8", "utf-16-le")}


@pytest.mark.parametrize("is_guarded", [True, False], ids=["as shipped", "without the guards"])
def test_the_profile_of_a_closed_browser_holds_nothing_of_a_person(
    app: Flask, birth_filed: Context, play: Playwright, profile: Path, is_guarded: bool
) -> None:
    with served(app if is_guarded else without_guards(app)) as address:
        with browser_with_profile(play, profile) as browser:
            scan_a_card_by_wedge(browser, address)
            send_an_answer_with_an_error(browser, address)
            type_a_note_at_the_desk(browser, address, birth_filed)
        assert files_with(profile, encoded(address)), "the browser wrote no session file"
    found = {text: files_with(profile, encoded(text)) for text in (CARD_NUMBER, NAME, NOTE)}
    assert {text for text, files in found.items() if files} == (set() if is_guarded else {CARD_NUMBER, NAME, NOTE})
