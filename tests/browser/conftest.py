"""Fixtures: one practice kiosk and one Chromium for all walks; nothing of the product is replaced.

Without Chromium the browser tests are deselected with one line of output; on CI that is an error.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.browser.kiosks import PracticeKiosk
from tests.browser.person import Person
from tests.chromium import ARGS, CHROMIUM

FOLDER = Path(__file__).parent
TOUCHSCREEN = {"viewport": {"width": 1080, "height": 1920}, "has_touch": True, "locale": "vi-VN"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)
    if CHROMIUM.exists():
        return
    deselected = [item for item in items if item.get_closest_marker("browser")]
    if os.environ.get("CI"):
        raise pytest.UsageError(f"{CHROMIUM} is missing: {len(deselected)} browser tests cannot run")
    config.hook.pytest_deselected(items=deselected)
    items[:] = [item for item in items if item not in deselected]
    print(f"Deselected: {len(deselected)} browser tests, because {CHROMIUM} is missing (apt install chromium).")


@pytest.fixture(scope="session")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeKiosk]:
    practice = PracticeKiosk(tmp_path_factory.mktemp("kiosk"))
    yield practice
    practice.stop()


@pytest.fixture(scope="session")
def ward_chromium(play: Playwright) -> Iterator[Browser]:
    """Launch the ward's program: it shows PDF files, has cameras and goes to pages that a test writes."""
    browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
    yield browser
    browser.close()


@pytest.fixture
def browser_context(chromium: Browser) -> Iterator[BrowserContext]:
    browser_context = chromium.new_context(**TOUCHSCREEN)  # type: ignore[arg-type]
    yield browser_context
    browser_context.close()


@pytest.fixture
def new_person(browser_context: BrowserContext) -> Iterator[Callable[[str], Person]]:
    """Return a function that opens a kiosk at an address for a person; their `faults` fail the test at its end."""
    people: list[Person] = []

    def open_kiosk(address: str) -> Person:
        people.append(Person(browser_context.new_page(), address))
        return people[-1]

    yield open_kiosk
    assert [fault for person in people for fault in person.faults] == []


@pytest.fixture
def person(new_person: Callable[[str], Person], kiosk: PracticeKiosk) -> Person:
    return new_person(kiosk.address)


@pytest.fixture
def page(person: Person) -> Page:
    return person.page
