"""A killed gateway: nothing changes for the citizen, the technician sees it, and everything is sent afterwards."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.kiosks import PracticeKiosk, until
from tests.browser.laptop import sign_in_technician
from tests.browser.person import Person
from tests.browser.test_walks import arrivals, codes_on_paper, file_copy, file_stay


@pytest.fixture
def own_kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeKiosk]:
    """Start a kiosk for this test alone, because its gateway is killed."""
    practice = PracticeKiosk(tmp_path_factory.mktemp("own"))
    yield practice
    practice.stop()


@pytest.fixture
def office(chromium: Browser) -> Iterator[BrowserContext]:
    """Open a browser for technician and province: a tab in front of the citizen's would take the touches."""
    browser_context = chromium.new_context()
    yield browser_context
    browser_context.close()


def overview(kiosk: PracticeKiosk, page: Page) -> str:
    """Return the text of the technician's overview; sign in if needed."""
    page.goto(f"{kiosk.address}/technician/")
    if page.locator("#password").count():
        sign_in_technician(page, kiosk.passwords["technician"])
    return page.locator("body").inner_text()


def waiting(kiosk: PracticeKiosk, page: Page) -> int:
    """Return the number of forms that wait for the connection, from the technician's overview."""
    overview(kiosk, page)
    return int(page.locator(".figures div").filter(has_text="chờ gửi").locator("dd").inner_text())


def test_a_killed_gateway_changes_nothing_for_the_citizen(
    own_kiosk: PracticeKiosk, browser_context: BrowserContext, office: BrowserContext
) -> None:
    person = Person(browser_context.new_page(), own_kiosk.address).stay()
    page = office.new_page()
    first = file_copy(person)
    until(lambda: first in arrivals(own_kiosk, office))
    person.leave()

    own_kiosk.kill_gateway()
    receipts = [file_copy(person)]
    person.leave()
    receipts.append(file_stay(person))
    until(lambda: set(receipts) <= codes_on_paper(own_kiosk))
    until(lambda: waiting(own_kiosk, page) == len(receipts))
    until(lambda: "Đang mất" in overview(own_kiosk, page))
    assert "Kiosk vẫn phục vụ" in overview(own_kiosk, page)
    person.page.reload()
    assert "Đang mất mạng" in person.page.locator("main").inner_text()

    own_kiosk.start_gateway()
    until(lambda: waiting(own_kiosk, page) == 0)
    until(lambda: all(receipt in arrivals(own_kiosk, office) for receipt in receipts))
    assert arrivals(own_kiosk, office).count(first) == 1
