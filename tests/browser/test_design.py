"""Pages of the components: accessible, and nothing scrolls sideways at any size and colour."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, ViewportSize

from tests.browser.laptop import assert_accessible, open_laptop
from tests.browser.test_desk_layout import SIZES

GLASSES: tuple[ViewportSize, ...] = (
    {"width": 1080, "height": 1920},
    {"width": 1366, "height": 768},
    {"width": 1280, "height": 800},
)


@pytest.mark.parametrize("view", [pytest.param("", marks=pytest.mark.smoke), "?theme=desk-dark", "?size=larger"])
def test_each_component_is_accessible_at_each_size(app: Flask, chromium: Browser, view: str) -> None:
    with open_laptop(chromium, app, f"/practice/design{view}") as page:
        for size in SIZES:
            page.set_viewport_size(size)
            assert_accessible(page)


def test_each_component_of_the_touchscreen_is_accessible_at_each_glass(app: Flask, chromium: Browser) -> None:
    with open_laptop(chromium, app, "/practice/design/touchscreen") as page:
        for size in GLASSES:
            page.set_viewport_size(size)
            assert_accessible(page)
