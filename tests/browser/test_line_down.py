"""The gateway is killed: nothing changes for the citizen, the technician sees it, and everything drains afterwards."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.kiosks import Practice, until
from tests.browser.test_walks import arrivals, codes_on_paper, file_copy, file_stay
from tests.browser.walking import Person


@pytest.fixture
def lonely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A kiosk of its own: its gateway does not live long."""
    practice = Practice(tmp_path_factory.mktemp("lonely"))
    yield practice
    practice.stop()


@pytest.fixture
def office(glass: Browser) -> Iterator[BrowserContext]:
    """The technician's and the province's browser: a tab before the citizen's would take the touch away."""
    browser_context = glass.new_context()
    yield browser_context
    browser_context.close()


def overview(kiosk: Practice, page: Page) -> str:
    """What the technician's page says."""
    page.goto(f"{kiosk.address}/technician/")
    if page.locator("#password").count():
        page.fill("#password", kiosk.passwords["technician"])
        page.locator("main form button").first.click()
        page.wait_for_url("**/technician/")
    return page.locator("body").inner_text()


def waiting(kiosk: Practice, page: Page) -> int:
    """How many forms wait for the line, by the technician's page."""
    overview(kiosk, page)
    return int(page.locator(".figures div").filter(has_text="chờ gửi").locator("dd").inner_text())


@pytest.mark.timeout(240)
def test_a_killed_gateway_changes_nothing_for_the_citizen(
    lonely: Practice, browser_context: BrowserContext, office: BrowserContext
) -> None:
    person = Person(browser_context.new_page(), lonely.address)
    page = office.new_page()
    first = file_copy(person)
    until(lambda: first in arrivals(lonely, office))
    person.leave()

    lonely.kill_gateway()
    receipts = [file_copy(person)]
    person.leave()
    receipts.append(file_stay(person))
    until(lambda: set(receipts) <= codes_on_paper(lonely))
    until(lambda: waiting(lonely, page) == len(receipts))
    until(lambda: "Đang mất" in overview(lonely, page))
    assert "Máy vẫn phục vụ bà con" in overview(lonely, page)
    person.page.reload()
    assert "Đường truyền lên thành phố đang mất" in person.page.locator("main").inner_text()

    lonely.start_gateway()
    until(lambda: waiting(lonely, page) == 0)
    until(lambda: all(receipt in arrivals(lonely, office) for receipt in receipts))
    assert arrivals(lonely, office).count(first) == 1
