"""The page "Máy tạm nghỉ": readable on each screen, and gone by itself when the kiosk serves again."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from kiosk.base.clock import FixedClock
from kiosk.config import Config
from kiosk.web.app import create_app
from tests.browser.laptop import axe_violations
from tests.serving import served


@pytest.fixture
def closed(practice: Config, app: Flask, clock: FixedClock) -> Flask:
    """Return a kiosk whose store is a folder: nothing can be read or written."""
    app.extensions["context"].store.close()
    practice.store_path.unlink()
    practice.store_path.mkdir()
    return create_app(practice, clock)


@pytest.mark.parametrize(("width", "height"), [(1080, 1920), (1366, 768), (1920, 1080)])
def test_the_page_fits_each_screen_without_scrolling(closed: Flask, chromium: Browser, width: int, height: int) -> None:
    with served(closed) as address:
        page = chromium.new_page(base_url=address, viewport={"width": width, "height": height})
        page.goto("/")
        expect(page.locator("h1")).to_have_text("Máy tạm nghỉ")
        expect(page.locator(".since")).to_contain_text("Nghỉ từ")
        assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Noto Sans\"'))")
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
        assert page.locator(".staff").count() == 0, "no fault code for citizens"
        assert axe_violations(page) == []
        page.goto("/technician/")
        expect(page.locator(".staff")).to_contain_text("K-1")
        page.close()


@pytest.mark.smoke
def test_the_page_returns_by_itself(closed: Flask, app: Flask, chromium: Browser) -> None:
    current = [closed]

    def answer(environ: dict[str, Any], start: Any) -> Any:
        return current[0](environ, start)

    with served(answer) as address:
        page = chromium.new_page(base_url=address, viewport={"width": 1080, "height": 1920})
        page.goto("/choose")
        expect(page.locator("h1")).to_have_text("Máy tạm nghỉ")
        mended = Flask("mended")
        mended.add_url_rule("/", "start", lambda: "<title>start</title>open again")
        current[0] = mended
        expect(page.locator("body")).to_have_text("open again", timeout=60_000)
        page.close()
