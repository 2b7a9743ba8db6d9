"""The page of a paper's scans in a browser: a file above the limit, an active PDF, a file that cannot be opened."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, FilePayload, Page, expect

from kiosk.acts import signing
from kiosk.context import Context
from kiosk.uploads.limits import MAX_BYTES
from tests.browser.laptop import assert_accessible, call_next, open_laptop, sign_in_officer, wait_for_page
from tests.journeys.people import birth_until_check, submit
from tests.journeys.walker import Walker
from tests.uploads.files import catalogue_pdf

PASSWORD = "mật khẩu riêng"
ACTIVE = catalogue_pdf(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")


@pytest.fixture
def page(app: Flask, walker: Walker, chromium: Browser) -> Iterator[Page]:
    """Open the page of the first paper of a birth registration at counter 1."""
    submit(birth_until_check(walker))
    context: Context = app.extensions["context"]
    signing.add_person(context, "hoaian", name="Lê Hoài An", role="officer", password=PASSWORD)
    with open_laptop(chromium, app, "/officer/") as page:
        sign_in_officer(page, "hoaian", PASSWORD, counter=1)
        call_next(page)
        page.locator('a[href*="/scans/"]').first.click()
        page.wait_for_url("**/scans/**")
        wait_for_page(page)
        yield page


def _choose(page: Page, content: bytes, name: str = "giay.pdf") -> None:
    page.set_input_files("#file", FilePayload(name=name, mimeType="application/pdf", buffer=content))


@pytest.mark.browser
def test_a_file_above_the_limit_gets_its_sentence_and_is_not_sent(page: Page) -> None:
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    _choose(page, bytes(MAX_BYTES + 500_000))
    alert = page.locator("[data-too-large]")
    expect(alert).to_contain_text("Tệp lớn quá 10 MB")
    page.get_by_role("button", name="Tải lên").click()
    expect(alert).to_be_visible()
    assert posts == []
    assert_accessible(page)
    _choose(page, ACTIVE)
    expect(alert).to_be_hidden()


@pytest.mark.browser
def test_a_pdf_is_kept_and_one_that_does_not_open_is_explained(page: Page) -> None:
    _choose(page, ACTIVE)
    page.get_by_role("button", name="Tải lên").click()
    expect(page.locator(".scan-list")).to_contain_text("1 trang")
    wait_for_page(page)
    _choose(page, b"%PDF-1.7 no more than that")
    page.get_by_role("button", name="Tải lên").click()
    expect(page.locator("#file-e")).to_contain_text("không mở được")
    wait_for_page(page)
    assert_accessible(page)
