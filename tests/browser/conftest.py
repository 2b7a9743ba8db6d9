"""One practice kiosk and one Chromium for the walks; nothing of the product is replaced.

Without Chromium the browser tests are left out with one line; on CI that is an error.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.browser.kiosks import Practice
from tests.browser.walking import Person

CHROMIUM = Path("/usr/bin/chromium")
HERE = Path(__file__).parent
ARGS = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Where a page asks for a camera there is one, of the browser's own making.
    "--use-fake-device-for-media-stream",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]
GLASS = {"viewport": {"width": 1080, "height": 1920}, "has_touch": True, "locale": "vi-VN"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
    if CHROMIUM.exists():
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if os.environ.get("CI"):
        raise pytest.UsageError(f"{CHROMIUM} is missing: {len(left_out)} browser tests cannot run")
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    print(f"Left out: {len(left_out)} browser tests, for {CHROMIUM} is missing (apt install chromium).")


@pytest.fixture(scope="session")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    practice = Practice(tmp_path_factory.mktemp("kiosk"))
    yield practice
    practice.stop()


@pytest.fixture(scope="session")
def glass(play: Playwright) -> Iterator[Browser]:
    browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
    yield browser
    browser.close()


@pytest.fixture
def browser_context(glass: Browser) -> Iterator[BrowserContext]:
    browser_context = glass.new_context(**GLASS)  # type: ignore[arg-type]
    yield browser_context
    browser_context.close()


@pytest.fixture
def standing(browser_context: BrowserContext) -> Iterator[Callable[[str], Person]]:
    """Somebody who stands before the kiosk at an address; what no visit may show fails the test at its end."""
    people: list[Person] = []

    def stand(address: str) -> Person:
        people.append(Person(browser_context.new_page(), address))
        return people[-1]

    yield stand
    assert [fault for one in people for fault in one.faults] == []


@pytest.fixture
def person(standing: Callable[[str], Person], kiosk: Practice) -> Person:
    return standing(kiosk.address)


@pytest.fixture
def page(person: Person) -> Page:
    return person.page
