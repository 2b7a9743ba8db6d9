"""A practice kiosk of a screen in this process, and a person who stands before one of its pages.

The answers before that page are given in process (tests/journeys/typical.py), so a test of a page begins there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page

from kiosk.base.clock import FixedClock
from kiosk.base.screen_size import ScreenSize
from kiosk.config import ROOT, Config, load
from kiosk.startup.context_factory import open_context
from tests.browser.conftest import TOUCHSCREEN
from tests.browser.person import LATELY, Person
from tests.browser.walks import AT, COOKIE
from tests.conftest import with_context
from tests.journeys.typical import Case
from tests.journeys.walker import Walker
from tests.serving import served_on_loopback


def settings_of(screen: ScreenSize, folder: Path) -> Config:
    """Return the settings of a practice kiosk with a screen."""
    shipped = load(ROOT / "kiosk.toml")
    changed = replace(shipped.screen, width=screen.width, height=screen.height, mm=screen.mm)
    return replace(shipped, root=folder, screen=changed).practising()


@contextmanager
def kiosk_with(screen: ScreenSize, folder: Path, shared_app: Flask) -> Iterator[Flask]:
    """Start a practice kiosk at half past eight on a working day, with the shared routes."""
    context = open_context(settings_of(screen, folder), FixedClock(AT))
    with context.store:
        yield with_context(shared_app, context)


@contextmanager
def person_before(app: Flask, chromium: Browser) -> Iterator[Person]:
    """Let a person stand before the screen of a kiosk; a fault of its pages fails the test."""
    screen = app.extensions["context"].config.screen
    viewport = {"width": screen.width, "height": screen.height}
    browser_context = chromium.new_context(**TOUCHSCREEN | {"viewport": viewport})  # type: ignore[arg-type]
    with served_on_loopback(app) as address:
        person = Person(browser_context.new_page(), address).stay()
        person.lately = app.extensions["context"].clock.today() - LATELY
        yield person
        browser_context.close()
    assert person.faults == []


def opened_at(app: Flask, person: Person, code: str, at: str, size: str = "") -> Page:
    """Open a page of a procedure's typical case; `size` is "large" or "xl"."""
    case = Case(Walker(app), code, cards=True)
    walker = case.walker.go(f"/need/{code}").fill(case.case.get("need", {}))
    while walker.at != at:
        case._page()
    if size:
        walker.post("/set", name="size", value=size, back=at)
    cookie = walker.browser.get_cookie(COOKIE)
    assert cookie is not None
    person.page.context.add_cookies([{"name": COOKIE, "value": cookie.value, "url": person.address}])
    person.go(at)
    person.wait_until_quiet()
    return person.page


def set_size(person: Person, size: str) -> None:
    """Choose a size of the text."""
    person.go("/easier")
    with person.page.expect_response("**/set"):
        person.choose("size", size)
