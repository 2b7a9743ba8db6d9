"""Fixture of the gallery's tests: a browser that sets letters as the ward's program does."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.chromium import ARGS_OF_SIZES, for_pages


@pytest.fixture(scope="session")
def chromium(play: Playwright) -> Iterator[Browser]:
    browser = play.chromium.launch(executable_path=for_pages(), args=ARGS_OF_SIZES)
    yield browser
    browser.close()
