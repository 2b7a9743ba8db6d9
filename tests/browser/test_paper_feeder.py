"""The scanner at the touchscreen, in a browser: papers go through one by one, a jam is mended, the pages are kept."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from kiosk.config.sections import MADE_UP_SCANNER, PaperScannerSettings
from kiosk.context import Context
from kiosk.pages.access import hash_token
from kiosk.paper_scanner import made_up
from kiosk.records import scans, sessions
from tests.browser.laptop import assert_accessible
from tests.faults.submitting import fill_in_form
from tests.paper_scanner.stand_in import Feeder, feeder, paper
from tests.serving import served

__all__ = ["feeder"]

PATIENCE = 60_000


@pytest.fixture
def page(app: Flask, chromium: Browser) -> Iterator[Page]:
    """Open the list of papers of a filled-in birth form, at a screen with a scanner and without a camera."""
    context: Context = app.extensions["context"]
    context.config = replace(context.config, paper_scanner=PaperScannerSettings(screen_device=MADE_UP_SCANNER))
    with served(app) as address:
        page = chromium.new_page(viewport={"width": 1080, "height": 1920}, has_touch=True)
        page.goto(address)
        token = next(str(cookie["value"]) for cookie in page.context.cookies() if cookie["name"] == "kiosk_tap")
        draft_id = fill_in_form(context).draft_id
        with context.store.write() as db:
            sessions.set_current(db, hash_token(token), draft_id=draft_id)
        page.goto(f"{address}/form/papers")
        yield page
        page.close()


def _open_scanner(page: Page) -> None:
    page.get_by_role("link", name="Quét:").first.tap()
    page.wait_for_url("**/feeder")


def _press(page: Page, words: str) -> None:
    button = page.get_by_role("button", name=words)
    button.scroll_into_view_if_needed()
    button.tap()


@pytest.mark.smoke
def test_papers_go_through_one_by_one_and_are_kept(page: Page, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made_up, "PAGE_SECONDS", 0.8)
    _open_scanner(page)
    assert_accessible(page)
    _press(page, "Bắt đầu quét")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đang quét trang 3", timeout=PATIENCE)
    assert page.locator(".scanned img").count() == 2
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã quét 4 trang", timeout=PATIENCE)
    assert_accessible(page)
    scanned = page.url
    _press(page, "Dùng các trang này")
    page.wait_for_url(lambda url: url != scanned)
    context: Context = app.extensions["context"]
    with context.store.read() as db:
        (draft_id,) = [str(row[0]) for row in db.execute("select id from drafts").fetchall()]
        assert len(scans.pages_of_draft(db, draft_id)) == 4


def test_a_jam_is_mended_and_the_rest_follows(page: Page, app: Flask, feeder: Feeder) -> None:
    context: Context = app.extensions["context"]
    context.config = replace(context.config, paper_scanner=PaperScannerSettings(screen_device="test:"))
    feeder.put(paper("một"), paper("hai"))
    feeder.ends_with(6)
    _open_scanner(page)
    _press(page, "Bắt đầu quét")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Giấy bị kẹt ở trang 3", timeout=PATIENCE)
    assert_accessible(page)
    feeder.put(paper("ba"))
    feeder.ends_with(7)
    _press(page, "Quét tiếp từ trang 3")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã quét 3 trang", timeout=PATIENCE)
