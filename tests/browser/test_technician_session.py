"""A technician who walks away from the machine, in a browser that keeps pages for its back button."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, expect

from kiosk.acts import signing
from kiosk.context import Context
from tests.browser.laptop import open_laptop, sign_in_technician
from tests.chromium import ARGS, CHROMIUM
from tests.pages.technician.sitting import PASSWORD


@pytest.fixture
def chromium_with_back_cache(play: Playwright) -> Iterator[Browser]:
    """Start Chromium with its back/forward cache, which Playwright switches off."""
    ignored = ["--disable-back-forward-cache"]
    browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS, ignore_default_args=ignored)
    yield browser
    browser.close()


@pytest.fixture
def technician(app: Flask, chromium_with_back_cache: Browser) -> Iterator[Page]:
    context: Context = app.extensions["context"]
    signing.set_technician_password(context, PASSWORD)
    with open_laptop(chromium_with_back_cache, app, "/technician/signin") as page:
        sign_in_technician(page, PASSWORD)
        yield page


@pytest.mark.parametrize("place", ["", "screens"])
def test_after_the_start_page_the_back_button_shows_no_maintenance_page(technician: Page, place: str) -> None:
    technician.goto(f"/technician/{place}")
    expect(technician.locator("header.top nav")).to_be_visible()
    technician.goto("/")
    technician.evaluate("history.back()")
    expect(technician.locator("h1")).to_have_text("Vào trang kỹ thuật")
    technician.goto("/technician/screens")
    expect(technician.locator("h1")).to_have_text("Vào trang kỹ thuật")
